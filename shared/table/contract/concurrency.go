package contract

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"accord/shared/table"
)

// writers is how many write at the same moment.
const writers = 64

var concurrencyRules = []rule{
	{"64 writers who read, add one and write at the version they read lose no addition", func(s story) {
		s.writes(table.Put(item("sum", 1, "0"), table.Absent))
		s.atOnce(func(ctx context.Context, _ int) error {
			return s.retry(ctx, func() error { return s.move(ctx, map[string]int{"sum": 1}) })
		})
		if it := s.gets(key("sum")); string(it.Body) != fmt.Sprint(writers) || it.V != 1+writers {
			s.Fatalf("sum is %s at version %d, want %d at %d", it.Body, it.V, writers, 1+writers)
		}
	}},
	{"64 transfers between three items leave their sum as it was", func(s story) {
		for i := range 3 {
			s.writes(table.Put(item(fmt.Sprint(i), 1, "1000"), table.Absent))
		}
		s.atOnce(func(ctx context.Context, n int) error {
			from, to := fmt.Sprint(n%3), fmt.Sprint((n+1+n/3%2)%3)
			return s.retry(ctx, func() error { return s.move(ctx, map[string]int{from: -n, to: n}) })
		})
		sum, writes := 0, int64(0)
		for i := range 3 {
			it := s.gets(key(fmt.Sprint(i)))
			sum, writes = sum+amount(it), writes+it.V-1
		}
		if sum != 3000 || writes != 2*writers {
			s.Fatalf("sum is %d after %d writes, want 3000 after %d", sum, writes, 2*writers)
		}
	}},
	{"of 64 writers who put an item that must be absent, one succeeds", func(s story) {
		var won atomic.Int64
		s.atOnce(func(ctx context.Context, n int) error {
			err := s.retryConflict(ctx, func() error {
				return s.table.Write(ctx, table.Put(item("claim", int64(n), ""), table.Absent), put(fmt.Sprint("trace ", n), 1))
			})
			var lost *table.ConditionError
			if err == nil {
				won.Add(1)
			} else if !errors.As(err, &lost) {
				return err
			}
			return nil
		})
		if got := s.all(table.Query{PK: "p", Prefix: "trace "}); won.Load() != 1 || len(got) != 1 {
			s.Fatalf("%d were told that they succeeded, %d left a trace; want 1 and 1", won.Load(), len(got))
		}
	}},
	{"a reader sees its own write at once", func(s story) {
		s.atOnce(func(ctx context.Context, n int) error {
			k := key(fmt.Sprint(n))
			if err := s.table.Write(ctx, table.Put(table.Item{Key: k, V: 1}, table.Absent)); err != nil {
				return err
			}
			if _, err := s.table.Get(ctx, k); err != nil {
				return err
			}
			page, err := s.table.Query(ctx, table.Query{PK: "p", From: k.SK, Limit: 1})
			if err == nil && (len(page.Items) == 0 || page.Items[0].Key != k) {
				err = fmt.Errorf("%s is not in its partition", k)
			}
			return err
		})
	}},
}

// atOnce runs all writers and fails with their errors.
func (s story) atOnce(f func(ctx context.Context, n int) error) {
	s.Helper()
	var wait sync.WaitGroup
	for n := range writers {
		wait.Go(func() {
			if err := f(s.ctx, n); err != nil {
				s.Errorf("writer %d: %v", n, err)
			}
		})
	}
	wait.Wait()
	if s.Failed() {
		s.FailNow()
	}
}

// move adds to numbers in one write, each at the version that was read.
func (s story) move(ctx context.Context, add map[string]int) error {
	var ops []table.Op
	for sk, n := range add {
		it, err := s.table.Get(ctx, key(sk))
		if err != nil {
			return err
		}
		sum := strconv.Itoa(amount(it) + n)
		ops = append(ops, table.Put(item(sk, it.V+1, sum), table.At(it.V)))
	}
	return s.table.Write(ctx, ops...)
}

func amount(it table.Item) int {
	n, err := strconv.Atoi(string(it.Body))
	if err != nil {
		panic(err)
	}
	return n
}

// retry tries again as long as another writer was faster.
func (s story) retry(ctx context.Context, f func() error) error {
	for {
		err := s.retryConflict(ctx, f)
		var lost *table.ConditionError
		if !errors.As(err, &lost) || ctx.Err() != nil {
			return err
		}
	}
}

func (s story) retryConflict(ctx context.Context, f func() error) error {
	for {
		if err := f(); !errors.Is(err, table.ErrConflict) || ctx.Err() != nil {
			return err
		}
	}
}
