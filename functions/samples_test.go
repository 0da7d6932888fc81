package functions_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
)

// step gives a function one of its samples in events/. What a sample cannot know (a due's place, today) is
// put in its place before.
type step struct {
	sample, function, says string
	event                  func(d *deployment, sample []byte) []byte
	holds                  func(d *deployment, answer string) bool
}

// TestSamples: every sample in events/ is what its function takes, and does what it says.
func TestSamples(t *testing.T) {
	d := deploy(t)
	d.gateway.AddKey("plan1", "a1b2c3d4e5")
	used := map[string]bool{}
	for _, s := range steps {
		event := d.sample(s.sample)
		if s.event != nil {
			event = s.event(d, event)
		}
		if answer := string(d.invoke(s.function, event)); !s.holds(d, answer) {
			t.Errorf("%s: %s: it does not hold; the answer is %.500s", s.sample, s.says, answer)
		}
		used[s.sample+".json"] = true
	}
	files, err := filepath.Glob("../events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used[filepath.Base(f)] {
			t.Errorf("%s is given to no function", f)
		}
	}
}

var steps = []step{
	{"publish-policy", "publish-policy", "the sample policy is version 1", nil, func(d *deployment, answer string) bool {
		v, err := d.ledger.Version(d.Context(), "places-api", 1)
		return err == nil && v.Policy.Terms.PerDay != nil && strings.Contains(answer, `"version":1`)
	}},
	{"manage-consumer-register", "manage-consumer", "the consumer is registered", nil, func(d *deployment, _ string) bool {
		return d.standing("city-guide").State == aup.Active
	}},
	{"dispatch", "dispatch", "the due's place is on its queue", nil, func(d *deployment, _ string) bool {
		messages := d.sqs.Take("distribute")
		return len(messages) == 1 && strings.Contains(messages[0], `"due#`)
	}},
	{"distribute", "distribute", "the version is issued", at("city-guide", aup.DueDistribute), func(d *deployment, _ string) bool {
		return len(d.standing("city-guide").Issued) == 1
	}},
	{"deliver", "deliver", "SES has the email", at("city-guide", aup.DueEmail), func(d *deployment, _ string) bool {
		return len(d.ses.Sent()) == 1 && strings.Contains(d.ses.Sent()[0].To[0], "city-guide.example")
	}},
	{"record-delivery-delivered", "record-delivery", "the version was told", tagged, func(d *deployment, _ string) bool {
		return !d.standing("city-guide").Issued[0].Told.IsZero()
	}},
	{"record-delivery-bounced", "record-delivery", "the contact cannot be reached", tagged, func(d *deployment, _ string) bool {
		for _, c := range d.standing("city-guide").Contacts {
			if c.Undelivered {
				return true
			}
		}
		return false
	}},
	{"record-delivery-delayed", "record-delivery", "the email takes its time", tagged, func(d *deployment, _ string) bool {
		n, err := d.ledger.Notice(d.Context(), "city-guide", aup.NoticeID(d.ses.Sent()[0].Tags["notice"]))
		return err == nil && !n.Delayed.IsZero()
	}},
	{"manage-consumer-contacts", "manage-consumer", "there is one contact more", nil, func(d *deployment, _ string) bool {
		return len(d.standing("city-guide").Contacts) == 3
	}},
	{"manage-consumer-binding", "manage-consumer", "the text that binds it, and how it was told", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"version":1`) && strings.Contains(answer, `"delivered"`)
	}},
	{"manage-consumer-agreement", "manage-consumer", "the agreement is on record", nil, func(d *deployment, _ string) bool {
		all, err := d.ledger.Agreements(d.Context(), "city-guide")
		return err == nil && len(all) == 1
	}},
	{"ingest-logs-control", "ingest-logs", "a control message stores nothing", nil, func(d *deployment, _ string) bool {
		return len(parts(d)) == 0
	}},
	{"ingest-logs", "ingest-logs", "the batch's part of the window is there", now, func(d *deployment, _ string) bool {
		return len(parts(d)) > 0
	}},
	{"audit-usage-stream", "audit-usage", "the day has the calls", window, func(d *deployment, _ string) bool {
		days, err := metering.New(d.usage, 1).Days(d.Context(), "a1b2c3d4e5", time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 1))
		return err == nil && len(days) == 1 && days[0].Counts().Requests > 0
	}},
	{"audit-usage-direct", "audit-usage", "the figures are told", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"consumer":"city-guide"`) && strings.Contains(answer, `"verdict"`)
	}},
	{"audit-usage-overview", "audit-usage", "how things stand with everybody", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"consumers":{"`) && strings.Contains(answer, `"mode":"enforce"`)
	}},
	{"audit-usage-api-post", "audit-usage", "the audit is owed", nil, func(d *deployment, answer string) bool {
		return strings.Contains(answer, `"statusCode":202`) && len(ledgertest.Owed(d, d.ledger, aup.DueAudit)) == 1
	}},
	{"audit-usage-api-get", "audit-usage", "it is asked for and not done", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, "requested")
	}},
	{"collect-usage-schedule", "collect-usage", "GetUsage was asked", nil, func(d *deployment, _ string) bool {
		return d.gateway.Calls("GetUsage") > 0
	}},
	{"onboard-consumer", "onboard-consumer", "the new key has a consumer", nil, func(d *deployment, _ string) bool {
		id, err := d.ledger.ConsumerOf(d.Context(), "f6g7h8i9j0")
		return err == nil && d.standing(id).Policy == "places-api"
	}},
	{"onboard-consumer-key-changed", "onboard-consumer", "the key that somebody disabled is found so, and left alone", disabled, func(d *deployment, _ string) bool {
		d.invoke("sweep", map[string]any{}) // which wakes whoever looks
		d.settle()
		found := d.standing("city-guide").Keys[0].Drift
		d.gateway.SetEnabled("a1b2c3d4e5", true)
		return found == aup.KeyDisabled
	}},
	{"manage-consumer-reply", "manage-consumer", "the answer is with the case", replied, func(d *deployment, _ string) bool {
		s := d.standing("city-guide")
		c := s.Case("contacts")
		return c != nil && c.State == aup.CaseAnswered
	}},
	{"manage-consumer-answer", "manage-consumer", "the answer is owed by email", ofCase, func(d *deployment, answer string) bool {
		return strings.Contains(answer, `"kind":"answer"`)
	}},
	{"decide-case-report", "decide-case", "the report is made, and the event keeps its hash", ofCase, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"markdown":"# Report of case`) && strings.Contains(answer, "The regulator asked who is responsible.")
	}},
	{"decide-case-suspend", "decide-case", "it is suspended", nil, func(d *deployment, _ string) bool {
		return d.standing("city-guide").State == aup.IsSuspended
	}},
	{"enforce", "enforce", "its key is disabled", at("city-guide", aup.DueKey), func(d *deployment, _ string) bool {
		return !d.gateway.Enabled("a1b2c3d4e5")
	}},
	{"decide-case-reinstate", "decide-case", "it is back", nil, func(d *deployment, _ string) bool {
		return d.standing("city-guide").State != aup.IsSuspended
	}},
	{"decide-case-api", "decide-case", "the same by the API, with the caller's name", again, func(d *deployment, answer string) bool {
		all, err := d.ledger.Events(d.Context(), "city-guide")
		return err == nil && strings.Contains(answer, `"statusCode":200`) && strings.HasPrefix(all[len(all)-1].Actor, "arn:aws:iam::")
	}},
	{"consumer-pages-policy", "consumer-pages", "the standard text is shown", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"statusCode":200`) && strings.Contains(answer, "Keep to a fair volume")
	}},
	{"consumer-pages-accept", "consumer-pages", "a link that nobody was given accepts nothing", nil, func(d *deployment, answer string) bool {
		return strings.Contains(answer, `"statusCode":404`) && d.standing("city-guide").Issued[0].Accepted.IsZero()
	}},
	{"manage-consumer-decide-version", "manage-consumer", "the version that waited is issued", second, func(d *deployment, _ string) bool {
		s := d.standing("city-guide")
		return s.Issue(2) != nil
	}},
	{"manage-consumer-end-agreement", "manage-consumer", "the agreement ends tomorrow, and not on its day", begun, func(d *deployment, _ string) bool {
		all, err := d.ledger.Agreements(d.Context(), "city-guide")
		return err == nil && len(all) == 2 && all[1].Ended.After(time.Now()) && all[1].Ended.Before(all[1].Until)
	}},
	{"decide-case-reinstate-probation", "decide-case", "access is back on an agreement, and the case goes on", onProbation, func(d *deployment, _ string) bool {
		s := d.standing("city-guide")
		return s.State == aup.Contacted && len(s.Agreements) > 0
	}},
	{"manage-consumer-resend", "manage-consumer", "the email is owed once more", nil, func(d *deployment, _ string) bool {
		return len(ledgertest.Owed(d, d.ledger, aup.DueEmail)) > 0
	}},
	{"publish-policy-dry-run", "publish-policy", "what the draft would have done with the stored usage", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"judged":`) && strings.Contains(answer, `"dryRun":true`) && !strings.Contains(answer, "problems")
	}},
	{"publish-policy-versions", "publish-policy", "where each version is in its life", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, `"state":"`)
	}},
	{"publish-policy-progress", "publish-policy", "who was told, as a table", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, "city-guide")
	}},
	{"publish-policy-resend", "publish-policy", "the email is owed again to all whom it did not reach", nil, func(_ *deployment, answer string) bool {
		return strings.Contains(answer, "under way")
	}},
	{"publish-policy-withdraw", "publish-policy", "the version is taken back before it applies", nil, func(d *deployment, _ string) bool {
		w, err := d.ledger.Withdrawal(d.Context(), "places-api", 2)
		return err == nil && !w.At.IsZero()
	}},
	{"sweep", "sweep", "it says what was overdue, in its log too, as the dashboard asks for it", nil, func(d *deployment, answer string) bool {
		log := d.function("sweep").Log()
		return strings.Contains(answer, `"overdue":`) && strings.Contains(log, `"message":"swept"`) && strings.Contains(log, `"overdue":`)
	}},
}

