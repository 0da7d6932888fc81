package delivery

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// What can become of an email that was sent.
const (
	Delivered  Outcome = "delivered"
	Delayed    Outcome = "delayed" // not yet: SES goes on trying
	Bounced    Outcome = "bounced"
	Suppressed Outcome = "suppressed" // not tried: SES has the address on a list of those that bounced or complained
	Complained Outcome = "complained"
	Rejected   Outcome = "rejected"
)

// Outcome of an email.
type Outcome string

// Event is what SES says of an email, found by the tags it was sent with.
type Event struct {
	Consumer  aup.ConsumerID
	Notice    aup.NoticeID
	MessageID string
	Outcome   Outcome
	At        time.Time
	Why       string // of a bounce: its type and subtype, never an address
}

// Recorder keeps what becomes of notices.
type Recorder struct {
	Ledger *ledger.Ledger
	Now    func() time.Time
}

// Record appends what became of an email, once for each message and outcome. An email that the ledger
// does not know of is ledger.ErrUnknown, and changes nothing.
func (r Recorder) Record(ctx context.Context, e Event) error {
	cause := fmt.Sprintf("ses#%s#%s", e.MessageID, e.Outcome)
	_, err := r.Ledger.Append(ctx, e.Consumer, cause, r.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		n, err := r.Ledger.Notice(ctx, e.Consumer, e.Notice)
		if err != nil {
			return nil, err
		}
		switch e.Outcome {
		case Delivered:
			return r.delivered(ctx, n, e)
		case Delayed:
			return delayed(n, e), nil
		}
		return failed(n, e), nil
	})
	return err
}

func (r Recorder) delivered(ctx context.Context, n aup.Notice, e Event) (*ledger.Entry, error) {
	if n.Delivered.IsZero() {
		n.Delivered = e.At.UTC()
	}
	if n.MessageID == "" {
		n.MessageID = e.MessageID // the answer to the send was lost
	}
	fact := aup.NoticeDelivered{Notice: n.ID, Contact: n.Contact, About: n.Kind, Version: n.Version, MessageID: e.MessageID}
	cause, err := r.Ledger.Event(ctx, e.Consumer, n.Event)
	if err != nil {
		return nil, err
	}
	fact.Case = aup.CaseOf(cause.Fact)
	return &ledger.Entry{Fact: fact, Notice: &n}, nil
}

// delayed keeps that SES took an email and has not brought it to its reader yet.
func delayed(n aup.Notice, e Event) *ledger.Entry {
	if n.Delayed.IsZero() {
		n.Delayed = e.At.UTC()
	}
	if n.MessageID == "" {
		n.MessageID = e.MessageID
	}
	return &ledger.Entry{Notice: &n, Fact: aup.NoticeDelayed{Notice: n.ID, Contact: n.Contact, About: n.Kind, Why: e.Why, MessageID: e.MessageID}}
}

// failed keeps a bounce beside what else is known of the notice.
func failed(n aup.Notice, e Event) *ledger.Entry {
	n.Why = string(e.Outcome) + ": " + e.Why
	if n.Bounced.IsZero() {
		n.Bounced = e.At.UTC()
	}
	if n.MessageID == "" {
		n.MessageID = e.MessageID
	}
	return &ledger.Entry{Notice: &n, Notices: failedNotices(n),
		Fact: aup.NoticeFailed{Notice: n.ID, Contact: n.Contact, About: n.Kind, How: string(e.Outcome), MessageID: e.MessageID}}
}

// failedNotices tell the admins at once of an urgent email that did not arrive. The others, of which a
// campaign may have thousands, stand in their digest; so do the admins' own, which would go round in circles. That
// whoever they can reach out of hours was not reached they are told.
func failedNotices(n aup.Notice) []aup.Notice {
	if n.Contact == aup.Admins || !n.Kind.Urgent() {
		return nil
	}
	return []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminFailed}}
}
