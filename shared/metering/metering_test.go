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
