package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// DecideCall is a person's decision about a consumer.
type DecideCall struct {
	Call
	Action    string         `json:"action"` // suspend, reinstate, approve, close, agree, confirm-silence, report
	Consumer  aup.ConsumerID `json:"consumer"`
	Case      aup.CaseID     `json:"case,omitempty"`
	Clause    aup.ClauseID   `json:"clause,omitempty"` // suspend: over which clause
	Reason    string         `json:"reason"`
	Agreement int            `json:"agreement,omitempty"` // agree: its number
	To        string         `json:"to,omitempty"`        // report: to whom
	Decision  string         `json:"decision,omitempty"`  // approve: which, as the email that asks for it names it

	KeepCase  bool            `json:"keepCase,omitempty"`  // reinstate: the case goes on as an open one
	Probation json.RawMessage `json:"probation,omitempty"` // reinstate: the agreement on which access is back: its file as one string, or its keys as an object

	Disclose []aup.Disclosure `json:"disclose,omitempty"` // report: the contacts to name in it, each with why
}

// DecideCase carries a person's decision out. Approvals are refused here: see Decide.
func (d Desk) DecideCase(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
	return d.Decide(ctx, raw, "")
}

// Decide carries a decision out. Caller is the IAM ARN of an authenticated caller, which replaces what
// the call asserts; only such a caller can approve.
func (d Desk) Decide(ctx context.Context, raw json.RawMessage, caller string) (json.RawMessage, error) {
	var c DecideCall
	if err := decode(raw, &c); err != nil {
		return nil, err
	}
	if c.Reason == "" {
		return nil, errors.New("reason: say why; it is recorded, and the consumer is told")
	}
	if c.Action != "reinstate" && (c.KeepCase || len(c.Probation) > 0) {
		return nil, fmt.Errorf("keepCase, probation: they belong to reinstate, not to %q: leave them out", c.Action)
	}
	if caller != "" {
		c.Actor = caller
	}
	if c.Action == "report" {
		return d.report(ctx, c)
	}
	do, ok := map[string]func(context.Context, DecideCall) (any, error){
		"suspend": d.suspend, "reinstate": d.reinstate, "close": d.closeCase, "agree": d.agree,
		"confirm-silence": d.confirmSilence,
		"approve":         func(ctx context.Context, c DecideCall) (any, error) { return d.approve(ctx, c, caller) },
	}[c.Action]
	if !ok {
		return nil, fmt.Errorf("action: %q is not one of suspend, reinstate, approve, close, agree, confirm-silence, report", c.Action)
	}
	return d.once(ctx, "decide-case", c.Call, raw, func() (any, error) { return do(ctx, c) })
}

// suspend takes access away because a person says so: of an open case, or over a clause.
func (d Desk) suspend(ctx context.Context, c DecideCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		switch s.State {
		case aup.IsSuspended:
			return nil, fmt.Errorf("%s is suspended already: look at its case, and decide that with reinstate", c.Consumer)
		case aup.HasEnded:
			return nil, fmt.Errorf("%s has ended already: its keys are disabled for good, and there is nothing to suspend", c.Consumer)
		}
		a, err := d.person(ctx, s, c.Clause, c.Case, c.Reason, aup.Significant)
		if err != nil {
			return nil, err
		}
		now := d.Now().UTC()
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, now)
		if err != nil {
			return nil, err
		}
		fact := aup.Suspended{ByPerson: true, Reason: c.Reason, ReviewBy: now.Add(times.Review), Assessment: a}
		about, err := act.About(ctx, d.Ledger, s, a, now)
		return act.Suspend(s, about, fact, nil), err
	})
}

