package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/onboard"
)

// ConsumerCall manages a consumer. Which fields it needs depends on its action.
type ConsumerCall struct {
	Call
	Action    string          `json:"action"`
	Consumer  aup.ConsumerID  `json:"consumer"`
	Profile   *aup.Consumer   `json:"profile,omitempty"`   // register, uses
	Contacts  []aup.Contact   `json:"contacts,omitempty"`  // register, contacts
	Contact   aup.ContactID   `json:"contact,omitempty"`   // erase-contact, reply, resend (when left out: all)
	Key       aup.KeyID       `json:"key,omitempty"`       // key
	Agreement json.RawMessage `json:"agreement,omitempty"` // agreement: an agreement's file as one string, or its keys as an object
	Number    int             `json:"number,omitempty"`    // end-agreement: which
	Case      aup.CaseID      `json:"case,omitempty"`      // reply, answer
	Channel   string          `json:"channel,omitempty"`   // reply: email or phone
	Text      string          `json:"text,omitempty"`      // reply, answer
	Clause    aup.ClauseID    `json:"clause,omitempty"`    // open-case
	Reason    string          `json:"reason,omitempty"`    // open-case, end, end-agreement, decide-version
	Version   int             `json:"version,omitempty"`   // decide-version, resend
	Decision  string          `json:"decision,omitempty"`  // decide-version: keep or renegotiate
	On        string          `json:"on,omitempty"`        // binding: a day (its end) or a moment; now when left out. end-agreement: its first day without it; tomorrow
}

// Limits that keep a standing small.
const (
	maxContacts = 12
	maxKeys     = 40
)

type action func(Desk, context.Context, ConsumerCall) (any, error)

var actions = map[string]action{
	"register":       Desk.register,
	"contacts":       Desk.contacts,
	"erase-contact":  Desk.eraseContact,
	"key":            Desk.key,
	"uses":           Desk.uses,
	"agreement":      Desk.agreement,
	"end-agreement":  Desk.endAgreement,
	"decide-version": Desk.decideVersion,
	"resend":         Desk.resend,
	"reply":          Desk.reply,
	"answer":         Desk.answer,
	"open-case":      Desk.openCase,
	"end":            Desk.end,
}

// ManageConsumer registers a consumer and keeps what is known of it.
func (d Desk) ManageConsumer(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
	var c ConsumerCall
	if err := decode(raw, &c); err != nil {
		return nil, err
	}
	if c.Action == "binding" {
		return d.binding(ctx, c)
	}
	do, ok := actions[c.Action]
	if !ok {
		return nil, fmt.Errorf("action: %q is not one of register, contacts, erase-contact, key, uses, agreement, end-agreement, decide-version, resend, reply, answer, open-case, end, binding", c.Action)
	}
	return d.once(ctx, "manage-consumer", c.Call, raw, func() (any, error) { return do(d, ctx, c) })
}

func (d Desk) register(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Profile == nil {
		return nil, errors.New("profile: say what is known of the consumer: name, policy, keys, uses, serves")
	}
	p := *c.Profile
	p.ID = c.Consumer
	errs := []error{p.Check(), checkContacts(c.Contacts)}
	if len(p.Keys) > maxKeys {
		errs = append(errs, fmt.Errorf("keys: more than %d", maxKeys))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return d.record(ctx, c.Consumer, c.Call, onboard.Register(p, c.Contacts, c.actor()))
}

func checkContacts(contacts []aup.Contact) error {
	var errs []error
	seen := map[aup.ContactID]bool{}
	for i, contact := range contacts {
		if err := contact.Check(); err != nil {
			errs = append(errs, fmt.Errorf("contacts[%d]: %w", i, err))
		}
		if seen[contact.ID] || contact.ID.OfProvider() {
			errs = append(errs, fmt.Errorf("contacts[%d]: the id %q is taken", i, contact.ID))
		}
		seen[contact.ID] = true
	}
	if len(contacts) > maxContacts {
		errs = append(errs, fmt.Errorf("contacts: more than %d", maxContacts))
	}
	return errors.Join(errs...)
}

// contacts adds one contact, or replaces the one with its id. A consumer that had none is told of its
// policy now.
func (d Desk) contacts(ctx context.Context, c ConsumerCall) (any, error) {
	if err := checkContacts(c.Contacts); err != nil {
		return nil, err
	}
	if len(c.Contacts) != 1 {
		return nil, errors.New("contacts: give one contact a call, so that each has its own event")
	}
	contact := c.Contacts[0].Salted()
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Contact(contact.ID) == nil && len(s.Contacts) >= maxContacts {
			return nil, fmt.Errorf("contacts: the consumer has %d already", maxContacts)
		}
		e := &ledger.Entry{Fact: aup.ContactAdded{Contact: contact.Ref()}, Contacts: []aup.Contact{contact}}
		var err error
		e.Notices, err = d.untold(ctx, s, contact.ID)
		return e, err
	})
}

