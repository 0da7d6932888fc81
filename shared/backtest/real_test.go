package backtest_test

import (
	"syscall"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/needtest"
)

// A real web site, where nobody may be suspended. Its visitors include declared crawlers, which may be contacted.
func TestRealLog(t *testing.T) {
	f, err := backtest.Open(needtest.Real(t, "elastic_apache.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cfg := judged(0)
	began := time.Now()
	r, err := backtest.Run(t.Context(), cfg, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d lines, %d rejected, %d keys, %.0f lines/s", r.Lines, r.Rejected, len(r.Consumers), float64(r.Lines)/time.Since(began).Seconds())
	if r.Lines != 10000 || r.Rejected != 0 || len(r.Consumers) != 1753 {
		t.Errorf("got %d lines, %d rejected, %d keys", r.Lines, r.Rejected, len(r.Consumers))
	}
	flagged := 0
	for _, c := range r.Consumers {
		for _, d := range c.Decisions {
			flagged++
			t.Logf("%s: %s after %d: %s", c.Key, d.Level, d.AfterRequests, d.Reason)
		}
		if c.Level == aup.Significant {
			t.Errorf("%s would be suspended", c.Key)
		}
	}
	t.Logf("%d flagged", flagged)
}

func BenchmarkRun(b *testing.B) {
	log := together(calls("k1", start, 2*time.Second, 40000, popular(20000)), calls("k2", start, 2*time.Second, 40000, uniform(1_700_000)),
		calls("k3", start, 5*time.Second, 15000, popular(300)), calls("k4", start, 20*time.Second, 4000, ordered(1)))
	in := lines(log)
	before := processorTime(b)
	for b.Loop() {
		if _, err := backtest.Run(b.Context(), judged(150000), &memory{in.left}, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(len(log)*b.N), "cpu-ns/line")
	b.ReportMetric(float64(len(log))*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// processorTime is what this process has used of all processors so far, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
