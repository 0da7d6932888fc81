package aup

import "time"

// UsageNoticed says that the consumer is owed word of its usage.
type UsageNoticed struct {
	Usage UsageNotice `json:"usage"`
}

// FindingCovered says that a finding is allowed by an agreement and goes no further.
type FindingCovered struct {
	Finding Finding `json:"finding"`
}

// Observed says what would have been done in a mode that only looks.
type Observed struct {
	Would      string     `json:"would"` // "contact" or "suspend"
	Mode       string     `json:"mode"`
	Assessment Assessment `json:"assessment"`
}

// CaseOpened opens a case: contact is owed.
type CaseOpened struct {
	Case       CaseID     `json:"case"`
	Clause     ClauseID   `json:"clause"`
	Deadline   time.Time  `json:"deadline"`
	Assessment Assessment `json:"assessment"`
}

// CaseReassessed says that an open case became worse, without a new email of its own.
type CaseReassessed struct {
	Case       CaseID     `json:"case"`
	Assessment Assessment `json:"assessment"`
}

// CaseReplied says that the consumer answered. The words are in the case's record.
type CaseReplied struct {
	Case    CaseID    `json:"case"`
	Contact ContactID `json:"contact,omitempty"`
	Channel string    `json:"channel"`
	Hash    string    `json:"hash"` // of the words
}

// CaseReminded says that the consumer is owed a reminder of a contact that it has not answered yet.
type CaseReminded struct {
	Case     CaseID    `json:"case"`
	Clause   ClauseID  `json:"clause,omitempty"`
	Deadline time.Time `json:"deadline"`
}

// Escalated says that the day came by which the consumer was to answer, and there is no answer. A person
// decides what follows: nothing is switched off because of that.
type Escalated struct {
	Case     CaseID    `json:"case"`
	Clause   ClauseID  `json:"clause,omitempty"`
	Deadline time.Time `json:"deadline"`
	Told     time.Time `json:"told,omitzero"` // the contact was delivered; zero: it never was
}

// SilenceConfirmed says that an admin looked, and no reply came by email or phone either: only then was the
// contact ignored.
type SilenceConfirmed struct {
	Case   CaseID `json:"case"`
	Reason string `json:"reason"`
}

// CaseAnsweredBack says that the provider answered what the consumer said. The words are in the case's record.
type CaseAnsweredBack struct {
	Case CaseID `json:"case"`
	Hash string `json:"hash"` // of the words
}

// ReplyOverdue says that what the consumer said waits for the provider's answer for longer than the policy
// promises.
type ReplyOverdue struct {
	Case     CaseID    `json:"case"`
	Since    time.Time `json:"since"`    // when it was said
	Deadline time.Time `json:"deadline"` // that passed
}

// CaseEnded closes a case.
type CaseEnded struct {
	Case      CaseID `json:"case"`
	Outcome   string `json:"outcome"` // one of the Outcome words
	Reason    string `json:"reason"`
	Agreement int    `json:"agreement,omitempty"` // OutcomeAgreed: its number
	Slowed    bool   `json:"slowed,omitempty"`    // the keys were slowed because of it, and go back to their own usage plans
}

// How a case ends.
const (
	OutcomeAgreed      = "agreed"       // with an agreement
	OutcomeWithinTerms = "within-terms" // by itself: use was back within the terms for as long as the policy says
	OutcomeDropped     = "dropped"      // a person closed it
	OutcomeReinstated  = "reinstated"
)

// Suspended takes the consumer's access away: each key is to be disabled.
type Suspended struct {
	Case       CaseID     `json:"case"`
	Clause     ClauseID   `json:"clause"`
	Version    int        `json:"version"`
	ByPerson   bool       `json:"byPerson,omitempty"` // false: a machine decided
	Reason     string     `json:"reason"`
	ReviewBy   time.Time  `json:"reviewBy"` // a person looks at it by then when asked to
	Assessment Assessment `json:"assessment"`

	Decision string `json:"decision,omitempty"` // the held decision that people approved: SHA-256 of its stored event
}

// SuspensionHeld says that a suspension was decided and waits for people.
type SuspensionHeld struct {
	Case       CaseID     `json:"case"`
	Clause     ClauseID   `json:"clause"`
	Why        string     `json:"why"` // "mode", "budget", "protected", "sensor", or "deadline": nobody decided in time
	Deadline   time.Time  `json:"deadline"`
	Assessment Assessment `json:"assessment"`

	Slow string `json:"slow,omitempty"` // the usage plan that the keys are moved to until people decide; empty: they stay where they are
}

