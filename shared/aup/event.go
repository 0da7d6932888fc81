package aup

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is one entry of a consumer's history. It is append-only, chained by Prev, and free of personal data.
type Event struct {
	Seq      int64 // from 1, without gaps
	Consumer ConsumerID
	At       time.Time   // UTC
	Cause    string      // what led to it; the same cause leads to one event only
	Actor    string      // who, as asserted: "accord", an admin's name, or an IAM ARN
	Prev     string      // SHA-256 of the stored bytes of the event before, hex; empty for the first
	Fact     Fact        // what happened
	Notices  []NoticeRef // the notices it owes
}

// Fact is what happened: it knows its name, and what follows from it for the standing.
type Fact interface {
	Kind() string
	apply(s *Standing, e Event)
}

// Hash is the SHA-256 of the event's stored form: how a decision that it records is known.
func (e Event) Hash() (string, error) {
	stored, err := json.Marshal(e)
	return Hash(stored), err
}

type eventJSON struct {
	Seq      int64           `json:"seq"`
	Consumer ConsumerID      `json:"consumer"`
	At       time.Time       `json:"at"`
	Cause    string          `json:"cause"`
	Actor    string          `json:"actor"`
	Prev     string          `json:"prev"`
	Kind     string          `json:"kind"`
	Fact     json.RawMessage `json:"fact"`
	Notices  []NoticeRef     `json:"notices,omitempty"`
}

// MarshalJSON writes the event in its stored form.
func (e Event) MarshalJSON() ([]byte, error) {
	fact, err := json.Marshal(e.Fact)
	if err != nil {
		return nil, err
	}
	return json.Marshal(eventJSON{e.Seq, e.Consumer, e.At, e.Cause, e.Actor, e.Prev, e.Fact.Kind(), fact, e.Notices})
}

// UnmarshalJSON reads the stored form. A kind it does not know is an error: history is never skipped.
func (e *Event) UnmarshalJSON(b []byte) error {
	var j eventJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	read, ok := facts[j.Kind]
	if !ok {
		return fmt.Errorf("event %d of %s: unknown kind %q", j.Seq, j.Consumer, j.Kind)
	}
	fact, err := read(j.Fact)
	if err != nil {
		return fmt.Errorf("event %d of %s: %w", j.Seq, j.Consumer, err)
	}
	*e = Event{j.Seq, j.Consumer, j.At, j.Cause, j.Actor, j.Prev, fact, j.Notices}
	return nil
}

// facts reads each kind of fact. Every type with a Kind method must be here: a test compares the two.
var facts = map[string]func([]byte) (Fact, error){}

func init() {
	for _, read := range []func([]byte) (Fact, error){
		as[Registered], as[KeyAttached], as[ContactAdded], as[ContactErased], as[UsesRecorded],
		as[PolicyIssued], as[NoticeSent], as[NoticeDelivered], as[NoticeDelayed], as[NoticeFailed], as[Accepted],
		as[AgreementMade], as[UsageNoticed], as[FindingCovered], as[Observed],
		as[CaseOpened], as[CaseReassessed], as[CaseReplied], as[CaseEnded],
		as[Suspended], as[SuspensionHeld], as[SuspensionConsidered], as[SuspensionApproved], as[Reinstated], as[KeyDisabling], as[KeyMoving], as[KeySet], as[Ended],
		as[Asked], as[Reported], as[CodeAsked],
		as[AcceptanceReminded], as[NotAccepted], as[Disagreed], as[VersionWithdrawn],
		as[AgreementEnding], as[AgreementEnded], as[IssueHeld], as[IssueDeferred], as[NoticeResent],
		as[CaseReminded], as[Escalated], as[SilenceConfirmed], as[CaseAnsweredBack], as[ReplyOverdue],
		as[ProviderOpened], as[DigestMade], as[GapNoticed], as[GapClosed], as[LogStopped], as[KeyStillWorks], as[KeyDrift],
	} {
		f, _ := read(nil)
		facts[f.Kind()] = read
	}
}

// as reads a fact of one kind; of no bytes the empty one, for its kind. That every function starts without
// preparing to decode each of them saves it a millisecond.
func as[F Fact](b []byte) (Fact, error) {
	var f F
	if b == nil {
		return f, nil
	}
	err := json.Unmarshal(b, &f)
	return f, err
}
