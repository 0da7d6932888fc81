package metering_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/usage"
)

var (
	noon = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)
	keys = []aup.KeyID{"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc", ""}
	ctx  = context.Background()
)

// line is an access-log line of a key; an empty key calls without one.
func line(key aup.KeyID, at time.Time, id int) []byte {
	if key == "" {
		key = "-"
	}
	return fmt.Appendf(nil, `{"extendedRequestId":"x%d","apiKeyId":"%s","requestTimeEpoch":%d,"httpMethod":"GET","resourcePath":"/services/{id}","path":"/prod/services/%d","status":200,"responseLength":100,"responseLatency":20,"ip":"198.51.100.7"}`,
		id, key, at.UnixMilli(), id)
}

// batch is a source of lines with ascending ids from first on.
func batch(stream string, first int, lines ...[]byte) metering.Source {
	s := metering.Source{Group: "access", Stream: stream}
	for i, l := range lines {
		s.Events = append(s.Events, metering.Event{ID: fmt.Sprint(first + i), At: noon, Message: l})
	}
	return s
}

// story lets a test say what happens and stop at the first thing that goes wrong.
type story struct {
	*testing.T
	table *memory
	meter *metering.Meter
}

func tell(t *testing.T) *story {
	m := newMemory()
	return &story{t, m, metering.New(m, 2)}
}

func (s *story) ingest(source metering.Source, now time.Time) metering.Report {
	s.Helper()
	r, err := s.meter.Ingest(ctx, source, now)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

func (s *story) fold(windows []metering.WindowPart) (changed int) {
	s.Helper()
	for _, w := range windows {
		f, err := s.meter.Fold(ctx, w)
		if err != nil {
			s.Fatal(err)
		}
		changed += len(f.Changed)
	}
	return changed
}

func (s *story) requests(key aup.KeyID) (n int64) {
	s.Helper()
	days, err := s.meter.Days(ctx, key, noon.AddDate(0, 0, -5), noon.AddDate(0, 0, 5))
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range days {
		n += d.Counts().Requests
	}
	return n
}

// figures are what a folded window keeps of a summary: all but its samples of what was asked for.
func figures(start time.Time, of usage.Summary) usage.Summary {
	var t usage.Tally
	t.Merge(&of)
	var e usage.Encoder
	e.Figures(start, &t)
	var kept usage.Tally
	usage.NewDecoder(e.Bytes(), nil).Tally(start, &kept)
	return kept.Summary()
}

func TestABatchDeliveredThreeTimesAndLateCountsOnce(t *testing.T) {
	s := tell(t)
	source := batch("s", 1, line("aaaaaaaaaa", noon, 1), line("aaaaaaaaaa", noon, 2), []byte("garbage"), line("", noon, 3))
	for _, now := range []time.Time{noon, noon.Add(time.Hour), noon.Add(47 * time.Hour)} {
		r := s.ingest(source, now)
		s.fold(r.Windows)
		if s.requests("aaaaaaaaaa") != 2 || s.requests("") != 1 {
			t.Errorf("after the delivery at %v: %d and %d", now, s.requests("aaaaaaaaaa"), s.requests(""))
		}
		if r.Lines != 4 || r.Rejected[accesslog.NotJSON] != 1 || r.Keyless != 1 {
			t.Errorf("%+v", r)
		}
	}
	// A fourth one, after the last moment, changes nothing of what it said before.
	if r := s.ingest(source, noon.Add(49*time.Hour)); r.Late != 3 || len(r.Windows) != 0 || s.requests("aaaaaaaaaa") != 2 {
		t.Errorf("%+v", r)
	}
}

// TestADayHasTheSamplesOfAllParts: of a window that a fold stored which saw more and stopped before the day, and of
// one whose parts have expired since.
func TestADayHasTheSamplesOfAllParts(t *testing.T) {
	m := &duringGet{memory: newMemory()}
	meter := metering.New(m, 1)
	ingest := func(first int, ids ...int) []metering.WindowPart {
		t.Helper()
		var lines [][]byte
		for _, id := range ids {
			lines = append(lines, line("aaaaaaaaaa", noon, id))
		}
		r, err := meter.Ingest(ctx, batch("s", first, lines...), noon)
		if err != nil {
			t.Fatal(err)
		}
		return r.Windows
	}
	fold := func(w []metering.WindowPart) {
		t.Helper()
		if _, err := meter.Fold(ctx, w[0]); err != nil {
			t.Fatal(err)
		}
	}
	sampled := func() int {
		t.Helper()
		days, err := meter.Days(ctx, "aaaaaaaaaa", noon, noon.AddDate(0, 0, 1))
		if err != nil || len(days) != 1 || days[0].Counts().Requests != 5 {
			t.Fatal(days, err)
		}
		r := days[0].Merged.Resources["GET /services/{id}"]
		return min(r.Distinct.Len(), r.Cells.Len())
	}
	w := ingest(1, 1, 1000)
	m.happens = func() {
		fold(ingest(9, 2000, 3000, 4000))
		for k := range m.items {
			if strings.HasPrefix(k.SK, "1d#") {
				delete(m.items, k)
			}
		}
	}
	fold(w)
	if n := sampled(); n != 5 {
		t.Errorf("the day has samples of %d resources of five", n)
	}
	for k := range m.items {
		if strings.HasPrefix(k.PK, "window#") && strings.HasPrefix(k.SK, metering.Batch{Group: "access", Stream: "s", First: "9", Last: "11", Count: 3}.ID()) {
			delete(m.items, k)
		}
	}
	fold(w)
	if n := sampled(); n != 5 {
		t.Errorf("after a part has expired the day has samples of %d resources of five", n)
	}
}

func TestFoldingAgainStoresNothing(t *testing.T) {
	s := tell(t)
	r := s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon, 2)), noon)
	if changed := s.fold(r.Windows); changed != 2 {
		t.Errorf("%d keys changed", changed)
	}
	before := s.table.writes
	if changed := s.fold(r.Windows); changed != 0 || s.table.writes != before {
		t.Errorf("%d keys changed, %d writes", changed, s.table.writes-before)
	}
}

