package distribute

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// shortest is how long a new consumer has, at least, to accept a policy that a person must accept.
const shortest = 7 * 24 * time.Hour

// asking are the dues of a version that is to be accepted: the reminders, and, where a person must accept
// it, the day on which it becomes a case. A version that applies by use has reminders only where its policy
// names them.
func asking(id aup.ConsumerID, v aup.Version, f aup.PolicyIssued, now time.Time) []aup.Due {
	schedule := v.Policy.Reminders
	if len(schedule) == 0 && f.Mode == aup.Explicit {
		schedule = aup.DefaultReminders
	}
	if !f.ReAccept {
		return nil
	}
	by := acceptBy(v, f, now)
	var dues []aup.Due
	for i, before := range schedule {
		if at := by.Add(-before); at.After(now) {
			remind := deadline(id, v, aup.StepRemind, i, at)
			remind.Until = by
			dues = append(dues, remind)
		}
	}
	if f.Mode == aup.Explicit {
		dues = append(dues, deadline(id, v, aup.StepNotAccepted, 0, by))
	}
	return dues
}

// acceptBy is when a version is to be accepted: when it applies, or, by a new consumer, to whom it applies
// at once, when the notice period is over.
func acceptBy(v aup.Version, f aup.PolicyIssued, now time.Time) time.Time {
	if f.Previous > 0 && f.Applies.After(now) {
		return f.Applies
	}
	return now.Add(max(v.Policy.NoticePeriod, shortest)).UTC()
}

func deadline(id aup.ConsumerID, v aup.Version, step aup.Step, n int, at time.Time) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.%s.%d.%d", id, step, v.Number, n), Kind: aup.DueDeadline, Step: step,
		Consumer: id, Policy: v.Policy.ID, Version: v.Number, Next: at}
}

// deadline works on a day that has come. The case is read after the standing that the append is held against:
// what somebody writes into it meanwhile is not lost.
func (d Distributor) deadline(ctx context.Context, due aup.Due) error {
	now := d.Now().UTC()
	cause := "deadline#" + due.ID
	var idle bool
	r, err := d.Ledger.Append(ctx, due.Consumer, cause, now, func(s aup.Standing) (*ledger.Entry, error) {
		step, err := d.step(ctx, due, s, now)
		if err != nil {
			return nil, err
		}
		e := step(due, s, now)
		if idle = e == nil; idle {
			return nil, nil
		}
		e.Done = &due
		return e, nil
	})
	if err == nil && (idle || r.Repeated) {
		return d.Ledger.Done(ctx, due)
	}
	return err
}

// step is what a day brings, with the case it is about and the times that hold in it.
func (d Distributor) step(ctx context.Context, due aup.Due, s aup.Standing, now time.Time) (func(aup.Due, aup.Standing, time.Time) *ledger.Entry, error) {
	times, err := CaseTimes(ctx, d.Ledger, s, now)
	if err != nil {
		return nil, err
	}
	var c aup.Case
	if due.Case != "" {
		if c, err = d.Ledger.Case(ctx, due.Consumer, due.Case); err != nil {
			return nil, err
		}
	}
	a, err := d.agreed(ctx, due)
	if err != nil {
		return nil, err
	}
	steps := map[aup.Step]func(aup.Due, aup.Standing, time.Time) *ledger.Entry{
		aup.StepRemind: d.remind, aup.StepNotAccepted: notAccepted(times), aup.StepEnding: ends(a), aup.StepEnded: over(a), aup.StepHeld: stillHeld(c),
		aup.StepCaseRemind: remindOfCase, aup.StepEscalate: escalate(c), aup.StepReply: stillWaits(c, times),
	}
	step, ok := steps[due.Step]
	if !ok {
		return nil, fmt.Errorf("due %s: there is no step %q", due.ID, due.Step)
	}
	return step, nil
}

// open is the issue that a due asks to accept, while that is still a question.
func open(due aup.Due, s aup.Standing) *aup.Issue {
	i := s.Issue(due.Version)
	if i == nil || !i.Accepted.IsZero() || s.State == aup.HasEnded || s.Issued[len(s.Issued)-1].Version != due.Version {
		return nil
	}
	return i
}

func (d Distributor) remind(due aup.Due, s aup.Standing, _ time.Time) *ledger.Entry {
	i := open(due, s)
	if i == nil || s.CaseByID(aup.DisagreeCase(due.Version)) != nil {
		return nil
	}
	return &ledger.Entry{Fact: aup.AcceptanceReminded{Version: i.Version, Mode: i.Mode, By: due.Until},
		Notices: ToContacts(s, aup.Notice{Kind: aup.Reminder, Policy: s.Policy, Version: i.Version})}
}

// notAccepted opens the case in which people talk about it. Access stays as it is.
func notAccepted(t aup.CaseTimes) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
		i, id := open(due, s), aup.NotAcceptedCase(due.Version)
		if i == nil || s.CaseByID(id) != nil || s.CaseByID(aup.DisagreeCase(due.Version)) != nil {
			return nil
		}
		c := aup.Case{ID: id, Consumer: s.Consumer, State: aup.CaseOpen, Opened: now, Deadline: now.Add(t.Answer),
			Assessment: aup.Assessment{Level: aup.NonUrgent, At: now, Reason: fmt.Sprintf("Nobody has accepted version %d.", i.Version)}}
		notices := ToContacts(s, aup.Notice{Kind: aup.NotAcceptedKind, Policy: s.Policy, Version: i.Version})
		return &ledger.Entry{Fact: aup.NotAccepted{Version: i.Version, Case: id, Deadline: c.Deadline}, Notices: notices,
			Case: &c, Dues: Contacted(c, t, now)}
	}
}
