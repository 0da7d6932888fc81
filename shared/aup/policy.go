package aup

import (
	"fmt"
	"time"
)

// How a consumer comes to accept a version.
const (
	ByUse    AcceptanceMode = "by-use"   // the first successful call after the version applied and was delivered
	Explicit AcceptanceMode = "explicit" // a person with authority accepts on the page
)

// AcceptanceMode is the policy's `acceptance`.
type AcceptanceMode string

// Policy is a policy document read: what its front matter and its headings say.
type Policy struct {
	ID           PolicyID        `json:"id"`
	Title        string          `json:"title"`
	Summary      string          `json:"summary,omitempty"`
	Changes      string          `json:"changes,omitempty"`      // the paragraph that opens the email
	Effective    time.Time       `json:"effective,omitzero"`     // UTC midnight; zero: publication + NoticePeriod
	NoticePeriod time.Duration   `json:"noticePeriod,omitempty"` // nanoseconds
	Acceptance   AcceptanceMode  `json:"acceptance"`             // ByUse when the document is silent
	ReAccept     bool            `json:"reAccept"`               // false: a minor change, told but not re-accepted
	Reminders    []time.Duration `json:"reminders,omitempty"`    // before it applies, nanoseconds; empty: DefaultReminders of an explicit one
	Cases        CaseTimes       `json:"cases,omitzero"`         // how much time people have
	Mode         Mode            `json:"mode,omitempty"`         // what may be done without people; empty: what the deployment may
	Terms        Terms           `json:"terms,omitzero"`
	Never        []string        `json:"never,omitempty"` // terms and permissions that no agreement may change or grant
	Assessment   Weighing        `json:"assessment,omitzero"`
	Clauses      []Clause        `json:"clauses"`
}

// DefaultReminders are how long before a version applies its acceptance is asked for again, where a person
// has to accept it and the policy does not say.
var DefaultReminders = []time.Duration{7 * 24 * time.Hour, 2 * 24 * time.Hour}

// Clause is one heading of the policy and the text under it, up to the next heading.
type Clause struct {
	ID       ClauseID `json:"id"`
	Heading  string   `json:"heading"`  // plain text
	Level    int      `json:"level"`    // 1 to 6
	Markdown string   `json:"markdown"` // what stands under the heading, without the heading
}

// Clause finds a clause by its id; ok is false when the policy has none of that id.
func (p Policy) Clause(id ClauseID) (c Clause, ok bool) {
	for _, c := range p.Clauses {
		if c.ID == id {
			return c, true
		}
	}
	return Clause{}, false
}

// Version is a published policy. It never changes once stored.
type Version struct {
	Policy    Policy    `json:"policy"`
	Number    int       `json:"number"` // from 1, without gaps
	Hash      string    `json:"hash"`   // SHA-256 of Document, lower-case hex
	Published time.Time `json:"published"`
	Applies   time.Time `json:"applies"`  // to consumers who already have an earlier version
	Document  []byte    `json:"document"` // the exact bytes that were published
}

// Name is how people refer to a version: "dos-api version 12".
func (v Version) Name() string { return fmt.Sprintf("%s version %d", v.Policy.ID, v.Number) }

// ShortHash is the first 12 hex digits of the hash, for footers and receipts.
func (v Version) ShortHash() string { return v.Hash[:min(12, len(v.Hash))] }
