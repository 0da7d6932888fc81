package edge_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/aws/edge"
	"accord/shared/enforce"
)

func TestTriggersAreToldByDocumentedFields(t *testing.T) {
	for _, tc := range []struct {
		what, raw string
		want      edge.Kind
	}{
		{"a stream's records", `{"Records":[{"eventSource":"aws:dynamodb"}]}`, edge.Stream},
		{"a queue's messages", `{"Records":[{"eventSource":"aws:sqs"}]}`, edge.Queue},
		{"a call to the API", `{"httpMethod":"GET","requestContext":{"stage":"prod"}}`, edge.Request},
		{"a rule's event", `{"detail-type":"Email Bounced","source":"aws.ses","detail":{}}`, edge.Event},
		{"the scheduler", `{"detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"}`, edge.Schedule},
		{"an admin", `{"consumer":"city-guide"}`, edge.Direct},
		{"an admin's event that mentions records", `{"Records":[]}`, edge.Direct},
		{"an admin's event with a method", `{"httpMethod":"GET"}`, edge.Direct},
		{"records of a service that is not wired", `{"Records":[{"eventSource":"aws:s3"}]}`, edge.Direct},
		{"nothing", `null`, edge.Direct},
		{"fields of other types", `{"Records":"x","source":1}`, edge.Direct},
	} {
		if got := edge.Trigger([]byte(tc.raw)); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.what, got, tc.want)
		}
	}
}

func TestEachKindReachesItsHandler(t *testing.T) {
	h := edge.Handlers{
		Direct: func(_ context.Context, raw json.RawMessage) (any, error) { return string(raw), nil },
		Queue: func(_ context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: e.Records[0].MessageId}}}, nil
		},
	}
	got, err := h.Handle(t.Context(), json.RawMessage(`{"a":1}`))
	if err != nil || got != `{"a":1}` {
		t.Errorf("direct: %v, %v", got, err)
	}
	got, err = h.Handle(t.Context(), json.RawMessage(`{"Records":[{"eventSource":"aws:sqs","messageId":"m1"}]}`))
	if b, _ := json.Marshal(got); err != nil || string(b) != `{"batchItemFailures":[{"itemIdentifier":"m1"}]}` {
		t.Errorf("queue: %s, %v", b, err)
	}
	if _, err = h.Handle(t.Context(), json.RawMessage(`{"Records":[{"eventSource":"aws:dynamodb"}]}`)); err == nil || !strings.Contains(err.Error(), "stream") {
		t.Errorf("a stream without a handler: %v", err)
	}
}

// proxied is a call as API Gateway hands it over.
func proxied() events.APIGatewayProxyRequest {
	return events.APIGatewayProxyRequest{
		HTTPMethod: "POST", Path: "/p/a b",
		Headers:                         map[string]string{"Host": "evil.example", "X-One": "1", "x-many": "b"},
		MultiValueHeaders:               map[string][]string{"x-many": {"a", "b"}, "Cookie": {"s=1"}},
		MultiValueQueryStringParameters: map[string][]string{"q": {"1", "2&3"}},
		Body:                            "answer=é",
		RequestContext: events.APIGatewayProxyRequestContext{
			Path: "/prod/p/a b", DomainName: "abc.execute-api.eu-west-2.amazonaws.com", RequestID: "chosen", ExtendedRequestID: "given=",
			Identity: events.APIGatewayRequestIdentity{SourceIP: "192.0.2.7", UserArn: "arn:aws:iam::123456789012:user/jo"},
		},
	}
}

func TestACallBecomesPlainHTTP(t *testing.T) {
	var seen *http.Request
	var body string
	handle := edge.HTTP(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		seen, body = r, string(b)
	}))
	if _, err := handle(t.Context(), proxied()); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"method": seen.Method, "path": seen.URL.Path, "query": seen.URL.Query()["q"], "many": seen.Header["X-Many"],
		"one": seen.Header.Get("X-One"), "cookie": seen.Header.Get("Cookie"), "host": seen.Host, "from": seen.RemoteAddr, "body": body,
		"caller": edge.Caller(seen.Context()),
		"length": seen.ContentLength,
	}
	want := map[string]any{
		"method": "POST", "path": "/p/a b", "query": []string{"1", "2&3"}, "many": []string{"a", "b"},
		"one": "1", "cookie": "s=1", "host": "abc.execute-api.eu-west-2.amazonaws.com", "from": "192.0.2.7", "body": "answer=é",
		"caller": "arn:aws:iam::123456789012:user/jo",
		"length": int64(len("answer=é")),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBodiesInBase64AreUnpacked(t *testing.T) {
	e := proxied()
	e.Body, e.IsBase64Encoded = "AP8=", true
	var body []byte
	h := edge.HTTP(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { body, _ = io.ReadAll(r.Body) }))
	if _, err := h(t.Context(), e); err != nil || string(body) != "\x00\xff" {
		t.Errorf("%q, %v", body, err)
	}
	e.Body = "not base64!"
	if got, err := h(t.Context(), e); err != nil || got.StatusCode != 400 {
		t.Errorf("a broken body: %d, %v", got.StatusCode, err)
	}
}

