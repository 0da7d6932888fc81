package aup

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Hash is the SHA-256 of stored bytes, lower-case hex: how versions, events and emails are known.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Registered starts a consumer's history.
type Registered struct {
	Policy    PolicyID     `json:"policy"`
	Uses      []string     `json:"uses,omitempty"`
	Serves    bool         `json:"serves,omitempty"`
	Protected bool         `json:"protected,omitempty"`
	Keys      []KeyID      `json:"keys,omitempty"`
	Contacts  []ContactRef `json:"contacts,omitempty"`
}

// KeyAttached gives the consumer one more key.
type KeyAttached struct {
	Key KeyID `json:"key"`
}

// ContactAdded adds a contact, or replaces the one with the same id.
type ContactAdded struct {
	Contact ContactRef `json:"contact"`
}

// ContactErased says that the record of a contact was erased.
type ContactErased struct {
	Contact ContactID `json:"contact"`
}

// UsesRecorded replaces the intended uses and whom the consumer serves.
type UsesRecorded struct {
	Uses      []string `json:"uses"`
	Serves    bool     `json:"serves,omitempty"`
	Protected bool     `json:"protected,omitempty"`
}

// PolicyIssued binds the consumer to a version from Applies on.
type PolicyIssued struct {
	Policy   PolicyID       `json:"policy"`
	Version  int            `json:"version"`
	Previous int            `json:"previous,omitempty"` // the version issued before; 0: the first
	Hash     string         `json:"hash"`               // of the version's document
	Tailored string         `json:"tailored"`           // hash of the tailored policy at the time
	Applies  time.Time      `json:"applies"`
	Mode     AcceptanceMode `json:"mode"`
	ReAccept bool           `json:"reAccept"`
}

// NoticeSent says that SES took an email.
type NoticeSent struct {
	Notice    NoticeID   `json:"notice"`
	Contact   ContactID  `json:"contact"`
	About     NoticeKind `json:"about"`
	Version   int        `json:"version,omitempty"`
	MessageID string     `json:"messageId"`
	Body      string     `json:"body"`             // SHA-256 of the email as it was sent; empty where only SES's event told of it
	Attempt   int        `json:"attempt"`          // 1 unless an earlier send's answer was lost
	Repeat    bool       `json:"repeat,omitempty"` // an earlier attempt may have been delivered as well
}

// NoticeDelivered says that the contact's mail server took an email.
type NoticeDelivered struct {
	Notice    NoticeID   `json:"notice"`
	Contact   ContactID  `json:"contact"`
	About     NoticeKind `json:"about"`
	Version   int        `json:"version,omitempty"`
	Case      CaseID     `json:"case,omitempty"`
	MessageID string     `json:"messageId"`
}

// NoticeDelayed says that the contact's mail server did not take an email yet; SES goes on trying.
type NoticeDelayed struct {
	Notice    NoticeID   `json:"notice"`
	Contact   ContactID  `json:"contact"`
	About     NoticeKind `json:"about"`
	Why       string     `json:"why"` // SES's word for it, such as "MailboxFull"
	MessageID string     `json:"messageId"`
}

// NoticeFailed says that an email came back, or that there is nowhere to send it.
type NoticeFailed struct {
	Notice    NoticeID   `json:"notice"`
	Contact   ContactID  `json:"contact"`
	About     NoticeKind `json:"about"`
	How       string     `json:"how"` // "bounced", "suppressed", "complained", "rejected", "no address"
	MessageID string     `json:"messageId,omitempty"`
}

// Accepted says that a version was accepted, or came to apply by use.
type Accepted struct {
	Policy    PolicyID       `json:"policy"`
	Version   int            `json:"version"`
	Hash      string         `json:"hash"`
	How       AcceptanceMode `json:"how"`
	At        time.Time      `json:"at"`                  // of the click, or of the call
	Contact   ContactID      `json:"contact,omitempty"`   // Explicit
	Notice    NoticeID       `json:"notice,omitempty"`    // Explicit: the email whose link was used
	Page      string         `json:"page,omitempty"`      // Explicit: SHA-256 of what the page showed
	Method    string         `json:"method,omitempty"`    // Explicit: how it was known who accepted: MethodCode
	Code      NoticeID       `json:"code,omitempty"`      // Explicit: the email that brought the code
	MessageID string         `json:"messageId,omitempty"` // Explicit: SES's, of Notice
	Acceptor  string         `json:"acceptor,omitempty"`  // Explicit: SHA-256 of the erasable record of who accepted
	Key       KeyID          `json:"key,omitempty"`       // ByUse
	RequestID string         `json:"requestId,omitempty"` // ByUse: of the call
}

