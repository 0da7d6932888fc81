package aup

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// The states of a consumer.
const (
	Active      State = "active"
	Contacted   State = "contacted" // at least one case is open
	IsSuspended State = "suspended"
	HasEnded    State = "ended" // revoked or left; nothing follows
)

// State of a consumer.
type State string

// Standing is where a consumer stands: the fold of its events and nothing else. At most 8 KB stored, so
// it keeps what judging and acting need, and leaves the rest to the events.
type Standing struct {
	Consumer   ConsumerID     `json:"consumer"`
	State      State          `json:"state"`
	Policy     PolicyID       `json:"policy"`
	Uses       []string       `json:"uses,omitempty"`
	Protected  bool           `json:"protected,omitempty"`
	Serves     bool           `json:"serves,omitempty"` // somebody said what stops if its access stops
	Keys       []KeyState     `json:"keys,omitempty"`
	Contacts   []ContactState `json:"contacts,omitempty"`
	Issued     []Issue        `json:"issued,omitempty"`     // the last few versions, rising
	Held       *HeldIssue     `json:"held,omitempty"`       // the version that waits for an admin
	Agreements []AgreementRef `json:"agreements,omitempty"` // those not over at the last event
	Cases      []CaseRef      `json:"cases,omitempty"`      // those not closed
	Considered *Considered    `json:"considered,omitempty"` // a suspension that waits for its second judgement
	Noticed    []Noticed      `json:"noticed,omitempty"`    // the last usage notice of each term
	Gaps       []Gaps         `json:"gaps,omitempty"`       // of the last days, by day: figures that are in doubt
	Settled    time.Time      `json:"settled,omitzero"`     // usage before it is settled: a case was closed, or access given back
	Generation int64          `json:"generation,omitempty"` // of the keys: rises with each suspension and reinstatement
	Digest     int64          `json:"digest,omitempty"`     // Provider: the event of the last digest
	Seq        int64          `json:"seq"`                  // of the last event
	Head       string         `json:"head"`                 // SHA-256 of the last event's stored bytes
}

// KeyState is what a key should be, and what it was last made to be.
type KeyState struct {
	ID      KeyID `json:"id"`
	Enabled bool  `json:"enabled"`           // as it should be
	Made    int64 `json:"made,omitempty"`    // the generation it was last made to follow
	OursOff bool  `json:"oursOff,omitempty"` // we disabled it, so we may enable it again

	Off     int64 `json:"off,omitempty"`     // when it was last read back as disabled, in Unix seconds: a standing may have 40 keys
	Alarmed int64 `json:"alarmed,omitempty"` // the generation in which it was seen to work although disabled

	Drift KeyFound `json:"drift,omitempty"` // how it was last found, where somebody changed it by hand
	Again int64    `json:"again,omitempty"` // the last KeyDrift of this generation that owed it again

	Slow   int64 `json:"slow,omitempty"`   // the KeyMoving that took it to the slow usage plan
	Moving bool  `json:"moving,omitempty"` // there or back, and not read back yet
}

// ContactState is what is known of a contact's mail.
type ContactState struct {
	ID          ContactID `json:"id"`
	Role        Role      `json:"role"`
	Undelivered bool      `json:"undelivered,omitempty"` // the last notice to them bounced or had nowhere to go
}

// Issue is a version issued to the consumer, and what became of it.
type Issue struct {
	Version  int            `json:"version"`
	Hash     string         `json:"hash"`
	Applies  time.Time      `json:"applies"`
	Mode     AcceptanceMode `json:"mode"`
	ReAccept bool           `json:"reAccept"`
	Told     time.Time      `json:"told,omitzero"` // a notice of it was first delivered
	Accepted time.Time      `json:"accepted,omitzero"`
	How      AcceptanceMode `json:"how,omitempty"`
}

// HeldIssue is a version that is not issued until an admin has decided about the agreements it touches.
type HeldIssue struct {
	Version    int   `json:"version"`
	Agreements []int `json:"agreements"`
	Deferred   bool  `json:"deferred,omitempty"` // an admin is renegotiating
}

