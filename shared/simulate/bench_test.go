package simulate_test

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/policydoc"
	"accord/shared/simulate"
)

// BenchmarkBacktest judges the log of a large corpus, seed 801, from a file: 3,135,055 lines of 1,000 keys. What a line takes of
// all processors together says what two of them do in a second when nobody else needs them.
func BenchmarkBacktest(b *testing.B) {
	log := filepath.Join(b.TempDir(), "access.jsonl")
	lines := writeCorpus(b, log)
	doc := simulate.Large.Policy()
	p, problems := policydoc.Parse("policy.md", doc, "")
	if err := policydoc.Refused(problems); err != nil {
		b.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as the command does
	before := processorTime(b)
	for b.Loop() {
		f, err := backtest.Open(log)
		if err != nil {
			b.Fatal(err)
		}
		r, err := backtest.Run(b.Context(), backtest.Config{Policy: aup.Version{Policy: p, Number: 1, Document: doc}}, f, nil)
		if err != nil || r.Lines != lines || r.Rejected != 0 || f.Close() != nil {
			b.Fatalf("%d lines, %d rejected: %v", r.Lines, r.Rejected, err)
		}
	}
	spent := float64(processorTime(b)-before) / float64(b.N) / 1e9
	b.ReportMetric(spent, "cpu-s")
	b.ReportMetric(float64(lines)/spent*2, "lines/s-of-two")
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// writeCorpus writes the log and forgets the corpus: it takes more memory than judging it.
func writeCorpus(b *testing.B, path string) (lines int64) {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	c, w := simulate.New(801, simulate.Large), bufio.NewWriter(f)
	if _, err := c.WriteTo(w); err != nil || w.Flush() != nil || f.Close() != nil {
		b.Fatalf("the log could not be written: %v", err)
	}
	lines = int64(c.Len())
	return lines
}

// processorTime is what this process has used of all processors so far, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
