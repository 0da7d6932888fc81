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
	"accord/shared/policydoc"
)

// Binding is which text bound a consumer on a day, and what is on record of it: what changed with it, by
// which emails it was told, who accepted it and how, and that the acceptance was notified. The standing is
// that of the day; emails and acceptance are told as far as is known now. It holds personal data, and is kept
// nowhere.
type Binding struct {
	Consumer   aup.ConsumerID     `json:"consumer"`
	Name       string             `json:"name"`
	At         time.Time          `json:"at"`
	State      aup.State          `json:"state"`
	Policy     aup.PolicyID       `json:"policy"`
	Version    int                `json:"version,omitempty"`  // 0: none applied to it yet
	Hash       string             `json:"hash,omitempty"`     // of the document
	Tailored   string             `json:"tailored,omitempty"` // hash of Clauses and Terms, which are as they bound the consumer
	Clauses    []aup.Clause       `json:"clauses,omitempty"`
	Terms      aup.Terms          `json:"terms,omitzero"`
	Agreements []aup.Agreement    `json:"agreements,omitempty"`
	Issued     time.Time          `json:"issued,omitzero"`
	Applies    time.Time          `json:"applies,omitzero"`
	Previous   int                `json:"previous,omitempty"`
	Changes    *policydoc.Changes `json:"changes,omitempty"` // from the version issued before
	Told       []Mailed           `json:"told,omitempty"`
	Accepted   *Acceptance        `json:"accepted,omitempty"`
	Receipts   []Mailed           `json:"receipts,omitempty"`
	Events     int64              `json:"events"` // how many the history had by then
	Head       string             `json:"head"`   // of their chain, which was replayed for this answer
}

// Mailed is an email to one contact, and what became of it.
type Mailed struct {
	Contact   aup.ContactID  `json:"contact"`
	Kind      aup.NoticeKind `json:"kind"`
	Notice    aup.NoticeID   `json:"notice"`
	Owed      time.Time      `json:"owed"`
	Sent      time.Time      `json:"sent,omitzero"`
	MessageID string         `json:"messageId,omitempty"` // SES's
	Body      string         `json:"body,omitempty"`      // SHA-256 of the email as it was sent
	Repeat    bool           `json:"repeat,omitempty"`    // an earlier attempt may have been delivered as well
	Delayed   time.Time      `json:"delayed,omitzero"`    // the mail system did not take it at first
	Delivered time.Time      `json:"delivered,omitzero"`
	Failed    string         `json:"failed,omitempty"`
}

// Acceptance is who accepted, and how. Name, role and what they said they may do are missing where the contact
// was erased.
type Acceptance struct {
	aup.Accepted
	Name    string `json:"name,omitempty"`
	Role    string `json:"role,omitempty"`
	MayBind bool   `json:"mayBind,omitempty"`
}

// binding answers for one consumer and one day. It reads only.
func (d Desk) binding(ctx context.Context, c ConsumerCall) (json.RawMessage, error) {
	at, err := d.momentOf(c.On)
	if err != nil {
		return nil, err
	}
	b := Binding{Consumer: c.Consumer, At: at}
	s, err := d.Ledger.StandingAt(ctx, c.Consumer, at)
	if err != nil {
		return nil, err
	}
	if s.Seq == 0 {
		return nil, fmt.Errorf("consumer %q: %w on %s", c.Consumer, ledger.ErrUnknown, at.Format(time.RFC3339))
	}
	b.State, b.Policy, b.Events, b.Head = s.State, s.Policy, s.Seq, s.Head
	profile, err := d.Ledger.Profile(ctx, c.Consumer)
	if err != nil && !errors.Is(err, ledger.ErrUnknown) {
		return nil, err
	}
	b.Name = profile.Name
	if issue, ok := s.InForce(at); ok {
		b.Version, b.Hash, b.Applies = issue.Version, issue.Hash, issue.Applies
		if err := errors.Join(d.evidence(ctx, &b), d.text(ctx, &b)); err != nil {
			return nil, err
		}
	}
	return json.Marshal(b)
}

// momentOf reads a day, which stands for its last moment, or a moment. Neither may lie ahead.
func (d Desk) momentOf(on string) (time.Time, error) {
	now := d.Now().UTC()
	if on == "" {
		return now, nil
	}
	at, err := time.Parse(time.RFC3339, on)
	if day, bad := time.Parse(time.DateOnly, on); bad == nil {
		at, err = day.AddDate(0, 0, 1).Add(-time.Nanosecond), nil
		if !day.After(now) && at.After(now) {
			at = now
		}
	}
	switch {
	case err != nil:
		return at, fmt.Errorf("on: %q is neither a day (2027-01-31) nor a moment (2027-01-31T12:00:00Z)", on)
	case at.After(now):
		return at, fmt.Errorf("on: %s has not come yet", on)
	}
	return at.UTC(), nil
}

