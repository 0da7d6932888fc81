package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Report is a case as it is given to a third party, such as a regulator: what happened and when, over which
// clause, on which evidence, what was mailed and what arrived, what was answered. It names no contact but
// those disclosed, and can be held against the consumer's chain of events. It is kept nowhere: the event
// keeps its hash, and the same call makes it again.
type Report struct {
	Consumer   aup.ConsumerID `json:"consumer"`
	Name       string         `json:"name"` // of the organisation
	Case       aup.CaseID     `json:"case"`
	To         string         `json:"to"`
	Reason     string         `json:"reason"` // of the report
	Clause     aup.ClauseID   `json:"clause,omitempty"`
	Heading    string         `json:"heading,omitempty"`
	Text       string         `json:"text,omitempty"`    // of the clause, Markdown, as it bound the consumer
	Policy     string         `json:"policy,omitempty"`  // "places-api version 2"
	Version    int            `json:"version,omitempty"` // held against
	Hash       string         `json:"hash,omitempty"`    // of the version's document
	Agreements []int          `json:"agreements,omitempty"`
	Assessment aup.Assessment `json:"assessment"` // the latest: findings, factors, level
	Course     []Happening    `json:"course"`
	Refused    *aup.Refusals  `json:"refused,omitempty"` // calls after the suspension
	Emails     []Mailed       `json:"emails"`
	Answers    []aup.Answer   `json:"answers"`
	Disclosed  []Disclosed    `json:"disclosed"`
	Events     int64          `json:"events"` // how many the history had
	Head       string         `json:"head"`   // of the chain, at the last of them
}

// Happening is one event of the case, and what it is known by in the chain.
type Happening struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	What string    `json:"what"`
	Kind string    `json:"kind"`
	Hash string    `json:"hash"` // SHA-256 of the event's stored bytes
}

// Disclosed is a contact who is named in a report, and why.
type Disclosed struct {
	Contact aup.ContactID `json:"contact"`
	Name    string        `json:"name"`
	Email   string        `json:"email"`
	Role    aup.Role      `json:"role"`
	Why     string        `json:"why"`
}

// Reported is the answer to the decision "report".
type Reported struct {
	Event    int64           `json:"event"`             // which records it
	Hash     string          `json:"hash"`              // SHA-256 of Report as it stands here: what the event keeps
	Changed  string          `json:"changed,omitempty"` // a repeat that no longer makes the same report, and why
	Report   json.RawMessage `json:"report"`
	Markdown string          `json:"markdown"` // the same, to be read
}

// report makes a report and records that. A repeat of the call makes the report of the first time again.
func (d Desk) report(ctx context.Context, c DecideCall) (json.RawMessage, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.To == "" {
		return nil, errors.New("to: say to whom the case is reported")
	}
	var made Report
	var body []byte
	_, err := d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (_ *ledger.Entry, err error) {
		made, body, err = d.makeReport(ctx, c, s.Seq, func(r Report) (*aup.Refusals, error) { return d.refusals(ctx, s, r) })
		return &ledger.Entry{Fact: aup.Reported{Case: c.Case, To: c.To, Reason: c.Reason, Hash: aup.Hash(body), Disclosed: c.Disclose, Refused: made.Refused}}, err
	})
	if err != nil {
		return nil, err
	}
	e, err := d.Ledger.Caused(ctx, c.Consumer, "request#"+c.Request)
	if err != nil {
		return nil, err
	}
	f, is := e.Fact.(aup.Reported)
	if !is || f.Case != c.Case || f.To != c.To || f.Reason != c.Reason || !slices.Equal(f.Disclosed, c.Disclose) {
		return nil, ledger.ErrReused
	}
	answer := Reported{Event: e.Seq, Hash: f.Hash}
	if body == nil {
		if made, body, err = d.makeReport(ctx, c, e.Seq-1, func(Report) (*aup.Refusals, error) { return f.Refused, nil }); err != nil {
			return nil, err
		}
	}
	if aup.Hash(body) != f.Hash {
		answer.Changed = "This is not the report of that time word for word: the case went on, or a contact was erased or changed, since."
	}
	answer.Report, answer.Markdown = body, made.Markdown()
	return json.Marshal(answer)
}

