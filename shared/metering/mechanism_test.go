package metering_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"accord/shared/metering"
	"accord/shared/table"
)

// The schedules must notice when one of the mechanisms that make counts exact is missing.
func TestSchedulesFindEveryMissingMechanism(t *testing.T) {
	for _, c := range []struct {
		says  string
		spoil func(*memory) table.Table
	}{
		{"parts are put under a new name each time", func(m *memory) table.Table { return &renaming{memory: m} }},
		{"ranges are not compared", func(m *memory) table.Table { return apart{m} }},
		{"folds are stored whatever the version", func(m *memory) table.Table { return unconditional{m} }},
		{"a fold that came second is taken for stored", func(m *memory) table.Table { return deaf{m} }},
		{"folds read what was there some time ago", func(m *memory) table.Table { return &stale{memory: m} }},
		{"only the first page of a window is read", func(m *memory) table.Table { return onePage{m} }},
	} {
		t.Run(c.says, func(t *testing.T) {
			for seed := range uint64(1000) {
				if wrong, _ := play(seed, c.spoil(newMemory())); wrong != "" {
					t.Logf("found by seed %d", seed)
					return
				}
			}
			t.Error("no schedule found it")
		})
	}
}

type renaming struct {
	*memory
	n int
}

func (r *renaming) PutAll(ctx context.Context, items []table.Item) error {
	items = slices.Clone(items)
	for i := range items {
		r.n++
		items[i].SK = fmt.Sprint("put", r.n)
		items[i].Body = metering.Apart(items[i].Body, items[i].SK)
	}
	return r.memory.PutAll(ctx, items)
}

type apart struct{ *memory }

func (a apart) PutAll(ctx context.Context, items []table.Item) error {
	items = slices.Clone(items)
	for i := range items {
		items[i].Body = metering.Apart(items[i].Body, items[i].SK)
	}
	return a.memory.PutAll(ctx, items)
}

type unconditional struct{ *memory }

func (u unconditional) Write(ctx context.Context, ops ...table.Op) error {
	for i := range ops {
		ops[i].If = table.Any
	}
	return u.memory.Write(ctx, ops...)
}

type deaf struct{ *memory }

func (d deaf) Write(ctx context.Context, ops ...table.Op) error {
	var failed *table.ConditionError
	if err := d.memory.Write(ctx, ops...); !errors.As(err, &failed) {
		return err
	}
	return nil
}

type onePage struct{ *memory }

func (o onePage) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := o.memory.Query(ctx, q)
	page.Next = ""
	return page, err
}

// stale answers queries of windows with the state of ten puts ago.
type stale struct {
	*memory
	past []map[table.Key]table.Item
}

func (s *stale) PutAll(ctx context.Context, items []table.Item) error {
	s.past = append(s.past, maps.Clone(s.items))
	return s.memory.PutAll(ctx, items)
}

func (s *stale) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if len(s.past) > 10 && q.PK[0] == 'w' {
		return (&memory{items: s.past[len(s.past)-10]}).Query(ctx, q)
	}
	return s.memory.Query(ctx, q)
}
