package metering_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/metering"
)

// delivery is a batch as CloudWatch Logs delivers it: base64 of gzip of an envelope, of 200 keys over two minutes.
func delivery(lines int) []byte {
	type event struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var events []event
	for i := range lines {
		at := noon.Add(time.Duration(i) * 120 * time.Second / time.Duration(lines))
		kind := []string{"services", "clinics", "postcodes"}[rng.IntN(3)]
		id := rng.IntN(150_000)
		status := 200
		if rng.IntN(20) == 0 {
			status = 404
		}
		events = append(events, event{fmt.Sprintf("3788%052d", i), at.UnixMilli(), fmt.Sprintf(
			`{"extendedRequestId":"%016x=","requestId":"%08x-0000-4000-8000-%012x","apiKeyId":"key%07d","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/%s/{id}","status":"%d","responseLength":"%d","responseLatency":"%d","ip":"198.51.%d.%d","path":"/prod/%s/%d"}`,
			rng.Uint64(), rng.Uint32(), rng.Uint64()>>16, rng.IntN(200), at.UnixMilli(), kind, status, 200+rng.IntN(5000), 5+rng.IntN(200), rng.IntN(256), rng.IntN(256), kind, id)})
	}
	body, err := json.Marshal(map[string]any{"messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "access", "logStream": "s", "logEvents": events})
	if err != nil {
		panic(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write(body)
	_ = w.Close()
	return base64.StdEncoding.AppendEncode(nil, zipped.Bytes())
}

// unpacker has the buffers that a warm function keeps.
type unpacker struct {
	zipped  []byte
	plain   bytes.Buffer
	gz      gzip.Reader
	message []byte
}

// unpack does base64 and gunzip and nothing else.
func (u *unpacker) unpack(data []byte) []byte {
	var err error
	if u.zipped, err = base64.StdEncoding.AppendDecode(u.zipped[:0], data); err != nil {
		panic(err)
	}
	if err = u.gz.Reset(bytes.NewReader(u.zipped)); err != nil {
		panic(err)
	}
	u.plain.Reset()
	if _, err = io.Copy(&u.plain, &u.gz); err != nil {
		panic(err)
	}
	return u.plain.Bytes()
}

// messages yields the messages of an envelope that has no escapes but \" and \\.
func (u *unpacker) messages(envelope []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		start := []byte(`"message":"`)
		for {
			i := bytes.Index(envelope, start)
			if i < 0 {
				return
			}
			envelope = envelope[i+len(start):]
			u.message = u.message[:0]
			for {
				i := bytes.IndexAny(envelope[:min(64, len(envelope))], `"\`)
				if i < 0 {
					i = min(64, len(envelope))
					u.message, envelope = append(u.message, envelope[:i]...), envelope[i:]
					continue
				}
				u.message = append(u.message, envelope[:i]...)
				if envelope[i] == '"' {
					envelope = envelope[i+1:]
					break
				}
				u.message = append(u.message, envelope[i+1])
				envelope = envelope[i+2:]
			}
			if !yield(u.message) {
				return
			}
		}
	}
}

// cpu is the processor time this process has used, its garbage collector included: on a busy machine the
// wall clock measures the neighbours.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead measures reading a delivery against unpacking it, in turns, and reports the ratio.
func BenchmarkRead(b *testing.B) {
	for _, lines := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(lines, " lines"), func(b *testing.B) {
			data := delivery(lines)
			var u unpacker
			var alone, messages, whole time.Duration
			b.ReportAllocs()
			for b.Loop() {
				t := cpu()
				u.unpack(data)
				alone += cpu() - t
				t = cpu()
				for range u.messages(u.unpack(data)) {
				}
				messages += cpu() - t
				t = cpu()
				read := accesslog.Summaries(u.messages(u.unpack(data)), noon)
				whole += cpu() - t
				if read.Lines != lines || len(read.Rejected) > 0 {
					b.Fatalf("%+v", read)
				}
			}
			perLine := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N) / float64(lines) }
			b.ReportMetric(perLine(alone), "unpack-ns/line")
			b.ReportMetric(perLine(messages-alone), "envelope-ns/line")
			b.ReportMetric(perLine(whole-messages), "read-ns/line")
			b.ReportMetric(float64(whole)/float64(alone), "whole/unpack")
			b.ReportMetric(float64(whole-messages+alone)/float64(alone), "less-envelope/unpack")
		})
	}
}

// BenchmarkFold folds one window of 100 parts of 200 keys, all of them new to it.
func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		m := newMemory()
		meter := metering.New(m, 1)
		for part := range 100 {
			var lines [][]byte
			for i := range 200 {
				lines = append(lines, line(aup.KeyID(fmt.Sprintf("key%07d", i)), noon, part*200+i))
			}
			if _, err := meter.Ingest(ctx, batch("s", part*1000, lines...), noon); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if _, err := meter.Fold(ctx, metering.WindowPart{Start: noon}); err != nil {
			b.Fatal(err)
		}
	}
}
