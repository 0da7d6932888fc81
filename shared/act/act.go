// Package act says what is written when a decision is carried out: a case opened, a suspension with its
// key dues and emails, a reinstatement. Each function turns a decision about one consumer into the one
// ledger entry that does all of it or nothing. Package judge carries out a machine's decisions with it,
// package admin a person's.
package act

import (
	"context"
	"fmt"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/enforce"
	"accord/shared/ledger"
)

// Carry is the entry that carries a decision out, from the standing and guard that it was made from; nil
// when there is nothing to do.
func Carry(s aup.Standing, c aup.Case, d assess.Decision, g ledger.GuardWrite, now time.Time) *ledger.Entry {
	a := c.Assessment
	switch d.Action {
	case assess.Observe:
		return &ledger.Entry{Fact: aup.Observed{Would: d.Would, Mode: string(d.Mode), Assessment: a}}
	case assess.Consider:
		return Consider(s, c, d.Deadline, a)
	case assess.Contact:
		return Contact(s, c, d.Times, now)
	case assess.Reassess:
		return &ledger.Entry{Case: &c, Fact: aup.CaseReassessed{Case: c.ID, Assessment: a}}
	case assess.Hold:
		return Hold(s, c, d, g, now)
	case assess.Suspend:
		g.Guard = g.Guard.With(now)
		return Suspend(s, c, aup.Suspended{Reason: a.Reason, ReviewBy: d.Deadline, Assessment: a}, &g)
	}
	return nil
}

// Hold lets a suspension wait for people. It counts for the guard like one that was made. Where the keys are slowed
// meanwhile, one due a key is owed, and an email to every contact.
func Hold(s aup.Standing, c aup.Case, d assess.Decision, g ledger.GuardWrite, now time.Time) *ledger.Entry {
	e := distribute.Held(c, d.Why, d.Deadline)
	var tell bool
	if g.Guard, tell = g.Guard.WithHeld(d.Why, now); !tell {
		e.Notices = nil
	}
	if e.Guard = &g; d.Slow != "" {
		e = distribute.Slowed(e, d.Slow)
		e.Dues = append(e.Dues, enforce.Dues(s, s.Generation+1)...)
		e.Notices = append(e.Notices, distribute.ToContacts(s, aup.Notice{Kind: aup.SlowedNotice})...)
	}
	return e
}

// About is the case that an assessment's worst finding belongs to, as assessed now: the open one about its
// clause, with all that was said in it, or a new one.
func About(ctx context.Context, l *ledger.Ledger, s aup.Standing, a aup.Assessment, now time.Time) (aup.Case, error) {
	worst, _ := a.Worst()
	if open := s.Case(worst.Clause); open != nil {
		c, err := l.Case(ctx, s.Consumer, open.ID)
		c.Assessment = a
		return c, err
	}
	return aup.Case{ID: aup.CaseID(fmt.Sprintf("%s-%d", worst.Clause, s.Seq+1)), Consumer: s.Consumer, Clause: worst.Clause,
		State: aup.CaseOpen, Opened: now.UTC(), Assessment: a}, nil
}

// Consider keeps the first of the two judgements that a suspension needs, and owes the second: it does not
// wait for usage that may not come.
func Consider(s aup.Standing, c aup.Case, again time.Time, a aup.Assessment) *ledger.Entry {
	return &ledger.Entry{Fact: aup.SuspensionConsidered{Clause: c.Clause, Again: again, Assessment: a},
		Dues: []aup.Due{{ID: fmt.Sprintf("%s.%s.%d", s.Consumer, aup.StepConfirm, s.Seq+1), Kind: aup.DueAudit, Step: aup.StepConfirm,
			Consumer: s.Consumer, Next: again}}}
}

// Contact opens a case, owes every contact an email about it, and plans the days by which it is reminded
// and is to answer.
func Contact(s aup.Standing, c aup.Case, t aup.CaseTimes, now time.Time) *ledger.Entry {
	c.State, c.Deadline = aup.CaseOpen, now.UTC().Add(t.Answer)
	return &ledger.Entry{Case: &c, Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.ContactNotice}), Dues: distribute.Contacted(c, t, now),
		Fact: aup.CaseOpened{Case: c.ID, Clause: c.Clause, Deadline: c.Deadline, Assessment: c.Assessment}}
}

// Suspend takes access away over a case: one due a key, an email to every contact and to the admins, and the time by
// which a person looks at it if asked to. The guard is written with it when a machine decided.
func Suspend(s aup.Standing, c aup.Case, fact aup.Suspended, g *ledger.GuardWrite) *ledger.Entry {
	c.State, c.Deadline = aup.CaseSuspended, fact.ReviewBy
	fact.Case, fact.Clause = c.ID, c.Clause
	if worst, ok := fact.Assessment.Worst(); ok {
		fact.Version = worst.Version
	}
	notices := distribute.ToContacts(s, aup.Notice{Kind: aup.SuspendedNotice})
	notices = append(notices, aup.Notice{Contact: aup.Admins, Kind: aup.AdminSuspended})
	return &ledger.Entry{Fact: fact, Case: &c, Guard: g, Notices: notices, Dues: append(enforce.Dues(s, s.Generation+1), distribute.ToReview(c))}
}

