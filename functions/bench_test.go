package functions_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
	env := map[string]string{"USAGE_TABLE": "usage", "WINDOW_PARTS": "1"}
	started := func(name string) func() time.Duration {
		return func() time.Duration { return first(b, name, env, nil) }
	}
	inTurns(b, started("ingest-logs"), started("empty"))
	info, err := os.Stat(bootstrap(b, "ingest-logs"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

// BenchmarkFirstBatch goes on until the first batch, of 100 lines, is stored, against a function that puts one
// item. What stands in for DynamoDB answers at once and without TLS.
func BenchmarkFirstBatch(b *testing.B) {
	stored := 0
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		stored++
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, "{}")
	}))
	defer store.Close()
	env := map[string]string{"USAGE_TABLE": "usage", "WINDOW_PARTS": "1", "AWS_ENDPOINT_URL_DYNAMODB": store.URL}
	event := delivery(b, 100, time.Now())
	answered := func(name string, event []byte) func() time.Duration {
		return func() time.Duration { return first(b, name, env, event) }
	}
	inTurns(b, answered("ingest-logs", event), answered("put", []byte("{}")))
	if stored != 2*b.N {
		b.Fatalf("%d starts stored %d times", 2*b.N, stored)
	}
}

// inTurns reports what one takes, and over the other.
func inTurns(b *testing.B, ours, theirs func() time.Duration) {
	b.Helper()
	var one, other []time.Duration
	for b.Loop() {
		one, other = append(one, ours()), append(other, theirs())
	}
	b.ReportMetric(float64(median(one))/float64(median(other)), "ratio")
	b.ReportMetric(float64(median(one).Microseconds())/1000, "ms")
}

// first is how long a function takes from its process's start to its first request for an event, or, when
// there is an event, to its answer.
func first(b *testing.B, name string, env map[string]string, event []byte) time.Duration {
	b.Helper()
	f, err := fake.StartFunction(b.Context(), bootstrap(b, name), env)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Stop()
	if event == nil {
		return f.Started
	}
	polled := time.Now()
	if _, err := f.Invoke(b.Context(), event); err != nil {
		b.Fatal(err)
	}
	return f.Started + time.Since(polled)
}

func bootstrap(b *testing.B, name string) string {
	b.Helper()
	dir, err := build()
	if err != nil {
		b.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// delivery is a batch of calls at a time, as CloudWatch Logs delivers it.
func delivery(b *testing.B, lines int, at time.Time) []byte {
	b.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprint(w, `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[`)
	for i := range lines {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		line := fmt.Sprintf(`{"requestId":"r%d","apiKeyId":"key%d","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/a/{id}","path":"/prod/a/%d","status":"200","ip":"198.51.100.%d"}`, i, i%20, at.UnixMilli(), i, i)
		fmt.Fprintf(w, `{"id":"%056d","timestamp":%d,"message":%q}`, i, at.UnixMilli(), line)
	}
	fmt.Fprint(w, "]}")
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return fmt.Appendf(nil, `{"awslogs":{"data":"%s"}}`, base64.StdEncoding.EncodeToString(packed.Bytes()))
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
