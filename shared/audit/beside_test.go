package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/usage"
)

// under makes calls of a template of several parameters of calls that have one.
func under(template string, calls []usage.Call) []usage.Call {
	for i := range calls {
		calls[i].Template, calls[i].Path = template, "/prod"+calls[i].Path[len("/prod/services"):]
	}
	return calls
}

// A walk under one value after the other is one; who reads one's own of each day, or turns pages, has gaps or few.
func TestAWalkGoesFromOneValueToTheNext(t *testing.T) {
	const daily, parts = "/{day}/{number}", "/{id}/parts/{part}"
	each := func(n int) func(int) any {
		return func(i int) any { return fmt.Sprintf("2026-11-%02d/%d", 10-i/n, 1+i%n) }
	}
	tests := []struct {
		name, desc string
		calls      []usage.Call
		found      bool
	}{
		{name: "days", desc: "all of a day, then all of the day before", calls: under(daily, spread(key, today, 1, 240, each(125))), found: true},
		{name: "days, more", desc: "as many as a sample cannot count", calls: under(daily, spread(key, today, 1, 600, each(150))), found: true},
		{name: "parts", desc: "the number in the middle is counted, and each has two parts", found: true,
			calls: under(parts, spread(key, today, 1, 300, func(i int) any { return fmt.Sprintf("%d/parts/%c", 5000+i/2, 'a'+i%2) }))},
		{name: "one of all", desc: "more of one value than a year has days", found: true,
			calls: under("/{tenant}/{id}", spread(key, today, 1, 500, func(i int) any { return fmt.Sprintf("acme/%d", 5000+i) }))},

		{name: "not there", desc: "of each number two, one of which is there", found: true,
			calls: missed(2, under("/{code}/{sort}", spread(key, today, 1, 130, func(i int) any { return fmt.Sprintf("%d/%c", 20_000+i/2, 'a'+i%2) })))},
		{name: "all there", desc: "the same from a list of what there is",
			calls: under("/{code}/{sort}", spread(key, today, 1, 130, func(i int) any { return fmt.Sprintf("%d/%c", 20_000+i/2, 'a'+i%2) }))},
		{name: "a year", desc: "all days of one place", calls: under("/{place}/{day}", spread(key, today, 1, 365, func(i int) any { return fmt.Sprintf("abc/%d", 1+i) }))},
		{name: "short days", desc: "a hundred a day may be all there were", calls: under(daily, spread(key, today, 1, 400, each(100)))},
		{name: "own of each day", desc: "other people's have the numbers between", calls: under(daily, func() []usage.Call {
			r, n := rand.New(rand.NewPCG(41, 42)), 0 // at most five on, so that no gap ends a row
			return spread(key, today, 1, 400, func(i int) any {
				if n += 1 + r.IntN(5); i%200 == 0 {
					n = 1
				}
				return fmt.Sprintf("2026-11-%02d/%d", 10-i/200, n)
			})
		}())},
		{name: "own days, in use", desc: "who comes back", calls: under(daily, people(key, today, 10, 600, func(i int) any { return each(125)(i * i % 250) }))},
		{name: "these days", desc: "who works with what is of yesterday, and makes up for the days before", calls: under(daily, spread(key, today, 1, 600, func(i int) any {
			return fmt.Sprintf("2027-01-%02d/%d", 14-i/150, 1+i%150)
		}))},
		{name: "pages", desc: "people turn pages of many lists", calls: under(daily, people(key, today, 10, 400, func(i int) any { return fmt.Sprintf("%d/%d", i/25*7919%1000, 1+i%25) }))},
		{name: "what is new", desc: "of two others, as they write", calls: under(daily, func() []usage.Call {
			calls := follow(48_000, 1, written(today.AddDate(0, 0, -2), 5), every(today.AddDate(0, 0, -2), 15*time.Minute))
			for i := range calls {
				calls[i].Path = fmt.Sprintf("/prod/services/%d/%d", i%2, 48_000+i/2)
			}
			return calls
		}())},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := of("crawling", crawled(0, 0, tt.calls))
			if got := len(found) == 1 && slices.Contains(found[0].Families, audit.Order); got != tt.found || len(found) > 0 != tt.found {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		})
	}
	t.Run("reason", func(t *testing.T) {
		f := of("crawling", crawled(0, 0, under("/{tenant}/{id}", spread(key, today, 1, 500, func(i int) any { return fmt.Sprintf("acme/%d", 5000+i) }))))[0]
		want := `about 500 different resources of "GET /{tenant}/{id}" in 500 looks from 15 January 2027, 00:00 to 15 January 2027, 18:00 (UTC); ` +
			`among them a row from 5001 to 5497 in the place of one number of /prod/acme/5492, each about once.`
		if f.Reason != want {
			t.Errorf("got  %s\nwant %s", f.Reason, want)
		}
	})
}

// A walk is one although other numbers were tried before, and although it leaves numbers out, if it asks for many that are not there.
func TestAWalkAmidOtherNumbers(t *testing.T) {
	tried := people(key, today, 6, 18, func(i int) any { return 700_000_000 + i%9*100_000_000 })
	thin := func(i int) any { return 500_000_000 + 4*i + i*i%3 }
	for _, tt := range []struct {
		name, desc string
		calls      []usage.Call
		found      bool
	}{
		{name: "tried before", desc: "a hundred and twenty, one after the other", calls: spread(key, today.Add(8*time.Hour), 1, 120, ordered(500_000_000)), found: true},
		{name: "leaves out", desc: "one in four, and one in three of those is not there", calls: missed(3, spread(key, today.Add(8*time.Hour), 1, 140, thin)), found: true},

		{name: "has a list", desc: "the same numbers, nearly all of them there", calls: missed(30, spread(key, today.Add(8*time.Hour), 1, 140, thin))},
		{name: "a block", desc: "a hundred are somebody's own", calls: missed(3, spread(key, today.Add(8*time.Hour), 1, 100, ordered(500_000_000)))},
		{name: "neighbours", desc: "who loads what is next to what is shown meets as much that is not there",
			calls: missed(3, spread(key, today.Add(8*time.Hour), 1, 200, func(i int) any { return 500_000_000 + shuffled(0, 90)(i/10).(int)*5000 + i%10 }))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if found := of("crawling", crawled(0, 0, append(tried, tt.calls...))); len(found) > 0 != tt.found {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		})
	}
}
