package accesslog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
)

// BenchmarkSummaries reads 10,000 lines of 200 keys over two minutes.
func BenchmarkSummaries(b *testing.B) {
	var lines [][]byte
	for i := range 10_000 {
		lines = append(lines, lineAt(aup.KeyID(fmt.Sprintf("key%07d", i*7919%200)), now.Add(time.Duration(i)*12*time.Millisecond), i*7919%150_000))
	}
	b.ReportAllocs()
	for b.Loop() {
		if read := accesslog.Summaries(slices.Values(lines), now); len(read.Rejected) > 0 {
			b.Fatal(read.Rejected)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
}
