package contract

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/table"
)

// Next returns changes that it has not returned before, and perhaps some that it has; none when none has
// come yet.
type Next func(ctx context.Context) ([]table.Change, error)

// patience is how long a feed may take to deliver a change.
const patience = 30 * time.Second

// TestFeed runs every rule of a change feed. Open returns a new, empty table and its feed.
func TestFeed(t *testing.T, open func(t *testing.T) (table.Table, Next)) {
	for _, r := range feedRules {
		t.Run(r.says, func(t *testing.T) {
			tab, next := open(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			r.on(feedStory{story{t, ctx, tab}, next})
		})
	}
}

type feedStory struct {
	story
	next Next
}

type feedRule struct {
	says string
	on   func(feedStory)
}

var feedRules = []feedRule{
	{"an insert has only a new image, a change both, a removal only the old one", func(s feedStory) {
		s.writes(put("a", 1))
		s.writes(table.Put(item("a", 2, "two"), table.At(1)))
		s.writes(table.Delete(key("a"), table.At(2)))
		s.delivers(history("a", put("a", 1), table.Put(item("a", 2, "two"), table.Any), table.Delete(key("a"), table.Any)))
	}},
	{"images are the whole item, byte by byte", func(s feedStory) {
		first := table.Item{Key: key("a"), V: -3, TTL: 1900000000, Body: []byte("\x00\xff{}")}
		second := table.Item{Key: key("a")}
		s.writes(table.Put(first, table.Any))
		s.writes(table.Put(second, table.Any))
		s.delivers(history("a", table.Put(first, table.Any), table.Put(second, table.Any)))
	}},
	{"only an insert is called inserted", func(s feedStory) {
		s.writes(put("a", 1))
		s.writes(put("a", 2))
		s.writes(table.Delete(key("a"), table.Any))
		var got []bool
		for _, c := range s.until(3)[key("a")] {
			got = append(got, c.Inserted())
		}
		if diff := cmp.Diff([]bool{true, false, false}, got); diff != "" {
			s.Fatal(diff)
		}
	}},
	{"the changes of each item come in the order in which they were written", func(s feedStory) {
		var want [3][]table.Op
		for i := range 30 {
			op := put(fmt.Sprint(i%3), int64(i))
			want[i%3] = append(want[i%3], op)
			s.writes(op)
		}
		s.delivers(history("0", want[0]...), history("1", want[1]...), history("2", want[2]...))
	}},
	{"every change of a write is delivered, and every item of PutAll", func(s feedStory) {
		s.writes(put("a", 1), put("b", 1), put("c", 1))
		s.writes(put("a", 2), table.Check(key("b"), table.Present), table.Delete(key("c"), table.Any))
		if err := s.table.PutAll(s.ctx, []table.Item{item("b", 2, ""), item("d", 1, "")}); err != nil {
			s.Fatal(err)
		}
		s.delivers(history("a", put("a", 1), put("a", 2)), history("b", put("b", 1), put("b", 2)),
			history("c", put("c", 1), table.Delete(key("c"), table.Any)), history("d", put("d", 1)))
	}},
	{"what changes nothing is not delivered", func(s feedStory) {
		s.writes(table.Delete(key("a"), table.Any))
		s.writes(put("a", 1))
		s.writes(put("a", 1))
		s.writes(table.Check(key("a"), table.At(1)))
		s.refuses(1, put("a", 9), table.Check(key("b"), table.Present))
		s.refuses(0, table.Put(item("a", 9, ""), table.Absent))
		s.writes(put("a", 2))
		s.delivers(history("a", put("a", 1), put("a", 2)))
	}},
}

// history is what a feed has to say of an item on which ops were done, one after the other.
func history(sk string, ops ...table.Op) (changes []table.Change) {
	var last *table.Item
	for _, op := range ops {
		c := table.Change{Key: key(sk), Old: last}
		if op.Kind == table.KindPut {
			c.New = &op.Item
		}
		last = c.New
		changes = append(changes, c)
	}
	return changes
}

// delivers: the feed has these histories, each of one item, and nothing else.
func (s feedStory) delivers(histories ...[]table.Change) {
	s.Helper()
	want, total := map[table.Key][]table.Change{}, 0
	for _, h := range histories {
		want[h[0].Key] = h
		total += len(h)
	}
	if diff := cmp.Diff(want, s.until(total), sameBytes); diff != "" {
		s.Fatalf("changes differ (-want +got):\n%s", diff)
	}
}

// until reads the feed until it has delivered n different changes, and returns them for each item in the
// order of their first delivery.
func (s feedStory) until(n int) map[table.Key][]table.Change {
	s.Helper()
	got, seen := map[table.Key][]table.Change{}, map[string]bool{}
	for len(seen) < n {
		changes, err := s.next(s.ctx)
		if err != nil {
			s.Fatalf("%d of %d changes came, then: %v", len(seen), n, err)
		}
		for _, c := range changes {
			if id := fmt.Sprintf("%s %#v %#v", c.Key, c.Old, c.New); !seen[id] {
				seen[id] = true
				got[c.Key] = append(got[c.Key], c)
			}
		}
	}
	return got
}