func TestALateBatchReopensItsWindow(t *testing.T) {
	s := tell(t)
	s.fold(s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1)), noon).Windows)
	s.fold(s.ingest(batch("s", 9, line("aaaaaaaaaa", noon, 2)), noon.Add(30*time.Hour)).Windows)
	if n := s.requests("aaaaaaaaaa"); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestWritesOfABatchAreThePartsItTouches(t *testing.T) {
	s := tell(t)
	var lines [][]byte
	for i := range 500 {
		lines = append(lines, line(keys[i%3], noon, i))
	}
	r := s.ingest(batch("s", 1, lines...), noon)
	if s.table.writes != len(r.Windows) || len(r.Windows) > 2 {
		t.Errorf("%d writes for %d window parts", s.table.writes, len(r.Windows))
	}
}

func TestExpiredPartsTakeNothingBack(t *testing.T) {
	s := tell(t)
	w := s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1)), noon).Windows
	s.ingest(batch("s", 2, line("aaaaaaaaaa", noon, 2)), noon)
	s.fold(w)
	for k, item := range s.table.items {
		if strings.HasPrefix(k.PK, "window#") {
			if item.TTL != noon.Add(metering.PartsKept).Unix() {
				t.Errorf("%v expires at %d", k, item.TTL)
			}
			delete(s.table.items, k)
			break
		}
	}
	if s.fold(w); s.requests("aaaaaaaaaa") != 2 {
		t.Errorf("%d requests are left", s.requests("aaaaaaaaaa"))
	}
}

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

func TestWindowPartNames(t *testing.T) {
	w := metering.WindowPart{Start: noon, Part: 3}
	if w.PK() != "window#2027-01-15T12:00Z#03" {
		t.Error(w.PK())
	}
	if got, ok := metering.ParseWindowPart(w.PK()); !ok || got != w {
		t.Errorf("%v, %v", got, ok)
	}
	for _, pk := range []string{"", "key#abc", "window#", "window#2027-01-15T12:00Z", "window#2027-01-15T12:00Z#3", "window#x#03", "2027-01-15T12:00Z#03"} {
		if _, ok := metering.ParseWindowPart(pk); ok {
			t.Errorf("%q was read as a window's part", pk)
		}
	}
}

