package assess_test

import (
	"encoding/json"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"

	"pgregory.net/rapid"
)

func TestDecide(t *testing.T) {
	extreme := assess.Assess([]aup.Finding{found(asIs)}, again(time.Minute))
	first := assess.Assess([]aup.Finding{found(asIs)}, assess.Circumstances{Now: now, Told: true})
	considered := func(s *aup.Standing) {
		s.Considered = &aup.Considered{Clause: "fair-volume", At: now.Add(-30 * time.Second)}
	}
	mildly := assess.Assess([]aup.Finding{found(mild)}, assess.Circumstances{Now: now, Told: true})
	none := assess.Assess(nil, assess.Circumstances{Now: now, Told: true})
	with := func(state aup.CaseState, level aup.Level) func(*aup.Standing) {
		return func(s *aup.Standing) {
			s.Cases = []aup.CaseRef{{ID: "c-1", Clause: "fair-volume", State: state, Level: level}}
		}
	}
	elsewhere := func(s *aup.Standing) {
		s.Cases = []aup.CaseRef{{ID: "c-1", Clause: "dont-crawl", State: aup.CaseOpen, Level: aup.NonUrgent}}
	}
	observed := func(would string, day time.Time) func(*aup.Standing) {
		return func(s *aup.Standing) {
			s.Noticed = []aup.Noticed{{Term: "observed " + would, Period: aup.Date(day), Step: 1}}
		}
	}
	is := func(state aup.State) func(*aup.Standing) { return func(s *aup.Standing) { s.State = state } }
	protected := func(s *aup.Standing) { s.Protected = true }
	full := assess.Guard{Recent: []time.Time{now, now, now}}
	tests := []struct {
		name, desc string
		a          aup.Assessment
		standing   func(*aup.Standing)
		mode       assess.Mode
		g          assess.Guard
		want       assess.Action
		why        string // of a hold
		wait       time.Duration
	}{
		{name: "none", desc: "no risk, no action", a: none, mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "contact", desc: "a new matter opens a case, with two weeks to answer", a: mildly, mode: assess.ModeEnforce, want: assess.Contact, wait: 14 * 24 * time.Hour},
		{name: "contact, warn", desc: "warning means contact", a: mildly, mode: assess.ModeWarn, want: assess.Contact, wait: 14 * 24 * time.Hour},
		{name: "open", desc: "a case that is open does not open again", a: mildly, standing: with(aup.CaseOpen, aup.NonUrgent), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "answered", desc: "nor one that was answered", a: mildly, standing: with(aup.CaseAnswered, aup.NonUrgent), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "other clause", desc: "a case about another clause is another case", a: mildly, standing: elsewhere, mode: assess.ModeEnforce, want: assess.Contact, wait: 14 * 24 * time.Hour},
		{name: "worse", desc: "an open case that had no level yet is reassessed", a: mildly, standing: with(aup.CaseOpen, aup.None), mode: assess.ModeEnforce, want: assess.Reassess},
		{name: "suspend", desc: "a significant risk is stopped, and reviewed within a day", a: extreme, mode: assess.ModeEnforce, want: assess.Suspend, wait: 24 * time.Hour},
		{name: "suspend, open", desc: "an open case does not protect", a: extreme, standing: with(aup.CaseOpen, aup.NonUrgent), mode: assess.ModeEnforce, want: assess.Suspend, wait: 24 * time.Hour},
		{name: "warn", desc: "warning holds suspensions", a: extreme, mode: assess.ModeWarn, want: assess.Hold, why: "mode", wait: 24 * time.Hour},
		{name: "protected", desc: "a protected consumer needs people", a: extreme, standing: protected, mode: assess.ModeEnforce, want: assess.Hold, why: "protected", wait: 24 * time.Hour},
		{name: "budget", desc: "beyond the budget suspensions wait", a: extreme, mode: assess.ModeEnforce, g: full, want: assess.Hold, why: "budget", wait: 24 * time.Hour},
		{name: "sensor", desc: "more than is plausible, and the sensor is suspected, in every mode", a: extreme, standing: protected, mode: assess.ModeEnforce, g: assess.Guard{Recent: []time.Time{now, now, now, now}}, want: assess.Hold, why: "sensor", wait: 24 * time.Hour},
		{name: "first", desc: "one judgement asks for a second", a: first, mode: assess.ModeEnforce, want: assess.Consider, wait: time.Minute},
		{name: "first, observe", desc: "in every mode", a: first, mode: assess.ModeObserve, want: assess.Consider, wait: time.Minute},
		{name: "first, protected", desc: "of everyone", a: first, standing: protected, mode: assess.ModeWarn, want: assess.Consider, wait: time.Minute},
		{name: "waiting", desc: "those in between add nothing", a: first, standing: considered, mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "first, held", desc: "what waits for people is not considered", a: first, standing: with(aup.CaseHeld, aup.Significant), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "first, suspended", desc: "nor is what is suspended", a: first, standing: is(aup.IsSuspended), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "first, observed", desc: "nor what was recorded today", a: first, standing: observed("suspend", now), mode: assess.ModeObserve, want: assess.Nothing},
		{name: "held", desc: "what is held does not wait twice, and is never executed by itself", a: extreme, standing: with(aup.CaseHeld, aup.Significant), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "suspended", desc: "a suspended consumer is not suspended again", a: extreme, standing: is(aup.IsSuspended), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "suspended, mild", desc: "nor contacted", a: mildly, standing: is(aup.IsSuspended), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "ended", desc: "nothing follows an end", a: extreme, standing: is(aup.HasEnded), mode: assess.ModeEnforce, want: assess.Nothing},
		{name: "observe contact", desc: "observing records what would have been", a: mildly, mode: assess.ModeObserve, want: assess.Observe},
		{name: "observe suspend", desc: "of either kind", a: extreme, mode: assess.ModeObserve, want: assess.Observe},
		{name: "no mode", desc: "a deployment that says nothing observes", a: extreme, mode: "", want: assess.Observe},
		{name: "mode unknown", desc: "a mode that is none observes", a: extreme, mode: "enforced", want: assess.Observe},
		{name: "observed today", desc: "once a day", a: extreme, standing: observed("suspend", now), mode: assess.ModeObserve, want: assess.Nothing},
		{name: "observed yesterday", desc: "and again the next day", a: extreme, standing: observed("suspend", now.AddDate(0, 0, -1)), mode: assess.ModeObserve, want: assess.Observe},
		{name: "observed otherwise", desc: "a contact observed hides no suspension", a: extreme, standing: observed("contact", now), mode: assess.ModeObserve, want: assess.Observe},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := aup.Standing{Consumer: "acme", State: aup.Active}
			if tt.standing != nil {
				tt.standing(&s)
			}
			d := assess.Deadlines(aup.DefaultCaseTimes).Decide(tt.a, s, tt.mode, tt.g, now)
			if d.Action != tt.want || d.Mode != tt.mode {
				t.Fatalf("%s: got %+v", tt.desc, d)
			}
			if tt.want == assess.Hold && d.Why != tt.why || d.Why == "" {
				t.Errorf("%s: why %q", tt.desc, d.Why)
			}
			if slows := d.Why == "protected" || d.Why == "budget"; d.Slows() != slows {
				t.Errorf("%s: the keys may be slowed: %t, want %t", tt.desc, d.Slows(), slows)
			}
			if wait := d.Deadline.Sub(now); tt.wait > 0 && wait != tt.wait || tt.wait == 0 && !d.Deadline.IsZero() {
				t.Errorf("%s: deadline after %s", tt.desc, wait)
			}
			if (d.Action == assess.Observe) != (d.Would != "") && d.Action != assess.Nothing {
				t.Errorf("%s: would %q", tt.desc, d.Would)
			}
			if open := s.Case("fair-volume") != nil && len(tt.a.Findings) > 0; (d.Case != nil) != open {
				t.Errorf("%s: case %+v", tt.desc, d.Case)
			}
		})
	}
}

