package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

const key aup.KeyID = "key-one"

var (
	now   = time.Date(2027, 1, 15, 18, 0, 0, 0, time.UTC)
	today = now.Truncate(24 * time.Hour)
)

// days puts calls together as metering does: by key, window and day.
func days(calls ...usage.Call) map[aup.KeyID][]usage.Day {
	type place struct {
		key    aup.KeyID
		window time.Time
	}
	windows := map[place]*usage.Summary{}
	for i := range calls {
		p := place{calls[i].Key, usage.WindowOf(calls[i].At)}
		if windows[p] == nil {
			windows[p] = new(usage.Summary)
		}
		windows[p].Add(calls[i])
	}
	keys := map[aup.KeyID][]usage.Day{}
	for p, s := range windows {
		date := usage.DateOf(p.window)
		i := slices.IndexFunc(keys[p.key], func(d usage.Day) bool { return d.Date == date })
		if i < 0 {
			i = len(keys[p.key])
			keys[p.key] = append(keys[p.key], usage.Day{Date: date})
		}
		keys[p.key][i].Put(p.window, *s)
	}
	for _, d := range keys {
		slices.SortFunc(d, func(a, b usage.Day) int { return compare(a.Date, b.Date) })
	}
	return keys
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// call is one look at /services/{id}.
func call(k aup.KeyID, at time.Time, id any) usage.Call {
	return usage.Call{At: at, Key: k, RequestID: fmt.Sprint(at.UnixNano(), id), Method: "GET", Template: "/services/{id}",
		Path: fmt.Sprintf("/prod/services/%v", id), Status: 200, Latency: -1}
}

// spread is n calls evenly over some hours from a moment on, for the ids that next gives.
func spread(k aup.KeyID, from time.Time, hours, n int, next func(i int) any) []usage.Call {
	calls := make([]usage.Call, n)
	for i := range calls {
		calls[i] = call(k, from.Add(time.Duration(i)*time.Duration(hours)*time.Hour/time.Duration(n)), next(i))
	}
	return calls
}

func same(int) any { return "same" }

var policy = aup.Policy{ID: "dos-api", Terms: aup.Terms{
	PerDay:    &aup.Limit{Clause: "fair-volume", Limit: 1000, Notify: []float64{.8, 1}, Significant: 3},
	PerMinute: &aup.Limit{Clause: "fair-volume", Limit: 60, Significant: 10},
	Crawling:  &aup.Crawling{Clause: "dont-crawl"},
}}

var version = aup.Version{Policy: policy, Number: 12, Hash: "aa"}

// agreement 3 is in force from ten days ago until in ten days, spoiled or completed by change.
func agreement(change func(*aup.Agreement)) aup.Agreement {
	a := aup.Agreement{Consumer: "acme", Number: 3, Policy: "dos-api", Reason: "winter pressures",
		From: today.AddDate(0, 0, -10), Until: today.AddDate(0, 0, 10)}
	change(&a)
	return a
}

func perDay(limit int64) func(*aup.Agreement) {
	return func(a *aup.Agreement) { a.Terms.PerDay = &aup.Limit{Limit: limit, Significant: 3} }
}

// people is n calls over some hours from a moment on, when people happen to make them.
func people(k aup.KeyID, from time.Time, hours, n int, next func(i int) any) []usage.Call {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	calls := make([]usage.Call, n)
	for i := range calls {
		calls[i] = call(k, from.Add(time.Duration(r.Int64N(int64(hours)*int64(time.Hour)))), next(i))
	}
	return calls
}

// missed makes every so many calls find nothing.
func missed(every int, calls []usage.Call) []usage.Call {
	for i := range calls {
		if i%every == 0 {
			calls[i].Status = 404
		}
	}
	return calls
}