var (
	place   = regexp.MustCompile(`"\{\\"pk\\":.*?\}"`)
	epoch   = regexp.MustCompile(`(\\"requestTimeEpoch\\":\\")\d+`)
	notices = regexp.MustCompile(`("(?:ses:)?notice":\s*\[\s*)"[^"]*"`)
)

// at puts the place of a consumer's due in the message's body.
func at(id aup.ConsumerID, kind aup.DueKind) func(*deployment, []byte) []byte {
	return func(d *deployment, sample []byte) []byte {
		for _, due := range ledgertest.Owed(d, d.ledger, kind) {
			if due.Consumer == id {
				ref, err := json.Marshal(ledger.RefOf(due))
				if err != nil {
					d.Fatal(err)
				}
				body, err := json.Marshal(string(ref))
				if err != nil {
					d.Fatal(err)
				}
				return place.ReplaceAllLiteral(sample, body)
			}
		}
		d.Fatalf("%s is owed nothing of kind %s", id, kind)
		return nil
	}
}

// tagged puts the notice that was sent in the tags.
func tagged(d *deployment, sample []byte) []byte {
	return notices.ReplaceAll(sample, []byte(`${1}"`+d.ses.Sent()[0].Tags["notice"]+`"`))
}

// now puts the log lines at this moment: what is two days late is not folded.
func now(d *deployment, sample []byte) []byte {
	var e events.CloudwatchLogsEvent
	if err := json.Unmarshal(sample, &e); err != nil {
		d.Fatal(err)
	}
	zipped, err := base64.StdEncoding.DecodeString(e.AWSLogs.Data)
	if err != nil {
		d.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		d.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		d.Fatal(err)
	}
	plain = epoch.ReplaceAll(plain, fmt.Appendf(nil, "${1}%d", time.Now().UnixMilli()))
	event, err := json.Marshal(subscription(d, json.RawMessage(plain)))
	if err != nil {
		d.Fatal(err)
	}
	return event
}

