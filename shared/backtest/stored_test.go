package backtest_test

import (
	"testing"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/usage"
)

// stored is what would be stored of the calls in a log.
func stored(t *testing.T, log []entry) map[aup.KeyID][]usage.Day {
	t.Helper()
	windows := map[aup.KeyID]map[time.Time]*usage.Summary{}
	for _, e := range log {
		c, err := accesslog.Parse(e.line())
		if err != nil {
			t.Fatal(err)
		}
		if windows[c.Key] == nil {
			windows[c.Key] = map[time.Time]*usage.Summary{}
		}
		w := usage.WindowOf(c.At)
		if windows[c.Key][w] == nil {
			windows[c.Key][w] = &usage.Summary{}
		}
		windows[c.Key][w].Add(c)
	}
	days := map[aup.KeyID][]usage.Day{}
	for key, all := range windows {
		for at := start.AddDate(0, 0, -1); at.Before(start.AddDate(0, 0, 10)); at = at.Add(usage.Window) {
			s := all[at]
			if s == nil {
				continue
			}
			if n := len(days[key]); n == 0 || days[key][n-1].Date != usage.DateOf(at) {
				days[key] = append(days[key], usage.Day{Date: usage.DateOf(at)})
			}
			days[key][len(days[key])-1].Put(at, *s)
		}
	}
	return days
}

// TestStored: the days that are stored of a log come to the same, by the end of each day, as the log.
func TestStored(t *testing.T) {
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	same := func(int) any { return 7 }
	tests := []struct {
		name, desc string
		log        []entry
		change     backtest.Change
		from       int // days from start
	}{
		{name: "quiet", desc: "nothing changes for who keeps to both", log: calls("k1", start, time.Second, 50, same)},
		{name: "contacted", desc: "a day above the new limit", log: calls("k1", day(1), time.Second, 200, same), change: backtest.NewlyContacted},
		{name: "suspended", desc: "a day above three times the new limit", log: calls("k1", day(2), time.Second, 301, same), change: backtest.NewlySuspended},
		{name: "both", desc: "what either suspends", log: calls("k1", day(2), time.Second, 3100, same)},
		{name: "midnight", desc: "two halves of two days are not one day", log: calls("k1", day(1).Add(-50*time.Second), time.Second, 100, same)},
		{name: "before", desc: "what lies before the days asked about", log: calls("k1", start, time.Second, 301, same), from: 3},
	}
	for _, tt := range tests {
		cfg := backtest.Config{Policy: limited(100), Against: &backtest.Rules{Policy: limited(1000)}}
		now := day(4).Add(time.Hour)
		got := backtest.JudgeStored(cfg, backtest.Stored{Consumer: "k1", Keys: stored(t, tt.log)}, day(tt.from), now)
		if got.Change != tt.change {
			t.Errorf("%s: %s: %q, before %+v, after %+v", tt.name, tt.desc, got.Change, got.Before, got.Outcome)
		}
		read := run(t, cfg, tt.log).Consumers[0]
		if tt.from == 0 && (read.Change != got.Change || read.Level != got.Level || read.Before.Level != got.Before.Level || read.Requests != got.Requests) {
			t.Errorf("%s: the log comes to %q (%s, %s), what is stored to %q (%s, %s)", tt.name, read.Change, read.Before.Level, read.Level, got.Change, got.Before.Level, got.Level)
		}
	}
}

// TestStoredIsSettled: what was settled is not held against anybody again.
func TestStoredIsSettled(t *testing.T) {
	u := backtest.Stored{Consumer: "k1", Keys: stored(t, calls("k1", start, time.Second, 301, func(int) any { return 7 })), Since: start.Add(time.Hour)}
	cfg := backtest.Config{Policy: limited(100), Against: &backtest.Rules{Policy: limited(1000)}}
	if c := backtest.JudgeStored(cfg, u, start, start.Add(2*time.Hour)); c.Level != aup.None {
		t.Errorf("got %+v", c)
	}
}
