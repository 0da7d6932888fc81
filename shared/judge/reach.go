// Package judge makes one judgement of one consumer: usage read, held against the agreement, assessed,
// and appended to the ledger.
//
// Reach is the judgement itself, a pure function that live traffic and package backtest share. The rest
// of the package reads what it needs from metering and the ledger, and appends what follows. The
// functions that fold windows and answer audits call it.
package judge

import (
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
)

// Input is everything a judgement uses.
type Input struct {
	Subject       audit.Subject
	Standing      aup.Standing
	Circumstances assess.Circumstances   // Catalogue is taken from the terms where it is 0
	Service       map[int64]usage.Counts // what all keys did together, by window; nil: not known
	Mode          assess.Mode
	Guard         assess.Guard
}

// Verdict is what a judgement comes to.
type Verdict struct {
	Findings   []aup.Finding     // beyond what was agreed, those on doubtful data included
	Covered    []aup.Finding     // allowed by an agreement
	Notices    []aup.UsageNotice // steps reached that the standing does not know as told
	Assessment aup.Assessment
	Decision   assess.Decision
}

// Reach judges.
func Reach(in Input) Verdict {
	var v Verdict
	found, notices := audit.Detect(in.Subject)
	for _, f := range found {
		if f.Covered {
			v.Covered = append(v.Covered, f)
		} else {
			v.Findings = append(v.Findings, f)
		}
	}
	c := in.Circumstances
	if t := in.Subject.Policy.Terms.Crawling; t != nil && c.Catalogue == 0 {
		c.Catalogue = t.Catalogue
	}
	c.Considered, c.Weighing = in.Standing.Considered, in.Subject.Policy.Version.Policy.Assessment
	c = in.impact(found, c)
	v.Assessment, v.Decision = in.decide(found, c)
	for _, n := range notices {
		if owed(n, in.Standing, in.Subject.Now) && !v.writes(n.Clause) {
			v.Notices = append(v.Notices, n)
		}
	}
	return v
}

// writes says whether the decision is itself an email about a clause, or a suspension, about whatever clause: a notice beside it, that nothing is switched
// off, would be one too many.
func (v Verdict) writes(clause aup.ClauseID) bool {
	worst, _ := v.Assessment.Worst()
	return v.Decision.Action == assess.Suspend || v.Decision.Action == assess.Contact && worst.Clause == clause
}

// weigh assesses the findings. Where there is time, what an open case is already about gives way to
// what no case is about yet, so that each clause gets its own.
func weigh(found []aup.Finding, s aup.Standing, c assess.Circumstances) aup.Assessment {
	all := assess.Assess(found, c)
	if all.Level != aup.NonUrgent || assess.Pending(all) {
		return all
	}
	var fresh []aup.Finding
	for _, f := range all.Findings {
		if s.Case(f.Clause) == nil {
			fresh = append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return all
	}
	return assess.Assess(fresh, c)
}

// quiet is for how long a usage notice waits after another email about the same clause. When that is over,
// the highest step that was reached is told, and the ones between never.
const quiet = 30 * time.Minute

// owed says whether a step is to be told now: neither it nor anything of a later day was, and no other email
// about it went out just before.
func owed(n aup.UsageNotice, s aup.Standing, now time.Time) bool {
	for _, told := range s.Noticed {
		if told.Term == n.Term && (told.Period > n.Period || told.Period == n.Period && told.Step >= n.Step || justNow(told.At, now)) {
			return false
		}
	}
	for _, c := range s.Cases {
		if c.Clause == n.Clause && justNow(c.Opened, now) {
			return false
		}
	}
	return true
}

// justNow is false of what lies in the future: a clock that was ahead keeps nobody from being told.
func justNow(at, now time.Time) bool { return !at.After(now) && now.Sub(at) < quiet }

// deadlines are those of the policy that binds the consumer.
func (in Input) deadlines() assess.Deadlines {
	return assess.Deadlines(in.Subject.Policy.Version.Policy.Cases.OrDefault())
}
