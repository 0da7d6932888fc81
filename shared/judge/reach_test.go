package judge_test

import (
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2027, 1, 15, 18, 0, 0, 0, time.UTC)

// busy is a consumer that used 1,200 of 1,000 requests today, 100 of 60 in one minute, and was told.
func busy() judge.Input {
	v := aup.Version{Number: 12, Policy: aup.Policy{ID: "dos-api", Terms: aup.Terms{
		PerDay:    &aup.Limit{Clause: "fair-volume", Limit: 1000, Notify: []float64{.8, 1}, Significant: 3},
		PerMinute: &aup.Limit{Clause: "no-bursts", Limit: 60, Significant: 10},
	}}}
	nine := now.Add(-9 * time.Hour)
	day := usage.Day{Date: aup.Date(now)}
	day.Put(nine, usage.Summary{Counts: usage.Counts{Requests: 1200}, Minutes: map[int64]int64{nine.Unix() / 60: 100}})
	return judge.Input{Mode: assess.ModeEnforce, Standing: aup.Standing{Consumer: "acme", State: aup.Active},
		Circumstances: assess.Circumstances{Now: now, Told: true},
		Subject: audit.Subject{Consumer: "acme", Policy: aup.Tailor(v, nil, now), Now: now,
			Keys: map[aup.KeyID][]usage.Day{"k1": {day}}}}
}

func TestReach(t *testing.T) {
	open := func(clauses ...aup.ClauseID) func(*judge.Input) {
		return func(in *judge.Input) {
			for _, c := range clauses {
				in.Standing.Cases = append(in.Standing.Cases, aup.CaseRef{ID: "c", Clause: c, State: aup.CaseOpen, Level: aup.NonUrgent})
			}
		}
	}
	told := func(step float64, period string) func(*judge.Input) {
		return func(in *judge.Input) {
			in.Standing.Noticed = []aup.Noticed{{Term: aup.TermPerDay, Period: period, Step: step}}
		}
	}
	agreed := func(in *judge.Input) {
		a := aup.Agreement{Number: 3, Policy: "dos-api", From: now.AddDate(0, 0, -5), Until: now.AddDate(0, 0, 5),
			Terms: aup.Terms{PerDay: &aup.Limit{Limit: 5000}, PerMinute: &aup.Limit{Limit: 500}}}
		in.Subject.Agreements = []aup.Agreement{a}
		in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, in.Subject.Agreements, now)
	}
	over := func(in *judge.Input) { in.Subject.Doubt.OverCounted = "overlap" }
	extreme := func(in *judge.Input) {
		in.Subject.Keys["k1"][0].Put(now.Add(-time.Hour), usage.Summary{Counts: usage.Counts{Requests: 5000}})
	}
	considered := func(in *judge.Input) {
		in.Standing.Considered = &aup.Considered{Clause: "fair-volume", At: now.Add(-time.Minute)}
	}
	tests := []struct {
		name, desc string
		change     func(*judge.Input)
		found      int
		covered    int
		steps      []float64
		action     assess.Action
		about      aup.ClauseID // of the worst finding weighed
		weighed    int
	}{
		{name: "two clauses", desc: "the worse of two is contacted about first", found: 2, steps: []float64{1}, action: assess.Contact, about: "no-bursts", weighed: 2},
		{name: "the other", desc: "once there is a case about it, the other gets its own, and no notice beside the email", change: open("no-bursts"), found: 2, action: assess.Contact, about: "fair-volume", weighed: 1},
		{name: "both open", desc: "nothing new follows when both have their case", change: open("no-bursts", "fair-volume"), found: 2, steps: []float64{1}, action: assess.Nothing, about: "no-bursts", weighed: 2},
		{name: "significant", desc: "what is significant comes before anything that is open", change: func(in *judge.Input) { extreme(in); open("fair-volume")(in); considered(in) }, found: 2, action: assess.Suspend, about: "fair-volume", weighed: 2},
		{name: "first", desc: "the first time it is found it is to be found again", change: func(in *judge.Input) { extreme(in); open("fair-volume", "no-bursts")(in) }, found: 2, steps: []float64{1}, action: assess.Consider, about: "fair-volume", weighed: 2},
		{name: "told lower", desc: "a higher step than the one told is owed", change: told(.8, "2027-01-15"), found: 2, steps: []float64{1}, action: assess.Contact, about: "no-bursts", weighed: 2},
		{name: "told", desc: "a step that was told today is not told again", change: told(1, "2027-01-15"), found: 2, action: assess.Contact, about: "no-bursts", weighed: 2},
		{name: "told yesterday", desc: "each day is told of anew", change: told(1, "2027-01-14"), found: 2, steps: []float64{1}, action: assess.Contact, about: "no-bursts", weighed: 2},
		{name: "told of later", desc: "a day before the one last told of is over", change: told(.8, "2027-01-16"), found: 2, action: assess.Contact, about: "no-bursts", weighed: 2},
		{name: "covered", desc: "what is agreed goes no further", change: agreed, covered: 2, action: assess.Nothing},
		{name: "doubtful", desc: "doubtful findings are shown and held against nobody", change: over, found: 2, action: assess.Nothing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := busy()
			if tt.change != nil {
				tt.change(&in)
			}
			v := judge.Reach(in)
			if len(v.Findings) != tt.found || len(v.Covered) != tt.covered || v.Decision.Action != tt.action {
				t.Fatalf("%s: %d findings, %d covered, %+v", tt.desc, len(v.Findings), len(v.Covered), v.Decision)
			}
			var steps []float64
			for _, n := range v.Notices {
				steps = append(steps, n.Step)
			}
			if diff := cmp.Diff(tt.steps, steps); diff != "" {
				t.Errorf("%s: %s", tt.desc, diff)
			}
			if worst, _ := v.Assessment.Worst(); worst.Clause != tt.about || len(v.Assessment.Findings) != tt.weighed {
				t.Errorf("%s: weighed %d, worst about %q", tt.desc, len(v.Assessment.Findings), worst.Clause)
			}
			if diff := cmp.Diff(v, judge.Reach(in)); diff != "" {
				t.Errorf("%s: another time: %s", tt.desc, diff)
			}
		})
	}
}