func TestParseMode(t *testing.T) {
	for in, want := range map[string]assess.Mode{"": assess.ModeObserve, "observe": assess.ModeObserve, "warn": assess.ModeWarn, "enforce": assess.ModeEnforce} {
		if got, err := assess.ParseMode(in); err != nil || got != want {
			t.Errorf("ParseMode(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"Enforce", "enforce ", "on"} {
		if got, err := assess.ParseMode(in); err == nil {
			t.Errorf("ParseMode(%q) = %q, want an error: a mistyped mode must not suspend", in, got)
		}
	}
}

func TestBudget(t *testing.T) {
	for consumers, want := range map[int]int{0: 3, 299: 3, 399: 3, 400: 4, 10000: 100} {
		if got := (assess.Guard{Consumers: consumers}).Budget(); got != want {
			t.Errorf("%d consumers: budget %d, want %d", consumers, got, want)
		}
	}
}

// In no hour are there more suspensions than the budget, whenever and by whichever clock they are asked for.
func TestNoHourExceedsTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := assess.Guard{Consumers: rapid.IntRange(0, 600).Draw(t, "consumers")}
		elapsed, made := now, []time.Time{}
		for range rapid.IntRange(1, 60).Draw(t, "deciders") {
			elapsed = elapsed.Add(time.Duration(rapid.Int64Range(0, int64(40*time.Minute)).Draw(t, "later")))
			at := elapsed.Add(time.Duration(rapid.Int64Range(-int64(30*time.Minute), int64(30*time.Minute)).Draw(t, "the judge's clock")))
			if !g.Room(at) {
				continue
			}
			g, made = reread(t, g.With(at)), append(made, at)
			for _, from := range made {
				in := 0
				for _, m := range made {
					if since := m.Sub(from); since >= 0 && since <= time.Hour {
						in++
					}
				}
				if in > g.Budget() {
					t.Fatalf("%d suspensions in the hour from %s, budget %d", in, from, g.Budget())
				}
			}
		}
	})
}

func reread(t *rapid.T, g assess.Guard) (back assess.Guard) {
	b, err := json.Marshal(g)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// What is older than an hour does not count, and is kept for a judge whose clock is behind.
func TestGuardCountsOneHour(t *testing.T) {
	g := assess.Guard{Recent: []time.Time{now.Add(-121 * time.Minute), now.Add(-61 * time.Minute), now.Add(-time.Hour), now.Add(5 * time.Minute)}}
	if !g.Room(now) {
		t.Error("two of three places are taken, one by a clock that is ahead: there is room")
	}
	next := g.With(now)
	if len(next.Recent) != 4 || next.Room(now) || len(g.Recent) != 4 {
		t.Errorf("got %v, from %v", next.Recent, g.Recent)
	}
}
