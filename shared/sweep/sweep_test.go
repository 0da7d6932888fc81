package sweep_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/sweep"
	"accord/shared/usage"
)

var now = time.Date(2027, 1, 18, 8, 3, 0, 0, time.UTC)

type world struct {
	overdue []aup.Due
	before  time.Time
	woken   []aup.Due
	windows []time.Time
	down    error
	opened  int
	shards  []int
}

func (w *world) Compare(_ context.Context, shard int) (int, error) {
	w.shards = append(w.shards, shard)
	return shard, w.down
}

func (w *world) Overdue(_ context.Context, before time.Time, f func(aup.Due) error) error {
	w.before = before
	for _, d := range w.overdue {
		if err := f(d); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Dues(_ context.Context, dues ...aup.Due) error {
	w.woken = append(w.woken, dues...)
	return w.down
}

func (w *world) Refold(_ context.Context, at time.Time) error {
	w.windows = append(w.windows, at)
	return nil
}

func (w *world) OpenProvider(context.Context) error {
	w.opened++
	return nil
}

func run(t *testing.T, w *world) (sweep.Report, error) {
	return sweep.Sweeper{Provider: w, Dues: w, Dispatch: w, Windows: w, Keys: w, Now: func() time.Time { return now }}.Sweep(t.Context())
}

func TestSweep(t *testing.T) {
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	w := &world{overdue: []aup.Due{
		{ID: "forgotten", Created: ago(time.Hour), Next: ago(6 * time.Minute), Attempts: 1},
		{ID: "planned for now", Created: ago(time.Minute), Next: ago(time.Second)},
		{ID: "its message is under way", Created: ago(time.Minute), Next: ago(time.Minute)},
		{ID: "being done", Created: ago(time.Hour), Next: ago(4 * time.Minute), Attempts: 1},
		{ID: "a key", Kind: aup.DueKey, Created: ago(time.Second), Next: ago(time.Second)},
		{ID: "an urgent email tried before", Kind: aup.DueEmail, Urgent: true, Attempts: 1, Created: ago(time.Hour), Next: ago(time.Second)},
	}}
	r, err := run(t, w)
	var woken []string
	for _, d := range w.woken {
		woken = append(woken, d.ID)
	}
	if err != nil || r.Overdue != 4 || !slices.Equal(woken, []string{"forgotten", "planned for now", "a key", "an urgent email tried before"}) {
		t.Errorf("report %+v (%v), woken %v; the messages of the others are still under way", r, err, woken)
	}
	if !w.before.Equal(now.Add(time.Millisecond)) {
		t.Errorf("asked for what is due before %s: what is due now is meant, and no more", w.before)
	}
	want := []time.Time{time.Date(2027, 1, 18, 7, 45, 0, 0, time.UTC), time.Date(2027, 1, 17, 5, 55, 0, 0, time.UTC), time.Date(2027, 1, 16, 21, 55, 0, 0, time.UTC), time.Date(2027, 1, 16, 6, 55, 0, 0, time.UTC)}
	if !slices.EqualFunc(w.windows, want, time.Time.Equal) {
		t.Errorf("folded again: %v, want %v: 10 minutes, 26, 34 and 49 hours after their end", w.windows, want)
	}
}

// TestNothingExpiresBeforeItIsRolledUp: after the last moment at which a line is taken a window is folded once more,
// while all its parts are there, and with days to spare.
func TestNothingExpiresBeforeItIsRolledUp(t *testing.T) {
	w := &world{}
	if _, err := run(t, w); err != nil {
		t.Fatal(err)
	}
	oldest := slices.MinFunc(w.windows, time.Time.Compare)
	if age := now.Sub(oldest.Add(usage.Window)); age <= accesslog.MaxAge || now.Sub(oldest) > metering.PartsKept-24*time.Hour {
		t.Errorf("the last fold comes %s after a window's end: lines are taken for %s, and kept for %s", age, accesslog.MaxAge, metering.PartsKept)
	}
}

func TestOneSweepIsBounded(t *testing.T) {
	w := &world{overdue: make([]aup.Due, 12_000)}
	if r, err := run(t, w); err != nil || r.Overdue != 5000 || len(w.woken) != 5000 {
		t.Errorf("report %+v (%v), %d woken", r, err, len(w.woken))
	}
}

func TestAQueueThatIsDownLeavesTheWindows(t *testing.T) {
	w := &world{overdue: []aup.Due{{ID: "a"}}, down: errors.New("down")}
	if _, err := run(t, w); err == nil || len(w.windows) != 4 || w.opened != 1 {
		t.Errorf("error %v, windows %v, provider opened %d times", err, w.windows, w.opened)
	}
}

// TestACampaignHidesNothing: behind more overdue bulk mail than one sweep wakes, an urgent email and a key that
// were lost are found.
func TestACampaignHidesNothing(t *testing.T) {
	w := &world{}
	lost := func(id string, kind aup.DueKind, urgent bool) aup.Due {
		return aup.Due{ID: id, Kind: kind, Urgent: urgent, Attempts: 1, Created: now.Add(-time.Hour), Next: now.Add(-time.Hour)}
	}
	for range 7000 {
		w.overdue = append(w.overdue, lost("bulk", aup.DueEmail, false))
	}
	w.overdue = append(w.overdue, lost("code", aup.DueEmail, true), lost("key", aup.DueKey, false))
	r, err := run(t, w)
	if err != nil || r.Overdue != 5002 || w.woken[5000].ID != "code" || w.woken[5001].ID != "key" {
		t.Errorf("%d woken (%v)", r.Overdue, err)
	}
}

// TestLooksAtKeysComeSomeAtATime: a hundred and twenty a sweep, and before or behind them every key that was lost.
func TestLooksAtKeysComeSomeAtATime(t *testing.T) {
	w := &world{}
	for range 10_000 {
		w.overdue = append(w.overdue, aup.Due{ID: "look", Kind: aup.DueKey, Step: aup.StepLook})
	}
	w.overdue = append(w.overdue, aup.Due{ID: "key", Kind: aup.DueKey})
	if r, err := run(t, w); err != nil || r.Overdue != 121 || w.woken[120].ID != "key" {
		t.Errorf("%d woken (%v), want 120 looks and the key", r.Overdue, err)
	}
}

// TestEveryShardIsComparedTwiceADay: at its own minute, and at no other.
func TestEveryShardIsComparedTwiceADay(t *testing.T) {
	w := &world{}
	var differ int
	for minute := range 24 * 60 {
		at := time.Date(2027, 1, 18, 0, minute, 31, 0, time.UTC)
		r, err := sweep.Sweeper{Provider: w, Dues: w, Dispatch: w, Windows: w, Keys: w, Now: func() time.Time { return at }}.Sweep(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		differ += r.Keys
	}
	times := map[int]int{}
	for _, shard := range w.shards {
		times[shard]++
	}
	for shard := range ledger.Shards {
		if times[shard] != 2 {
			t.Errorf("shard %d is compared %d times", shard, times[shard])
		}
	}
	if len(times) != ledger.Shards || differ != ledger.Shards*(ledger.Shards-1) {
		t.Errorf("%v; %d keys are told of", times, differ)
	}
}
