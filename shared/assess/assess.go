// Package assess is the impact assessment, and what is decided on it. An assessment weighs findings about
// one consumer into a level of risk, every factor with its number and a sentence; a decision turns the
// level, the consumer's standing, the deployment's mode and the guard into one action.
//
// Everything here is a pure function. An aup.Assessment is frozen in the event it leads to, and Recompute
// finds its level again from nothing else. Package judge assesses what package audit found and carries
// the decision out; package ledger stores the Guard.
package assess

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
)

// From these on, the service itself is at risk: this consumer makes most of its load, and it fails.
const (
	RiskShare  = 0.5  // of the service's requests
	RiskErrors = 0.05 // of the service's requests are answered with 5xx while that lasts
)

// Circumstances are what an assessment weighs besides the findings.
type Circumstances = aup.Circumstances

// Two judgements make a suspension, unless the service itself is at risk.
const (
	Between = time.Minute // they are at least so far apart
	Within  = time.Hour   // and at most so far: after that, the first counts no more
)

// The factors, in the order in which they are given.
const (
	FactorBeyond    = "beyond"
	FactorDuration  = "duration"
	FactorShare     = "service-share"
	FactorErrors    = "service-errors"
	FactorLatency   = "service-latency"
	FactorAtRisk    = "service-at-risk"
	FactorCatalogue = "catalogue"
	FactorIgnored   = "earlier-contact"
	FactorServes    = "serves"
	FactorProtected = "protected"
	FactorTold      = "told"
	FactorBefore    = "judged-before"
)

// Assess weighs findings. Covered ones and those on doubtful data are left out: the assessment holds the
// ones that were weighed.
func Assess(findings []aup.Finding, c Circumstances) aup.Assessment {
	c.ServiceShare, c.ServiceErrors = share(c.ServiceShare), share(c.ServiceErrors)
	if math.IsNaN(c.ServiceLatency) || math.IsInf(c.ServiceLatency, 0) || c.ServiceLatency < 0 {
		c.ServiceLatency = 0
	}
	a := aup.Assessment{At: c.Now.UTC(), Factors: []aup.Factor{}, Findings: []aup.Finding{}}
	for _, f := range findings {
		if !f.Covered && f.Incomplete == "" {
			a.Findings = append(a.Findings, f)
		}
	}
	if len(a.Findings) > 0 {
		c.Weighing = c.Weighing.Complete()
		a.Circumstances = c
		a.Factors = weighed(factors(a, c), c.Weighing)
		a.Score = score(a.Factors)
	}
	a.Level = Recompute(a)
	a.Reason = reason(a, findings)
	return a
}

// share makes what cannot be a share, such as nothing divided by nothing, one that is not known.
func share(f float64) float64 {
	if f > 0 && f <= 1 {
		return f
	}
	return 0
}

// Recompute finds the level from what is frozen in an assessment: significant when a finding is extreme
// and known for certain, the score is what the policy asks for, and the service itself is at risk, or the consumer was told of the version and an
// earlier judgement found the same. An assessment without that last factor is older than the rule.
func Recompute(a aup.Assessment) aup.Level {
	level := aup.None
	for _, f := range a.Findings {
		switch {
		case f.Covered || f.Incomplete != "":
		case strong(f) && enough(a) && (factor(a, FactorAtRisk) > 0 || factor(a, FactorTold) > 0 && twice(a)):
			return aup.Significant
		default:
			level = aup.NonUrgent
		}
	}
	return level
}

// Pending says whether an assessment is significant once a second judgement finds the same.
func Pending(a aup.Assessment) bool {
	return a.Level == aup.NonUrgent && slices.ContainsFunc(a.Findings, strong) && enough(a) && factor(a, FactorTold) > 0 && !twice(a)
}

// enough says whether the score reaches what the policy asks for. The service at risk is enough.
func enough(a aup.Assessment) bool {
	return a.Score >= float64(a.Circumstances.Weighing.Least) || factor(a, FactorAtRisk) > 0
}

// strong is evidence that may end in a suspension.
func strong(f aup.Finding) bool { return f.Extreme && !f.Suspected && !f.Covered && f.Incomplete == "" }

func twice(a aup.Assessment) bool {
	for _, f := range a.Factors {
		if f.Name == FactorBefore {
			return f.Value >= Between.Minutes()
		}
	}
	return true
}

// Considers says whether an earlier judgement still counts at the moment now for what is found now: it was
// about a clause of which there is strong evidence again.
func Considers(c *aup.Considered, findings []aup.Finding, now time.Time) bool {
	return c != nil && now.Sub(c.At).Abs() <= Within &&
		slices.ContainsFunc(findings, func(f aup.Finding) bool { return strong(f) && f.Clause == c.Clause })
}

func factor(a aup.Assessment, name string) float64 {
	for _, f := range a.Factors {
		if f.Name == name {
			return f.Value
		}
	}
	return 0
}

// reason says in one sentence why it is this level.
func reason(a aup.Assessment, all []aup.Finding) string {
	worst, ok := a.Worst()
	if !ok {
		return nothing(all)
	}
	what := strings.TrimSuffix(worst.Reason, ".")
	switch {
	case a.Level == aup.Significant && factor(a, FactorTold) > 0:
		return "Significant: the policy that the consumer was told of says so of this: " + what + "."
	case a.Level == aup.Significant:
		at, _ := a.Pressing()
		what = strings.TrimSuffix(at.Reason, ".")
		return "Significant: the service itself is at risk, although the consumer was not told of this version: " + what + "."
	case Pending(a):
		return "Not urgent yet: it is a significant risk if it is found again a minute later: " + what + "."
	case slices.ContainsFunc(a.Findings, strong) && !enough(a):
		return fmt.Sprintf("Not urgent: its risk is %.0f of 100, and the policy asks for %d before it is significant: %s.", a.Score, a.Circumstances.Weighing.Least, what)
	case slices.ContainsFunc(a.Findings, strong):
		return "Not urgent: it would be significant, but the consumer was never told of this version: " + what + "."
	case worst.Suspected:
		return "Not urgent: it is only suspected: " + what + "."
	}
	return "Not urgent: there is time to agree a way forward: " + what + "."
}

func nothing(all []aup.Finding) string {
	covered, doubtful, why := 0, 0, ""
	for _, f := range all {
		switch {
		case f.Covered:
			covered++
		case f.Incomplete != "":
			doubtful, why = doubtful+1, f.Incomplete
		}
	}
	switch {
	case doubtful > 0:
		return fmt.Sprintf("Nothing is held against the consumer: findings on doubtful data (%s): %d.", why, doubtful)
	case covered > 0:
		return fmt.Sprintf("Nothing is held against the consumer: findings that an agreement covers: %d.", covered)
	}
	return "Nothing beyond what was agreed."
}
