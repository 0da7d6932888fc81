// Package contract is the specification of table.Table and of its change feed, as tests that every engine
// passes: whoever reads it knows what may be relied on, and whoever runs it on both engines knows that
// they do not differ in it.
//
// Each rule is one sentence and runs on a table of its own. The tests of table/bolt and table/dynamo call
// Test and TestFeed.
package contract

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accord/shared/table"
)

type rule struct {
	says string
	on   func(story)
}

// Test runs every rule of table.Table. Open returns a new, empty table.
func Test(t *testing.T, open func(t *testing.T) table.Table) {
	for _, part := range []struct {
		name  string
		rules []rule
	}{
		{"Get and Put", itemRules},
		{"Conditions", conditionRules},
		{"Write", writeRules},
		{"Query", queryRules},
		{"Limits", limitRules},
		{"Writers at once", concurrencyRules},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, r := range part.rules {
				t.Run(r.says, func(t *testing.T) { r.on(story{t, t.Context(), open(t)}) })
			}
		})
	}
}

// sameBytes compares bodies as a whole: an empty one is the same as none.
var sameBytes = cmp.Comparer(bytes.Equal)

// story tells what happens on a table; each step fails the test when it turns out otherwise.
type story struct {
	*testing.T
	ctx   context.Context
	table table.Table
}

// item is one in partition "p".
func item(sk string, v int64, body string) table.Item {
	return table.Item{Key: key(sk), V: v, Body: []byte(body)}
}

func key(sk string) table.Key { return table.Key{PK: "p", SK: sk} }

func put(sk string, v int64) table.Op { return table.Put(item(sk, v, ""), table.Any) }

// writes: the write is done.
func (s story) writes(ops ...table.Op) {
	s.Helper()
	if err := s.table.Write(s.ctx, ops...); err != nil {
		s.Fatalf("Write: %v", err)
	}
}

// refuses: the write fails because the condition of operation index does not hold.
func (s story) refuses(index int, ops ...table.Op) {
	s.Helper()
	err := s.table.Write(s.ctx, ops...)
	var failed *table.ConditionError
	if !errors.As(err, &failed) {
		s.Fatalf("Write: %v, want a ConditionError", err)
	}
	if failed.Index != index || failed.Key != ops[index].Item.Key {
		s.Fatalf("Write: operation %d, %s failed, want %d, %s", failed.Index, failed.Key, index, ops[index].Item.Key)
	}
}

// fails: the write fails otherwise, with want if that is not nil.
func (s story) fails(want error, ops ...table.Op) {
	s.Helper()
	s.failed(want, s.table.Write(s.ctx, ops...))
}

func (s story) failed(want, err error) {
	s.Helper()
	var condition *table.ConditionError
	if err == nil || errors.As(err, &condition) || errors.Is(err, table.ErrConflict) {
		s.Fatalf("error is %v, want one that is neither a condition nor a conflict", err)
	}
	if want != nil && !errors.Is(err, want) {
		s.Fatalf("error is %v, want %v", err, want)
	}
}

// has: partition "p" holds exactly items.
func (s story) has(want ...table.Item) {
	s.Helper()
	s.same(want, s.all(table.Query{PK: "p"}))
}

func (s story) same(want, got []table.Item) {
	s.Helper()
	if diff := cmp.Diff(append([]table.Item{}, want...), append([]table.Item{}, got...), sameBytes); diff != "" {
		s.Fatalf("items differ (-want +got):\n%s", diff)
	}
}

// all reads every page.
func (s story) all(q table.Query) (items []table.Item) {
	s.Helper()
	err := table.Each(s.ctx, s.table, q, func(it table.Item) error {
		items = append(items, it)
		return nil
	})
	if err != nil {
		s.Fatalf("Query %+v: %v", q, err)
	}
	return items
}

func (s story) gets(k table.Key) table.Item {
	s.Helper()
	it, err := s.table.Get(s.ctx, k)
	if err != nil {
		s.Fatalf("Get %s: %v", k, err)
	}
	return it
}

func (s story) lacks(k table.Key) {
	s.Helper()
	if _, err := s.table.Get(s.ctx, k); !errors.Is(err, table.ErrNotFound) {
		s.Fatalf("Get %s: %v, want ErrNotFound", k, err)
	}
}
