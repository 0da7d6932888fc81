package distribute

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// remindBefore is how long before an agreement ends its contacts are told: the longest that is still to come.
var remindBefore = []time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour}

// Endings are the days of an agreement that are still to come: a word before it ends, and its end, after
// which the standard text applies again. One that is over already has none.
func Endings(a aup.Agreement, now time.Time) (dues []aup.Due) {
	if !a.Until.After(now) {
		return nil
	}
	for _, before := range remindBefore {
		if at := a.Until.Add(-before); at.After(now) {
			dues = append(dues, ending(a, aup.StepEnding, at))
			break
		}
	}
	return append(dues, ending(a, aup.StepEnded, a.Until))
}

func ending(a aup.Agreement, step aup.Step, at time.Time) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.agreement.%d.%s", a.Consumer, a.Number, step), Kind: aup.DueDeadline, Step: step,
		Consumer: a.Consumer, Number: a.Number, Until: a.Until, Next: at}
}

// EndEarly ends an agreement on a day before its own, and tells every contact now. On the day itself they are told again.
func EndEarly(s aup.Standing, a aup.Agreement, on time.Time, reason string) *ledger.Entry {
	f := aup.AgreementEnding{Number: a.Number, Until: on, Instead: a.Until, Reason: reason}
	a.Ended, a.EndReason = on, reason
	due := ending(a, aup.StepEnded, on)
	due.ID += fmt.Sprintf(".%d", on.Unix())
	due.Until = on
	return &ledger.Entry{Fact: f, Agreement: &a, Dues: []aup.Due{due}, Notices: ToContacts(s, aup.Notice{Kind: aup.AgreementEnds})}
}

// ends tells of an agreement that ends soon, unless a later one goes on from there, or it ends on another day.
func ends(a aup.Agreement) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
		if s.State == aup.HasEnded || renewed(due, s) || !now.Before(due.Until) || !a.Over().Equal(due.Until) {
			return nil
		}
		return &ledger.Entry{Fact: aup.AgreementEnding{Number: due.Number, Until: due.Until}, Notices: ToContacts(s, aup.Notice{Kind: aup.AgreementEnds})}
	}
}

func renewed(due aup.Due, s aup.Standing) bool {
	for _, a := range s.Agreements {
		if a.Number > due.Number && !a.From.After(due.Until) && a.Until.After(due.Until) {
			return true
		}
	}
	return false
}

// over tells that an agreement has ended. What applies then follows from the day itself.
func over(a aup.Agreement) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, _ time.Time) *ledger.Entry {
		if s.State == aup.HasEnded || !a.Over().Equal(due.Until) {
			return nil
		}
		f := aup.AgreementEnded{Number: due.Number, Until: due.Until}
		if !a.Ended.IsZero() {
			f.Instead, f.Reason = a.Until, a.EndReason
		}
		e := &ledger.Entry{Fact: f}
		if !renewed(due, s) {
			e.Notices = ToContacts(s, aup.Notice{Kind: aup.AgreementOver})
		}
		return e
	}
}

// agreed is the agreement that a day is about; none of that number where the day is about something else.
func (d Distributor) agreed(ctx context.Context, due aup.Due) (aup.Agreement, error) {
	if due.Number == 0 {
		return aup.Agreement{}, nil
	}
	all, err := d.Ledger.Agreements(ctx, due.Consumer)
	for _, a := range all {
		if a.Number == due.Number {
			return a, err
		}
	}
	return aup.Agreement{}, err
}
