package assess_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var now = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)

// found is six times the day's limit, which the policy calls significant, changed in one way.
func found(change func(*aup.Finding)) aup.Finding {
	f := aup.Finding{Detector: "volume", Clause: "fair-volume", Term: aup.TermPerDay, Version: 12, Measured: 300000, Allowed: 50000, Unit: "requests a day",
		From: now.Add(-12 * time.Hour), Until: now, Reason: "300,000 requests on 2027-01-15.", Extreme: true}
	change(&f)
	return f
}

func asIs(*aup.Finding)          {}
func mild(f *aup.Finding)        { f.Extreme = false }
func covered(f *aup.Finding)     { f.Covered, f.Agreement = true, 3 }
func suspected(f *aup.Finding)   { f.Suspected = true }
func doubtful(f *aup.Finding)    { f.Incomplete, f.Extreme = "overlap", false }
func doubtfulYet(f *aup.Finding) { f.Incomplete = "overlap" }

// again is a consumer that was told, and of whom a judgement found a significant risk so long ago.
func again(ago time.Duration) assess.Circumstances {
	return assess.Circumstances{Now: now, Told: true, Considered: &aup.Considered{Clause: "fair-volume", At: now.Add(-ago)}}
}

func TestAssess(t *testing.T) {
	told := again(time.Minute)
	atRisk := assess.Circumstances{Now: now, ServiceShare: .7, ServiceErrors: .2}
	tests := []struct {
		name, desc string
		findings   []aup.Finding
		c          assess.Circumstances
		level      aup.Level
		reason     string
		weighed    int
	}{
		{name: "nothing", desc: "no findings, no risk", c: told, level: aup.None, reason: "Nothing beyond what was agreed."},
		{name: "covered", desc: "what an agreement covers goes no further", findings: []aup.Finding{found(covered)}, c: told, level: aup.None, reason: "an agreement covers: 1"},
		{name: "mild", desc: "beyond the limit, not beyond the significant figure", findings: []aup.Finding{found(mild)}, c: told, level: aup.NonUrgent, weighed: 1, reason: "there is time to agree"},
		{name: "extreme", desc: "beyond the figure that the consumer was told", findings: []aup.Finding{found(asIs)}, c: told, level: aup.Significant, weighed: 1, reason: "the policy that the consumer was told of says so"},
		{name: "never told", desc: "a consumer who was never told is contacted, not suspended", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now}, level: aup.NonUrgent, weighed: 1, reason: "never told"},
		{name: "at risk", desc: "unless the service itself is at risk", findings: []aup.Finding{found(asIs)}, c: atRisk, level: aup.Significant, weighed: 1, reason: "the service itself is at risk"},
		{name: "busy, healthy", desc: "a large share alone is no risk to the service", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now, ServiceShare: .9}, level: aup.NonUrgent, weighed: 1, reason: "never told"},
		{name: "small, failing", desc: "nor are failures that others cause", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now, ServiceShare: .1, ServiceErrors: .5}, level: aup.NonUrgent, weighed: 1, reason: "never told"},
		{name: "mild at risk", desc: "what is not extreme is never significant, whatever the service suffers", findings: []aup.Finding{found(mild)}, c: atRisk, level: aup.NonUrgent, weighed: 1, reason: "time to agree"},
		{name: "suspected", desc: "what is only suspected is never significant", findings: []aup.Finding{found(suspected)}, c: told, level: aup.NonUrgent, weighed: 1, reason: "only suspected"},
		{name: "doubtful", desc: "doubtful data are held against nobody", findings: []aup.Finding{found(doubtful)}, c: told, level: aup.None, reason: "doubtful data (overlap): 1"},
		{name: "doubtful, extreme", desc: "even when a finding calls itself extreme", findings: []aup.Finding{found(doubtfulYet)}, c: told, level: aup.None, reason: "doubtful"},
		{name: "several", desc: "the worst decides", findings: []aup.Finding{found(mild), found(covered), found(asIs)}, c: told, level: aup.Significant, weighed: 2, reason: "Significant"},
		{name: "first", desc: "one judgement alone suspends nobody", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now, Told: true}, level: aup.NonUrgent, weighed: 1, reason: "if it is found again a minute later"},
		{name: "too soon", desc: "nor do two within the same minute", findings: []aup.Finding{found(asIs)}, c: again(59 * time.Second), level: aup.NonUrgent, weighed: 1, reason: "found again"},
		{name: "an hour later", desc: "two an hour apart do", findings: []aup.Finding{found(asIs)}, c: again(time.Hour), level: aup.Significant, weighed: 1, reason: "Significant"},
		{name: "too late", desc: "what was found longer ago is to be found twice again", findings: []aup.Finding{found(asIs)}, c: again(time.Hour + time.Second), level: aup.NonUrgent, weighed: 1, reason: "found again"},
		{name: "clock set back", desc: "a judgement that is still to come is none", findings: []aup.Finding{found(asIs)}, c: again(-10 * time.Minute), level: aup.NonUrgent, weighed: 1, reason: "found again"},
		{name: "a day ahead", desc: "by a day neither", findings: []aup.Finding{found(asIs)}, c: again(-24 * time.Hour), level: aup.NonUrgent, weighed: 1, reason: "found again"},
		{name: "another clause", desc: "two judgements about different clauses are one of each", findings: []aup.Finding{found(func(f *aup.Finding) { f.Clause = "dont-crawl" })}, c: again(time.Minute), level: aup.NonUrgent, weighed: 1, reason: "found again"},
		{name: "weak by now", desc: "what is no longer strong evidence confirms nothing", findings: []aup.Finding{found(mild)}, c: again(time.Minute), level: aup.NonUrgent, weighed: 1, reason: "time to agree"},
		{name: "at risk, first", desc: "a service that visibly suffers is not made to wait", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now, Told: true, ServiceShare: .7, ServiceErrors: .2}, level: aup.Significant, weighed: 1, reason: "Significant"},
		{name: "ignored", desc: "an earlier contact that was ignored is weighed, and alone suspends nobody", findings: []aup.Finding{found(mild)}, c: assess.Circumstances{Now: now, Told: true, EarlierContact: true}, level: aup.NonUrgent, weighed: 1, reason: "time to agree"},
		{name: "not a share", desc: "a share of nothing is not known", findings: []aup.Finding{found(asIs)}, c: assess.Circumstances{Now: now, ServiceShare: math.NaN(), ServiceErrors: math.Inf(1)}, level: aup.NonUrgent, weighed: 1, reason: "never told"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := assess.Assess(tt.findings, tt.c)
			if a.Level != tt.level || len(a.Findings) != tt.weighed || !strings.Contains(a.Reason, tt.reason) {
				t.Errorf("%s: got %s with %d findings: %s", tt.desc, a.Level, len(a.Findings), a.Reason)
			}
			if (len(a.Factors) > 0) != (tt.weighed > 0) {
				t.Errorf("%s: %d factors", tt.desc, len(a.Factors))
			}
			stored(t, a)
		})
	}
}

