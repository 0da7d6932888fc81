package judge_test

import (
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// TestWithin: a case closes by itself only when nothing was found for long enough, and nothing is missing.
func TestWithin(t *testing.T) {
	quiet := func(ago int, requests int64) usage.Day {
		at := now.AddDate(0, 0, -ago)
		d := usage.Day{Date: aup.Date(at), Gateway: map[string]usage.Reading{"plan": {Used: requests, At: at.AddDate(0, 0, 1).Truncate(24 * time.Hour).Add(2 * time.Hour)}}}
		d.Put(at, usage.Summary{Counts: usage.Counts{Requests: requests, Successes: requests}})
		return d
	}
	for _, c := range []struct {
		says   string
		change func(days []usage.Day) []usage.Day
		clause aup.ClauseID
		want   bool
	}{
		{"seven quiet days", nil, "fair-volume", true},
		{"one day beyond in the middle", func(d []usage.Day) []usage.Day { d[3] = quiet(4, 1500); return d }, "fair-volume", false},
		{"the same, of another clause", func(d []usage.Day) []usage.Day { d[3] = quiet(4, 1500); return d }, "no-bursts", true},
		{"the day before the period", func(d []usage.Day) []usage.Day { return append([]usage.Day{quiet(8, 1500)}, d...) }, "fair-volume", true},
		{"today, so far", func(d []usage.Day) []usage.Day { d[7] = quiet(0, 1500); return d }, "fair-volume", false},
		{"lines are missing on one day", func(d []usage.Day) []usage.Day { d[2].Read("plan", reading(d[2], 900)); return d }, "fair-volume", false},
		{"more was logged than there was", func(d []usage.Day) []usage.Day { d[2].Read("plan", reading(d[2], 100)); return d }, "fair-volume", false},
		{"GetUsage was never asked about a day", func(d []usage.Day) []usage.Day { d[5].Gateway = nil; return d }, "fair-volume", false},
		{"GetUsage was asked too early about yesterday", func(d []usage.Day) []usage.Day {
			d[6].Read("plan", usage.Reading{Used: 10, At: now.AddDate(0, 0, -1)})
			return d
		}, "fair-volume", false},
		{"no calls on some days, and none by GetUsage", func(d []usage.Day) []usage.Day { return append(d[:2:2], d[5:]...) }, "fair-volume", true},
		{"no calls at all", func([]usage.Day) []usage.Day { return nil }, "fair-volume", true},
	} {
		in := busy()
		var days []usage.Day
		for ago := 7; ago >= 0; ago-- {
			days = append(days, quiet(ago, 500))
		}
		if c.change != nil {
			days = c.change(days)
		}
		in.Subject.Keys = map[aup.KeyID][]usage.Day{"k1": days}
		if got := judge.Within(in.Subject, c.clause, 7); got != c.want {
			t.Errorf("%s: within the terms: %t, want %t", c.says, got, c.want)
		}
	}
}

func reading(d usage.Day, used int64) usage.Reading {
	return usage.Reading{Used: used, At: d.Gateway["plan"].At}
}