func TestWindowsAreThoseThatStartInTheInterval(t *testing.T) {
	s := tell(t)
	for i, at := range []time.Time{noon.Add(-10 * time.Minute), noon.Add(-5 * time.Minute), noon} {
		s.fold(s.ingest(batch("s", i, line("aaaaaaaaaa", at, i)), noon).Windows)
	}
	for _, c := range []struct {
		says        string
		from, until time.Time
		want        []string
	}{
		{"all", noon.Add(-time.Hour), noon.Add(time.Hour), []string{"11:50", "11:55", "12:00"}},
		{"from is included, until is not", noon.Add(-10 * time.Minute), noon, []string{"11:50", "11:55"}},
		{"a window that started before from is not", noon.Add(-10*time.Minute + time.Second), noon.Add(time.Second), []string{"11:55", "12:00"}},
	} {
		got, err := s.meter.Windows(ctx, "aaaaaaaaaa", c.from, c.until)
		if err != nil {
			t.Fatal(err)
		}
		var starts []string
		for _, w := range got {
			starts = append(starts, w.Start.Format("15:04"))
		}
		if diff := cmp.Diff(c.want, starts); diff != "" {
			t.Errorf("%s: %s", c.says, diff)
		}
	}
}

// broken fails the reads of one key.
type broken struct{ *memory }

func (b broken) Get(ctx context.Context, k table.Key) (table.Item, error) {
	if k.PK == "key#aaaaaaaaaa" {
		return table.Item{}, errors.New("out of order")
	}
	return b.memory.Get(ctx, k)
}

func TestOneKeysFailureDoesNotStopTheOthersFold(t *testing.T) {
	s := tell(t)
	r := s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon, 2), line("cccccccccc", noon, 3)), noon)
	failures := 0
	for _, w := range r.Windows {
		if _, err := metering.New(broken{s.table}, 2).Fold(ctx, w); err != nil {
			failures++
			if !strings.Contains(err.Error(), `"aaaaaaaaaa"`) {
				t.Error(err)
			}
		}
	}
	if failures != 1 || s.requests("bbbbbbbbbb") != 1 || s.requests("cccccccccc") != 1 {
		t.Errorf("%d failures, %d and %d requests", failures, s.requests("bbbbbbbbbb"), s.requests("cccccccccc"))
	}
}

// Crashes and lost answers at every single call of a delivery.
func TestEveryCrashPoint(t *testing.T) {
	source := batch("s", 1, line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon.Add(-5*time.Minute), 2), line("aaaaaaaaaa", noon.Add(-5*time.Minute), 3))
	for point := 0; ; point++ {
		m := newMemory()
		f := &failAt{memory: m, left: point}
		deliver(metering.New(f, 2), source)
		if wrong := check(m, []metering.Source{source}, false); wrong != "" {
			t.Fatalf("point %d: %s", point, wrong)
		}
		if f.left >= 0 {
			if point < 20 {
				t.Errorf("only %d points were met", point)
			}
			return
		}
	}
}

// failAt fails once: at an even point before a call is done, at an odd one after.
type failAt struct {
	*memory
	left int
}

func (f *failAt) call(do func() error) error {
	before, after := f.left == 0, f.left == 1
	if f.left -= 2; before {
		return errCrash
	}
	if err := do(); err != nil {
		return err
	}
	if after {
		return errCrash
	}
	return nil
}

func (f *failAt) Get(ctx context.Context, k table.Key) (item table.Item, err error) {
	err = f.call(func() error { item, err = f.memory.Get(ctx, k); return err })
	return item, err
}

func (f *failAt) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	err = f.call(func() error { page, err = f.memory.Query(ctx, q); return err })
	return page, err
}

func (f *failAt) Write(ctx context.Context, ops ...table.Op) error {
	return f.call(func() error { return f.memory.Write(ctx, ops...) })
}

func (f *failAt) PutAll(ctx context.Context, items []table.Item) error {
	return f.call(func() error { return f.memory.PutAll(ctx, items) })
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
