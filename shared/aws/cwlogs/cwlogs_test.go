package cwlogs

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"pgregory.net/rapid"

	"accord/shared/accesslog"
	"accord/shared/metering"
	"accord/shared/usage"
)

func pack(t testing.TB, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"awslogs":{"data":"%s"}}`, base64.StdEncoding.EncodeToString(b.Bytes()))
}

const dataMessage = `{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"API-Gateway-Access","logStream":"abc",
"subscriptionFilters":["accord"],"logEvents":[
{"id":"1","timestamp":1768471200123,"message":"{\"requestId\":\"r1\",\"requestTimeEpoch\":1768471200000,\"status\":200,\"httpMethod\":\"GET\",\"resourcePath\":\"/a/{id}\",\"path\":\"\\/prod\\/a\\/caf\u00e9\"} \t"},
{"id":"2","timestamp":1768471200124,"message":"plain"},{"id":"3","timestamp":1768471200125,"message":"{\"requestId\":\"r1\",\"requestTimeEpoch\":1768471200000,\"status\":200,\"httpMethod\":\"GET\",\"resourcePath\":\"/a/{id}\",\"path\":\"/prod/a/7\"}"}]}`

var now = time.UnixMilli(1768471200000)

func read(raw []byte, maxBytes int64) (metering.Batch, Kind, error) {
	return new(Reader).Read(raw, maxBytes, now)
}

func TestABatchIsRead(t *testing.T) {
	var r Reader
	for range 2 {
		got, kind, err := r.Read(pack(t, dataMessage), MaxUnpacked, now)
		if err != nil || kind != Data {
			t.Fatal(kind, err)
		}
		if want := (metering.Batch{Group: "API-Gateway-Access", Stream: "abc", First: "1", Last: "3", Count: 3}); got != want {
			t.Errorf("%+v", got)
		}
		lines := r.Lines()
		if lines.Lines != 3 || lines.Rejected[accesslog.NotJSON] != 1 || len(lines.Shares) != 1 {
			t.Fatalf("%+v", lines)
		}
		s := lines.Shares[0].Tally.Summary()
		examples := s.Resources["GET /a/{id}"].Examples
		slices.Sort(examples)
		if diff := cmp.Diff([]string{"/prod/a/7", "/prod/a/caf\u00e9"}, examples); s.Requests != 2 || diff != "" {
			t.Error(s.Requests, diff)
		}
	}
}

func TestAControlMessageIsToldApart(t *testing.T) {
	plain := `{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],
		"logEvents":[{"id":"","timestamp":1768471200000,"message":"CWL CONTROL MESSAGE: Checking health of destination Lambda."}]}`
	if _, kind, err := read(pack(t, plain), MaxUnpacked); err != nil || kind != Control {
		t.Error(kind, err)
	}
}

func TestWhatIsNotABatchIsRefused(t *testing.T) {
	whole := pack(t, dataMessage)
	for _, tc := range []struct {
		what, says string
		raw        []byte
	}{
		{"nothing", "not JSON", nil},
		{"another event", "awslogs.data is missing", []byte(`{"Records":[]}`)},
		{"data that is not base64", "not JSON with base64", []byte(`{"awslogs":{"data":"***"}}`)},
		{"data that is not gzip", "not gzip", []byte(`{"awslogs":{"data":"aGVsbG8gd29ybGQ="}}`)},
		{"data cut short", "not whole", append(whole[:len(whole)-43:len(whole)-43], end...)},
		{"gzip of something else", "does not unpack to a batch", pack(t, "hello")},
		{"JSON of something else", "no messageType", pack(t, "{}")},
		{"a batch with something after it", "does not unpack to a batch", pack(t, dataMessage+"x")},
		{"a bomb", "more than 67108864 bytes", pack(t, strings.Repeat(" ", MaxUnpacked+1))},
	} {
		t.Run(tc.what, func(t *testing.T) {
			if _, _, err := read(tc.raw, MaxUnpacked); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want it to say %q", err, tc.says)
			}
		})
	}
}

func TestTheBoundIsExact(t *testing.T) {
	n := int64(len(dataMessage))
	if _, _, err := read(pack(t, dataMessage), n); err != nil {
		t.Error(err)
	}
	if _, _, err := read(pack(t, dataMessage), n-1); err == nil {
		t.Error("one byte too many was accepted")
	}
}

func TestAnEventInAnotherSpellingIsUnpackedToo(t *testing.T) {
	raw := strings.Replace(string(pack(t, dataMessage)), `{"awslogs":{"data":`, "{ \"awslogs\" : {\n\"data\" :", 1)
	if b, _, err := read([]byte(raw), MaxUnpacked); err != nil || b.Count != 3 {
		t.Error(b, err)
	}
}

// agree holds the scanner against the strict decoder: where the scanner answers, both answer the same.
func agree(t interface {
	Helper()
	Fatalf(string, ...any)
}, plain []byte,
) (scanned bool) {
	t.Helper()
	var quick, slow accesslog.Reader
	quick.Reset(now)
	slow.Reset(now)
	strict, strictKind, err := decode(bytes.Clone(plain), &slow)
	b, kind, ok := scan(&cursor{b: bytes.Clone(plain)}, &quick)
	if !ok {
		return false
	}
	if err != nil {
		t.Fatalf("scan accepts what the decoder refuses: %v\n%q", err, plain)
	}
	if diff := cmp.Diff(strict, b); diff != "" || kind != strictKind {
		t.Fatalf("scan and decoder differ: %s %s\n%s\n%q", kind, strictKind, diff, plain)
	}
	if diff := cmp.Diff(said(&slow), said(&quick)); diff != "" {
		t.Fatalf("scan and decoder count otherwise: %s\n%q", diff, plain)
	}
	return true
}

// said is what a reader's lines came to, for comparison.
func said(r *accesslog.Reader) any {
	b := *r.Batch()
	keys := make(map[string]usage.Summary)
	for _, s := range b.Shares {
		keys[fmt.Sprint(s.Start, " ", s.Key)] = s.Tally.Summary()
	}
	return []any{b.Lines, b.Rejected, b.Late, b.Future, b.Keyless, keys}
}

func TestShapesTheScannerLeavesToTheDecoder(t *testing.T) {
	event := func(s string) string {
		return `{"messageType":"DATA_MESSAGE","logEvents":[` + s + `]}`
	}
	for what, plain := range map[string]string{
		"a field twice":            `{"messageType":"A","messageType":"B"}`,
		"a field in other case":    `{"MESSAGETYPE":"A"}`,
		"a field it does not know": `{"messageType":"A","new":1}`,
		"an escape in an id":       event(`{"id":"\u0031","timestamp":1,"message":"x"}`),
		"a missing timestamp":      event(`{"id":"1","message":"x"}`),
		"half a surrogate":         event(`{"id":"1","timestamp":1,"message":"\ud83d x"}`),
		"a surrogate pair":         event(`{"id":"1","timestamp":1,"message":"\ud83d\ude00"}`),
		"broken UTF-8":             event("{\"id\":\"1\",\"timestamp\":1,\"message\":\"a\xffb\"}"),
		"a negative timestamp":     event(`{"id":"1","timestamp":-1,"message":"x"}`),
		"a zero before a number":   event(`{"id":"1","timestamp":01,"message":"x"}`),
		"an enormous number":       event(`{"id":"1","timestamp":99999999999999999999,"message":"x"}`),
		"a line break in a string": event("{\"id\":\"1\",\"timestamp\":1,\"message\":\"a\nb\"}"),
		"an unknown escape":        event(`{"id":"1","timestamp":1,"message":"\x41"}`),
		"an empty object":          `{}`,
		"a comma too many":         event(`{"id":"1","timestamp":1,"message":"x"},`),
	} {
		if agree(t, []byte(plain)) {
			t.Errorf("%s: the scanner took it", what)
		}
	}
}

func TestScannerAndDecoderAgreeOnAnyMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			ID        string `json:"id"`
			Timestamp int64  `json:"timestamp"`
			Message   string `json:"message"`
		}
		b := struct {
			MessageType string   `json:"messageType"`
			LogGroup    string   `json:"logGroup"`
			Filters     []string `json:"subscriptionFilters"`
			LogEvents   []event  `json:"logEvents"`
		}{MessageType: "DATA_MESSAGE", LogGroup: rapid.String().Draw(t, "group"), Filters: []string{"a", "b"}}
		for range rapid.IntRange(0, 4).Draw(t, "events") {
			b.LogEvents = append(b.LogEvents, event{rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "id"),
				rapid.Int64Range(0, 1<<45).Draw(t, "at"), rapid.String().Draw(t, "message")})
		}
		plain, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, plain)
	})
}

func TestTheExpectedShapeIsScanned(t *testing.T) {
	if !agree(t, []byte(dataMessage)) {
		t.Error("the scanner left a real batch to the decoder")
	}
}

// Batches that are longer than what a reader holds at a time, with odd events among the usual ones.
func TestALongBatchIsReadAsAWhole(t *testing.T) {
	for says, spoil := range map[string]func(string) string{
		"usual":   func(s string) string { return s },
		"escapes": func(s string) string { return strings.ReplaceAll(s, "places/7", `places/\\u0037`) },
		"spaces":  func(s string) string { return strings.ReplaceAll(s, `},{"id"`, "} ,\n  {\"id\"") + "  \n" },
		"another order": func(s string) string {
			return strings.TrimSuffix(strings.ReplaceAll(s, `"owner":"123456789012",`, ""), "}") + `,"owner":"123456789012"}`
		},
		"a line too long": func(s string) string { return strings.Replace(s, "places/8", "places/"+strings.Repeat("8", 70_000), 1) },
		"a line far too long": func(s string) string {
			return strings.Replace(s, "places/8", "places/"+strings.Repeat("8", 300_000), 1)
		},
		"a field more": func(s string) string { return strings.Replace(s, `"}"},{`, `"}","x":1},{`, 1) },
	} {
		plain := []byte(spoil(lines(3000)))
		var slow accesslog.Reader
		slow.Reset(now)
		want, _, err := decode(bytes.Clone(plain), &slow)
		if err != nil {
			t.Fatal(says, err)
		}
		var r Reader
		for range 2 {
			got, kind, err := r.Read(pack(t, string(plain)), MaxUnpacked, now)
			if diff := cmp.Diff(want, got); err != nil || kind != Data || diff != "" {
				t.Error(says, err, kind, diff)
			}
			if diff := cmp.Diff(said(&slow), said(&r.lines)); diff != "" {
				t.Error(says, diff)
			}
		}
		if held := cap(r.plain); says == "usual" && held > 512<<10 {
			t.Errorf("%d bytes are held of a batch of %d", held, len(plain))
		}
	}
}

func TestLinesCostNothingEach(t *testing.T) {
	raw := pack(t, lines(2000))
	var r Reader
	allocs := testing.AllocsPerRun(5, func() {
		if _, _, err := r.Read(raw, MaxUnpacked, now); err != nil || r.Lines().Lines != 2000 {
			t.Fatal(err)
		}
	})
	if allocs > 40 {
		t.Errorf("%.0f allocations for 2,000 lines", allocs)
	}
}

func lines(n int) string {
	var b strings.Builder
	b.WriteString(`{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"access","logStream":"s","subscriptionFilters":["f"],"logEvents":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"3884%050d","timestamp":%d,"message":"{\"requestId\":\"c6af9ac6-7b61-11e6-9a41-%012d\",\"extendedRequestId\":\"TWegAcC4%08d=\",\"apiKeyId\":\"k%09d\",\"requestTimeEpoch\":\"%d\",\"httpMethod\":\"GET\",\"resourcePath\":\"/places/{id}\",\"status\":\"200\",\"responseLength\":\"512\",\"responseLatency\":\"17\",\"ip\":\"192.0.2.%d\",\"path\":\"/prod/places/%d\"}"}`,
			i, 1768471200000+i, i*7919, i*104729%99999999, i%200, 1768471200000+i, i%250, i*31)
	}
	b.WriteString(`]}`)
	return b.String()
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(dataMessage))
	f.Add([]byte(lines(2)))
	f.Add([]byte(strings.Replace(lines(3), `"}"},{`, `"}","x":1},{`, 2)))
	f.Add([]byte(`{"messageType":"A","logEvents":[{"id":"1","timestamp":1,"message":"\u00e9\ud83d"}]}`))
	f.Fuzz(func(t *testing.T, plain []byte) { agree(t, plain) })
}
