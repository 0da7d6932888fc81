package distribute

import (
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Held is the entry of a suspension that waits for people until a deadline: the admins are told now, and
// again when it has passed. What is held is never carried out by itself.
func Held(c aup.Case, why string, deadline time.Time) *ledger.Entry {
	c.State, c.HeldFor, c.Deadline, c.Approvals = aup.CaseHeld, why, deadline, nil // who approved, approved another decision
	return &ledger.Entry{Case: &c, Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminHeld}},
		Fact: aup.SuspensionHeld{Case: c.ID, Clause: c.Clause, Why: why, Deadline: deadline, Assessment: c.Assessment},
		Dues: []aup.Due{{ID: fmt.Sprintf("%s.held.%s.%d", c.Consumer, c.ID, deadline.Unix()), Kind: aup.DueDeadline, Step: aup.StepHeld,
			Consumer: c.Consumer, Case: c.ID, Until: deadline, Next: deadline}}}
}

// Slowed says of a suspension that is held which usage plan the keys are in meanwhile; none where it is empty.
func Slowed(e *ledger.Entry, plan string) *ledger.Entry {
	fact := e.Fact.(aup.SuspensionHeld)
	fact.Slow = plan
	e.Fact = fact
	return e
}

// sensor is why a suspension is held of which the admins are told with all the others, once: the digest
// goes on listing it.
const sensor = "sensor"

// stillHeld tells the admins again of a suspension that waits when its deadline has passed, and whoever they can
// reach out of hours, and gives them as long once more.
func stillHeld(c aup.Case) func(aup.Due, aup.Standing, time.Time) *ledger.Entry {
	return func(due aup.Due, s aup.Standing, now time.Time) *ledger.Entry {
		if ref := s.CaseByID(due.Case); ref == nil || ref.State != aup.CaseHeld {
			return nil
		}
		again := now.Add(due.Until.Sub(due.Created))
		if c.HeldFor == sensor {
			e := Held(c, sensor, again)
			e.Notices = nil
			return e
		}
		e := Slowed(Held(c, "deadline", again), s.CaseByID(due.Case).Slow)
		e.Notices = append(e.Notices, aup.Notice{Contact: aup.AdminsOutOfHours, Kind: aup.AdminHeld})
		return e
	}
}