func TestReachKnowsTheCatalogue(t *testing.T) {
	in := busy()
	in.Subject.Policy.Terms.Crawling = &aup.Crawling{Clause: "dont-crawl", Catalogue: 400}
	day := in.Subject.Keys["k1"][0]
	var s usage.Summary
	for i := range 200 {
		s.Add(usage.Call{At: now.Add(-time.Hour), Method: "GET", Template: "/services/{id}", Path: "/services/" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)), Status: 200})
	}
	day.Put(now.Add(-time.Hour), s)
	in.Subject.Keys["k1"] = []usage.Day{day}
	for _, f := range judge.Reach(in).Assessment.Factors {
		if f.Name == assess.FactorCatalogue && f.Value > .4 && f.Value < .6 {
			return
		}
	}
	t.Error("the assessment does not say that about half of the catalogue was read")
}

// TestLadder: one notice for each step and day, never two emails about one clause within half an hour, and the
// highest step when that is over.
func TestLadder(t *testing.T) {
	type judged struct {
		after    time.Duration // midnight of the first day
		requests int64         // of its day so far
		told     float64       // 0: nothing
	}
	h, m := time.Hour, time.Minute
	for _, c := range []struct {
		says string
		day  []judged
	}{
		{"each step once", []judged{{9 * h, 400, 0}, {10 * h, 500, .5}, {11 * h, 600, 0}, {12 * h, 800, .8}, {13 * h, 900, 0}, {14 * h, 1000, 1}}},
		{"several at once are the highest one", []judged{{9 * h, 990, .8}, {10 * h, 995, 0}}},
		{"the next step within minutes waits, and is skipped by a higher one", []judged{{9 * h, 500, .5}, {9*h + 10*m, 800, 0}, {9*h + 29*m, 1000, 0}, {9*h + 31*m, 1000, 1}}},
		{"a figure that hovers about a step tells it once", []judged{{9 * h, 500, .5}, {10 * h, 499, 0}, {11 * h, 501, 0}, {12 * h, 499, 0}, {13 * h, 500, 0}}},
		{"each day anew, without a word about the day before", []judged{{22 * h, 500, .5}, {26 * h, 500, .5}, {27 * h, 500, 0}}},
		{"a step that nobody judged before midnight is still told", []judged{{23*h + 50*m, 500, .5}, {23*h + 59*m, 800, 0}, {24*h + 30*m, 10, .8}}},
		{"half an hour counts across midnight", []judged{{23*h + 50*m, 500, .5}, {24*h + 5*m, 500, 0}, {24*h + 30*m, 500, .5}}},
	} {
		in := busy()
		in.Subject.Policy.Version.Policy.Terms.PerDay.Notify = []float64{.5, .8, 1, 1.5}
		in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, nil, now)
		days := []usage.Day{{Date: aup.Date(now)}, {Date: aup.Date(now.AddDate(0, 0, 1))}}
		for _, j := range c.day {
			at := now.Truncate(24 * time.Hour).Add(j.after)
			days[int(j.after/(24*h))].Put(at.Truncate(24*time.Hour), usage.Summary{Counts: usage.Counts{Requests: j.requests}})
			in.Subject.Now, in.Circumstances.Now = at, at
			in.Subject.Keys = map[aup.KeyID][]usage.Day{"k1": days}
			told := 0.0
			for _, n := range judge.Reach(in).Notices {
				told = n.Step
				in.Standing.Noticed = []aup.Noticed{{Term: n.Term, Period: n.Period, Step: n.Step, At: at}}
			}
			if told != j.told {
				t.Errorf("%s: at %s told %g, want %g", c.says, at.Format("2 15:04"), told, j.told)
			}
		}
	}
}

// A clock that is a day wrong, either way and in between, suspends nobody early: the two judgements are to be
// a minute to an hour apart by it, whatever it says.
func TestSkewedClocksSuspendNobodyEarly(t *testing.T) {
	for _, skew := range []time.Duration{-24 * time.Hour, -time.Hour - time.Second, -time.Minute, 0, 59 * time.Second, time.Hour + time.Second, 24 * time.Hour} {
		in := busy()
		in.Subject.Keys["k1"][0].Put(now.Add(-time.Hour), usage.Summary{Counts: usage.Counts{Requests: 5000}})
		in.Standing.Considered = &aup.Considered{Clause: "fair-volume", At: now.Add(-skew)}
		if v := judge.Reach(in); v.Decision.Action == assess.Suspend || v.Assessment.Level == aup.Significant {
			t.Errorf("a first judgement %s before this one: %s, %s", skew, v.Decision.Action, v.Assessment.Reason)
		}
	}
}
