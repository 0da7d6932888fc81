package distribute

import (
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// remindBefore is how long before an agreement ends its contacts are told: the longest that is still to come.
var remindBefore = []time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour}

// Endings are the days of an agreement that are still to come: a word before it ends, and its end, after
// which the standard text applies again.
func Endings(a aup.Agreement, now time.Time) (dues []aup.Due) {
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

// ends tells of an agreement that ends soon, unless a later one goes on from there, or it is over by now.
func (d Distributor) ends(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
	if s.State == aup.HasEnded || renewed(due, s) || !now.Before(due.Until) {
		return nil
	}
	return &ledger.Entry{Fact: aup.AgreementEnding{Number: due.Number, Until: due.Until}, Notices: ToContacts(s, aup.Notice{Kind: aup.AgreementEnds})}
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
func (d Distributor) over(due aup.Due, s aup.Standing, _ time.Time) *ledger.Entry {
	if s.State == aup.HasEnded {
		return nil
	}
	e := &ledger.Entry{Fact: aup.AgreementEnded{Number: due.Number, Until: due.Until}}
	if !renewed(due, s) {
		e.Notices = ToContacts(s, aup.Notice{Kind: aup.AgreementOver})
	}
	return e
}