// person makes the assessment that a person's word amounts to: the case's own, or a finding of theirs
// about a clause of the version in force.
func (d Desk) person(ctx context.Context, s aup.Standing, clause aup.ClauseID, id aup.CaseID, reason string, level aup.Level) (aup.Assessment, error) {
	now := d.Now().UTC()
	if id != "" {
		if s.CaseByID(id) == nil {
			return aup.Assessment{}, fmt.Errorf("case: %s has no open case %q", s.Consumer, id)
		}
		found, err := d.Ledger.Case(ctx, s.Consumer, id)
		return found.Assessment, err
	}
	issue, ok := s.InForce(now)
	if !ok {
		return aup.Assessment{}, fmt.Errorf("%s has not been issued a policy yet", s.Consumer)
	}
	v, err := d.Ledger.Version(ctx, s.Policy, issue.Version)
	if err != nil {
		return aup.Assessment{}, err
	}
	if _, ok := v.Policy.Clause(clause); !ok {
		return aup.Assessment{}, fmt.Errorf("clause: %s has no clause %q", v.Name(), clause)
	}
	f := aup.Finding{Detector: "person", Clause: clause, Version: issue.Version, From: now, Until: now, Reason: reason}
	return aup.Assessment{Level: level, At: now, Reason: reason, Findings: []aup.Finding{f}, Factors: []aup.Factor{
		{Name: "person", Value: 1, Unit: "observation", Sentence: "A person at the provider observed it."}}}, nil
}

func (d Desk) closeCase(ctx context.Context, c DecideCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		found, err := d.toClose(ctx, s, c.Case)
		if err != nil {
			return nil, err
		}
		return act.Close(s, found, c.Reason, d.Now()), nil
	})
}

// toClose finds a case that may be closed: an open one over which access is not suspended, or a question.
func (d Desk) toClose(ctx context.Context, s aup.Standing, id aup.CaseID) (aup.Case, error) {
	if ref := s.CaseByID(id); ref != nil && ref.State == aup.CaseSuspended {
		return aup.Case{}, errors.New("access is suspended over this case: reinstate closes it")
	}
	found, err := d.Ledger.Case(ctx, s.Consumer, id)
	if errors.Is(err, ledger.ErrUnknown) || err == nil && s.CaseByID(id) == nil && !(found.Question() && found.Closed.IsZero()) {
		return aup.Case{}, fmt.Errorf("case: %s has no open case %q", s.Consumer, id)
	}
	return found, err
}

// agree ends a case with an agreement that is on record and not over.
func (d Desk) agree(ctx context.Context, c DecideCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		found, err := d.toClose(ctx, s, c.Case)
		if err != nil {
			return nil, err
		}
		agreements, err := d.Ledger.Agreements(ctx, c.Consumer)
		if err != nil {
			return nil, err
		}
		for _, a := range agreements {
			if a.Number == c.Agreement && a.Over().After(d.Now()) {
				return act.Agree(s, found, a.Number, c.Reason, d.Now()), nil
			}
		}
		return nil, fmt.Errorf("agreement: %s has no agreement %d that is not over: record it first with manage-consumer", c.Consumer, c.Agreement)
	})
}

// confirmSilence records that an admin looked, and no reply came by email or phone: the contact counts as
// ignored. What never arrived, or is not past its deadline, cannot have been ignored.
func (d Desk) confirmSilence(ctx context.Context, c DecideCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		ref := s.CaseByID(c.Case)
		switch {
		case ref == nil:
			return nil, fmt.Errorf("case: %s has no open case %q", c.Consumer, c.Case)
		case ref.State != aup.CaseEscalated:
			return nil, fmt.Errorf("case: %s is %s: only the silence of an escalated case can be confirmed", c.Case, ref.State)
		case ref.Told.IsZero() || !ref.Told.Before(ref.Deadline):
			return nil, errors.New("case: no email about it arrived before its deadline: they have ignored nothing")
		case !ref.Silent.IsZero():
			return nil, errors.New("case: its silence is confirmed already")
		}
		return &ledger.Entry{Fact: aup.SilenceConfirmed{Case: c.Case, Reason: c.Reason}}, nil
	})
}