// SuspensionConsidered says that a judgement found a risk that is significant if a second one, a minute
// later at the earliest, finds the same. Until then nobody is mailed about it.
type SuspensionConsidered struct {
	Clause     ClauseID   `json:"clause"`
	Again      time.Time  `json:"again"` // when it is judged once more, whether or not usage goes on
	Assessment Assessment `json:"assessment"`
}

// SuspensionApproved is one admin's approval of a held suspension.
type SuspensionApproved struct {
	Case  CaseID `json:"case"`
	Count int    `json:"count"` // approvals so far, this one included
	Needs int    `json:"needs"`

	Decision string `json:"decision,omitempty"` // which: SHA-256 of the stored event that holds it
}

// Reinstated gives access back: the keys that were disabled here are to be enabled. The case is closed with
// it, unless it goes on as an open one.
type Reinstated struct {
	Reason string `json:"reason"`

	Case      CaseID         `json:"case,omitempty"`      // that goes on
	Deadline  time.Time      `json:"deadline,omitzero"`   // Case: by which it is to be answered
	Probation *AgreementMade `json:"probation,omitempty"` // the agreement on which access is back
}

// AgreedIn is the agreement that a fact records; nil when it records none.
func AgreedIn(f Fact) *AgreementMade {
	switch f := f.(type) {
	case AgreementMade:
		return &f
	case Reinstated:
		return f.Probation
	}
	return nil
}

// KeyDisabling says that a key, found enabled, is about to be disabled here: from then on it is ours to
// enable again, whatever becomes of the attempt.
type KeyDisabling struct {
	Key KeyID `json:"key"`
}

// KeySet says that a key was made as the standing said, and read back.
type KeySet struct {
	Key        KeyID `json:"key"`
	Enabled    bool  `json:"enabled"`
	Generation int64 `json:"generation"`
	Missing    bool  `json:"missing,omitempty"` // API Gateway has no such key: nothing to disable
	WasOff     bool  `json:"wasOff,omitempty"`  // somebody else had disabled it before us

	Slow  bool  `json:"slow,omitempty"`  // it is in the slow usage plan
	Stays Stays `json:"stays,omitempty"` // why it was not moved although it should have been
}

// Ended ends the relation: revoked, or the consumer left.
type Ended struct {
	Reason string `json:"reason"`
}

// Asked says that the consumer asked a question, or described a new use, without an open case. The words
// are in the record of Case, which the standing does not count.
type Asked struct {
	Case    CaseID    `json:"case"`
	Contact ContactID `json:"contact"`
	Hash    string    `json:"hash"`
}

// Reported says that a case was reported to somebody else, such as a regulator.
type Reported struct {
	Case CaseID `json:"case"`
	To   string `json:"to"`
	Hash string `json:"hash"` // of the report

	Reason    string       `json:"reason,omitempty"`
	Disclosed []Disclosure `json:"disclosed,omitempty"` // the contacts named in it
	Refused   *Refusals    `json:"refused,omitempty"`   // of a case over which access was suspended
}

// Refusals are the calls with a suspended consumer's keys that were refused, as far as the access log names the key
// of such a call.
type Refusals struct {
	Since time.Time `json:"since"` // access was suspended
	Until time.Time `json:"until"` // it was given back, or the calls were counted
	Calls int64     `json:"calls"`
}

// Disclosure says that a contact was named to somebody else, and why.
type Disclosure struct {
	Contact ContactID `json:"contact"`
	Why     string    `json:"why"`
}

func (UsageNoticed) Kind() string         { return "usage-noticed" }
func (FindingCovered) Kind() string       { return "finding-covered" }
func (Observed) Kind() string             { return "observed" }
func (CaseOpened) Kind() string           { return "case-opened" }
func (CaseReassessed) Kind() string       { return "case-reassessed" }
func (CaseReplied) Kind() string          { return "case-replied" }
func (CaseEnded) Kind() string            { return "case-ended" }
func (Suspended) Kind() string            { return "suspended" }
func (SuspensionHeld) Kind() string       { return "suspension-held" }
func (SuspensionApproved) Kind() string   { return "suspension-approved" }
func (SuspensionConsidered) Kind() string { return "suspension-considered" }
func (Reinstated) Kind() string           { return "reinstated" }
func (KeyDisabling) Kind() string         { return "key-disabling" }
func (KeySet) Kind() string               { return "key-set" }
func (Ended) Kind() string                { return "ended" }
func (Asked) Kind() string                { return "asked" }
func (Reported) Kind() string             { return "reported" }
func (CaseReminded) Kind() string         { return "case-reminded" }
func (Escalated) Kind() string            { return "case-escalated" }
func (SilenceConfirmed) Kind() string     { return "silence-confirmed" }
func (CaseAnsweredBack) Kind() string     { return "case-answered-back" }
func (ReplyOverdue) Kind() string         { return "reply-overdue" }
