package functions_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"accord/events/policies"
	"accord/shared/aup"
	"accord/shared/aws/fake"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// TestOnTheWire plays the story with the real functions: published, told, accepted, metered, suspended,
// refused, audited, reinstated.
func TestOnTheWire(t *testing.T) {
	d := deploy(t)
	d.gateway.AddKey("plan1", "harvestkey1")
	d.publish("places-api.md")
	d.register("place-harvest", "harvestkey1")
	d.settle()
	if mails := d.ses.Sent(); len(mails) != 1 || mails[0].To[0] != "lead@place-harvest.example" || mails[0].ConfigurationSet != "accord" {
		t.Fatalf("after registering, %d emails: %+v", len(mails), mails)
	}
	if i := d.standing("place-harvest").Issued[0]; i.Told.IsZero() {
		t.Error("the delivery of the policy was not recorded")
	}

	d.accept()
	d.crawl("harvestkey1", 1100)
	d.judgedTwice("place-harvest")
	s := d.standing("place-harvest")
	if s.State != aup.IsSuspended || d.gateway.Enabled("harvestkey1") {
		t.Fatalf("the crawler is %s, its key enabled: %t", s.State, d.gateway.Enabled("harvestkey1"))
	}
	if !d.mailedTo("lead@place-harvest.example", "suspended") || !d.mailedTo("admins@example.org", "suspended") {
		t.Error("the suspension was not mailed to both")
	}

	d.audit()
	d.decide("place-harvest", "reinstate")
	d.settle()
	if s := d.standing("place-harvest"); s.State != aup.Active || !d.gateway.Enabled("harvestkey1") {
		t.Errorf("after reinstatement it is %s, its key enabled: %t", s.State, d.gateway.Enabled("harvestkey1"))
	}
	d.invoke("sweep", map[string]any{})
	d.settle()
	if s := d.standing(aup.Provider); s.Seq != 1 {
		t.Errorf("the sweep did not open the provider's own history: %+v", s)
	}
	if n, err := d.ledger.Open(t.Context()); n != 0 || err != nil {
		t.Errorf("%d dues are open (%v)", n, err)
	}
	if err := d.ledger.Verify(t.Context(), "place-harvest"); err != nil {
		t.Error(err)
	}
}

// TestHeldOnTheWire: a protected crawler is held, its key is moved to the slow usage plan and, when the case is closed, back.
func TestHeldOnTheWire(t *testing.T) {
	d := deploy(t)
	d.gateway.SetStages("plan1", "api1:live")
	d.gateway.SetStages("slow01", "api1:live")
	d.gateway.AddKey("plan1", "ambulancekey1")
	d.publish("places-api.md")
	d.register("ambulance", "ambulancekey1")
	d.invoke("manage-consumer", map[string]any{"request": "uses-ambulance", "action": "uses", "consumer": "ambulance",
		"profile": map[string]any{"name": "Ambulance", "serves": "a million people", "protected": true}})
	d.settle()
	d.crawl("ambulancekey1", 1100)
	d.judgedTwice("ambulance")
	s := d.standing("ambulance")
	if in := d.gateway.PlansOf("ambulancekey1"); s.State != aup.Contacted || len(in) != 1 || in[0] != "slow01" || !d.gateway.Enabled("ambulancekey1") {
		t.Fatalf("it is %s, its key in %v", s.State, in)
	}
	if !d.mailedTo("lead@ambulance.example", "slowed") {
		t.Error("the consumer was not told")
	}
	d.invoke("decide-case", map[string]any{"request": "close", "action": "close", "consumer": "ambulance", "case": s.Cases[0].ID, "reason": "we talked"})
	d.settle()
	if in := d.gateway.PlansOf("ambulancekey1"); len(in) != 1 || in[0] != "plan1" || d.standing("ambulance").State != aup.Active {
		t.Errorf("the case is closed, and its key in %v", in)
	}
}