// parts are the window parts of this moment's window and the one before.
func parts(d *deployment) (keys []string) {
	m := metering.New(d.usage, 1)
	for _, at := range []time.Time{time.Now(), time.Now().Add(-5 * time.Minute)} {
		for _, w := range m.PartsOf(at) {
			page, err := d.usage.Query(d.Context(), query(w.PK()))
			if err != nil {
				d.Fatal(err)
			}
			for range page.Items {
				keys = append(keys, w.PK())
			}
		}
	}
	return keys
}

var windowKey = regexp.MustCompile(`window#[^"]*`)

// window puts the window that the lines lie in into the stream's record.
func window(d *deployment, sample []byte) []byte {
	return windowKey.ReplaceAllLiteral(sample, []byte(parts(d)[0]))
}

// disabled is what the event tells of.
func disabled(d *deployment, sample []byte) []byte {
	d.gateway.SetEnabled("a1b2c3d4e5", false)
	return sample
}

// replied opens a case for the reply to be about.
func replied(d *deployment, sample []byte) []byte {
	d.invoke("manage-consumer", map[string]any{"request": "case-1", "action": "open-case", "consumer": "city-guide", "clause": "contacts", "reason": "nobody answers"})
	return ofCase(d, sample)
}

// ofCase puts the id of the case that is open in its place.
func ofCase(d *deployment, sample []byte) []byte {
	s := d.standing("city-guide")
	return bytes.Replace(sample, []byte(`"c-1"`), fmt.Appendf(nil, "%q", s.Case("contacts").ID), 1)
}

