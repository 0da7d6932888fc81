package metering_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
)

func TestALargeBatchIsSplitAndFoldedWhole(t *testing.T) {
	s := tell(t)
	m := metering.New(s.table, 1)
	content := func(someKeys int) metering.Source {
		var lines [][]byte
		for i := range 50_000 {
			lines = append(lines, line(aup.KeyID(fmt.Sprintf("key%07d", i%someKeys)), noon, i))
		}
		return batch("s", 1, lines...)
	}
	// First the batch as a reading that needs more items came to, then as it is read now.
	for _, someKeys := range []int{1000, 500} {
		r, err := m.Ingest(ctx, content(someKeys), noon)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Fold(ctx, r.Windows[0]); err != nil {
			t.Fatal(err)
		}
		for k, item := range s.table.items {
			if len(item.Body) > 310<<10 {
				t.Errorf("%v has %d bytes", k, len(item.Body))
			}
		}
		parts := 0
		for k := range s.table.items {
			if strings.HasPrefix(k.PK, "window#") {
				parts++
			}
		}
		t.Logf("%d keys: %d items", someKeys, parts)
		if parts < 2 {
			t.Fatal("the batch fits too few items: the test tests nothing")
		}
		for _, key := range []aup.KeyID{"key0000000", "key0000150", "key0000499"} {
			if n := s.requests(key); n != int64(50_000/someKeys) {
				t.Errorf("%s: %d requests, want %d", key, n, 50_000/someKeys)
			}
		}
	}
}

// A stream's events may be delivered again in batches that are cut otherwise.
func TestBatchesThatAreCutOtherwise(t *testing.T) {
	lines := func(from, until int) (l [][]byte) {
		for i := from; i < until; i++ {
			l = append(l, line("aaaaaaaaaa", noon, i))
		}
		return l
	}
	cut := func(stream string, from, until int) metering.Source {
		return batch(stream, from, lines(from, until)...)
	}
	unordered := cut("s", 0, 10)
	unordered.Events[3].ID, unordered.Events[4].ID = "4", "3"
	another := cut("s", 3, 6)
	another.Events = append(another.Events[:1], append([]metering.Event{{ID: "3x", Message: lines(99, 100)[0]}}, another.Events[1:]...)...)
	for _, c := range []struct {
		says      string
		delivered []metering.Source
		want      int64
		doubted   bool
	}{
		{"one after the other", []metering.Source{cut("s", 0, 5), cut("s", 5, 10)}, 10, false},
		{"twice the same", []metering.Source{cut("s", 0, 10), cut("s", 0, 10)}, 10, false},
		{"one within the other", []metering.Source{cut("s", 0, 10), cut("s", 3, 6)}, 10, false},
		{"the larger one last", []metering.Source{cut("s", 3, 6), cut("s", 0, 3), cut("s", 0, 10)}, 10, false},
		{"the same beginning", []metering.Source{cut("s", 0, 4), cut("s", 0, 10)}, 10, false},
		{"the same end", []metering.Source{cut("s", 0, 10), cut("s", 6, 10)}, 10, false},
		{"in two streams", []metering.Source{cut("s", 0, 10), cut("t", 5, 15)}, 20, false},
		{"ids of more digits", []metering.Source{cut("s", 8, 10), cut("s", 10, 12)}, 4, false},
		{"an overlap in part", []metering.Source{cut("s", 0, 6), cut("s", 4, 10)}, 12, true},
		{"an overlap of one", []metering.Source{cut("s", 4, 10), cut("s", 0, 5)}, 11, true},
		{"an overlap that a third one has whole", []metering.Source{cut("s", 0, 6), cut("s", 4, 10), cut("s", 0, 10)}, 10, false},
		{"ids that do not ascend", []metering.Source{unordered}, 10, true},
		{"more events within than without", []metering.Source{cut("s", 3, 6), another}, 7, true},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := tell(t)
			for _, source := range c.delivered {
				s.fold(s.ingest(source, noon).Windows)
			}
			days, err := s.meter.Days(ctx, "aaaaaaaaaa", noon, noon.AddDate(0, 0, 1))
			if err != nil {
				t.Fatal(err)
			}
			n := days[0].Counts().Requests
			doubt := metering.Reconcile(days[0], noon).Doubt()
			if n != c.want || (doubt == metering.OverCounted) != c.doubted {
				t.Errorf("%d requests, want %d; doubt %q", n, c.want, doubt)
			}
		})
	}
}

