package metering_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/table/bolt"
	"accord/shared/usage"
)

// A schedule is one run of several workers that ingest batches, some of them repeatedly, and fold the
// windows these touch. One worker runs at a time, and the turn may pass at every call to the table,
// every page of a query included: in some schedules nearly always, in others rarely. In half of them a
// tenth of the calls fail before they are done and a tenth after. All of it follows from the seed.
type schedule struct {
	rng     *rand.Rand
	table   table.Table
	trouble float64  // how likely a call fails before it is done, and as likely after
	sticky  float64  // how likely a worker that had a turn has the next one too
	parked  chan int // a worker that waits for its turn; -1 when one is done
	turn    []chan struct{}
	calls   int
	parts   func(worker int) metering.Parts // as each worker knows them
}

var errCrash = errors.New("crash")

// port is the table as one worker sees it.
type port struct {
	*schedule
	worker int
}

// call does one call to the table in its turn.
func (p port) call(do func() error) error {
	p.parked <- p.worker
	<-p.turn[p.worker]
	p.calls++
	switch luck := p.rng.Float64(); {
	case luck < p.trouble:
		return fmt.Errorf("before: %w", errCrash)
	case luck < 2*p.trouble:
		if err := do(); err != nil {
			return err
		}
		return fmt.Errorf("after: %w", errCrash)
	}
	return do()
}

func (p port) Get(ctx context.Context, k table.Key) (item table.Item, err error) {
	err = p.call(func() error { item, err = p.table.Get(ctx, k); return err })
	return item, err
}

func (p port) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	q.Limit = 2
	err = p.call(func() error { page, err = p.table.Query(ctx, q); return err })
	return page, err
}

func (p port) Write(ctx context.Context, ops ...table.Op) error {
	return p.call(func() error { return p.table.Write(ctx, ops...) })
}

// PutAll is not atomic: its items are put one by one, in any order, with others' calls between.
func (p port) PutAll(ctx context.Context, items []table.Item) error {
	for _, i := range p.rng.Perm(len(items)) {
		if err := p.call(func() error { return p.table.PutAll(ctx, items[i:i+1]) }); err != nil {
			return err
		}
	}
	return nil
}

// run gives each worker its deliveries and one at a time its turn, until all are done.
func (s *schedule) run(work [][]metering.Source) {
	s.parked = make(chan int)
	ready := make([]int, 0, len(work))
	for w := range work {
		s.turn = append(s.turn, make(chan struct{}))
		go func() {
			m := metering.Split(port{s, w}, s.parts(w))
			for _, source := range work[w] {
				deliver(m, source)
			}
			s.parked <- -1
		}()
		if id := <-s.parked; id >= 0 {
			ready = append(ready, id)
		}
	}
	for i := 0; len(ready) > 0; {
		if i >= len(ready) || s.rng.Float64() >= s.sticky {
			i = s.rng.IntN(len(ready))
		}
		s.turn[ready[i]] <- struct{}{}
		if id := <-s.parked; id < 0 {
			ready = slices.Delete(ready, i, i+1)
		}
	}
}

// deliver does what the log service, the feed and the functions do between them: it repeats what failed.
func deliver(m *metering.Meter, source metering.Source) {
	report, err := m.Ingest(context.Background(), source, noon)
	for err != nil {
		report, err = m.Ingest(context.Background(), source, noon)
	}
	for _, w := range report.Windows {
		for {
			if _, err := m.Fold(context.Background(), w); err == nil {
				break
			}
		}
	}
}

// scene draws batches and who delivers them: every batch at least once, a third of them again, and in some
// scenes also cut otherwise: a batch less some events at its ends, or two that follow each other as one.
// crossed says that two of these have some events in common and each some of its own.
func scene(rng *rand.Rand) (batches []metering.Source, work [][]metering.Source, crossed bool) {
	work = make([][]metering.Source, 3)
	someKeys, minutes := 1+rng.IntN(len(keys)), 1+rng.IntN(10)
	joinedBefore := false
	for b := range 2 + rng.IntN(3) {
		source := metering.Source{Group: "g", Stream: fmt.Sprint("s", rng.IntN(2))}
		for e := range 1 + rng.IntN(6) {
			id := b*100 + e
			at := noon.Add(-time.Duration(rng.IntN(minutes)) * time.Minute)
			source.Events = append(source.Events, metering.Event{ID: fmt.Sprint(id), At: at, Message: line(keys[rng.IntN(someKeys)], at, id)})
		}
		batches = append(batches, source)
		for range 1 + rng.IntN(6)/4 {
			give(rng, work, source)
		}
		if n := len(source.Events); rng.IntN(3) == 0 {
			part := source
			from := rng.IntN(n)
			part.Events = source.Events[from : from+1+rng.IntN(n-from)]
			give(rng, work, part)
		}
		joined := false
		if before := b - 1; before >= 0 && batches[before].Stream == source.Stream && rng.IntN(3) == 0 {
			both := source
			both.Events = slices.Concat(batches[before].Events, source.Events)
			give(rng, work, both)
			joined, crossed = true, crossed || joinedBefore
		}
		joinedBefore = joined
	}
	return batches, work, crossed
}

// give lets a worker deliver a batch at some time.
func give(rng *rand.Rand, work [][]metering.Source, source metering.Source) {
	w := rng.IntN(len(work))
	work[w] = slices.Insert(work[w], rng.IntN(len(work[w])+1), source)
}

