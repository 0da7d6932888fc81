package accesslog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/usage"
)

const good = `{"extendedRequestId":"X1=","requestId":"r-1","apiKeyId":"abc123defg","requestTimeEpoch":"1800000000123","httpMethod":"GET","resourcePath":"/services/{id}","path":"/prod/services/123","status":"200","responseLength":"512","responseLatency":"34","ip":"198.51.100.7"}`

var goodCall = usage.Call{
	At:        time.UnixMilli(1800000000123).UTC(),
	Key:       "abc123defg",
	RequestID: "X1=",
	Method:    "GET",
	Template:  "/services/{id}",
	Path:      "/prod/services/123",
	Status:    200,
	Bytes:     512,
	Latency:   34 * time.Millisecond,
	Source:    "198.51.100.7",
}

func TestParseReads(t *testing.T) {
	for _, c := range []struct {
		says, old, new string
		spoil          func(*usage.Call)
	}{
		{"the line as API Gateway writes it", "", "", func(*usage.Call) {}},
		{"numbers that are numbers", `"200","responseLength":"512"`, `200,"responseLength":512`, func(*usage.Call) {}},
		{"space between the tokens and after the line", `"status":"200",`, "\t\"status\" : \"200\" ,  ", func(*usage.Call) {}},
		{"escapes", `"/prod/services/123"`, `"\/prod\/services\/\u0031\"3"`, func(c *usage.Call) { c.Path = `/prod/services/1"3` }},
		{"text that is not ASCII", `services/123`, `services/é`, func(c *usage.Call) { c.Path = "/prod/services/é" }},
		{"bytes that are not UTF-8, as the replacement character", `services/123`, "services/\xff", func(c *usage.Call) { c.Path = "/prod/services/\uFFFD" }},
		{"fields it does not know, whatever they hold", `"ip":`, `"n":1,"o":{"a":[1,{"a":null}],"a":2},"b":true,"f":-1.5e3,"ip":`, func(*usage.Call) {}},
		{"a known name in another spelling as an unknown one", `"ip":`, `"IP":"198.51.100.8","x":`, func(c *usage.Call) { c.Source = "" }},
		{"no key", `"abc123defg"`, `"-"`, func(c *usage.Call) { c.Key = "" }},
		{"no key field", `"apiKeyId":"abc123defg",`, ``, func(c *usage.Call) { c.Key = "" }},
		{"the client's request id where there is no better one", `"X1="`, `"-"`, func(c *usage.Call) { c.RequestID = "r-1" }},
		{"an unknown latency as a negative one", `"34"`, `"-"`, func(c *usage.Call) { c.Latency = -time.Millisecond }},
		{"an unknown length as none", `"512"`, `"-"`, func(c *usage.Call) { c.Bytes = 0 }},
		{"nothing matched", `"/services/{id}"`, `"-"`, func(c *usage.Call) { c.Template = "-" }},
		{"no path", `"path":"/prod/services/123",`, ``, func(c *usage.Call) { c.Path = "" }},
	} {
		t.Run(c.says, func(t *testing.T) {
			line := strings.Replace(good, c.old, c.new, 1)
			if c.old != "" && line == good {
				t.Fatal("the case changes nothing")
			}
			want := goodCall
			c.spoil(&want)
			got, err := accesslog.Parse([]byte(line + " \r\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		says, old, new string
		want           accesslog.Reason
	}{
		{"nothing", good, ``, accesslog.NotJSON},
		{"text", good, `hello`, accesslog.NotJSON},
		{"half a line", `,"ip":"198.51.100.7"}`, ``, accesslog.NotJSON},
		{"an array", good, `[1]`, accesslog.NotJSON},
		{"two objects", good, good + good, accesslog.NotJSON},
		{"a comma too many", `"ip"`, `,"ip"`, accesslog.NotJSON},
		{"a comma at the end", `.7"}`, `.7",}`, accesslog.NotJSON},
		{"a name that is no string", `"ip"`, `ip`, accesslog.NotJSON},
		{"a control character", `123"`, "12\x00\"", accesslog.NotJSON},
		{"a number with a leading zero in JSON", `"200"`, `0200`, accesslog.NotJSON},
		{"a quote put in by a client, without more", `123"`, `123""`, accesslog.NotJSON},
		{"a second key put in by a client", `/123"`, `/123","apiKeyId":"zzzzzzzzzz"`, accesslog.DuplicateKey},
		{"a second key in another spelling", `/123"`, `/123","APIKEYID":"zzzzzzzzzz"`, accesslog.DuplicateKey},
		{"a second key under a letter that folds to another", `/123"`, `/123","api` + "\u212A" + `eyId":"zzzzzzzzzz"`, accesslog.DuplicateKey},
		{"a second key with an escape in its name", `/123"`, `/123","\u0061piKeyId":"zzzzzzzzzz"`, accesslog.DuplicateKey},
		{"an unknown field twice", `"ip":`, `"x":1,"X":2,"ip":`, accesslog.DuplicateKey},
		{"an ignored field twice", `"ip":`, `"userAgent":"a","userAgent":"b","ip":`, accesslog.DuplicateKey},
		{"no time", `"1800000000123"`, `"-"`, accesslog.MissingTime},
		{"no time field", `"requestTimeEpoch":"1800000000123",`, ``, accesslog.MissingTime},
		{"a time in words", `"1800000000123"`, `"today"`, accesslog.BadNumber},
		{"a time after the year 9999", `"1800000000123"`, `"253402300800000"`, accesslog.BadNumber},
		{"a time before 1970", `"1800000000123"`, `-5`, accesslog.BadNumber},
		{"a fraction", `"512"`, `512.5`, accesslog.BadNumber},
		{"an exponent", `"512"`, `5e2`, accesslog.BadNumber},
		{"a leading zero", `"512"`, `"0512"`, accesslog.BadNumber},
		{"an empty number", `"512"`, `""`, accesslog.BadNumber},
		{"a number beyond 64 bits", `"512"`, `99999999999999999999`, accesslog.BadNumber},
		{"a latency of more than a day", `"34"`, `"86400001"`, accesslog.BadNumber},
		{"no status", `"200"`, `"-"`, accesslog.BadStatus},
		{"a status below 100", `"200"`, `"99"`, accesslog.BadStatus},
		{"a status above 599", `"200"`, `"600"`, accesslog.BadNumber},
		{"a number where text belongs", `"GET"`, `7`, accesslog.BadValue},
		{"nothing where a number belongs", `"512"`, `null`, accesslog.BadValue},
		{"an object where text belongs", `"GET"`, `{"a":"b"}`, accesslog.BadValue},
		{"a method longer than any", `"GET"`, `"` + strings.Repeat("G", 40) + `"`, accesslog.BadValue},
		{"a key that would be two in a storage key", `"abc123defg"`, `"abc#def"`, accesslog.BadKey},
		{"a line longer than 64 KiB", `services/123`, strings.Repeat("x", accesslog.MaxLine), accesslog.TooLong},
	} {
		t.Run(c.says, func(t *testing.T) {
			line := strings.Replace(good, c.old, c.new, 1)
			if line == good {
				t.Fatal("the case changes nothing")
			}
			if got, err := accesslog.Parse([]byte(line)); err != c.want {
				t.Errorf("got %v, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestReasonsSayWhatIsWrongButNotTheLine(t *testing.T) {
	for _, r := range []accesslog.Reason{accesslog.TooLong, accesslog.NotJSON, accesslog.DuplicateKey, accesslog.BadValue,
		accesslog.BadNumber, accesslog.MissingTime, accesslog.BadStatus, accesslog.BadKey} {
		if len(r.Error()) < 30 {
			t.Errorf("%s: %q", string(r), r)
		}
	}
}

// lineAt is a good line of a key at a time.
func lineAt(key aup.KeyID, at time.Time, id int) []byte {
	return fmt.Appendf(nil, `{"extendedRequestId":"x%d","apiKeyId":"%s","requestTimeEpoch":%d,"httpMethod":"GET","resourcePath":"/services/{id}","path":"/prod/services/%d","status":200,"responseLength":100,"responseLatency":"-","ip":"198.51.100.7"}`,
		id, key, at.UnixMilli(), id)
}