// Alarm owes a key again that works although it was read back as disabled, and tells the admins at once.
func Alarm(s aup.Standing, key aup.KeyID, at time.Time, request string) *ledger.Entry {
	k := *s.Key(key)
	fact := aup.KeyStillWorks{Key: key, Generation: s.Generation, Off: time.Unix(k.Off, 0).UTC(), At: at.UTC(), RequestID: request, Case: s.SuspendedOver()}
	return &ledger.Entry{Fact: fact, Dues: []aup.Due{enforce.Again(s, k)}, Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminKeyWorks}}}
}

// End ends the relation: the keys are to be disabled, and the contacts told.
func End(s aup.Standing, reason string) *ledger.Entry {
	return &ledger.Entry{Fact: aup.Ended{Reason: reason}, Dues: enforce.Dues(s, s.Generation+1),
		Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.EndedNotice})}
}

// Close closes a case that took no access away, and tells every contact; of a question that was answered they know.
func Close(s aup.Standing, c aup.Case, reason string, now time.Time) *ledger.Entry {
	_, waits := c.Waiting()
	c.State, c.Closed, c.Outcome = aup.CaseClosed, now.UTC(), reason
	e := closed(s, c, aup.CaseEnded{Case: c.ID, Outcome: aup.OutcomeDropped, Reason: reason})
	if c.Question() && !waits {
		e.Notices = nil
	}
	return e
}

// closed ends a case. Keys that were slowed because of it are owed: they go back to their own plans. A suspension that
// was only held, and of which the consumer never heard, ends without an email to it.
func closed(s aup.Standing, c aup.Case, f aup.CaseEnded) *ledger.Entry {
	e := &ledger.Entry{Case: &c, Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.ClosedNotice})}
	switch ref := s.CaseByID(c.ID); {
	case ref == nil:
	case ref.Slow != "":
		f.Slowed, e.Dues = true, enforce.Dues(s, s.Generation+1)
	case ref.State == aup.CaseHeld && ref.Told.IsZero() && len(c.Answers) == 0:
		e.Notices = nil
	}
	e.Fact = f
	return e
}

// Agree ends a case with an agreement, and tells every contact.
func Agree(s aup.Standing, c aup.Case, number int, reason string, now time.Time) *ledger.Entry {
	c.State, c.Closed, c.Outcome = aup.CaseClosed, now.UTC(), fmt.Sprintf("agreed, by agreement %d: %s", number, reason)
	return closed(s, c, aup.CaseEnded{Case: c.ID, Outcome: aup.OutcomeAgreed, Reason: reason, Agreement: number})
}

// WithinTerms closes a case by itself, since use has been within the terms, and tells every contact.
func WithinTerms(s aup.Standing, c aup.Case, reason string, now time.Time) *ledger.Entry {
	c.State, c.Closed, c.Outcome = aup.CaseClosed, now.UTC(), reason
	return closed(s, c, aup.CaseEnded{Case: c.ID, Outcome: aup.OutcomeWithinTerms, Reason: reason})
}

// Reply keeps what a consumer said about a case. What came by the page is owed to the admins by email;
// what an admin recorded they know. Either has to be answered in time.
func Reply(c aup.Case, a aup.Answer, t aup.CaseTimes) *ledger.Entry {
	if c.State == aup.CaseOpen || c.State == aup.CaseEscalated {
		c.State = aup.CaseAnswered
	}
	c.Answers = append(c.Answers, a)
	e := &ledger.Entry{Case: &c, Dues: distribute.ToReply(c, t, a), Fact: aup.CaseReplied{Case: c.ID, Contact: a.Contact, Channel: a.Channel, Hash: aup.Hash([]byte(a.Text))}}
	if a.Channel == "page" {
		e.Notices = []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminAnswer}}
	}
	return e
}

// AnswerBack is the provider's answer, owed to every contact by email.
func AnswerBack(s aup.Standing, c aup.Case, text string, now time.Time) *ledger.Entry {
	c.Answers = append(c.Answers, aup.Answer{At: now.UTC(), Channel: aup.ChannelProvider, Text: text})
	return &ledger.Entry{Case: &c, Fact: aup.CaseAnsweredBack{Case: c.ID, Hash: aup.Hash([]byte(text))},
		Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.AnswerNotice})}
}

// Disagree opens the case of a consumer that does not agree with a version, and owes it to the admins by
// email. What it says while the case is open is a reply.
func Disagree(s aup.Standing, version int, a aup.Answer, t aup.CaseTimes) *ledger.Entry {
	c := aup.Case{ID: aup.DisagreeCase(version), Consumer: s.Consumer, State: aup.CaseAnswered, Opened: a.At, Answers: []aup.Answer{a},
		Assessment: aup.Assessment{Level: aup.NonUrgent, At: a.At, Reason: fmt.Sprintf("They do not agree with version %d.", version)}}
	return &ledger.Entry{Case: &c, Dues: distribute.ToReply(c, t, a), Fact: aup.Disagreed{Version: version, Case: c.ID, Contact: a.Contact, Hash: aup.Hash([]byte(a.Text))},
		Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminAcceptance, Policy: s.Policy, Version: version}}}
}

// Ask keeps a question that belongs to no open case, and owes it to the admins by email.
func Ask(s aup.Standing, a aup.Answer, t aup.CaseTimes) *ledger.Entry {
	c := aup.Case{ID: aup.QuestionCase(s.Seq + 1), Consumer: s.Consumer, State: aup.CaseAnswered,
		Opened: a.At, Answers: []aup.Answer{a}}
	return &ledger.Entry{Case: &c, Dues: distribute.ToReply(c, t, a), Fact: aup.Asked{Case: c.ID, Contact: a.Contact, Hash: aup.Hash([]byte(a.Text))},
		Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminAnswer}}}
}
