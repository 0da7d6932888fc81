package cwlogs

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// delivery is an event as CloudWatch Logs delivers it, of 200 keys over two minutes, in the order of fields
// that template.yaml asks for. plain is what it unpacks to.
func delivery(lines int) (raw, plain []byte) {
	type event struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var events []event
	for i := range lines {
		at := now.Add(time.Duration(i) * 120 * time.Second / time.Duration(lines))
		kind := []string{"services", "clinics", "postcodes"}[rng.IntN(3)]
		id := rng.IntN(150_000)
		status := 200
		if rng.IntN(20) == 0 {
			status = 404
		}
		events = append(events, event{fmt.Sprintf("3788%052d", i), at.UnixMilli(), fmt.Sprintf(
			`{"requestId":"%08x-0000-4000-8000-%012x","extendedRequestId":"%016x=","apiKeyId":"key%07d","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/%s/{id}","status":"%d","responseLength":"%d","responseLatency":"%d","ip":"198.51.%d.%d","path":"/prod/%s/%d"}`,
			rng.Uint32(), rng.Uint64()>>16, rng.Uint64(), rng.IntN(200), at.UnixMilli(), kind, status, 200+rng.IntN(5000), 5+rng.IntN(200), rng.IntN(256), rng.IntN(256), kind, id)})
	}
	plain, err := json.Marshal(struct {
		MessageType string  `json:"messageType"`
		Owner       string  `json:"owner"`
		LogGroup    string  `json:"logGroup"`
		LogStream   string  `json:"logStream"`
		LogEvents   []event `json:"logEvents"`
	}{"DATA_MESSAGE", "123456789012", "access", "s", events})
	if err != nil {
		panic(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write(plain)
	_ = w.Close()
	return fmt.Appendf(nil, `{"awslogs":{"data":"%s"}}`, base64.StdEncoding.EncodeToString(zipped.Bytes())), plain
}

// unpacker does base64 and gunzip and nothing else, with the buffers that a warm function keeps.
type unpacker struct {
	text   bytes.Reader
	zipped []byte
	plain  bytes.Buffer
	gz     gzip.Reader
}

func (u *unpacker) unpack(data []byte) {
	var err error
	if u.zipped, err = base64.StdEncoding.AppendDecode(u.zipped[:0], data); err != nil {
		panic(err)
	}
	u.text.Reset(u.zipped)
	if err = u.gz.Reset(&u.text); err != nil {
		panic(err)
	}
	u.plain.Reset()
	if _, err = io.Copy(&u.plain, &u.gz); err != nil {
		panic(err)
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

func median(d []float64) float64 {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkRead measures, in turns, unpacking deliveries and nothing else, and all that ingest-logs does
// with them before it stores: unpacking, the envelope, the lines, and counting them. Reported are medians.
func BenchmarkRead(b *testing.B) {
	for _, lines := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(lines, " lines"), func(b *testing.B) {
			raw, _ := delivery(lines)
			data := raw[len(open) : len(raw)-len(end)]
			var u unpacker
			var r Reader
			var alone, whole, ratio []float64
			times := 10_000 / lines
			b.ReportAllocs()
			for b.Loop() {
				t := cpu()
				for range times {
					u.unpack(data)
				}
				t1 := cpu()
				for range times {
					if _, _, err := r.Read(raw, MaxUnpacked, now); err != nil || r.Lines().Lines != lines || len(r.Lines().Rejected) > 0 {
						b.Fatal(err, r.Lines())
					}
				}
				t2 := cpu()
				alone = append(alone, float64(t1-t)/10_000)
				whole = append(whole, float64(t2-t1)/10_000)
				ratio = append(ratio, float64(t2-t1)/float64(t1-t))
			}
			b.ReportMetric(median(alone), "unpack-ns/line")
			b.ReportMetric(median(whole)-median(alone), "read-ns/line")
			b.ReportMetric(median(ratio), "whole/unpack")
			b.ReportMetric(testing.AllocsPerRun(3, func() { _, _, _ = r.Read(raw, MaxUnpacked, now) })/float64(lines), "allocs/line")
		})
	}
}
