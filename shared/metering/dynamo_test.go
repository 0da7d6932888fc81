package metering_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"accord/shared/table"
	"accord/shared/table/dynamo"
	"accord/shared/table/dynamo/dynamolocal"
)

// The schedules on DynamoDB's own imitation, several at a time in one table.
func TestCountsAreExactOnDynamoDBLocal(t *testing.T) {
	t.Parallel()
	client := dynamolocal.Start(t)
	db := dynamo.New(client, dynamolocal.NewTable(t, client))
	all := int64(200)
	if testing.Short() {
		all = 20
	}
	var next, calls atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for seed := next.Add(1) - 1; seed < all && !t.Failed(); seed = next.Add(1) - 1 {
				wrong, n := play(uint64(seed), apartTable{db, fmt.Sprint("seed", seed, "#")})
				if calls.Add(int64(n)); wrong != "" {
					t.Errorf("seed %d: %s", seed, wrong)
				}
			}
		})
	}
	workers.Wait()
	t.Logf("seeds 0 .. %d: %d schedules, %d calls to the table, 0 wrong", all-1, all, calls.Load())
}

// apartTable is a table within a table: every partition has a prefix.
type apartTable struct {
	table.Table
	prefix string
}

func (a apartTable) out(item table.Item) table.Item {
	item.PK = strings.TrimPrefix(item.PK, a.prefix)
	return item
}

func (a apartTable) Get(ctx context.Context, k table.Key) (table.Item, error) {
	item, err := a.Table.Get(ctx, table.Key{PK: a.prefix + k.PK, SK: k.SK})
	return a.out(item), err
}

func (a apartTable) Query(ctx context.Context, q table.Query) (table.Page, error) {
	q.PK = a.prefix + q.PK
	page, err := a.Table.Query(ctx, q)
	for i := range page.Items {
		page.Items[i] = a.out(page.Items[i])
	}
	return page, err
}

func (a apartTable) Write(ctx context.Context, ops ...table.Op) error {
	in := make([]table.Op, 0, len(ops))
	for _, op := range ops {
		op.Item.PK = a.prefix + op.Item.PK
		in = append(in, op)
	}
	return a.Table.Write(ctx, in...)
}

func (a apartTable) PutAll(ctx context.Context, items []table.Item) error {
	in := make([]table.Item, 0, len(items))
	for _, item := range items {
		item.PK = a.prefix + item.PK
		in = append(in, item)
	}
	return a.Table.PutAll(ctx, in)
}
