package accesslog_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/accesslog"
)

// values are what API Gateway would put in place of the variables that a format may ask for. The key's value,
// $context.identity.apiKey, is none of them, and neither is anything else that the caller writes but the path.
var values = strings.NewReplacer(
	`"$context.requestId"`, `"r-1"`, `"$context.extendedRequestId"`, `"X1="`, `"$context.identity.apiKeyId"`, `"abc123defg"`,
	`"$context.requestTimeEpoch"`, `"1800000000123"`, `"$context.httpMethod"`, `"GET"`, `"$context.resourcePath"`, `"/services/{id}"`,
	`"$context.status"`, `"200"`, `"$context.responseLength"`, `"512"`, `"$context.responseLatency"`, `"34"`,
	`"$context.identity.sourceIp"`, `"198.51.100.7"`, `"$context.path"}`, `"/prod/services/123"}`)

// TestTheFormatThatIsAskedForIsRead: the documentation, the template's output and the log of Accord's own API ask for
// the same fields in the same order, what the client controls at the very end or not at all, and such a line is read.
func TestTheFormatThatIsAskedForIsRead(t *testing.T) {
	found := map[string][]string{}
	for _, file := range []string{"../../docs/deploy.md", "../../template.yaml"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found[file] = regexp.MustCompile(`'(\{"requestId":[^']*\})'`).FindAllString(string(b), -1)
	}
	doc, template := found["../../docs/deploy.md"], found["../../template.yaml"]
	if len(doc) != 1 || len(template) != 2 || template[1] != doc[0] || template[0] != strings.Replace(doc[0], `,"path":"$context.path"`, "", 1) {
		t.Fatalf("the formats differ:\n%q\n%q", doc, template)
	}
	line := values.Replace(strings.Trim(doc[0], "'"))
	if strings.Contains(line, "$") {
		t.Fatalf("asks for something else: %s", line)
	}
	got, err := accesslog.Parse([]byte(line))
	if diff := cmp.Diff(goodCall, got); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	forged := strings.Replace(line, "/prod/services/123", `/x","apiKeyId":"another001`, 1)
	if _, err := accesslog.Parse([]byte(forged)); err == nil {
		t.Error("a path that brings a field of its own is read")
	}
	var r accesslog.Reader
	r.Reset(time.UnixMilli(1800000000123))
	r.Line([]byte(line))
	if b := r.Batch(); b.Lines != 1 || len(b.Rejected) != 0 {
		t.Errorf("%+v", b)
	}
}
