package assess

import (
	"time"

	"accord/shared/aup"
)

// What can follow from an assessment.
const (
	Nothing  Action = "nothing"
	Observe  Action = "observe"  // record what would have been done
	Consider Action = "consider" // a suspension: judge once more in a minute
	Contact  Action = "contact"  // open a case about the worst finding's clause, and mail
	Reassess Action = "reassess" // the open case became worse: record that, without a new email
	Suspend  Action = "suspend"  // now
	Hold     Action = "hold"     // a suspension waits for people
)

// Action is what follows from an assessment.
type Action string

// Why a suspension is held.
const (
	HeldMode      = "mode"      // the deployment only warns
	HeldProtected = "protected" // the consumer's suspension needs people's approval
	HeldBudget    = "budget"    // the last hour saw as many suspensions as it may
	HeldSensor    = "sensor"    // the last hour saw more consumers turn significant than is plausible
)

// Decision is the action that follows, and why.
type Decision struct {
	Action   Action
	Would    string       // Observe: "contact" or "suspend"
	Mode     Mode         // in which it was decided
	Why      string       // Hold: one of the Held words; otherwise a sentence
	Case     *aup.CaseRef // the case that is open about the worst finding's clause; nil: none
	Slow     string       // Hold, for whoever carries it out to fill in: the usage plan that the keys are in meanwhile
	Deadline time.Time    // Contact: to answer. Hold: to decide. Suspend: a person reviews by then when asked to. Consider: the second judgement
	Times    aup.CaseTimes
}

// Slows says whether a suspension that is held lets the keys be slowed meanwhile: the evidence is believed, and the
// deployment may act on it by itself. A machine that only warns slows nobody, nor does one whose sensor may be broken.
func (d Decision) Slows() bool {
	return d.Action == Hold && d.Mode == ModeEnforce && (d.Why == HeldProtected || d.Why == HeldBudget)
}

// Deadlines are how much time people have, as the policy says.
type Deadlines aup.CaseTimes

// Decide is what follows from an assessment: at most one action, about the clause of the worst finding.
// A case that is open about that clause does not open again, a suspension that is held does not wait
// twice, and a consumer that is suspended or has ended is left as it is. In ModeObserve the same is
// recorded once a day.
func (t Deadlines) Decide(a aup.Assessment, s aup.Standing, mode Mode, g Guard, now time.Time) Decision {
	d := Decision{Action: Nothing, Mode: mode, Why: a.Reason, Times: aup.CaseTimes(t)}
	worst, ok := a.Worst()
	if ok {
		d.Case = s.Case(worst.Clause)
	}
	switch {
	case !ok || a.Level != aup.NonUrgent && a.Level != aup.Significant:
		return d
	case s.State == aup.HasEnded:
		d.Why = "The consumer's access has ended."
		return d
	case s.State == aup.IsSuspended:
		d.Why = "The consumer is suspended already."
		return d
	case a.Level == aup.Significant:
		return t.protect(d, s, g, now)
	case Pending(a):
		return consider(d, a, s, now)
	}
	return t.contact(d, s, now)
}

// protect is what follows from a significant risk.
func (t Deadlines) protect(d Decision, s aup.Standing, g Guard, now time.Time) Decision {
	switch {
	case held(s):
		d.Why = "A suspension of this consumer waits for people already."
		return d
	case d.Mode != ModeWarn && d.Mode != ModeEnforce:
		return observe(d, s, "suspend", now)
	case g.Crowded(now):
		d.Action, d.Why = Hold, HeldSensor
	case d.Mode == ModeWarn:
		d.Action, d.Why = Hold, HeldMode
	case s.Protected:
		d.Action, d.Why = Hold, HeldProtected
	case !g.Room(now):
		d.Action, d.Why = Hold, HeldBudget
	default:
		d.Action = Suspend
	}
	d.Deadline = now.UTC().Add(t.Review)
	return d
}

// consider waits for the second judgement, in whatever mode: what would have been done is only known then.
func consider(d Decision, a aup.Assessment, s aup.Standing, now time.Time) Decision {
	switch {
	case held(s):
		d.Why = "A suspension of this consumer waits for people already."
	case d.Mode != ModeWarn && d.Mode != ModeEnforce && s.StepTold("observed suspend", aup.Date(now)) > 0:
		d.Why = "This was recorded today already."
	case Considers(s.Considered, a.Findings, now):
		d.Why = "It waits for the second judgement."
	default:
		d.Action, d.Deadline = Consider, now.UTC().Add(Between)
	}
	return d
}

func held(s aup.Standing) bool {
	for _, c := range s.Cases {
		if c.State == aup.CaseHeld {
			return true
		}
	}
	return false
}

// contact is what follows from a risk that leaves time to agree.
func (t Deadlines) contact(d Decision, s aup.Standing, now time.Time) Decision {
	switch {
	case d.Case != nil && d.Case.Level != aup.NonUrgent && d.Case.Level != aup.Significant:
		d.Action = Reassess
	case d.Case != nil:
		d.Why = "A case is open about this clause."
	case d.Mode != ModeWarn && d.Mode != ModeEnforce:
		return observe(d, s, "contact", now)
	default:
		d.Action, d.Deadline = Contact, now.UTC().Add(t.Answer)
	}
	return d
}

// observe records once a day what would have been done.
func observe(d Decision, s aup.Standing, would string, now time.Time) Decision {
	d.Would = would
	if s.StepTold("observed "+would, aup.Date(now)) > 0 {
		d.Why = "This was recorded today already."
		return d
	}
	d.Action = Observe
	return d
}