// makeReport makes the report of a case from the first events of a consumer's history. Usage is not kept for ever:
// what was counted the first time comes from the event after that.
func (d Desk) makeReport(ctx context.Context, c DecideCall, until int64, counted func(Report) (*aup.Refusals, error)) (Report, []byte, error) {
	r := Report{Consumer: c.Consumer, Case: c.Case, To: c.To, Reason: c.Reason, Course: []Happening{}, Emails: []Mailed{},
		Answers: []aup.Answer{}, Disclosed: []Disclosed{}, Events: until}
	found, err := d.Ledger.Case(ctx, c.Consumer, c.Case)
	if errors.Is(err, ledger.ErrUnknown) {
		err = fmt.Errorf("case: %s has no case %q", c.Consumer, c.Case)
	}
	if err != nil {
		return r, nil, err
	}
	r.Clause, r.Assessment = found.Clause, found.Assessment
	r.Answers = append(r.Answers, found.Answers...)
	if err := errors.Join(d.course(ctx, &r), d.heldAgainst(ctx, &r), d.disclose(ctx, &r, c.Disclose)); err != nil {
		return r, nil, err
	}
	if r.Refused, err = counted(r); err != nil {
		return r, nil, err
	}
	body, err := json.Marshal(r)
	return r, body, err
}

// course fills in what happened in the case, and the emails about it.
func (d Desk) course(ctx context.Context, r *Report) error {
	events, err := d.Ledger.Events(ctx, r.Consumer)
	if err != nil {
		return err
	}
	over := false // access is taken away over this case
	for _, e := range events[:min(int(r.Events), len(events))] {
		stored, err := json.Marshal(e)
		if err != nil {
			return err
		}
		r.Head = aup.Hash(stored)
		r.mailed(e)
		suspended, is := e.Fact.(aup.Suspended)
		over = over || is && suspended.Case == r.Case
		if aup.CaseOf(e.Fact) != r.Case && !(over && aboutAccess(e.Fact)) {
			continue
		}
		if what := happened(e.Fact); what != "" {
			r.Course = append(r.Course, Happening{Seq: e.Seq, At: e.At, What: what, Kind: e.Fact.Kind(), Hash: r.Head})
		}
		r.owed(e)
		_, back := e.Fact.(aup.Reinstated)
		over = over && !back
	}
	return nil
}

// owed starts the entries of the emails that an event of the case owes to the consumer.
func (r *Report) owed(e aup.Event) {
	for _, n := range e.Notices {
		if !n.Contact.OfProvider() {
			r.Emails = append(r.Emails, Mailed{Contact: n.Contact, Kind: n.Kind, Notice: n.ID, Owed: e.At})
		}
	}
}

// mailed takes what an event says of the emails about the case.
func (r *Report) mailed(e aup.Event) {
	change := func(id aup.NoticeID, change func(*Mailed)) {
		if i := slices.IndexFunc(r.Emails, func(m Mailed) bool { return m.Notice == id }); i >= 0 {
			change(&r.Emails[i])
		}
	}
	switch f := e.Fact.(type) {
	case aup.NoticeSent:
		change(f.Notice, func(m *Mailed) { m.Sent, m.MessageID, m.Body, m.Repeat = e.At, f.MessageID, f.Body, f.Repeat })
	case aup.NoticeDelivered:
		change(f.Notice, func(m *Mailed) { m.Delivered = e.At })
	case aup.NoticeFailed:
		change(f.Notice, func(m *Mailed) { m.Failed = f.How })
	}
}

// heldAgainst fills in who the consumer is, and the clause as it bound it.
func (d Desk) heldAgainst(ctx context.Context, r *Report) error {
	profile, err := d.Ledger.Profile(ctx, r.Consumer)
	if err != nil {
		return err
	}
	r.Name = profile.Name
	worst, ok := r.Assessment.Worst()
	if !ok || worst.Version == 0 {
		return nil
	}
	v, err := d.Ledger.Version(ctx, profile.Policy, worst.Version)
	if err != nil {
		return err
	}
	agreements, err := d.Ledger.Agreements(ctx, r.Consumer)
	if err != nil {
		return err
	}
	t := aup.Tailor(v, agreements, r.Assessment.At)
	r.Policy, r.Version, r.Hash, r.Agreements = v.Name(), v.Number, v.Hash, t.Agreements
	for _, c := range t.Clauses {
		if c.ID == r.Clause {
			r.Heading, r.Text = c.Heading, c.Markdown
		}
	}
	return nil
}

// disclose fills in the contacts that are named, each for its reason.
func (d Desk) disclose(ctx context.Context, r *Report, all []aup.Disclosure) error {
	for i, a := range all {
		if a.Why == "" {
			return fmt.Errorf("disclose[%d]: say why %q is named; it is recorded", i, a.Contact)
		}
		c, err := d.Ledger.Contact(ctx, r.Consumer, a.Contact)
		if errors.Is(err, ledger.ErrUnknown) {
			return fmt.Errorf("disclose[%d]: %s has no contact %q", i, r.Consumer, a.Contact)
		}
		if err != nil {
			return err
		}
		r.Disclosed = append(r.Disclosed, Disclosed{Contact: c.ID, Name: c.Name, Email: c.Email, Role: c.Role, Why: a.Why})
	}
	return nil
}
