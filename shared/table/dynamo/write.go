package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"accord/shared/table"
)

// Write sends one put or delete as such, which costs half of a transaction, and everything else as one
// transaction.
func (t *Table) Write(ctx context.Context, ops ...table.Op) error {
	if err := table.CheckOps(ops); err != nil || len(ops) == 0 {
		return err
	}
	if len(ops) == 1 && ops[0].Kind != table.KindCheck {
		return t.single(ctx, ops[0])
	}
	return t.transact(ctx, ops)
}

// single is one conditional request. When the SDK repeats it because an answer was lost, the condition may
// fail on what the first attempt wrote; then nothing is known, and the port's word for that is any other
// error.
func (t *Table) single(ctx context.Context, op table.Op) (err error) {
	where, values := condition(op.If)
	repeats := &repeats{}
	if op.Kind == table.KindPut {
		_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: t.name, Item: attributesOf(op.Item),
			ConditionExpression: where, ExpressionAttributeValues: values}, repeats.watch)
	} else {
		_, err = t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: t.name, Key: keyOf(op.Item.Key),
			ConditionExpression: where, ExpressionAttributeValues: values}, repeats.watch)
	}
	refused := refusal(err, []table.Op{op})
	if isRefusal := !errors.Is(err, refused); isRefusal && repeats.blind {
		return t.wrap(fmt.Errorf("sent again after a lost answer, it may have been done the first time: %w", err))
	}
	return t.wrap(refused)
}

func (t *Table) transact(ctx context.Context, ops []table.Op) error {
	items := make([]types.TransactWriteItem, len(ops))
	for i, op := range ops {
		items[i] = t.operation(op)
	}
	for try := 0; ; try++ {
		// A new input each time: the SDK marks one with a token, under which its own repeats are one write.
		_, err := t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		switch {
		case !throttled(err):
			return t.wrap(refusal(err, ops))
		case try == tries-1:
			return t.wrap(fmt.Errorf("throttled %d times: %w", tries, err))
		}
		if err := t.pause(ctx, try); err != nil {
			return t.wrap(err)
		}
	}
}

func (t *Table) operation(op table.Op) types.TransactWriteItem {
	where, values := condition(op.If)
	switch op.Kind {
	case table.KindPut:
		return types.TransactWriteItem{Put: &types.Put{TableName: t.name, Item: attributesOf(op.Item),
			ConditionExpression: where, ExpressionAttributeValues: values}}
	case table.KindDelete:
		return types.TransactWriteItem{Delete: &types.Delete{TableName: t.name, Key: keyOf(op.Item.Key),
			ConditionExpression: where, ExpressionAttributeValues: values}}
	}
	if where == nil { // DynamoDB has no check without a condition
		where = aws.String("attribute_exists(pk) OR attribute_not_exists(pk)")
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: t.name, Key: keyOf(op.Item.Key),
		ConditionExpression: where, ExpressionAttributeValues: values}}
}

func condition(c table.Cond) (where *string, values attributes) {
	if v, ok := c.Version(); ok {
		return aws.String("v = :v"), attributes{":v": number(v)}
	}
	switch c {
	case table.Absent:
		return aws.String("attribute_not_exists(pk)"), nil
	case table.Present:
		return aws.String("attribute_exists(pk)"), nil
	}
	return nil, nil
}

// batch is how many items DynamoDB takes at once.
const batch = 25

// PutAll sends 25 items at a time, and again those that DynamoDB left for later.
func (t *Table) PutAll(ctx context.Context, items []table.Item) error {
	if err := table.CheckItems(items); err != nil {
		return err
	}
	for part := range slices.Chunk(items, batch) {
		puts := make([]types.WriteRequest, len(part))
		for i, it := range part {
			puts[i].PutRequest = &types.PutRequest{Item: attributesOf(it)}
		}
		if err := t.putBatch(ctx, puts); err != nil {
			return t.wrap(err)
		}
	}
	return nil
}

func (t *Table) putBatch(ctx context.Context, puts []types.WriteRequest) error {
	left := map[string][]types.WriteRequest{*t.name: puts}
	for try := range tries {
		out, err := t.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: left})
		if err != nil {
			return err
		}
		if left = out.UnprocessedItems; len(left) == 0 {
			return nil
		}
		if err := t.pause(ctx, try); err != nil {
			return err
		}
	}
	n := len(slices.Concat(slices.Collect(maps.Values(left))...))
	return fmt.Errorf("%d of %d items were not taken in %d tries: the table is throttled", n, len(puts), tries)
}

func (t *Table) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write to %s: %w", *t.name, err)
}
