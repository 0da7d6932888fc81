package audit_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/usage"
)

// comingBack goes on to the next number in one look of so many, and in the others back to any before.
func comingBack(one int, next func(int) any) func(int) any {
	r, known := rand.New(rand.NewPCG(31, 32)), 0
	return func(int) any {
		if known == 0 || r.IntN(one) == 0 {
			known++
			return next(known - 1)
		}
		return next(r.IntN(known))
	}
}

// A walk that goes back most of the time goes on all the same. Who works with numbers comes to know them in no order, or at first.
func TestAWalkThatComesBackGoesOn(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	tests := []struct {
		name, desc string
		calls      []usage.Call
		change     func(*audit.Subject)
		found      bool
	}{
		{name: "walk", desc: "seven in ten again", calls: spread(key, today, 3, 500, comingBack(3, ordered(5000))), found: true},
		{name: "fast", desc: "within a quarter of an hour", calls: spread(key, today, 1, 1600, comingBack(3, ordered(5000)))[:400], found: true},
		{name: "slow", desc: "over days", calls: spread(key, today.AddDate(0, 0, -2), 60, 600, comingBack(4, ordered(1))), found: true},
		{name: "down", desc: "backwards, too", calls: spread(key, today, 3, 500, comingBack(3, func(i int) any { return 5000 - i })), found: true},
		{name: "check digits", desc: "of numbers that count by ten", calls: spread(key, today, 3, 500, comingBack(3, checked(ordered(5000)))), found: true},

		{name: "short", desc: "a block of a hundred may be somebody's", calls: spread(key, today, 3, 280, comingBack(3, ordered(5000)))},
		{name: "own block", desc: "who works with two hundred numbers meets them in no order", calls: spread(key, today, 3, 600, uniform(200))},
		{name: "in no order", desc: "new ones all the time, but any of them", calls: spread(key, today, 3, 500, comingBack(3, shuffled(5000, 160)))},
		{name: "shelf by shelf", desc: "thirty at a time, and any of those", calls: spread(key, today, 3, 500, comingBack(3, func(i int) any { return 5000 + i/30*30 + i*7%30 }))},
		{name: "learnt first", desc: "who reads a block to begin with, and then works with it",
			calls: spread(key, today, 6, 700, func(i int) any {
				if i < 170 {
					return 5000 + i/2
				}
				return 5000 + r.IntN(150)*min(1, i/170)
			})},
		{name: "pages", desc: "readers turn pages from the first on, each as many as they like",
			calls: spread(key, today, 10, 3000, pages(28))},
		{name: "what is new", desc: "the newest records, and people who come back to them",
			calls: func() []usage.Call {
				calls := follow(48_000, 1, written(today, 20), every(today, time.Minute))
				return append(calls, backTo(calls)...)
			}()},
		{name: "not new", desc: "the same where others asked for higher ones the day before", found: true,
			calls: func() []usage.Call {
				calls := follow(48_000, 1, written(today, 20), every(today, time.Minute))
				return append(calls, backTo(calls)...)
			}(),
			change: func(s *audit.Subject) { s.Population = askedBy(30, func(i int) any { return 50_000 + 9*i }, 400) }},
		{name: "gaps", desc: "where only every other number is there, nobody went through them", calls: spread(key, today, 3, 700, comingBack(3, func(i int) any { return 5000 + 2*i + i*i%2 + i%5/4 }))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := crawled(0, 0, tt.calls)
			if tt.change != nil {
				tt.change(&s)
			}
			found := of("crawling", s)
			if got := len(found) == 1 && slices.Equal(found[0].Families, []string{audit.Order}); got != tt.found || len(found) > 0 != tt.found {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		})
	}
}

// pages are those that readers turn: from the first on, each about so many.
func pages(depth int) func(int) any {
	r, page := rand.New(rand.NewPCG(35, 36)), 0
	return func(int) any {
		if page++; r.IntN(depth) == 0 {
			page = 1
		}
		return page
	}
}

// backTo asks for each three times more, within the two hours after.
func backTo(calls []usage.Call) (more []usage.Call) {
	r := rand.New(rand.NewPCG(37, 38))
	for _, c := range calls {
		for range 3 {
			if c.At = c.At.Add(time.Duration(r.IntN(40)) * time.Minute); c.At.Before(now) {
				more = append(more, c)
			}
		}
	}
	return more
}