// stored is the assessment as it comes back from its event; its level must follow from it alone.
func stored(t interface{ Fatalf(string, ...any) }, a aup.Assessment) {
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatalf("cannot be stored: %v", err)
	}
	var back aup.Assessment
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatalf("cannot be read: %v", err)
	}
	if got := assess.Recompute(back); got != a.Level {
		t.Fatalf("recomputed %s from the event, decided %s", got, a.Level)
	}
	if len(back.Findings) == 0 {
		return
	}
	if d := cmp.Diff(back, assess.Assess(back.Findings, back.Circumstances)); d != "" {
		t.Fatalf("made again from the event (-kept, +made again): %s", d)
	}
}

func TestFactorsSayWhy(t *testing.T) {
	c := assess.Circumstances{Now: now, Told: true, Serves: true, Protected: true, ServiceShare: .61, ServiceErrors: .08, ServiceLatency: 2.5, EarlierContact: true, Catalogue: 150000,
		Considered: &aup.Considered{Clause: "fair-volume", At: now.Add(-90 * time.Second)}}
	crawl := found(func(f *aup.Finding) {
		f.Term, f.Measured, f.Allowed, f.Unit, f.From = aup.TermCrawling, 4500, 0, "resources", now.Add(-36*time.Hour)
	})
	var got []string
	for _, f := range assess.Assess([]aup.Finding{found(mild), crawl}, c).Factors {
		got = append(got, f.Name+": "+f.Sentence)
	}
	want := []string{
		"beyond: 4500 resources, where nothing of the kind is allowed.",
		"duration: It was seen within 36.0 hours, from 14 January 2027, 00:00 to 15 January 2027, 12:00 (UTC).",
		"service-share: The consumer makes 61 % of the service's requests.",
		"service-errors: While it lasts, 8.0 % of the service's requests fail.",
		"service-latency: While it lasts, an answer takes 2.5 times as long as the day before.",
		"service-at-risk: The service itself is at risk: at least 50 % of its load is this consumer's, and at least 5 % fails.",
		"catalogue: 4500 resources were read, 3.0 % of the catalogue.",
		"earlier-contact: An earlier contact was delivered and remained without answer past its deadline.",
		"serves: It is on record what stops if this consumer's access stops.",
		"protected: What stops is protected: people must approve a suspension.",
		"told: The consumer was delivered this version of the policy.",
		"judged-before: A judgement 1.5 minutes earlier found a significant risk, too.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	crawl.Uncounted = true
	for _, f := range assess.Assess([]aup.Finding{crawl}, c).Factors {
		if f.Name == assess.FactorCatalogue && (f.Sentence != "4500 resources were read, none of which the catalogue counts." || f.Points != 0) {
			t.Errorf("of another resource: %+v", f)
		}
	}
}

// Whatever is weighed: the same again gives the same, and the event alone gives the level again.
func TestRecompute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		findings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) aup.Finding {
			return found(func(f *aup.Finding) {
				f.Extreme, f.Suspected, f.Covered = rapid.Bool().Draw(t, "extreme"), rapid.Bool().Draw(t, "suspected"), rapid.Bool().Draw(t, "covered")
				f.Incomplete = rapid.SampledFrom([]string{"", "", "overlap"}).Draw(t, "incomplete")
				f.Term = rapid.SampledFrom([]string{aup.TermPerDay, aup.TermCrawling, ""}).Draw(t, "term")
			})
		}), 0, 4).Draw(t, "findings")
		c := assess.Circumstances{Now: now, Told: rapid.Bool().Draw(t, "told"), Serves: rapid.Bool().Draw(t, "serves"),
			ServiceShare: rapid.Float64().Draw(t, "share"), ServiceErrors: rapid.Float64().Draw(t, "errors"), Catalogue: rapid.Int64().Draw(t, "catalogue")}
		if rapid.Bool().Draw(t, "considered") {
			c.Considered = &aup.Considered{Clause: "fair-volume", At: now.Add(-time.Duration(rapid.Int64Range(-100, 5000).Draw(t, "ago")) * time.Second)}
		}
		a := assess.Assess(findings, c)
		if diff := cmp.Diff(a, assess.Assess(findings, c)); diff != "" {
			t.Fatal(diff)
		}
		stored(t, a)
	})
}

