package judge

import (
	"accord/shared/assess"
	"accord/shared/aup"
)

// mode is the safest of what the deployment, the policy and the term say, the term as the policy has it and as
// an agreement has it. A finding without a term has none.
func (in Input) mode(term string) assess.Mode {
	if in.Mode == "" {
		return assess.ModeObserve
	}
	p := in.Subject.Policy.Version.Policy
	return aup.Safest(in.Mode, p.Mode, p.Terms.Mode(term), in.Subject.Policy.Terms.Mode(term))
}

// decide weighs the findings whose terms are in one mode together, since what is only observed must not help to
// suspend, and decides on those of the strongest mode from which something follows.
func (in Input) decide(found []aup.Finding, c assess.Circumstances) (aup.Assessment, assess.Decision) {
	groups := map[assess.Mode][]aup.Finding{}
	for _, f := range found {
		groups[in.mode(f.Term)] = append(groups[in.mode(f.Term)], f)
	}
	var first *assess.Decision
	var weighed aup.Assessment
	for _, m := range []assess.Mode{assess.ModeEnforce, assess.ModeWarn, assess.ModeObserve} {
		if len(groups[m]) == 0 {
			continue
		}
		a := weigh(groups[m], in.Standing, c)
		d := in.deadlines().Decide(a, in.Standing, m, in.Guard, in.Subject.Now)
		if d.Action != assess.Nothing || assess.Pending(a) {
			return a, d
		}
		if first == nil || weighed.Level == aup.None {
			first, weighed = &d, a
		}
	}
	if first == nil {
		weighed = weigh(found, in.Standing, c)
		d := in.deadlines().Decide(weighed, in.Standing, in.mode(""), in.Guard, in.Subject.Now)
		first = &d
	}
	return weighed, *first
}
