package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"accord/shared/table"
	"accord/shared/table/dynamo"
	"accord/shared/table/dynamo/dynamolocal"
)

// onDynamoDBLocal is one table on DynamoDB's own imitation, in which each world has partitions of its own.
func onDynamoDBLocal(t testing.TB) engine {
	client := dynamolocal.Start(t)
	db := dynamo.New(client, dynamolocal.NewTable(t, client))
	return func(name string) table.Table { return apart{db, name + "#"} }
}

// TestFaultsOnDynamoDBLocal: the same, with fewer worlds.
func TestFaultsOnDynamoDBLocal(t *testing.T) {
	tables := onDynamoDBLocal(t)
	usage := measured(t, tables("usage"))
	t.Run("crashes", func(t *testing.T) { each(t, 79, tables, usage) })
	t.Run("outages", func(t *testing.T) { outages(t, 71, tables, usage) })
	t.Run("slowed", func(t *testing.T) { slowedEach(t, 67, tables, usage) })
	for seed := range uint64(8) {
		if wrong := play(t, seed, tables(fmt.Sprint("race", seed)), usage); wrong != "" {
			t.Errorf("race %d: %s", seed, wrong)
		}
	}
}

// apart is a table within a table: every partition has a prefix.
type apart struct {
	table.Table
	prefix string
}

func (a apart) out(item table.Item) table.Item {
	item.PK = strings.TrimPrefix(item.PK, a.prefix)
	return item
}

func (a apart) Get(ctx context.Context, k table.Key) (table.Item, error) {
	item, err := a.Table.Get(ctx, table.Key{PK: a.prefix + k.PK, SK: k.SK})
	return a.out(item), err
}

func (a apart) Query(ctx context.Context, q table.Query) (table.Page, error) {
	q.PK = a.prefix + q.PK
	page, err := a.Table.Query(ctx, q)
	for i := range page.Items {
		page.Items[i] = a.out(page.Items[i])
	}
	return page, err
}

func (a apart) Write(ctx context.Context, ops ...table.Op) error {
	in := make([]table.Op, 0, len(ops))
	for _, op := range ops {
		op.Item.PK = a.prefix + op.Item.PK
		in = append(in, op)
	}
	err := a.Table.Write(ctx, in...)
	var failed *table.ConditionError
	if errors.As(err, &failed) {
		failed.Key.PK = strings.TrimPrefix(failed.Key.PK, a.prefix)
	}
	return err
}

func (a apart) PutAll(ctx context.Context, items []table.Item) error {
	in := make([]table.Item, 0, len(items))
	for _, item := range items {
		item.PK = a.prefix + item.PK
		in = append(in, item)
	}
	return a.Table.PutAll(ctx, in)
}
