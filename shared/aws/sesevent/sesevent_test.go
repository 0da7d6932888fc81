package sesevent_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aws/sesevent"
	"accord/shared/delivery"
)

const tagged = `"mail": {"messageId": "0102-1", "destination": ["jo@example.org"],
	"tags": {"ses:configuration-set": ["accord"], "consumer": ["city-guide"], "notice": ["n-7"]}}`

func TestWhatSESReports(t *testing.T) {
	at := time.Date(2026, 1, 15, 10, 0, 5, 0, time.UTC)
	ours := delivery.Event{Consumer: "city-guide", Notice: "n-7", MessageID: "0102-1", At: at}
	with := func(o delivery.Outcome, why string) delivery.Event {
		e := ours
		e.Outcome, e.Why = o, why
		return e
	}
	for _, tc := range []struct {
		what, detail string
		want         delivery.Event
		decides      bool
	}{
		{"the mail server took it", `"eventType": "Delivery", "delivery": {"timestamp": "2026-01-15T10:00:05.000Z",
			"recipients": ["jo@example.org"], "smtpResponse": "250 ok jo@example.org"}`, with(delivery.Delivered, ""), true},
		{"SES holds the address back", `"eventType": "Bounce", "bounce": {"timestamp": "2026-01-15T10:00:05.000Z", "bounceType": "Permanent",
			"bounceSubType": "OnAccountSuppressionList", "bouncedRecipients": [{"emailAddress": "jo@example.org"}]}`,
			with(delivery.Suppressed, "Permanent/OnAccountSuppressionList"), true},
		{"it bounced", `"eventType": "Bounce", "bounce": {"timestamp": "2026-01-15T10:00:05.000Z", "bounceType": "Transient",
			"bounceSubType": "MailboxFull"}`, with(delivery.Bounced, "Transient/MailboxFull"), true},
		{"a bounce whose type is an address", `"eventType": "Bounce", "bounce": {"timestamp": "2026-01-15T10:00:05.000Z",
			"bounceType": "jo@example.org"}`, with(delivery.Bounced, "unknown/unknown"), true},
		{"the reader complained", `"eventType": "Complaint", "complaint": {"timestamp": "2026-01-15T10:00:05.000Z",
			"complaintFeedbackType": "not-spam"}`, with(delivery.Complained, "not-spam"), true},
		{"SES would not send it: the event's own time counts", `"eventType": "Reject", "reject": {"reason": "Bad content"}`,
			with(delivery.Rejected, "SES found unwanted content"), true},
		{"it was sent, which was known", `"eventType": "Send", "send": {}`, with("", ""), false},
		{"it is late", `"eventType": "DeliveryDelay", "deliveryDelay": {"timestamp": "2026-01-15T10:00:05.000Z", "delayType": "MailboxFull",
			"delayedRecipients": [{"emailAddress": "jo@example.org"}]}`, with(delivery.Delayed, "MailboxFull"), true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			raw := `{"source": "aws.ses", "detail-type": "Email", "time": "2026-01-15T10:00:05Z", "detail": {` + tc.detail + `, ` + tagged + `}}`
			got, decides, err := sesevent.Decode([]byte(raw))
			if err != nil || decides != tc.decides {
				t.Fatalf("decides %v, %v", decides, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEmailOfSomebodyElseIsNotOurs(t *testing.T) {
	raw := `{"source": "aws.ses", "detail": {"eventType": "Delivery", "mail": {"messageId": "1", "tags": {"campaign": ["x"]}}}}`
	if _, ours, err := sesevent.Decode([]byte(raw)); ours || err != nil {
		t.Errorf("ours %v, %v", ours, err)
	}
}

func TestOtherEventsAreErrors(t *testing.T) {
	for _, raw := range []string{`{}`, `[]`, `{"source": "aws.s3", "detail": {}}`, `{"source": "aws.ses", "detail": {"eventType": "Bounce"}}`} {
		if _, _, err := sesevent.Decode([]byte(raw)); err == nil || !strings.Contains(err.Error(), "SES") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestTheSamplesAreRead(t *testing.T) {
	for file, outcome := range map[string]delivery.Outcome{"delivered": delivery.Delivered, "bounced": delivery.Bounced, "delayed": delivery.Delayed} {
		raw, err := os.ReadFile("../../../events/record-delivery-" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		e, ours, err := sesevent.Decode(raw)
		if err != nil || !ours || e.Outcome != outcome || e.Consumer != "city-guide" || e.Notice != "2-jo" {
			t.Errorf("%s: %+v, %v, %v", file, e, ours, err)
		}
	}
}
