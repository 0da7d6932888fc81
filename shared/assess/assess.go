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
type Circumstances struct {
	Now            time.Time
	Told           bool    // the consumer was delivered the version that the findings are held against
	Serves         bool    // somebody said what stops if the consumer's access stops
	Protected      bool    // what stops is such that suspension needs people's approval
	ServiceShare   float64 // of the service's requests that are the consumer's; 0: not known
	ServiceErrors  float64 // share of the service's requests that fail while it lasts; 0: not known
	EarlierContact bool    // contact was delivered, its deadline passed, and an admin confirmed the silence
	Catalogue      int64   // how many resources there are; 0: not known
}

// The factors, in the order in which they are given.
const (
	FactorBeyond    = "beyond"
	FactorDuration  = "duration"
	FactorShare     = "service-share"
	FactorErrors    = "service-errors"
	FactorAtRisk    = "service-at-risk"
	FactorCatalogue = "catalogue"
	FactorIgnored   = "earlier-contact"
	FactorServes    = "serves"
	FactorProtected = "protected"
	FactorTold      = "told"
)

// Assess weighs findings. Covered ones and those on doubtful data are left out: the assessment holds the
// ones that were weighed.
func Assess(findings []aup.Finding, c Circumstances) aup.Assessment {
	c.ServiceShare, c.ServiceErrors = share(c.ServiceShare), share(c.ServiceErrors)
	a := aup.Assessment{At: c.Now.UTC(), Factors: []aup.Factor{}, Findings: []aup.Finding{}}
	for _, f := range findings {
		if !f.Covered && f.Incomplete == "" {
			a.Findings = append(a.Findings, f)
		}
	}
	if len(a.Findings) > 0 {
		a.Factors = factors(a, c)
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

// Recompute finds the level from what is frozen in an assessment: significant when a finding is extreme,
// known for certain, and the consumer was told of the version or the service itself is at risk.
func Recompute(a aup.Assessment) aup.Level {
	level := aup.None
	for _, f := range a.Findings {
		switch {
		case f.Covered || f.Incomplete != "":
		case f.Extreme && !f.Suspected && (factor(a, FactorTold) > 0 || factor(a, FactorAtRisk) > 0):
			return aup.Significant
		default:
			level = aup.NonUrgent
		}
	}
	return level
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
	extreme := 0
	for _, f := range a.Findings {
		if f.Extreme && !f.Suspected {
			extreme++
		}
	}
	what := strings.TrimSuffix(worst.Reason, ".")
	switch {
	case a.Level == aup.Significant && factor(a, FactorTold) > 0:
		return "Significant: the policy that the consumer was told of says so of this: " + what + "."
	case a.Level == aup.Significant:
		return "Significant: the service itself is at risk, although the consumer was not told of this version: " + what + "."
	case extreme > 0:
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