// The policy's weights decide the score, and a least score can only hold a suspension back.
func TestWeights(t *testing.T) {
	crawl := found(func(f *aup.Finding) {
		f.Term, f.Measured, f.Allowed, f.Unit, f.From = aup.TermCrawling, 75000, 0, "resources", now.Add(-36*time.Hour)
	})
	only := func(factor string, least int64) aup.Weighing {
		w := aup.Weighing{Weights: map[string]int64{}, Least: least}
		for name := range aup.DefaultWeights {
			w.Weights[name] = 0
		}
		w.Weights[factor] = 4
		return w
	}
	tests := []struct {
		name, desc string
		w          aup.Weighing
		errors     float64
		score      float64
		level      aup.Level
	}{
		{name: "none", desc: "the default weights, and no least score", score: 26.3, level: aup.Significant},
		{name: "catalogue", desc: "half of the catalogue", w: only(assess.FactorCatalogue, 50), score: 50, level: aup.Significant},
		{name: "more", desc: "a policy may ask for more", w: only(assess.FactorCatalogue, 51), score: 50, level: aup.NonUrgent},
		{name: "duration", desc: "half of three days", w: only(assess.FactorDuration, 0), score: 50, level: aup.Significant},
		{name: "at risk", desc: "a service at risk is protected whatever the score", w: only(assess.FactorDuration, 90), errors: .2, score: 50, level: aup.Significant},
	}
	for _, tt := range tests {
		c := again(time.Minute)
		c.Catalogue, c.Weighing = 150000, tt.w
		if tt.errors > 0 {
			c.ServiceShare, c.ServiceErrors = .7, tt.errors
		}
		a := assess.Assess([]aup.Finding{crawl}, c)
		if a.Score != tt.score || a.Level != tt.level {
			t.Errorf("%s: %s: score %.1f, %s: %s", tt.name, tt.desc, a.Score, a.Level, a.Reason)
		}
		stored(t, a)
	}
}