func TestACallerWithoutIAMIsNobody(t *testing.T) {
	e := proxied()
	e.RequestContext.Identity.UserArn = ""
	e.Headers["X-Caller"] = "arn:aws:iam::123456789012:root"
	h := edge.HTTP(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if c := edge.Caller(r.Context()); c != "" {
			t.Errorf("taken for %s", c)
		}
	}))
	if _, err := h(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func TestAnswers(t *testing.T) {
	for _, tc := range []struct {
		what    string
		handler http.HandlerFunc
		want    events.APIGatewayProxyResponse
	}{
		{"nothing written is 200", func(http.ResponseWriter, *http.Request) {}, events.APIGatewayProxyResponse{StatusCode: 200}},
		{"text stays text", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusCreated)
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("X-Late", "1")
			_, _ = io.WriteString(w, "<p>é</p>")
		}, events.APIGatewayProxyResponse{StatusCode: 201, Body: "<p>é</p>",
			MultiValueHeaders: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}},
		{"bytes travel as base64", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "\x89PNG\x0d\x0a\x1a\x0a")
		}, events.APIGatewayProxyResponse{StatusCode: 200, Body: "iVBORw0KGgo=", IsBase64Encoded: true,
			MultiValueHeaders: http.Header{"Content-Type": {"image/png"}}}},
		{"two cookies are two", func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			http.Redirect(w, r, "/x", http.StatusSeeOther)
		}, events.APIGatewayProxyResponse{StatusCode: 303, MultiValueHeaders: http.Header{"Set-Cookie": {"a=1", "b=2"}, "Location": {"/x"}}}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			got, err := edge.HTTP(tc.handler)(t.Context(), proxied())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.Transformer("headers", func(m map[string][]string) http.Header {
				if len(m) == 0 {
					return nil
				}
				return m
			})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestANewKeyIsReadFromCloudTrail(t *testing.T) {
	const ok = `"eventSource":"apigateway.amazonaws.com","eventName":"CreateUsagePlanKey"`
	for _, tc := range []struct {
		what, detail string
		want         edge.NewKey
		added        bool
	}{
		{"the key as it was asked for", ok + `,"requestParameters":{"usagePlanId":"plan1","createUsagePlanKeyInput":{"keyId":"abc123","keyType":"API_KEY"}},
			"responseElements":{"id":"abc123","value":"SECRET"}`, edge.NewKey{Key: "abc123", Plan: "plan1"}, true},
		{"in another spelling of the plan", ok + `,"requestParameters":{"usageplanId":"plan1","keyId":"abc123"}`, edge.NewKey{Key: "abc123", Plan: "plan1"}, true},
		{"the key only as answered", ok + `,"requestParameters":{},"responseElements":{"id":"abc123"}`, edge.NewKey{Key: "abc123"}, true},
		{"a call that failed", ok + `,"errorCode":"AccessDenied"`, edge.NewKey{}, false},
		{"another call", `"eventSource":"apigateway.amazonaws.com","eventName":"UpdateApiKey"`, edge.NewKey{}, false},
	} {
		got, added, err := edge.KeyAdded([]byte(`{"source":"aws.apigateway","detail":{` + tc.detail + `}}`))
		if err != nil || added != tc.added || got != tc.want {
			t.Errorf("%s: %+v, %v, %v", tc.what, got, added, err)
		}
	}
	for _, bad := range []string{`{`, `{"detail":{` + ok + `}}`, `{"detail":{` + ok + `,"requestParameters":{"keyId":"a b\nSECRET"}}}`, `{"detail":{` + ok + `,"requestParameters":"SECRET"}}`} {
		if _, _, err := edge.KeyAdded([]byte(bad)); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestAChangedKey(t *testing.T) {
	const update = `"eventSource":"apigateway.amazonaws.com","eventName":"UpdateApiKey","eventID":"e-1"`
	patched := func(ops string) string {
		return update + `,"requestParameters":{"apiKey":"k1","updateApiKeyInput":{"patchOperations":` + ops + `}}`
	}
	is := func(found aup.KeyFound) enforce.Change { return enforce.Change{Key: "k1", Found: found, Trail: "e-1"} }
	for _, tc := range []struct {
		what, detail string
		want         enforce.Change
		changed      bool
	}{
		{"it was disabled", patched(`[{"op":"replace","path":"/enabled","value":"false"}]`), is(aup.KeyDisabled), true},
		{"it was enabled, and renamed", patched(`[{"op":"replace","path":"/name","value":"x"},{"op":"replace","path":"/enabled","value":"true"}]`), is(aup.KeyEnabled), true},
		{"it was only renamed", patched(`[{"op":"replace","path":"/name","value":"x"}]`), is(""), false},
		{"what was changed is not said in a way we know", update + `,"requestParameters":{"apiKey":"k1","updateApiKeyInput":"x"}`, is(""), true},
		{"the key stands in the answer only", update + `,"responseElements":{"id":"k1","enabled":true}`, is(""), true},
		{"it was deleted", `"eventSource":"apigateway.amazonaws.com","eventName":"DeleteApiKey","eventID":"e-1","requestParameters":{"apiKey":"k1"}`, is(aup.KeyDeleted), true},
		{"a call that failed", patched(`[]`) + `,"errorCode":"AccessDenied"`, enforce.Change{}, false},
		{"another call", `"eventSource":"apigateway.amazonaws.com","eventName":"CreateUsagePlanKey"`, enforce.Change{}, false},
		{"another service's", `"eventSource":"elsewhere.example","eventName":"DeleteApiKey"`, enforce.Change{}, false},
	} {
		got, changed, err := edge.KeyChanged([]byte(`{"source":"aws.apigateway","detail":{` + tc.detail + `}}`))
		if err != nil || changed != tc.changed || got != tc.want {
			t.Errorf("%s: %+v, %v, %v", tc.what, got, changed, err)
		}
	}
	for _, bad := range []string{`{`, `{"detail":{` + update + `}}`, `{"detail":{` + update + `,"requestParameters":{"apiKey":"a b\nSECRET"}}}`,
		`{"detail":{"eventSource":"apigateway.amazonaws.com","eventName":"DeleteApiKey","eventID":"SECRET e","requestParameters":{"apiKey":"k1"}}}`} {
		if _, _, err := edge.KeyChanged([]byte(bad)); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
