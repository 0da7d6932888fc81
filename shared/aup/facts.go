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
	Hash   string    `json:"hash"` // of the agreement's bytes as it was made
	Reason string    `json:"reason"`
}

// AgreementEnding says that the consumer is owed word that an agreement ends soon.
type AgreementEnding struct {
	Number  int       `json:"number"`
	Until   time.Time `json:"until"`
	Instead time.Time `json:"instead,omitzero"` // the day on which it would have ended, where an admin ended it early
	Reason  string    `json:"reason,omitempty"` // of that
}

// AgreementEnded says that an agreement is over: the standard text applies again.
type AgreementEnded struct {
	Number  int       `json:"number"`
	Until   time.Time `json:"until"`
	Instead time.Time `json:"instead,omitzero"` // as in AgreementEnding
	Reason  string    `json:"reason,omitempty"`
}

// IssueHeld says that a version was not issued: it changes clauses that agreements with the consumer rest
// on, and an admin decides first. The version before it goes on applying.
type IssueHeld struct {
	Policy     PolicyID   `json:"policy"`
	Version    int        `json:"version"`
	Previous   int        `json:"previous"`
	Agreements []int      `json:"agreements"`
	Clauses    []ClauseID `json:"clauses"`
	Never      []string   `json:"never,omitempty"` // what they grant that the version never grants: none of them can be kept
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

func (Registered) Kind() string         { return "registered" }
func (KeyAttached) Kind() string        { return "key-attached" }
func (ContactAdded) Kind() string       { return "contact-added" }
func (ContactErased) Kind() string      { return "contact-erased" }
func (UsesRecorded) Kind() string       { return "uses-recorded" }
func (PolicyIssued) Kind() string       { return "policy-issued" }
func (NoticeSent) Kind() string         { return "notice-sent" }
func (NoticeDelivered) Kind() string    { return "notice-delivered" }
func (NoticeDelayed) Kind() string      { return "notice-delayed" }
func (NoticeFailed) Kind() string       { return "notice-failed" }
func (Accepted) Kind() string           { return "accepted" }
func (CodeAsked) Kind() string          { return "code-asked" }
func (AcceptanceReminded) Kind() string { return "acceptance-reminded" }
func (NotAccepted) Kind() string        { return "not-accepted" }
func (Disagreed) Kind() string          { return "disagreed" }
func (VersionWithdrawn) Kind() string   { return "version-withdrawn" }
func (AgreementMade) Kind() string      { return "agreement-made" }
func (AgreementEnding) Kind() string    { return "agreement-ending" }
func (AgreementEnded) Kind() string     { return "agreement-ended" }
func (IssueHeld) Kind() string          { return "issue-held" }
func (IssueDeferred) Kind() string      { return "issue-deferred" }
func (NoticeResent) Kind() string       { return "notice-resent" }