// approve counts one admin's approval of a held suspension, and carries it out with the last one needed.
// Nobody counts twice, and not after the deadline.
func (d Desk) approve(ctx context.Context, c DecideCall, caller string) (any, error) {
	if caller == "" {
		return nil, errors.New("an approval must come through POST /admin/decisions, which knows who calls; a direct invocation does not")
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		held, err := d.held(ctx, s, c, caller)
		if err != nil {
			return nil, err
		}
		held.Approvals = append(held.Approvals, caller)
		if len(held.Approvals) < d.Approvals {
			return &ledger.Entry{Case: &held, Fact: aup.SuspensionApproved{Case: held.ID, Count: len(held.Approvals), Needs: d.Approvals, Decision: c.Decision}}, nil
		}
		now := d.Now().UTC()
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, now)
		return act.Suspend(s, held, aup.Suspended{ByPerson: true, Reason: c.Reason, ReviewBy: now.Add(times.Review), Assessment: held.Assessment, Decision: c.Decision}, nil), err
	})
}

// held is the case whose held decision a caller may approve: that one and no other, in time, and once.
func (d Desk) held(ctx context.Context, s aup.Standing, call DecideCall, caller string) (aup.Case, error) {
	ref := s.CaseByID(call.Case)
	switch {
	case ref == nil || ref.State != aup.CaseHeld:
		return aup.Case{}, fmt.Errorf("case: %s has no held suspension %q", s.Consumer, call.Case)
	case call.Decision == "":
		return aup.Case{}, errors.New("decision: name the decision that you approve, as the email that asks for it does")
	case call.Decision != ref.Decision:
		return aup.Case{}, fmt.Errorf("decision: what waits in case %s is another decision than this one: read the newest email about it, and approve what that names", call.Case)
	}
	held, err := d.Ledger.Case(ctx, s.Consumer, call.Case)
	if err != nil {
		return held, err
	}
	for _, a := range held.Approvals {
		if a == caller {
			return held, errors.New("you have approved this already; another admin must")
		}
	}
	if d.Now().After(held.Deadline) {
		return held, fmt.Errorf("the deadline for this decision passed at %s: it is renewed within minutes, and a new email names the new decision; approve that one, or decide anew with suspend", held.Deadline.Format(time.RFC3339))
	}
	return held, nil
}

func (d Desk) openCase(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Reason == "" {
		return nil, errors.New("reason: say what was observed; the consumer is told")
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if open := s.Case(c.Clause); open != nil {
			return nil, fmt.Errorf("clause: case %s about it is open already", open.ID)
		}
		a, err := d.person(ctx, s, c.Clause, "", c.Reason, aup.NonUrgent)
		if err != nil {
			return nil, err
		}
		now := d.Now().UTC()
		about, err := act.About(ctx, d.Ledger, s, a, now)
		if err != nil {
			return nil, err
		}
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, now)
		return act.Contact(s, about, times, now), err
	})
}

// reply records an answer that came by email or phone.
func (d Desk) reply(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Text == "" || c.Channel != "email" && c.Channel != "phone" {
		return nil, errors.New(`reply: give "text", and "channel" as "email" or "phone"`)
	}
	answer := aup.Answer{At: d.Now().UTC(), Contact: c.Contact, Channel: c.Channel, Text: c.Text}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.CaseByID(c.Case) == nil {
			return nil, fmt.Errorf("case: %s has no open case %q", c.Consumer, c.Case)
		}
		found, err := d.Ledger.Case(ctx, c.Consumer, c.Case)
		if err != nil {
			return nil, err
		}
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, answer.At)
		return act.Reply(found, answer, times), err
	})
}

// answer sends the provider's answer to what a consumer said in a case, or asked.
func (d Desk) answer(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Text == "" {
		return nil, errors.New(`answer: give "text"; it goes to their contacts by email`)
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		found, err := d.Ledger.Case(ctx, c.Consumer, c.Case)
		switch {
		case errors.Is(err, ledger.ErrUnknown) || err == nil && !found.Closed.IsZero():
			return nil, fmt.Errorf("case: %s has no open case %q", c.Consumer, c.Case)
		case err != nil:
			return nil, err
		}
		return act.AnswerBack(s, found, c.Text, d.Now()), nil
	})
}