// truth is the oracle: what each key's windows and days are, from the batches alone.
func truth(batches []metering.Source) (map[aup.KeyID][]metering.Window, map[aup.KeyID][]usage.Day) {
	byKey := make(map[aup.KeyID]map[time.Time]*usage.Summary)
	for _, b := range batches {
		for _, e := range b.Events {
			call, err := accesslog.Parse(e.Message)
			if err != nil {
				continue
			}
			w := usage.WindowOf(call.At)
			if byKey[call.Key] == nil {
				byKey[call.Key] = make(map[time.Time]*usage.Summary)
			}
			if byKey[call.Key][w] == nil {
				byKey[call.Key][w] = new(usage.Summary)
			}
			byKey[call.Key][w].Add(call)
		}
	}
	windows, days := make(map[aup.KeyID][]metering.Window), make(map[aup.KeyID][]usage.Day)
	for key, of := range byKey {
		day := usage.Day{Date: usage.DateOf(noon)}
		for _, start := range slices.SortedFunc(maps.Keys(of), time.Time.Compare) {
			windows[key] = append(windows[key], metering.Window{Start: start, Summary: figures(start, *of[start])})
			day.Put(start, *of[start])
		}
		days[key] = []usage.Day{day}
	}
	return windows, days
}

// check compares what the table says with the oracle. Where deliveries crossed, what is counted may only be
// more, and only in windows that are marked.
func check(t table.Table, batches []metering.Source, crossed bool) string {
	m := metering.New(t, 2)
	windows, days := truth(batches)
	for _, key := range keys {
		gotWindows, err := m.Windows(context.Background(), key, noon.Add(-24*time.Hour), noon.Add(24*time.Hour))
		if err != nil {
			return err.Error()
		}
		gotDays, err := m.Days(context.Background(), key, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 2))
		if err != nil {
			return err.Error()
		}
		if crossed {
			if wrong := over(days[key], gotDays); wrong != "" {
				return fmt.Sprintf("key %q: %s", key, wrong)
			}
			continue
		}
		if wrong := differ(windows[key], gotWindows) + differ(days[key], gotDays); wrong != "" {
			return fmt.Sprintf("key %q: %s", key, wrong)
		}
	}
	return ""
}

// over says where got is not what was wanted and not marked, or less than that.
func over(want, got []usage.Day) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d days, want %d", len(got), len(want))
	}
	for i := range want {
		for w, n := range want[i].Windows {
			if m := got[i].Windows[w]; m != n && (m.Requests < n.Requests || !slices.Contains(got[i].Overlaps, w)) {
				return fmt.Sprintf("window %d: %d requests, want %d; marked: %v", w, m.Requests, n.Requests, got[i].Overlaps)
			}
		}
	}
	return ""
}

// differ compares as stored, and only looks closer at what differs: cmp would take most of the test's time.
func differ(want, got any) string {
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if bytes.Equal(a, b) {
		return ""
	}
	return gocmp.Diff(want, got, cmpopts.EquateEmpty()) + " "
}

// play runs the schedule of one seed over a table and returns what is wrong at its end.
func play(seed uint64, t table.Table) (wrong string, calls int) {
	return playSplit(seed, t, func(int) metering.Parts { return metering.Parts{{Number: 2}} })
}

func playSplit(seed uint64, t table.Table, parts func(worker int) metering.Parts) (wrong string, calls int) {
	s := &schedule{rng: rand.New(rand.NewPCG(seed, 1)), table: t, parts: parts}
	s.trouble = []float64{0, 0.1}[s.rng.IntN(2)]
	s.sticky = []float64{0, 0.5, 0.8, 0.9}[s.rng.IntN(4)]
	batches, work, crossed := scene(s.rng)
	s.run(work)
	return check(t, batches, crossed), s.calls
}

// collected is how much garbage there may be for what is in use, in percent: a schedule keeps little and makes much,
// so that collecting it at the usual 100 takes a third of the time.
const collected = 400

// schedules is how many are played: ACCORD_SCHEDULES, or the fifty thousand that are promised, or with -short a few.
func schedules(t *testing.T) uint64 {
	text := os.Getenv("ACCORD_SCHEDULES")
	if text == "" && testing.Short() {
		return 2000
	}
	n, err := strconv.ParseUint(cmp.Or(text, "50000"), 10, 32)
	if err != nil {
		t.Fatalf("ACCORD_SCHEDULES=%q is not a number of schedules", text)
	}
	return n
}

// Each half plays every second schedule, in a new file after every few hundred: a large one makes each of them slow.
func TestCountsAreExactOnBolt(t *testing.T) {
	usual := debug.SetGCPercent(collected)
	t.Cleanup(func() { debug.SetGCPercent(usual) })
	const halves = 2
	all := schedules(t)
	for half := range uint64(halves) {
		t.Run(fmt.Sprint("half ", half+1), func(t *testing.T) {
			t.Parallel()
			open, calls := renewed(t, 300), 0
			for seed := half; seed < all; seed += halves {
				wrong, n := play(seed, open().Table(fmt.Sprint("usage", seed)))
				if calls += n; wrong != "" {
					t.Fatalf("seed %d: %s", seed, wrong)
				}
			}
			t.Logf("seeds %d, %d .. %d: %d schedules, %d calls to the table, 0 wrong", half, half+halves, all-halves+half, all/halves, calls)
		})
	}
}

// renewed returns what opens a file, the same one so many times.
func renewed(t *testing.T, times int) func() *bolt.DB {
	var db *bolt.DB
	path, opened := filepath.Join(t.TempDir(), "usage.db"), 0
	end := func() {
		if db != nil {
			if err := errors.Join(db.Close(), os.Remove(path)); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(end)
	return func() *bolt.DB {
		if opened%times == 0 {
			end()
			var err error
			if db, err = bolt.Open(path, bolt.NoSync(), bolt.NoFeed()); err != nil {
				t.Fatal(err)
			}
		}
		opened++
		return db
	}
}
