package backtest_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/usage"
)

// drawn draws what a key does: the same call again and again, or one number after the other.
func drawn(t *rapid.T, key string) []entry {
	from := start.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, key+" begins, minutes")) * time.Minute)
	every := time.Duration(rapid.SampledFrom([]int{50, 300, 1000, 20_000, 90_000}).Draw(t, key+" calls every, ms")) * time.Millisecond
	next := rapid.SampledFrom([]func(int) any{func(int) any { return 7 }, ordered(rapid.IntRange(1, 9000).Draw(t, key+" counts from"))}).Draw(t, key+" asks for")
	n := min(rapid.IntRange(1, 500).Draw(t, key+" calls"), int(start.AddDate(0, 0, 4).Sub(from)/every))
	return calls(key, from, every, n, next)
}

// rules draws a policy with limits, modes and perhaps an agreement about k1.
func rules(t *rapid.T, of string) backtest.Rules {
	mode := rapid.SampledFrom([]aup.Mode{"", "", aup.ModeWarn, aup.ModeObserve})
	p := aup.Policy{ID: "dos-api", Mode: mode.Draw(t, of+" mode"), Terms: aup.Terms{
		PerDay:    &aup.Limit{Clause: "fair-volume", Limit: rapid.Int64Range(40, 300).Draw(t, of+" a day"), Significant: 3},
		PerMinute: &aup.Limit{Clause: "rate", Limit: rapid.Int64Range(20, 300).Draw(t, of+" a minute"), Significant: 2, Mode: mode.Draw(t, of+" rate's mode")},
		Crawling:  &aup.Crawling{Clause: "dont-crawl", Catalogue: 20_000, Significant: .05, Mode: mode.Draw(t, of+" crawling's mode")}}}
	r := backtest.Rules{Policy: aup.Version{Number: 1, Policy: p}}
	if rapid.Bool().Draw(t, of+" has an agreement") {
		r.Agreements = []aup.Agreement{{Consumer: "k1", Number: 1, Policy: "dos-api", From: start.AddDate(0, -1, 0), Until: start.AddDate(0, 1, 0),
			Terms:       aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: 400}},
			Permissions: []aup.Permission{{Name: aup.PermitBulkExtraction, Reference: "DSA-1", Issuer: "board"}}}}
	}
	return r
}

// The dry run of publish-policy, over what is stored, and the backtest of the log of the same calls agree on who would be
// contacted, suspended or only recorded, and on what changes from one policy to another.
func TestStoredUsageAndTheLogAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		monitor := calls("monitor", start, 6*time.Hour, 17, func(int) any { return 1 }) // no gap in the log is a day long
		log := together(monitor, drawn(rt, "k1"), drawn(rt, "k2"))
		is, was := rules(rt, "new"), rules(rt, "old")
		cfg := backtest.Config{Policy: is.Policy, Agreements: is.Agreements, Against: &was}
		days := stored(t, log)
		for _, read := range run(t, cfg, log).Consumers {
			got := backtest.JudgeStored(cfg, backtest.Stored{Consumer: aup.ConsumerID(read.Key), Keys: map[aup.KeyID][]usage.Day{read.Key: again(t, days[read.Key])}},
				start, start.AddDate(0, 0, 4).Add(time.Hour))
			if !same(read.Outcome, got.Outcome) || !same(*read.Before, *got.Before) || read.Requests != got.Requests {
				rt.Errorf("%s: the log comes to\n%+v\nfrom\n%+v\nwhat is stored to\n%+v\nfrom\n%+v", read.Key, read.Outcome, *read.Before, got.Outcome, *got.Before)
			}
		}
	})
}

// same says whether two outcomes are. What is recorded of somebody until it is suspended depends on the hour.
func same(a, b backtest.Outcome) bool {
	return a.Level == b.Level && (a.Level == aup.Significant || a.Observed == b.Observed)
}

// again are days as they are stored and read again.
func again(t *testing.T, days []usage.Day) (all []usage.Day) {
	for _, d := range days {
		back, err := usage.DecodeDay(usage.EncodeDay(&d))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, back)
	}
	return all
}