// text fills in the document as it bound the consumer, and what changed with it.
func (d Desk) text(ctx context.Context, b *Binding) error {
	v, err := d.Ledger.Version(ctx, b.Policy, b.Version)
	if err != nil {
		return err
	}
	t := aup.Tailor(v, b.Agreements, b.At)
	b.Tailored, b.Clauses, b.Terms = t.Hash, t.Clauses, t.Terms
	b.Agreements = slices.DeleteFunc(b.Agreements, func(a aup.Agreement) bool { return !slices.Contains(t.Agreements, a.Number) })
	if b.Previous == 0 {
		return nil
	}
	before, err := d.Ledger.Version(ctx, b.Policy, b.Previous)
	if err != nil {
		return err
	}
	changes := policydoc.Diff(before.Policy, v.Policy)
	b.Changes = &changes
	return nil
}

// evidence fills in what the history says of the version.
func (d Desk) evidence(ctx context.Context, b *Binding) error {
	owed, err := d.Ledger.Notices(ctx, b.Consumer)
	if err != nil {
		return err
	}
	slices.SortStableFunc(owed, func(x, y aup.Notice) int { return x.Owed.Compare(y.Owed) })
	for _, n := range owed {
		b.owed(n)
	}
	events, err := d.Ledger.Events(ctx, b.Consumer)
	if err != nil {
		return err
	}
	made := map[int]bool{}
	for _, e := range events {
		if f := aup.AgreedIn(e.Fact); f != nil && !e.At.After(b.At) {
			made[f.Number] = true
		}
		b.add(e)
	}
	all, err := d.Ledger.Agreements(ctx, b.Consumer)
	b.Agreements = slices.DeleteFunc(all, func(a aup.Agreement) bool { return !made[a.Number] })
	return errors.Join(err, d.acceptor(ctx, b))
}

// acceptor fills in who accepted, where that is still on record.
func (d Desk) acceptor(ctx context.Context, b *Binding) error {
	if b.Accepted == nil || b.Accepted.Acceptor == "" {
		return nil
	}
	people, err := d.Ledger.Acceptors(ctx, b.Consumer)
	for _, p := range people {
		if p.Commitment() == b.Accepted.Acceptor {
			b.Accepted.Name, b.Accepted.Role, b.Accepted.MayBind = p.Name, p.Role, p.MayBind
		}
	}
	return err
}

// owed starts the entry of an email that tells of the version.
func (b *Binding) owed(n aup.Notice) {
	m := Mailed{Contact: n.Contact, Kind: n.Kind, Notice: n.ID, Owed: n.Owed}
	switch {
	case n.Version != b.Version || n.Contact.OfProvider():
	case n.Kind == aup.Receipt:
		b.Receipts = append(b.Receipts, m)
	case tells(n.Kind) || n.Kind == aup.Reminder:
		b.Told = append(b.Told, m)
	}
}

// add takes what an event says of the version and of the emails that tell of it.
func (b *Binding) add(e aup.Event) {
	switch f := e.Fact.(type) {
	case aup.PolicyIssued:
		if f.Version == b.Version {
			b.Issued, b.Previous = e.At, f.Previous
		}
	case aup.NoticeSent:
		b.mailed(f.Notice, func(m *Mailed) { m.Sent, m.MessageID, m.Body, m.Repeat = e.At, f.MessageID, f.Body, f.Repeat })
	case aup.NoticeDelivered:
		b.mailed(f.Notice, func(m *Mailed) { m.Delivered = e.At })
	case aup.NoticeDelayed:
		b.mailed(f.Notice, func(m *Mailed) { m.Delayed = e.At })
	case aup.NoticeFailed:
		b.mailed(f.Notice, func(m *Mailed) { m.Failed = f.How })
	case aup.Accepted:
		if f.Version == b.Version && b.Accepted == nil {
			b.Accepted = &Acceptance{Accepted: f}
		}
	}
}

// mailed changes the entry of an email; those about something else have none.
func (b *Binding) mailed(id aup.NoticeID, change func(*Mailed)) {
	for _, list := range [][]Mailed{b.Told, b.Receipts} {
		if i := slices.IndexFunc(list, func(m Mailed) bool { return m.Notice == id }); i >= 0 {
			change(&list[i])
		}
	}
}