// MethodCode is acceptance by somebody who had the link, and the code sent to the contact's own address.
const MethodCode = "link and code"

// CodeAsked says that whoever holds the link of a notice asked for a one-time code, which goes to the
// contact's own address.
type CodeAsked struct {
	Contact ContactID `json:"contact"`
	Notice  NoticeID  `json:"notice"`
}

// AcceptanceReminded says that the consumer is owed a reminder of a version that nobody has accepted yet.
type AcceptanceReminded struct {
	Version int            `json:"version"`
	Mode    AcceptanceMode `json:"mode"`
	By      time.Time      `json:"by"` // when it applies, or is to be accepted
}

// NotAccepted opens a case: the day came, and nobody has accepted a version that a person must accept.
// Nothing is switched off because of that.
type NotAccepted struct {
	Version  int       `json:"version"`
	Case     CaseID    `json:"case"`
	Deadline time.Time `json:"deadline"`
}

// Disagreed opens a case: a contact said on the page that the consumer does not agree with a version. The
// words are in the case's record.
type Disagreed struct {
	Version int       `json:"version"`
	Case    CaseID    `json:"case"`
	Contact ContactID `json:"contact"`
	Hash    string    `json:"hash"` // of the words
}

// VersionWithdrawn takes back a version that was issued and does not come into force.
type VersionWithdrawn struct {
	Version int    `json:"version"`
	Reason  string `json:"reason"`
}

// AgreementMade says that an agreement was recorded.
type AgreementMade struct {
	Number int       `json:"number"`
	Policy PolicyID  `json:"policy"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Hash   string    `json:"hash"` // of the agreement's stored bytes
	Reason string    `json:"reason"`
}

// AgreementEnding says that the consumer is owed word that an agreement ends soon.
type AgreementEnding struct {
	Number int       `json:"number"`
	Until  time.Time `json:"until"`
}

// AgreementEnded says that an agreement is over: the standard text applies again.
type AgreementEnded struct {
	Number int       `json:"number"`
	Until  time.Time `json:"until"`
}

// IssueHeld says that a version was not issued: it changes clauses that agreements with the consumer rest
// on, and an admin decides first. The version before it goes on applying.
type IssueHeld struct {
	Policy     PolicyID   `json:"policy"`
	Version    int        `json:"version"`
	Previous   int        `json:"previous"`
	Agreements []int      `json:"agreements"`
	Clauses    []ClauseID `json:"clauses"`
}

// IssueDeferred says that an admin decided to renegotiate before a held version is issued.
type IssueDeferred struct {
	Version int    `json:"version"`
	Reason  string `json:"reason"`
}

// NoticeResent says that an admin has a version's email sent again to contacts.
type NoticeResent struct {
	Version  int         `json:"version"`
	Contacts []ContactID `json:"contacts"`
}

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
}

// Disclosure says that a contact was named to somebody else, and why.
type Disclosure struct {
	Contact ContactID `json:"contact"`
	Why     string    `json:"why"`
}

func (Registered) Kind() string           { return "registered" }
func (KeyAttached) Kind() string          { return "key-attached" }
func (ContactAdded) Kind() string         { return "contact-added" }
func (ContactErased) Kind() string        { return "contact-erased" }
func (UsesRecorded) Kind() string         { return "uses-recorded" }
func (PolicyIssued) Kind() string         { return "policy-issued" }
func (NoticeSent) Kind() string           { return "notice-sent" }
func (NoticeDelivered) Kind() string      { return "notice-delivered" }
func (NoticeDelayed) Kind() string        { return "notice-delayed" }
func (NoticeFailed) Kind() string         { return "notice-failed" }
func (Accepted) Kind() string             { return "accepted" }
func (CodeAsked) Kind() string            { return "code-asked" }
func (AcceptanceReminded) Kind() string   { return "acceptance-reminded" }
func (NotAccepted) Kind() string          { return "not-accepted" }
func (Disagreed) Kind() string            { return "disagreed" }
func (VersionWithdrawn) Kind() string     { return "version-withdrawn" }
func (AgreementMade) Kind() string        { return "agreement-made" }
func (AgreementEnding) Kind() string      { return "agreement-ending" }
func (AgreementEnded) Kind() string       { return "agreement-ended" }
func (IssueHeld) Kind() string            { return "issue-held" }
func (IssueDeferred) Kind() string        { return "issue-deferred" }
func (NoticeResent) Kind() string         { return "notice-resent" }
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