// untold is the notice of the latest version, where nobody at the consumer has been told of it.
func (d Desk) untold(ctx context.Context, s aup.Standing, contact aup.ContactID) ([]aup.Notice, error) {
	n := len(s.Issued)
	if n == 0 || !s.Issued[n-1].Told.IsZero() {
		return nil, nil
	}
	version := s.Issued[n-1].Version
	issued, err := d.Ledger.Caused(ctx, s.Consumer, distribute.Cause(s.Policy, version))
	if err != nil {
		return nil, err
	}
	kind := aup.NewVersion
	if n == 1 {
		kind = aup.Welcome
	}
	return []aup.Notice{{Contact: contact, Kind: kind, Event: issued.Seq, Policy: s.Policy, Version: version}}, nil
}

// eraseContact removes what is known of a contact: the record, who accepted, the emails and what they said.
func (d Desk) eraseContact(ctx context.Context, c ConsumerCall) (any, error) {
	answer, err := d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Contact(c.Contact) == nil {
			return nil, fmt.Errorf("contact: %s has none with the id %q", c.Consumer, c.Contact)
		}
		forget, err := d.accepted(ctx, c.Consumer, c.Contact)
		if err != nil {
			return nil, err
		}
		said, err := d.said(ctx, c.Consumer, c.Contact)
		return &ledger.Entry{Fact: aup.ContactErased{Contact: c.Contact}, Erase: []aup.ContactID{c.Contact}, Forget: forget, Cases: said}, err
	})
	if err != nil {
		return nil, err
	}
	return answer, d.Ledger.EraseEmails(ctx, c.Consumer, c.Contact)
}

// erased stands where a contact's words were.
const erased = "(erased)"

// said are the cases in which a contact said something, without the words.
func (d Desk) said(ctx context.Context, id aup.ConsumerID, contact aup.ContactID) (changed []aup.Case, err error) {
	all, err := d.Ledger.Cases(ctx, id)
	for _, c := range all {
		theirs := false
		for i, a := range c.Answers {
			if a.Contact == contact {
				c.Answers[i].Text, theirs = erased, true
			}
		}
		if theirs {
			changed = append(changed, c)
		}
	}
	return changed, err
}

// accepted lists the versions that a contact accepted: what was kept of who it was is erased with the contact.
func (d Desk) accepted(ctx context.Context, id aup.ConsumerID, contact aup.ContactID) (versions []int, err error) {
	all, err := d.Ledger.Acceptors(ctx, id)
	for _, a := range all {
		if a.Contact == contact {
			versions = append(versions, a.Version)
		}
	}
	return versions, err
}

func (d Desk) key(ctx context.Context, c ConsumerCall) (any, error) {
	if err := aup.CheckKey("key", c.Key); err != nil {
		return nil, err
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Key(c.Key) != nil {
			return nil, errors.New("key: the consumer has it already")
		}
		if s.State == aup.HasEnded {
			return nil, fmt.Errorf("key: %s has ended, for good; register it anew, with new keys, if it is to come back", c.Consumer)
		}
		if len(s.Keys) >= maxKeys {
			return nil, fmt.Errorf("key: the consumer has %d already", maxKeys)
		}
		e := &ledger.Entry{Fact: aup.KeyAttached{Key: c.Key}, Keys: []aup.KeyID{c.Key}}
		if s.State == aup.IsSuspended || s.SlowPlan() != "" {
			e.Dues = enforce.Dues(aup.Standing{Consumer: c.Consumer, Keys: []aup.KeyState{{ID: c.Key}}}, s.Generation)
		}
		return e, nil
	})
}

func (d Desk) uses(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Profile == nil {
		return nil, errors.New("profile: give name, uses, serves and protected as they should be")
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		p := *c.Profile
		p.ID, p.Policy, p.Keys = c.Consumer, s.Policy, nil
		return &ledger.Entry{Fact: aup.UsesRecorded{Uses: p.Uses, Serves: p.Serves != "", Protected: p.Protected}, Profile: &p}, p.Check()
	})
}

func (d Desk) end(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Reason == "" {
		return nil, errors.New("reason: say why it ends; the consumer is told")
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.State == aup.HasEnded {
			return nil, errors.New("it has ended already")
		}
		return act.End(s, c.Reason), nil
	})
}
