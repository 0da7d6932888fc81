package judge_test

import (
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// TestImpact: what a consumer that was never told of the version does to the service. Its finding, 1,200 calls
// in the window of nine o'clock, is extreme; only a service at risk makes it significant.
func TestImpact(t *testing.T) {
	nine := now.Add(-9 * time.Hour)
	others := func(requests, failed int64) map[int64]usage.Counts {
		all := map[int64]usage.Counts{nine.Unix(): {Requests: 1200 + requests, ServerErrors: failed, Timed: 1000, LatencySum: 800000}}
		for back := 1; back <= 24; back++ {
			all[nine.Add(time.Duration(-back)*time.Hour).Unix()] = usage.Counts{Requests: 100, Timed: 100, LatencySum: 20000}
		}
		return all
	}
	for _, c := range []struct {
		says          string
		change        func(*judge.Input)
		share, errors float64
		latency       float64
		risk          aup.Level
	}{
		{"most of the load, and it fails", func(in *judge.Input) { in.Service = others(400, 160) }, .75, .1, 4, aup.Significant},
		{"most of the load, and it holds", func(in *judge.Input) { in.Service = others(400, 8) }, .75, .005, 4, aup.NonUrgent},
		{"it fails, and others make the load", func(in *judge.Input) { in.Service = others(4800, 600) }, .2, .1, 4, aup.NonUrgent},
		{"not known", func(*judge.Input) {}, 0, 0, 0, aup.NonUrgent},
		{"the window of the calls is not known yet", func(in *judge.Input) { in.Service = others(400, 160); delete(in.Service, nine.Unix()) }, 0, 0, 0, aup.NonUrgent},
		{"fewer calls in all than the consumer's own", func(in *judge.Input) { in.Service = others(-400, 160) }, 0, 0, 0, aup.NonUrgent},
		{"lines are missing: a ratio is no evidence", func(in *judge.Input) { in.Service = others(400, 160); in.Subject.Doubt.Missing = "a gap" }, 0, 0, 0, aup.NonUrgent},
		{"a burst before it was further beyond, and nothing failed then", func(in *judge.Input) {
			seven := nine.Add(-2 * time.Hour)
			in.Subject.Keys["k1"][0].Put(seven, usage.Summary{Counts: usage.Counts{Requests: 1200}, Minutes: map[int64]int64{seven.Unix() / 60: 1200}})
			in.Subject.Policy.Version.Policy.Terms.PerMinute = &aup.Limit{Clause: "no-bursts", Limit: 60, Significant: 10}
			in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, nil, now)
			in.Service = others(400, 160)
			in.Service[seven.Unix()] = usage.Counts{Requests: 1300, Timed: 1300, LatencySum: 260000}
		}, .75, .1, 4, aup.Significant},
		{"nothing usual to compare with", func(in *judge.Input) {
			in.Service = map[int64]usage.Counts{nine.Unix(): {Requests: 1600, ServerErrors: 160, Timed: 10, LatencySum: 900}}
		}, .75, .1, 0, aup.Significant},
	} {
		in := busy()
		in.Subject.Policy.Version.Policy.Terms.PerDay.Limit = 400
		in.Subject.Policy.Version.Policy.Terms.PerMinute = nil
		in.Subject.Policy = aup.Tailor(in.Subject.Policy.Version, nil, now)
		in.Subject.Now = nine.Add(20 * time.Minute)
		in.Circumstances = assess.Circumstances{Now: in.Subject.Now}
		c.change(&in)
		v := judge.Reach(in)
		got := v.Assessment.Circumstances
		if got.ServiceShare != c.share || got.ServiceErrors != c.errors || got.ServiceLatency != c.latency || v.Assessment.Level != c.risk {
			t.Errorf("%s: share %g, errors %g, latency %g: %s", c.says, got.ServiceShare, got.ServiceErrors, got.ServiceLatency, v.Assessment.Reason)
		}
	}
}