// judgedTwice brings the first of the two judgements that a suspension needs, and the second one as if a minute later.
func (d *deployment) judgedTwice(id aup.ConsumerID) {
	d.Helper()
	d.settle()
	s := d.standing(id)
	owed := ledgertest.Owed(d, d.ledger, aup.DueAudit)
	if s.State != aup.Active || s.Considered == nil || len(owed) != 1 {
		d.Fatalf("one judgement made the crawler %s (%+v); second ones owed: %d", s.State, s.Considered, len(owed))
	}
	d.minuteAgo(id, s.Considered.Clause)
	second, err := json.Marshal(ledger.RefOf(owed[0]))
	if err != nil {
		d.Fatal(err)
	}
	d.invoke("collect-usage", events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: string(second), EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:eu-west-2:123456789012:audits"}}})
	d.settle()
}

// minuteAgo makes the first judgement of a suspension a minute older: the functions have the machine's clock.
func (d *deployment) minuteAgo(id aup.ConsumerID, clause aup.ClauseID) {
	d.Helper()
	at := time.Now().Add(-61 * time.Second)
	_, err := d.ledger.Append(d.Context(), id, "earlier", at, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.SuspensionConsidered{Clause: clause, Again: at.Add(time.Minute)}}, nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

// TestAMailThatSESRefusesStaysOwed: nothing is forgotten when SES is throttled or its answer is lost.
func TestAMailThatSESRefusesStaysOwed(t *testing.T) {
	for _, c := range []struct {
		says  string
		fault fake.Fault
	}{
		{"throttled", fake.Fault{Status: 429, Code: "TooManyRequestsException"}},
		{"down", fake.Fault{Status: 500, Code: "InternalFailure"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			d := deploy(t)
			d.publish("places-api.md")
			d.ses.Fail("SendEmail", c.fault, c.fault, c.fault) // what is too fast takes three turns
			d.register("city-guide", "guidekey1")
			d.settle()
			if n, _ := d.ledger.Open(t.Context()); n != 1 || len(d.ses.Sent()) != 0 {
				t.Fatalf("%d dues open, %d sent: want the email owed", n, len(d.ses.Sent()))
			}
		})
	}
}

// TestRefusals: what is wrong is said, by the function, and nothing is changed.
func TestRefusals(t *testing.T) {
	d := deploy(t)
	for _, c := range []struct {
		says, function string
		event          any
		want           string
	}{
		{"an unknown field", "manage-consumer", map[string]any{"request": "1", "action": "end", "consumr": "x"}, "consumr"},
		{"an unknown consumer", "manage-consumer", map[string]any{"request": "2", "action": "end", "consumer": "nobody", "reason": "r"}, "not in the ledger"},
		{"no request id", "manage-consumer", map[string]any{"action": "end", "consumer": "nobody", "reason": "r"}, "request"},
		{"an unknown action", "decide-case", map[string]any{"request": "3", "action": "forgive", "reason": "r"}, "forgive"},
		{"a broken policy", "publish-policy", map[string]any{"request": "4", "document": "---\nterms: {requests-per-day: {clause: no, limit: -1}}\n---\n"}, ":2:"},
		{"figures of an unknown consumer", "audit-usage", map[string]any{"consumer": "nobody"}, "not in the ledger"},
	} {
		_, err := d.try(c.function, c.event)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want it to say %q", c.says, err, c.want)
		}
	}
}

func (d *deployment) publish(file string) {
	d.Helper()
	d.invoke("publish-policy", map[string]any{"request": "publish-" + file, "document": policies.Read(file)})
}

func (d *deployment) register(id, key string) {
	d.Helper()
	d.invoke("manage-consumer", map[string]any{"request": "register-" + id, "action": "register", "consumer": id,
		"profile":  map[string]any{"name": id, "policy": "places-api", "keys": []string{key}},
		"contacts": []any{map[string]any{"id": "lead", "name": "The lead", "email": "lead@" + id + ".example", "role": "authority"}}})
}

func (d *deployment) standing(id aup.ConsumerID) aup.Standing {
	d.Helper()
	s, err := d.ledger.Standing(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	return s
}

func (d *deployment) mailedTo(address, word string) bool {
	for _, m := range d.ses.Sent() {
		if m.To[0] == address && strings.Contains(m.Subject, word) {
			return true
		}
	}
	return false
}

var (
	pageLink    = regexp.MustCompile(`https://aup\.example\.org(/p/[A-Za-z0-9_-]{43})`)
	sixDigits   = regexp.MustCompile(`(?m)\b(\d{6})$`)
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z-]+)" value="([^"]*)"`)
)

// accept does on the page what a person does, through API Gateway's proxy event: follows the link of the
// first email, asks for a code, types it, and presses the button.
func (d *deployment) accept() {
	d.Helper()
	path := pageLink.FindStringSubmatch(d.ses.Sent()[0].Text)[1]
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	if r := d.request("consumer-pages", "POST", path+"/code", "", header); r.status != 303 {
		d.Fatalf("asking for a code answers %d", r.status)
	}
	d.settle()
	code := sixDigits.FindStringSubmatch(d.ses.Sent()[1].Text)
	if code == nil {
		d.Fatalf("no code in %q", d.ses.Sent()[1].Subject)
	}
	opened := d.request("consumer-pages", "POST", path+"/session", url.Values{"code": {code[1]}}.Encode(), header)
	if opened.status != 303 || opened.cookie == "" {
		d.Fatalf("the code answers %d, cookie %t", opened.status, opened.cookie != "")
	}
	header["Cookie"] = opened.cookie
	form := url.Values{"name": {"A. Person"}, "role": {"Head"}, "may-bind": {"yes"}}
	for _, h := range hiddenField.FindAllStringSubmatch(d.request("consumer-pages", "GET", path, "", header).body, -1) {
		form.Set(h[1], h[2])
	}
	if r := d.request("consumer-pages", "POST", path+"/accept", form.Encode(), header); r.status != 303 {
		d.Fatalf("accepting answers %d", r.status)
	}
	d.settle()
	if i := d.standing("place-harvest").Issued[0]; i.How != aup.Explicit {
		d.Errorf("accepted %q", i.How)
	}
	if !d.mailedTo("lead@place-harvest.example", "Receipt") {
		d.Error("no receipt was sent")
	}
}

// answered is what the API answered.
type answered struct {
	status int
	body   string
	cookie string
}

// request is a call through API Gateway.
func (d *deployment) request(function, method, path, body string, header map[string]string) answered {
	d.Helper()
	raw := d.invoke(function, map[string]any{"resource": path, "path": path, "httpMethod": method, "headers": header, "body": body,
		"requestContext": map[string]any{"resourcePath": path, "httpMethod": method, "requestId": "r", "stage": "live", "domainName": "aup.example.org",
			"identity": map[string]any{"sourceIp": "192.0.2.1", "userArn": "arn:aws:iam::123456789012:user/ann"}}})
	var r events.APIGatewayProxyResponse
	if err := json.Unmarshal(raw, &r); err != nil {
		d.Fatal(err)
	}
	a := answered{status: r.StatusCode, body: r.Body}
	for _, c := range r.MultiValueHeaders["Set-Cookie"] {
		a.cookie, _, _ = strings.Cut(c, ";")
	}
	if r.IsBase64Encoded {
		b, err := base64.StdEncoding.DecodeString(r.Body)
		if err != nil {
			d.Fatal(err)
		}
		a.body = string(b)
	}
	return a
}

// crawl hands ingest-logs the subscription event of a key that read so many places in order just now, with
// a line among them that cannot be read.
func (d *deployment) crawl(key string, places int) {
	d.Helper()
	type event struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	now := time.Now().UnixMilli()
	log := []event{{"0", now, `{"broken`}}
	for i := range places {
		log = append(log, event{fmt.Sprintf("%056d", i+1), now, fmt.Sprintf(
			`{"requestId":"r%[1]d","extendedRequestId":"x%[1]d","apiKeyId":"%[2]s","requestTimeEpoch":"%[3]d","httpMethod":"GET","resourcePath":"/places/{id}","status":"200","responseLength":"10","responseLatency":"5","ip":"192.0.2.1","path":"/live/places/%[1]d"}`,
			i+1, key, now)})
	}
	d.invoke("ingest-logs", subscription(d, map[string]any{"messageType": "CONTROL_MESSAGE", "logEvents": []event{{"c", now, "CWL CONTROL MESSAGE: Checking health of destination"}}}))
	batch := subscription(d, map[string]any{"messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "access", "logStream": "s",
		"subscriptionFilters": []string{"all"}, "logEvents": log})
	d.invoke("ingest-logs", batch)
	d.invoke("ingest-logs", batch) // CloudWatch Logs may deliver it twice
}

func subscription(t testing.TB, payload any) map[string]any {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(payload); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"awslogs": map[string]string{"data": base64.StdEncoding.EncodeToString(b.Bytes())}}
}

// audit asks for an audit through the API, and reads its result.
func (d *deployment) audit() {
	d.Helper()
	d.gateway.SetUsage("plan1", "harvestkey1", time.Now().UTC().Format(time.DateOnly), 1100)
	for range 2 {
		if r := d.request("audit-usage", "POST", "/audits", `{"request":"a1","consumer":"place-harvest"}`, nil); r.status != 202 {
			d.Fatalf("POST /audits answers %d %s", r.status, r.body)
		}
	}
	d.settle()
	if r := d.request("audit-usage", "GET", "/audits/a1", "", nil); r.status != 200 || !strings.Contains(r.body, `"keys":1`) {
		d.Errorf("GET /audits/a1 answers %d %s", r.status, r.body)
	}
	figures := d.invoke("audit-usage", map[string]any{"consumer": "place-harvest"})
	if !strings.Contains(string(figures), `"requests":1100`) || !strings.Contains(string(figures), `"plan1":{"used":1100`) {
		d.Errorf("the figures are not 1,100 by the log and by GetUsage: %s", figures)
	}
}

func (d *deployment) decide(id, action string) {
	d.Helper()
	body := fmt.Sprintf(`{"request":"d-%s","action":%q,"consumer":%q,"reason":"we talked"}`, action, action, id)
	if r := d.request("decide-case", "POST", "/admin/decisions", body, nil); r.status != 200 {
		d.Fatalf("POST /admin/decisions answers %d %s", r.status, r.body)
	}
}
