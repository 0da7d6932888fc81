package accesslog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/usage"
)

// record is a line as encoding/json reads it.
type record struct {
	ExtendedRequestID string          `json:"extendedRequestId"`
	APIKeyID          string          `json:"apiKeyId"`
	Epoch             int64           `json:"requestTimeEpoch"`
	Method            string          `json:"httpMethod"`
	Resource          string          `json:"resourcePath"`
	Path              string          `json:"path"`
	Status            int             `json:"status"`
	Length            int64           `json:"responseLength"`
	Latency           json.RawMessage `json:"responseLatency"`
	IP                string          `json:"ip"`
}

func (r record) call() usage.Call {
	latency, err := strconv.ParseInt(string(r.Latency), 10, 64)
	if err != nil {
		latency = -1
	}
	return usage.Call{At: time.UnixMilli(r.Epoch), Key: aup.KeyID(r.APIKeyID), RequestID: r.ExtendedRequestID, Method: r.Method, Template: r.Resource,
		Path: r.Path, Status: r.Status, Bytes: r.Length, Latency: time.Duration(latency) * time.Millisecond, Source: r.IP}
}

// BenchmarkLines counts 10,000 plain JSON lines of 200 keys over two minutes, in turns with the reader and with
// encoding/json, and reports the medians of the processor time. ACCORD_LINES names a file to leave the lines in.
func BenchmarkLines(b *testing.B) {
	var lines [][]byte
	for i := range 10_000 {
		lines = append(lines, lineAt(aup.KeyID(fmt.Sprintf("key%07d", i*7919%200)), now.Add(time.Duration(i)*12*time.Millisecond), i*7919%150_000))
	}
	if name := os.Getenv("ACCORD_LINES"); name != "" {
		if err := os.WriteFile(name, bytes.Join(lines, []byte("\n")), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var r accesslog.Reader
	var ours, theirs []float64
	for b.Loop() {
		t := cpu(b)
		if read := read(&r, slices.Values(lines)); len(read.Rejected) > 0 {
			b.Fatal(read.Rejected)
		}
		t1 := cpu(b)
		names := map[string]*usage.Name{}
		tallies := map[string]*usage.Tally{}
		for _, line := range lines {
			var one record
			if err := json.Unmarshal(line, &one); err != nil {
				b.Fatal(err)
			}
			if names[one.Resource] == nil {
				names[one.Resource] = usage.NewName(one.Method, one.Resource)
			}
			if tallies[one.APIKeyID] == nil {
				tallies[one.APIKeyID] = new(usage.Tally)
			}
			c := one.call()
			tallies[one.APIKeyID].Add(&c, names[one.Resource])
		}
		ours, theirs = append(ours, float64(t1-t)), append(theirs, float64(cpu(b)-t1))
	}
	n := float64(len(lines))
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(ours[len(ours)/2]/n, "ns/line")
	b.ReportMetric(theirs[len(theirs)/2]/n, "encoding/json-ns/line")
	b.ReportMetric(theirs[len(theirs)/2]/ours[len(ours)/2], "encoding/json/ours")
}

// cpu is the processor time this process has used, its garbage collector included.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
