package functions_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"accord/shared/aws/fake"
)

// BenchmarkColdStart starts ingest-logs and a function that does nothing, in turns, from the process's start
// to its first request for an event, and reports the ratio of the medians.
func BenchmarkColdStart(b *testing.B) {
	dir, err := build()
	if err != nil {
		b.Fatal(err)
	}
	env := map[string]string{"USAGE_TABLE": "usage", "WINDOW_PARTS": "1"}
	start := func(name string) time.Duration {
		f, err := fake.StartFunction(b.Context(), filepath.Join(dir, name), env)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Stop()
		return f.Started
	}
	var ours, empty []time.Duration
	for b.Loop() {
		ours, empty = append(ours, start("ingest-logs")), append(empty, start("empty"))
	}
	b.ReportMetric(float64(median(ours))/float64(median(empty)), "ratio")
	b.ReportMetric(float64(median(ours).Microseconds())/1000, "ms")
	info, err := os.Stat(filepath.Join(dir, "ingest-logs"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