// AgreementRef is an agreement's place in time.
type AgreementRef struct {
	Number int       `json:"number"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// CaseRef is a case that is not closed.
type CaseRef struct {
	ID       CaseID    `json:"id"`
	Clause   ClauseID  `json:"clause"`
	State    CaseState `json:"state"`
	Level    Level     `json:"level"`
	Opened   time.Time `json:"opened"`
	Deadline time.Time `json:"deadline,omitzero"`
	Told     time.Time `json:"told,omitzero"`   // its email was first delivered
	Silent   time.Time `json:"silent,omitzero"` // an admin confirmed that no reply came by email or phone

	Slow     string `json:"slow,omitempty"`     // CaseHeld: the usage plan that the keys are in until people decide
	Decision string `json:"decision,omitempty"` // CaseHeld: what is approved: SHA-256 of the stored event that holds it
}

// Ignored says that a contact was ignored: it was delivered before its deadline, which passed without an
// answer, and an admin confirmed the silence. Who was never told has ignored nothing.
func (c CaseRef) Ignored() bool {
	return c.State == CaseEscalated && !c.Told.IsZero() && c.Told.Before(c.Deadline) && c.Silent.After(c.Deadline)
}

// Considered is the first of the two judgements that a suspension needs.
type Considered struct {
	Clause ClauseID  `json:"clause"`
	At     time.Time `json:"at"`
}

// Noticed remembers the highest step told in a period, or the share of the limit that a contact told of.
type Noticed struct {
	Term   string    `json:"term"`
	Period string    `json:"period"`
	Step   float64   `json:"step"`
	At     time.Time `json:"at,omitzero"` // of a usage notice
}

// keptIssues is how many versions a standing remembers: what is in force, what is coming, and a few before.
const keptIssues = 6

// After returns the standing that follows from an event, and the hash of its stored bytes as the new
// head. It fails when the event is not the next one of the same chain.
func (s Standing) After(e Event, stored []byte) (Standing, error) {
	if e.Seq != s.Seq+1 || e.Prev != s.Head {
		return s, fmt.Errorf("event %d of %s does not follow event %d", e.Seq, e.Consumer, s.Seq)
	}
	next := s.clone()
	next.Consumer = e.Consumer
	e.Fact.apply(&next, e)
	next.Agreements = slices.DeleteFunc(next.Agreements, func(a AgreementRef) bool { return !a.Until.After(e.At) })
	next.settle()
	next.Seq, next.Head = e.Seq, Hash(stored)
	if held, ok := e.Fact.(SuspensionHeld); ok {
		next.CaseByID(held.Case).Decision = next.Head
	}
	return next, nil
}

func (s Standing) clone() Standing {
	var c Standing
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		panic(err) // plain data: cannot fail
	}
	return c
}

// settle derives the state that open cases imply.
func (s *Standing) settle() {
	if s.State != Active && s.State != Contacted {
		return
	}
	s.State = Active
	if len(s.Cases) > 0 {
		s.State = Contacted
	}
}

// InForce is the issue that binds the consumer at the moment at: the latest that applies by then.
func (s Standing) InForce(at time.Time) (Issue, bool) {
	for _, i := range slices.Backward(s.Issued) {
		if !i.Applies.After(at) {
			return i, true
		}
	}
	return Issue{}, false
}

// Issue finds the issue of a version.
func (s *Standing) Issue(version int) *Issue {
	for i := range s.Issued {
		if s.Issued[i].Version == version {
			return &s.Issued[i]
		}
	}
	return nil
}

// Case finds the case that is open about a clause.
func (s *Standing) Case(clause ClauseID) *CaseRef {
	for i := range s.Cases {
		if s.Cases[i].Clause == clause {
			return &s.Cases[i]
		}
	}
	return nil
}

// CaseByID finds an open case.
func (s *Standing) CaseByID(id CaseID) *CaseRef {
	for i := range s.Cases {
		if s.Cases[i].ID == id {
			return &s.Cases[i]
		}
	}
	return nil
}

// SuspendedOver is the case over which access is suspended; empty where it is not.
func (s Standing) SuspendedOver() CaseID {
	for _, c := range s.Cases {
		if c.State == CaseSuspended {
			return c.ID
		}
	}
	return ""
}

// Key finds a key.
func (s *Standing) Key(id KeyID) *KeyState {
	for i := range s.Keys {
		if s.Keys[i].ID == id {
			return &s.Keys[i]
		}
	}
	return nil
}

// Contact finds a contact.
func (s *Standing) Contact(id ContactID) *ContactState {
	for i := range s.Contacts {
		if s.Contacts[i].ID == id {
			return &s.Contacts[i]
		}
	}
	return nil
}

// StepTold is the highest step of a term's limit that was told in a period; 0 when none was.
func (s Standing) StepTold(term, period string) float64 {
	for _, n := range s.Noticed {
		if n.Term == term && n.Period == period {
			return n.Step
		}
	}
	return 0
}

// Ignored says whether any contact that is still open was ignored.
func (s Standing) Ignored() bool { return slices.ContainsFunc(s.Cases, CaseRef.Ignored) }
