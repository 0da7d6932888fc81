package accesslog

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accord/shared/usage"
)

// FuzzScanAgreesWithDecode holds the scanner against the letter of JSON: what it reads, encoding/json
// reads the same; what it leaves is only slower.
func FuzzScanAgreesWithDecode(f *testing.F) {
	for _, line := range []string{
		`{"apiKeyId":"abc","status":200,"path":"/prod/a","x":"y"}`,
		`{"apiKeyId":"abc","apiKeyId":"abd"}`,
		`{"apiKeyId":"abc","APIKEYID":"abd"}`,
		`{"x":1,"X":2}`,
		`{"x":01}`, `{"x":-0}`, `{"x":1.5}`, `{"x":1e9}`, `{"x":}`, `{"x":"a"b"}`, `{"x":"\u0041"}`, `{"x":"a"}}`,
		`{"ip":"198.51.100.7"`, `{"x": 1}`, "{\"x\":\"\x7f\"}", "{\"x\":\"\x1f\"}", "{\"x\":\"é\"}", `{"":""}`, `{"a":"","b":0}`,
		`{"requestTimeEpoch":"1","requestTimeEpoch ":"2"}`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		var fast, slow fields
		if !scan(line, &fast) {
			return
		}
		if r := decode(line, &slow); r != "" {
			t.Fatalf("scan reads %q, decode says %s", line, r)
		}
		if diff := cmp.Diff(slow, fast, cmp.AllowUnexported(value{})); diff != "" {
			t.Fatalf("%q: %s", line, diff)
		}
	})
}

// FuzzReaderAgreesWithParse holds the way by layouts against the way by Parse: one reader that learns from
// the line before, in JSON and plain, counts what Parse and Summary.Add come to.
func FuzzReaderAgreesWithParse(f *testing.F) {
	const line = `{"requestId":"r","apiKeyId":"k","requestTimeEpoch":"1800000000123","httpMethod":"GET","resourcePath":"/s/{id}","status":200,"ip":"198.51.100.7","path":"/prod/s/1"}`
	f.Add(line, line)
	f.Add(line, strings.Replace(line, "GET", "POST", 1))
	f.Add(line, strings.Replace(line, "200", "0200", 1))
	f.Add(line, strings.Replace(line, `"r"`, `"r","apiKeyId":"z"`, 1))
	f.Add(line, strings.Replace(line, "/s/1", "/s/\\u0031", 1))
	f.Add(line, strings.Replace(line, "200", "-", 1))
	f.Add(line, strings.Replace(line, `"httpMethod":"GET",`, "", 1))
	f.Add(line, strings.Replace(line, `"k"`, `"-"`, 1)+" ")
	now := time.UnixMilli(1800000000123)
	f.Fuzz(func(t *testing.T, before, line string) {
		var quick, plain Reader
		want := make(map[Share]usage.Summary)
		quick.Reset(now)
		plain.Reset(now)
		for _, l := range []string{before, line, before, line} {
			plain.Line([]byte(l))
			inJSON(&quick, l)
			var c usage.Call
			if parse(l, new(fields), &c) == "" && Accepts(c.At, now) == nil {
				s := want[Share{Start: usage.WindowOf(c.At).Unix(), Key: c.Key}]
				s.Add(c)
				want[Share{Start: usage.WindowOf(c.At).Unix(), Key: c.Key}] = s
			}
		}
		for _, r := range []*Reader{&quick, &plain} {
			got := make(map[Share]usage.Summary)
			for _, s := range r.Batch().Shares {
				got[Share{Start: s.Start, Key: s.Key}] = s.Tally.Summary()
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || r.batch.Lines != 4 {
				t.Fatalf("%q after %q, %d lines: %s", line, before, r.batch.Lines, diff)
			}
		}
	})
}

// inJSON gives a line to a reader as package cwlogs does.
func inJSON(r *Reader, line string) {
	quoted := append([]byte(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(line)), '"')
	if n := r.InJSON(quoted); n == 0 {
		r.Line([]byte(line))
	} else if n != len(quoted) {
		panic("the string does not end there")
	}
}

func TestLinesOfALayoutThatWasMetAreReadByIt(t *testing.T) {
	const line = `{"requestId":"r","mine":7,"apiKeyId":"k","requestTimeEpoch":1800000000123,"status":200,"path":"/a"}`
	var r Reader
	r.Reset(time.UnixMilli(1800000000123))
	if n := r.InJSON([]byte(`{\"requestId\":\"r\"}"`)); n != 0 {
		t.Error("a line was read by a layout that was not met")
	}
	r.Line([]byte(line))
	r.Line([]byte(strings.Replace(line, `"mine":7,`, "", 1)))
	inJSON := strings.ReplaceAll(line, `"`, `\"`) + `"`
	for says, c := range map[string]struct {
		old, new string
		read     bool
	}{
		"the same line":            {"", "", true},
		"the other layout":         {`\"mine\":7,`, ``, true},
		"other values":             {`:7`, `:12345`, true},
		"an unknown zero too many": {`:7`, `:07`, false},
		"no unknown digit":         {`:7`, `:`, false},
		"a number that is text":    {`200`, `\"200\"`, false},
		"an escape":                {`/a`, `/\\u0061`, false},
		"a control character":      {`/a`, "/\x01", false},
		"text beyond ASCII":        {`/a`, "/é", false},
		"a refused status":         {`200`, "20", false},
		"an end too early":         {`\"}"`, `\"`, false},
		"more after the line":      {`\"}"`, `\"} "`, false},
	} {
		if got := r.InJSON([]byte(strings.Replace(inJSON, c.old, c.new, 1))) > 0; got != c.read {
			t.Errorf("%s: read %v, want %v", says, got, c.read)
		}
	}
}

func TestScanTakesTheLinesOfOurFormat(t *testing.T) {
	for line, want := range map[string]bool{
		`{"requestId":"r","apiKeyId":"k","requestTime":"t","requestTimeEpoch":1,"status":"200","userAgent":"Mozilla/5.0 (x)","protocol":"HTTP/1.1","mine":3}`: true,
		`{"requestId":"r","userAgent":"a\"b"}`:    false,
		`{"requestId":"r", "userAgent":"a"}`:      false,
		`{"requestId":"r","requestid":"s"}`:       false,
		`{"requestId":"r","o":{"a":1}}`:           false,
		"{\"requestId\":\"long enough\ttabbed\"}": false,
	} {
		if got := scan(line, new(fields)); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"apiKeyId":"abc","requestTimeEpoch":1,"status":200}`))
	f.Add([]byte(`{"a":{"b":[{"c":1}]}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		c, err := Parse(line)
		if err != nil {
			if _, ok := err.(Reason); !ok {
				t.Fatalf("%v is not a Reason", err)
			}
			return
		}
		if c.Status < 100 || c.Status > 599 || c.At.IsZero() || c.Bytes < 0 {
			t.Fatalf("%+v", c)
		}
	})
}
