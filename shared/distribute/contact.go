package distribute

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// CaseTimes are how much time people have in a consumer's cases: what the version in force says.
func CaseTimes(ctx context.Context, l *ledger.Ledger, s aup.Standing, at time.Time) (aup.CaseTimes, error) {
	issue, ok := s.InForce(at)
	if !ok {
		return aup.DefaultCaseTimes, nil
	}
	v, err := l.Version(ctx, s.Policy, issue.Version)
	return v.Policy.Cases.OrDefault(), err
}

// Contacted are the days of a contact that are still to come: the reminders, and the day by which the
// consumer is to answer.
func Contacted(c aup.Case, t aup.CaseTimes, now time.Time) []aup.Due {
	var dues []aup.Due
	for i, before := range t.Remind {
		if at := c.Deadline.Add(-before); at.After(now) {
			dues = append(dues, caseDay(c, aup.StepCaseRemind, i, at))
		}
	}
	return append(dues, caseDay(c, aup.StepEscalate, 0, c.Deadline))
}

func caseDay(c aup.Case, step aup.Step, n int, at time.Time) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.%s.%s.%d.%d", c.Consumer, step, c.ID, c.Deadline.Unix(), n), Kind: aup.DueDeadline, Step: step,
		Consumer: c.Consumer, Case: c.ID, Until: c.Deadline, Next: at}
}

// ToReply is the day by which the provider is to answer what the consumer said. It is owed with the first
// of what waits: what is added to that waits as well.
func ToReply(c aup.Case, t aup.CaseTimes, said aup.Answer) []aup.Due {
	if first, waits := c.Waiting(); !waits || !first.At.Equal(said.At) || first.Text != said.Text {
		return nil
	}
	return []aup.Due{toReply(c, said.At, said.At.Add(t.Reply))}
}

func toReply(c aup.Case, since, at time.Time) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.%s.%s.%d.%d", c.Consumer, aup.StepReply, c.ID, since.Unix(), at.Unix()), Kind: aup.DueDeadline, Step: aup.StepReply,
		Consumer: c.Consumer, Case: c.ID, Until: since, Next: at}
}

// remindOfCase tells the consumer again of a contact that it has not answered, while there is time.
func remindOfCase(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
	ref := s.CaseByID(due.Case)
	if ref == nil || ref.State != aup.CaseOpen || !now.Before(ref.Deadline) {
		return nil
	}
	return &ledger.Entry{Fact: aup.CaseReminded{Case: ref.ID, Clause: ref.Clause, Deadline: ref.Deadline},
		Notices: ToContacts(s, aup.Notice{Kind: aup.CaseReminder})}
}

// escalate brings a contact that was not answered before people. It is never carried out by itself. A version
// that was not accepted stands in the admins' digest: a campaign has thousands of them on one day.
func escalate(c aup.Case) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, _ time.Time) *ledger.Entry {
		ref := s.CaseByID(due.Case)
		if ref == nil || ref.State != aup.CaseOpen {
			return nil
		}
		c.State = aup.CaseEscalated
		e := &ledger.Entry{Case: &c, Fact: aup.Escalated{Case: ref.ID, Clause: ref.Clause, Deadline: ref.Deadline, Told: ref.Told}}
		if ref.Clause != "" {
			e.Notices = []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminEscalated}}
		}
		return e
	}
}

// stillWaits tells the admins that they have not answered, and again after as long, until they have answered
// or the case is closed.
func stillWaits(c aup.Case, t aup.CaseTimes) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
		first, waits := c.Waiting()
		if !waits || !first.At.Equal(due.Until) || s.State == aup.HasEnded || !c.Closed.IsZero() {
			return nil
		}
		return &ledger.Entry{Fact: aup.ReplyOverdue{Case: c.ID, Since: first.At, Deadline: first.At.Add(t.Reply)},
			Dues:    []aup.Due{toReply(c, first.At, now.Add(t.Reply))},
			Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminOverdue}}}
	}
}
