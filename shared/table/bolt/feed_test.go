package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"accord/shared/table"
)

// reader collects the sort keys that a feed delivers, and fails while err is set.
type reader struct {
	got []string
	err error
}

func (r *reader) read(t *testing.T, db *DB, max int) int {
	t.Helper()
	n, err := db.Feed(t.Context(), "ledger", max, func(changes []table.Change) error {
		for _, c := range changes {
			r.got = append(r.got, c.SK)
		}
		return r.err
	})
	if !errors.Is(err, r.err) {
		t.Fatalf("Feed: %v, want %v", err, r.err)
	}
	return n
}

func (r *reader) has(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.got, want) {
		t.Fatalf("delivered %q, want %q", r.got, want)
	}
}

func TestFeedDeliversAtMostMaxInTheOrderOfWriting(t *testing.T) {
	db, r := temporary(t), &reader{}
	putIn(t, db.Table("ledger"), "c", "a", "b")
	if n := r.read(t, db, 2); n != 2 {
		t.Fatalf("delivered %d, want 2", n)
	}
	r.has(t, "c", "a")
	r.read(t, db, 2)
	r.has(t, "c", "a", "b")
	if n := r.read(t, db, 2); n != 0 {
		t.Fatalf("delivered %d more", n)
	}
}

func TestFeedDeliversAgainWhatTheReaderFailedOn(t *testing.T) {
	db, r := temporary(t), &reader{err: errors.New("reader fails")}
	putIn(t, db.Table("ledger"), "a", "b")
	r.read(t, db, 10)
	r.err = nil
	putIn(t, db.Table("ledger"), "c")
	r.read(t, db, 10)
	r.has(t, "a", "b", "a", "b", "c")
}

func TestFeedSurvivesClosingAndAReaderThatPanicked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path)
	putIn(t, db.Table("ledger"), "a", "b")
	func() {
		defer func() { recover() }()
		db.Feed(t.Context(), "ledger", 10, func([]table.Change) error { panic("the process dies here") })
	}()
	db.Close()

	db = open(t, path)
	if pending, err := db.Pending("ledger"); !pending || err != nil {
		t.Fatalf("pending: %v, %v", pending, err)
	}
	putIn(t, db.Table("ledger"), "c")
	r := &reader{}
	r.read(t, db, 10)
	r.has(t, "a", "b", "c")
	if pending, err := db.Pending("ledger"); pending || err != nil {
		t.Fatalf("pending: %v, %v", pending, err)
	}
}

func TestAReaderMayWrite(t *testing.T) {
	db := temporary(t)
	tab := db.Table("ledger")
	putIn(t, tab, "a")
	_, err := db.Feed(t.Context(), "ledger", 10, func([]table.Change) error {
		putIn(t, tab, "b")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	r.read(t, db, 10)
	r.has(t, "b")
}

func TestChangedIsToldOfEveryWriteThatChangedSomething(t *testing.T) {
	db := temporary(t)
	told := func() bool {
		select {
		case <-db.Changed():
			return true
		default:
			return false
		}
	}
	if told() {
		t.Error("told of nothing")
	}
	putIn(t, db.Table("ledger"), "a")
	putIn(t, db.Table("usage"), "b")
	if !told() || told() {
		t.Error("two writes nobody came for are told once")
	}
	putIn(t, db.Table("ledger"), "a") // what is there already
	if told() {
		t.Error("told of a write that changed nothing")
	}
}

func TestWithoutAFeedNothingIsKept(t *testing.T) {
	db, r := temporary(t, NoFeed()), &reader{}
	putIn(t, db.Table("ledger"), "a")
	r.read(t, db, 10)
	r.has(t)
}

// Four readers of one feed, while eight write: every change arrives, and each item's in order.
func TestReadersAndWritersAtOnce(t *testing.T) {
	db := temporary(t)
	const items, versions = 8, 50
	var wait sync.WaitGroup
	for i := range items {
		wait.Go(func() {
			for v := range versions {
				it := table.Item{Key: table.Key{PK: "p", SK: fmt.Sprint(i)}, V: int64(v)}
				if err := db.Table("ledger").Write(t.Context(), table.Put(it, table.Any)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	var lock sync.Mutex
	last, total := map[string]int64{}, 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 4 {
		wait.Go(func() {
			for ctx.Err() == nil {
				_, err := db.Feed(ctx, "ledger", 7, func(changes []table.Change) error {
					lock.Lock()
					defer lock.Unlock()
					for _, c := range changes {
						if v, seen := last[c.SK]; seen && c.New.V != v+1 {
							t.Errorf("item %s: version %d after %d", c.SK, c.New.V, v)
						}
						last[c.SK] = c.New.V
						total++
					}
					if total >= items*versions {
						cancel()
					}
					return nil
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if total != items*versions {
		t.Errorf("%d changes, want %d", total, items*versions)
	}
}

func BenchmarkWrite(b *testing.B) {
	for name, opts := range map[string][]Option{"feed": {NoSync()}, "no feed": {NoSync(), NoFeed()}, "synced": nil} {
		b.Run(name, func(b *testing.B) {
			tab := open(b, filepath.Join(b.TempDir(), "a.db"), opts...).Table("ledger")
			body := make([]byte, 500)
			for n := 0; b.Loop(); n++ {
				var ops []table.Op
				for i := range 4 {
					ops = append(ops, table.Put(table.Item{Key: table.Key{PK: fmt.Sprint(n % 1000), SK: fmt.Sprint(n, i)}, V: 1, Body: body}, table.Absent))
				}
				if err := tab.Write(b.Context(), ops...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
