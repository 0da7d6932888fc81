package backtest_test

import (
	"slices"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
)

// What a policy or a term only observes is counted as recorded once a day, and what is not observed is done beside it.
func TestWhatIsObservedIsCounted(t *testing.T) {
	busy := func(n int) []entry {
		return together(calls("k1", start, time.Second, n, func(int) any { return 7 }), calls("k1", start.AddDate(0, 0, 1), time.Second, n, func(int) any { return 7 }))
	}
	policy := func(spoil func(*aup.Policy)) backtest.Config {
		v := limited(100)
		v.Policy.Terms.PerMinute = &aup.Limit{Clause: "rate", Limit: 50}
		spoil(&v.Policy)
		return backtest.Config{Policy: v}
	}
	observes := policy(func(p *aup.Policy) { p.Mode = aup.ModeObserve })
	tests := []struct {
		name            string
		cfg             backtest.Config
		log             []entry
		level, observed aup.Level
		recorded, done  []string // the clauses, in order, with the day
	}{
		{"a policy that observes records a contact once a day, about what is worst then", observes, busy(150), aup.None, aup.NonUrgent,
			[]string{"2027-01-11 rate", "2027-01-12 fair-volume"}, nil},
		{"a suspension is recorded beside the contact, and the key goes on", observes, busy(400), aup.None, aup.Significant,
			[]string{"2027-01-11 rate", "2027-01-11 fair-volume", "2027-01-12 fair-volume"}, nil},
		{"a term that observes keeps no other from being enforced", policy(func(p *aup.Policy) { p.Terms.PerMinute.Mode = aup.ModeObserve }), busy(150), aup.NonUrgent, aup.NonUrgent,
			[]string{"2027-01-11 rate", "2027-01-12 rate"}, []string{"2027-01-11 fair-volume"}},
		{"a policy that warns leaves it to people, which counts as done", policy(func(p *aup.Policy) { p.Mode, p.Terms.PerMinute = aup.ModeWarn, nil }), busy(400), aup.Significant, "",
			nil, []string{"2027-01-11 fair-volume", "2027-01-11 fair-volume"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := run(t, tt.cfg, tt.log).Consumers[0]
			var recorded, done []string
			for _, d := range c.Decisions {
				said := aup.Date(d.At) + " " + string(d.Clause)
				if d.Observed {
					recorded = append(recorded, said)
				} else {
					done = append(done, said)
				}
			}
			if c.Level != tt.level || c.Observed != tt.observed || !slices.Equal(recorded, tt.recorded) || !slices.Equal(done, tt.done) {
				t.Errorf("level %s, observed %q, recorded %q, done %q\n%+v", c.Level, c.Observed, recorded, done, c.Decisions)
			}
		})
	}
}

// Whoever was contacted and would only be observed is no longer contacted.
func TestObservingIsNoContact(t *testing.T) {
	v := limited(100)
	v.Policy.Mode = aup.ModeObserve
	log := calls("k1", start, time.Second, 200, func(int) any { return 7 })
	c := run(t, backtest.Config{Policy: v, Against: &backtest.Rules{Policy: limited(100)}}, log).Consumers[0]
	if c.Change != backtest.NoLongerContacted || c.Observed != aup.NonUrgent || c.Before.Observed != "" {
		t.Errorf("got %+v", c)
	}
}
