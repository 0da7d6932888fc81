// Package sesevent reads what SES reports about an email it took, as EventBridge delivers it.
//
// It stands apart from package ses so that the record-delivery function, which calls it, does not carry the
// client for sending.
package sesevent

import (
	"encoding/json"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
)

// outcomes are the event types of SES that say how an email ended, or that it takes its time. Send says
// nothing that its answer had not.
var outcomes = map[string]delivery.Outcome{
	"Delivery":      delivery.Delivered,
	"DeliveryDelay": delivery.Delayed,
	"Bounce":        delivery.Bounced,
	"Complaint":     delivery.Complained,
	"Reject":        delivery.Rejected,
}

// suppressed are the subtypes of bounces of emails that SES did not even try to deliver.
var suppressed = map[string]bool{"Suppressed": true, "OnAccountSuppressionList": true}

type event struct {
	Source string    `json:"source"`
	Time   time.Time `json:"time"`
	Detail struct {
		EventType string `json:"eventType"`
		Mail      struct {
			MessageID string              `json:"messageId"`
			Tags      map[string][]string `json:"tags"`
		} `json:"mail"`
		Delivery  struct{ Timestamp time.Time } `json:"delivery"`
		Complaint struct {
			Timestamp time.Time
			Feedback  string `json:"complaintFeedbackType"`
		} `json:"complaint"`
		Bounce struct {
			Timestamp time.Time
			Type      string `json:"bounceType"`
			SubType   string `json:"bounceSubType"`
		} `json:"bounce"`
		Delay struct {
			Timestamp time.Time
			Type      string `json:"delayType"`
		} `json:"deliveryDelay"`
	} `json:"detail"`
}

// Decode reads SES's event about one of our emails, found again by the tags it was sent with. The second result
// is false when the event decides nothing, or is about an email that is not ours. Addresses in the event are
// not read at all.
func Decode(raw []byte) (delivery.Event, bool, error) {
	var m event
	if err := json.Unmarshal(raw, &m); err != nil {
		return delivery.Event{}, false, fmt.Errorf("the SES event cannot be read: %w", err)
	}
	d := m.Detail
	if m.Source != "aws.ses" || d.EventType == "" || d.Mail.MessageID == "" {
		return delivery.Event{}, false, fmt.Errorf("not an event of SES: source, detail.eventType and detail.mail.messageId are needed")
	}
	e := delivery.Event{
		Consumer:  aup.ConsumerID(first(d.Mail.Tags[delivery.TagConsumer])),
		Notice:    aup.NoticeID(first(d.Mail.Tags[delivery.TagNotice])),
		MessageID: d.Mail.MessageID,
		Outcome:   outcomes[d.EventType],
		At:        m.Time,
	}
	m.specifics(&e)
	return e, e.Outcome != "" && e.Consumer != "" && e.Notice != "", nil
}

func (m event) specifics(e *delivery.Event) {
	var at time.Time
	switch e.Outcome {
	case delivery.Delivered:
		at = m.Detail.Delivery.Timestamp
	case delivery.Delayed:
		at, e.Why = m.Detail.Delay.Timestamp, word(m.Detail.Delay.Type)
	case delivery.Bounced:
		at, e.Why = m.Detail.Bounce.Timestamp, word(m.Detail.Bounce.Type)+"/"+word(m.Detail.Bounce.SubType)
		if suppressed[m.Detail.Bounce.SubType] {
			e.Outcome = delivery.Suppressed
		}
	case delivery.Complained:
		at, e.Why = m.Detail.Complaint.Timestamp, word(m.Detail.Complaint.Feedback)
	case delivery.Rejected:
		e.Why = "SES found unwanted content"
	}
	if !at.IsZero() {
		e.At = at
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// word lets through only what SES's own vocabulary is made of: a mail server's words may hold an address.
func word(s string) string {
	for _, r := range s {
		if r != '-' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return "unknown"
		}
	}
	if s == "" || len(s) > 40 {
		return "unknown"
	}
	return s
}
