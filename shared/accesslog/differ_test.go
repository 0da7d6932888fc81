package accesslog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
