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
// of what waits: what is added to that waits as well. Of a suspension, ToReview is owed already.
func ToReply(c aup.Case, t aup.CaseTimes, said aup.Answer) []aup.Due {
	if first, waits := c.Waiting(); !waits || !first.At.Equal(said.At) || first.Text != said.Text {
		return nil
	}
	w := waitFor(c, t, said.At)
	if c.State == aup.CaseSuspended && !w.by.After(c.Deadline) {
		return nil
	}
	return []aup.Due{toReply(c, w.since, w.by)}
}

// ToReview is the time by which a person looks at a suspension if the consumer asks for it, as the email says.
func ToReview(c aup.Case) aup.Due { return toReply(c, c.Deadline, c.Deadline) }

// Unanswered is the day by which the provider is to answer what waited when a suspension's case went on as an open one.
func Unanswered(c aup.Case, t aup.CaseTimes, now time.Time) []aup.Due {
	if first, waits := c.Waiting(); waits {
		return []aup.Due{toReply(c, first.At, now.UTC().Add(t.Reply))}
	}
	return nil
}

func toReply(c aup.Case, since, at time.Time) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.%s.%s.%d.%d", c.Consumer, aup.StepReply, c.ID, since.Unix(), at.Unix()), Kind: aup.DueDeadline, Step: aup.StepReply,
		Consumer: c.Consumer, Case: c.ID, Until: since, Next: at}
}

// wait is what a consumer waits for: the provider's answer, or its review of a suspension.
type wait struct {
	since time.Time     // what its dues are known by: what was said, or the time stated for the review
	by    time.Time     // it is to be over
	again time.Duration // and the admins are told again after as long
}

func waitFor(c aup.Case, t aup.CaseTimes, said time.Time) wait {
	switch {
	case c.State != aup.CaseSuspended:
		return wait{said, said.Add(t.Reply), t.Reply}
	case said.Before(c.Deadline):
		return wait{c.Deadline, c.Deadline, t.Review}
	}
	return wait{c.Deadline, said.Add(t.Review), t.Review}
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

// stillWaits tells the admins that they have not answered, or not reviewed, and again after as long, until they have
// answered or the case is closed.
func stillWaits(c aup.Case, t aup.CaseTimes) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
		first, waits := c.Waiting()
		w := waitFor(c, t, first.At)
		if !waits || !w.since.Equal(due.Until) || s.State == aup.HasEnded || !c.Closed.IsZero() {
			return nil
		}
		return &ledger.Entry{Fact: aup.ReplyOverdue{Case: c.ID, Since: first.At, Deadline: w.by},
			Dues:    []aup.Due{toReply(c, w.since, now.Add(w.again))},
			Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminOverdue}}}
	}
}
