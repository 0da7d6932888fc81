// Package dynamo keeps tables in DynamoDB.
//
// An item is five attributes: pk and sk (S), the table's keys; v (N), its version; ttl (N), left out when
// the item does not expire; body (B). The table's stream, with new and old images, is its change feed
// (Changes). Nothing is decided here: an operation of the port is a request of DynamoDB's, and its refusals
// are the port's errors.
//
// Package aws/boot/tables opens them for the functions.
package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"accord/shared/table"
)

// Table is one table of DynamoDB.
type Table struct {
	client *dynamodb.Client
	name   *string
	pause  func(ctx context.Context, try int) error
}

var _ table.Table = (*Table)(nil)

// New returns the table of that name. It calls nothing.
func New(client *dynamodb.Client, name string) *Table {
	return &Table{client, &name, pause}
}

// Get reads consistently.
func (t *Table) Get(ctx context.Context, k table.Key) (table.Item, error) {
	if err := k.Check(); err != nil {
		return table.Item{}, err
	}
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: t.name, Key: keyOf(k), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return table.Item{}, fmt.Errorf("get %s from %s: %w", k, *t.name, err)
	}
	if len(out.Item) == 0 {
		return table.Item{}, fmt.Errorf("%s: %w", k, table.ErrNotFound)
	}
	return itemOf(out.Item)
}

// Query reads consistently.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	from, until, ok, err := q.Bounds()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || !ok || beyond(q, from, until) {
		return table.Page{}, err
	}
	in := t.request(q, from, until)
	out, err := t.client.Query(ctx, in)
	if err != nil {
		return table.Page{}, fmt.Errorf("query %s of %s: %w", q.PK, *t.name, err)
	}
	return pageOf(out, until)
}

// beyond says whether a query has nothing left. DynamoDB would refuse to continue outside its range.
func beyond(q table.Query, from, until string) bool {
	if q.Reverse {
		return q.After != "" && q.After <= from
	}
	return until != "" && q.After >= until
}

// request turns the range into the one condition on the sort key that DynamoDB allows. Its BETWEEN
// includes the end: a reverse query starts after it, and a forward one is trimmed by pageOf.
func (t *Table) request(q table.Query, from, until string) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{TableName: t.name, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(!q.Reverse)}
	if q.Limit > 0 {
		in.Limit = aws.Int32(int32(q.Limit))
	}
	where, values, after := "pk = :pk", attributes{":pk": text(q.PK)}, q.After
	switch {
	case from != "" && until != "":
		where += " AND sk BETWEEN :from AND :until"
		if q.Reverse && (after == "" || after > until) {
			after = until
		}
	case from != "":
		where += " AND sk >= :from"
	case until != "":
		where += " AND sk < :until"
		if after >= until {
			after = ""
		}
	}
	if from != "" {
		values[":from"] = text(from)
	}
	if until != "" {
		values[":until"] = text(until)
	}
	if after != "" && (q.Reverse || after >= from) {
		in.ExclusiveStartKey = keyOf(table.Key{PK: q.PK, SK: after})
	}
	in.KeyConditionExpression, in.ExpressionAttributeValues = &where, values
	return in
}

func pageOf(out *dynamodb.QueryOutput, until string) (table.Page, error) {
	var page table.Page
	for _, a := range out.Items {
		it, err := itemOf(a)
		if err != nil {
			return table.Page{}, err
		}
		if it.SK == until {
			return page, nil
		}
		page.Items = append(page.Items, it)
	}
	if sk, ok := out.LastEvaluatedKey["sk"].(*types.AttributeValueMemberS); ok {
		page.Next = sk.Value
	}
	return page, nil
}
