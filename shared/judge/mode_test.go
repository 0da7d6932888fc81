package judge_test

import (
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"

	"pgregory.net/rapid"
)

// TestNoModeIsExceeded: whatever was used, whatever is open, no combination of deployment, policy, term and
// agreement acts beyond any of the four.
func TestNoModeIsExceeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mode := func(of string) aup.Mode {
			return rapid.SampledFrom([]aup.Mode{"", "", aup.ModeObserve, aup.ModeWarn, aup.ModeEnforce, "dreamt"}).Draw(t, of)
		}
		in := busy()
		in.Mode = mode("deployment")
		p := &in.Subject.Policy.Version.Policy
		p.Mode, p.Terms.PerDay.Mode, p.Terms.PerMinute.Mode = mode("policy"), mode("per day"), mode("per minute")
		if rapid.Bool().Draw(t, "agreed") {
			a := aup.Agreement{Number: 3, Policy: p.ID, From: now.AddDate(0, 0, -5), Until: now.AddDate(0, 0, 5),
				Terms: aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: 1100, Significant: 2, Mode: mode("agreement")}}}
			in.Subject.Agreements = []aup.Agreement{a}
		}
		in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, in.Subject.Agreements, now)
		in.Subject.Keys["k1"][0].Put(now.Add(-time.Hour), usage.Summary{Counts: usage.Counts{Requests: rapid.Int64Range(0, 9000).Draw(t, "requests")},
			Minutes: map[int64]int64{now.Add(-time.Hour).Unix() / 60: rapid.Int64Range(0, 900).Draw(t, "a minute")}})
		if rapid.Bool().Draw(t, "considered") {
			in.Standing.Considered = &aup.Considered{Clause: rapid.SampledFrom([]aup.ClauseID{"fair-volume", "no-bursts"}).Draw(t, "clause"), At: now.Add(-2 * time.Minute)}
		}
		v := judge.Reach(in)
		for _, f := range v.Assessment.Findings {
			for _, m := range []aup.Mode{in.Mode, p.Mode, p.Terms.Mode(f.Term), in.Subject.Policy.Terms.Mode(f.Term)} {
				beyond(t, m, m == "" && in.Mode != "", v.Decision)
			}
		}
	})
}

// beyond fails when a decision is more than a mode allows; says is true when the mode says nothing.
func beyond(t *rapid.T, m aup.Mode, nothing bool, d assess.Decision) {
	switch d.Action {
	case assess.Suspend:
		if m != aup.ModeEnforce && !nothing {
			t.Fatalf("%s, although one of the modes is %q", d.Action, m)
		}
	case assess.Contact, assess.Hold, assess.Reassess:
		if m != aup.ModeEnforce && m != aup.ModeWarn && !nothing {
			t.Fatalf("%s, although one of the modes is %q", d.Action, m)
		}
	}
}

// TestModesOfTerms: each term is acted on in its own mode, and what is only observed does not help to suspend.
func TestModesOfTerms(t *testing.T) {
	type modes struct{ deployment, policy, day, minute aup.Mode }
	const observe, warn, enforce = aup.ModeObserve, aup.ModeWarn, aup.ModeEnforce
	for _, c := range []struct {
		says  string
		modes modes
		want  assess.Action
		about aup.ClauseID
	}{
		{"nothing said: the deployment's", modes{deployment: enforce}, assess.Suspend, "fair-volume"},
		{"the policy warns", modes{deployment: enforce, policy: warn}, assess.Hold, "fair-volume"},
		{"the policy observes", modes{deployment: enforce, policy: observe}, assess.Observe, "fair-volume"},
		{"the deployment is safer than the policy", modes{deployment: observe, policy: enforce}, assess.Observe, "fair-volume"},
		{"a term that is observed leaves the other", modes{deployment: enforce, day: observe}, assess.Contact, "no-bursts"},
		{"a term that warns holds the suspension, but the other's contact goes first", modes{deployment: enforce, day: warn}, assess.Contact, "no-bursts"},
		{"both observed", modes{deployment: enforce, day: observe, minute: observe}, assess.Observe, "fair-volume"},
		{"a term cannot allow more than the policy", modes{deployment: enforce, policy: warn, day: enforce}, assess.Hold, "fair-volume"},
		{"no mode at all observes", modes{}, assess.Observe, "fair-volume"},
	} {
		in := busy()
		in.Subject.Keys["k1"][0].Put(now.Add(-time.Hour), usage.Summary{Counts: usage.Counts{Requests: 5000}})
		in.Standing.Considered = &aup.Considered{Clause: "fair-volume", At: now.Add(-2 * time.Minute)}
		in.Mode = c.modes.deployment
		p := &in.Subject.Policy.Version.Policy
		p.Mode, p.Terms.PerDay.Mode, p.Terms.PerMinute.Mode = c.modes.policy, c.modes.day, c.modes.minute
		in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, nil, now)
		v := judge.Reach(in)
		if worst, _ := v.Assessment.Worst(); v.Decision.Action != c.want || worst.Clause != c.about {
			t.Errorf("%s: %s about %s, want %s about %s", c.says, v.Decision.Action, worst.Clause, c.want, c.about)
		}
	}
}