// begun records a second agreement, which is in force already, and names it in the sample.
func begun(d *deployment, sample []byte) []byte {
	a := aup.Agreement{Consumer: "city-guide", Number: 2, Policy: "places-api", From: time.Now().AddDate(0, 0, -1), Until: time.Now().AddDate(0, 1, 0), Reason: "r"}
	ledgertest.Append(d, d.ledger, "city-guide", "begun", &ledger.Entry{Agreement: &a, Fact: aup.AgreementMade{Number: 2, Policy: a.Policy, From: a.From, Until: a.Until}})
	return bytes.Replace(sample, []byte(`"number": 1`), []byte(`"number": 2`), 1)
}

// second publishes a version that rewords what the consumer's agreement rests on, so that it waits.
func second(d *deployment, sample []byte) []byte {
	d.publish("places-api-v2.md")
	d.settle()
	return bytes.Replace(sample, []byte("regional-mirror"), []byte("city-guide"), 1)
}

// again suspends once more, for the API's call to undo.
func again(d *deployment, sample []byte) []byte {
	d.invoke("decide-case", map[string]any{"request": "s-2", "action": "suspend", "consumer": "city-guide", "clause": "no-copying", "reason": "again"})
	return sample
}

// onProbation suspends once more, and lets the agreement cover today.
func onProbation(d *deployment, sample []byte) []byte {
	d.invoke("decide-case", map[string]any{"request": "s-3", "action": "suspend", "consumer": "city-guide", "clause": "no-copying", "reason": "again"})
	from, until := time.Now().Format(time.DateOnly), time.Now().AddDate(0, 0, 14).Format(time.DateOnly)
	return []byte(strings.NewReplacer("2027-03-01", from, "2027-03-15", until).Replace(string(sample)))
}