// Only who may be counted twice is in doubt, and only for as long.
func TestAnOverlapIsTheDoubtOfItsKeys(t *testing.T) {
	s := tell(t)
	a, b := line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon, 2)
	for _, source := range []metering.Source{batch("s", 1, a, a, a), batch("s", 3, a, a, a), batch("s", 10, b)} {
		s.fold(s.ingest(source, noon).Windows)
	}
	overlaps := func(key aup.KeyID) int {
		days, err := s.meter.Days(ctx, key, noon, noon.AddDate(0, 0, 1))
		if err != nil || len(days) != 1 {
			t.Fatal(days, err)
		}
		return len(days[0].Overlaps)
	}
	if overlaps("aaaaaaaaaa") != 1 || overlaps("bbbbbbbbbb") != 0 {
		t.Errorf("%d and %d windows are marked", overlaps("aaaaaaaaaa"), overlaps("bbbbbbbbbb"))
	}
	s.fold(s.ingest(batch("s", 1, a, a, a, a, a), noon).Windows)
	if overlaps("aaaaaaaaaa") != 0 || s.requests("aaaaaaaaaa") != 5 {
		t.Errorf("%d windows are marked, %d requests, after all came as one batch", overlaps("aaaaaaaaaa"), s.requests("aaaaaaaaaa"))
	}
}

func TestBatchIdentity(t *testing.T) {
	base := metering.Batch{Group: "g", Stream: "s", First: "1", Last: "9", Count: 3}
	seen := map[string]metering.Batch{base.ID(): base}
	for _, b := range []metering.Batch{
		{Group: "h", Stream: "s", First: "1", Last: "9", Count: 3},
		{Group: "g", Stream: "t", First: "1", Last: "9", Count: 3},
		{Group: "g", Stream: "s", First: "2", Last: "9", Count: 3},
		{Group: "g", Stream: "s", First: "1", Last: "8", Count: 3},
		{Group: "g", Stream: "s", First: "1", Last: "9", Count: 4},
		{Group: `g" "s`, Stream: "", First: "1", Last: "9", Count: 3},
		{Group: "g s", Stream: "1", First: "9", Last: "3", Count: 3},
	} {
		if other, there := seen[b.ID()]; there {
			t.Errorf("%+v and %+v have one id", b, other)
		}
		seen[b.ID()] = b
	}
	if base.ID() != "52b88bd720068f00941e391e6abd3a83" {
		t.Errorf("the id of a stored batch has changed to %s", base.ID())
	}
}

// A later release may read a batch's lines better, and then puts other content under the same identity.
func TestAPartThatIsPutWithOtherContentReplacesIt(t *testing.T) {
	s := tell(t)
	worse := batch("s", 1, line("aaaaaaaaaa", noon, 1), []byte("garbage"))
	better := batch("s", 1, line("aaaaaaaaaa", noon, 1), line("aaaaaaaaaa", noon, 2))
	w := s.ingest(worse, noon).Windows
	slow := &during{memory: s.table, happens: func() { s.fold(s.ingest(better, noon).Windows) }}
	if _, err := metering.New(slow, 2).Fold(ctx, w[0]); err != nil {
		t.Fatal(err)
	}
	if n := s.requests("aaaaaaaaaa"); n != 2 {
		t.Errorf("%d requests: the slow fold has undone the other", n)
	}
	s.ingest(worse, noon)
	s.fold(w)
	if n := s.requests("aaaaaaaaaa"); n != 1 {
		t.Errorf("%d requests: the fold has not seen the new content", n)
	}
}

// during is a table on which something happens between a fold's reading of a window and what follows.
type during struct {
	*memory
	happens func()
}

func (d *during) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := d.memory.Query(ctx, q)
	if f := d.happens; f != nil && strings.HasPrefix(q.PK, "window#") {
		d.happens = nil
		f()
	}
	return page, err
}
