package act

import (
	"encoding/json"
	"time"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/enforce"
	"accord/shared/ledger"
)

// Reinstate gives access back, and closes the case that took it.
func Reinstate(s aup.Standing, c *aup.Case, reason string, now time.Time) *ledger.Entry {
	if c != nil {
		c.State, c.Closed, c.Outcome = aup.CaseClosed, now.UTC(), "reinstated: "+reason
	}
	return &ledger.Entry{Fact: aup.Reinstated{Reason: reason}, Case: c, Dues: enforce.Dues(s, s.Generation+1),
		Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.ReinstateNotice})}
}

// ReinstateOpen gives access back, and lets the case go on as an open one: the consumer is to answer it.
func ReinstateOpen(s aup.Standing, c aup.Case, reason string, t aup.CaseTimes, now time.Time) *ledger.Entry {
	e := Reinstate(s, nil, reason, now)
	c.State, c.Deadline = aup.CaseOpen, now.UTC().Add(t.Answer)
	e.Case, e.Fact = &c, aup.Reinstated{Reason: reason, Case: c.ID, Deadline: c.Deadline}
	e.Dues = append(append(e.Dues, distribute.Contacted(c, t, now)...), distribute.Unanswered(c, t, now)...)
	return e
}

// OnProbation adds to a reinstatement the agreement on which access is back.
func OnProbation(s aup.Standing, e *ledger.Entry, a aup.Agreement, now time.Time) (*ledger.Entry, error) {
	agreed, err := Agreed(s, a, now)
	if err != nil {
		return nil, err
	}
	fact, made := e.Fact.(aup.Reinstated), agreed.Fact.(aup.AgreementMade)
	fact.Probation = &made
	e.Fact, e.Agreement = fact, agreed.Agreement
	e.Dues, e.Notices = append(e.Dues, agreed.Dues...), append(e.Notices, agreed.Notices...)
	return e, nil
}

// Agreed records an agreement, and tells every contact.
func Agreed(s aup.Standing, a aup.Agreement, now time.Time) (*ledger.Entry, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return &ledger.Entry{Agreement: &a, Dues: distribute.Endings(a, now), Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.AgreementNotice}),
		Fact: aup.AgreementMade{Number: a.Number, Policy: a.Policy, From: a.From, Until: a.Until, Hash: aup.Hash(b), Reason: a.Reason}}, nil
}
