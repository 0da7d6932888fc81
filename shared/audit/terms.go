package audit

import (
	"fmt"
	"time"

	"accord/shared/aup"
)

// bound is what binds a consumer over a stretch in one term: the policy's own, the most generous one in
// force, and the agreement that set it (0: the policy itself). A nil term allows everything.
type bound[T any] struct {
	standard, bound *T
	agreement       int
}

type limit = bound[aup.Limit]

// limit finds the limit that pick names.
func (s Subject) limit(st stretch, pick func(aup.Terms) *aup.Limit) limit {
	return generous(s, st, pick, func(a, b *aup.Limit) bool { return a.Limit > b.Limit })
}

// generous finds the term that pick names, at the beginning and the end of the stretch, now, and whenever
// an agreement came into force in between.
func generous[T any](s Subject, st stretch, pick func(aup.Terms) *T, kinder func(a, b *T) bool) bound[T] {
	l := bound[T]{standard: pick(s.Policy.Version.Policy.Terms), bound: pick(s.Policy.Terms)}
	if l.bound != l.standard {
		l.agreement = setBy(s, s.Now, pick)
	}
	if len(s.Agreements) == 0 {
		return l
	}
	for _, at := range s.moments(st) {
		if other := pick(s.termsAt(at)); l.bound != nil && (other == nil || kinder(other, l.bound)) {
			l.bound, l.agreement = other, setBy(s, at, pick)
		}
	}
	return l
}

func (s Subject) moments(st stretch) []time.Time {
	at := []time.Time{st.from, st.until}
	for _, a := range s.Agreements {
		if a.From.After(st.from) && a.From.Before(st.until) {
			at = append(at, a.From)
		}
	}
	return at
}

func (s Subject) termsAt(at time.Time) aup.Terms {
	t := s.Policy.Version.Policy.Terms
	for _, a := range s.Agreements {
		if s.binds(a, at) {
			t = t.With(a.Terms)
		}
	}
	return t
}

// setBy is the number of the agreement that has the last word about a term at a moment.
func setBy[T any](s Subject, at time.Time, pick func(aup.Terms) *T) (number int) {
	for _, a := range s.Agreements {
		if s.binds(a, at) && pick(a.Terms) != nil {
			number = a.Number
		}
	}
	return number
}

func (s Subject) binds(a aup.Agreement, at time.Time) bool {
	return a.Policy == s.Policy.Version.Policy.ID && a.InForce(at)
}

// permitted finds the agreement that granted a permission at some moment of the stretch.
func (s Subject) permitted(name string, st stretch) (agreement int, ok bool) {
	if g, ok := s.Policy.Permissions[name]; ok {
		return g.Agreement, true
	}
	for _, at := range s.moments(st) {
		for _, a := range s.Agreements {
			for _, p := range a.Permissions {
				if p.Name == name && s.binds(a, at) && (p.Expires.IsZero() || at.Before(p.Expires)) {
					return a.Number, true
				}
			}
		}
	}
	return 0, false
}

// hold completes a finding of more than a limit allows: whose limit it is, whether an agreement covers it,
// and whether it is extreme. what is the measured fact, such as "61,000 requests on 15 January 2027 (UTC)".
// ok is false when nothing is beyond.
func (s Subject) hold(f aup.Finding, l limit, what, per string) (aup.Finding, bool) {
	if l.bound != nil && f.Measured > float64(l.bound.Limit) {
		f.Clause, f.Allowed, f.Agreement = l.bound.Clause, float64(l.bound.Limit), l.agreement
		f.Reason = fmt.Sprintf("%s: %s of the %s %s that %s allows.", what, percent(f.Beyond()), count(f.Allowed), per, s.document(l.agreement))
		if l.bound.Significant > 0 && f.Beyond() >= l.bound.Significant {
			f.Extreme = true
			f.Reason += fmt.Sprintf(" From %s on, it counts as a significant risk.", percent(l.bound.Significant))
		}
		return f, true
	}
	if l.standard != nil && f.Measured > float64(l.standard.Limit) {
		f.Clause, f.Allowed, f.Agreement, f.Covered = l.standard.Clause, float64(l.standard.Limit), l.agreement, true
		within := "agreement " + fmt.Sprint(l.agreement) + " sets no limit"
		if l.bound != nil {
			within = fmt.Sprintf("within the %s that agreement %d allows", count(float64(l.bound.Limit)), l.agreement)
		}
		f.Reason = fmt.Sprintf("%s: %s of the %s %s in %s, but %s.", what, percent(f.Beyond()), count(f.Allowed), per, s.Policy.Version.Name(), within)
		return f, true
	}
	return f, false
}

func (s Subject) document(agreement int) string {
	if agreement > 0 {
		return fmt.Sprintf("agreement %d", agreement)
	}
	return s.Policy.Version.Name()
}
