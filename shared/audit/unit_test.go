package audit_test

import (
	"slices"
	"strings"
	"testing"

	"accord/shared/audit"
	"accord/shared/usage"
)

// checked gives numbers a last digit that depends on the others, as a check digit does.
func checked(next func(int) any) func(int) any {
	return func(i int) any {
		n, sum := next(i).(int), 0
		for rest, weight := n, 3; rest > 0; rest, weight = rest/10, 4-weight {
			sum += rest % 10 * weight
		}
		return n*10 + (10-sum%10)%10
	}
}

// integers gives the numbers of uniform as integers.
func integers(n int64) func(int) any {
	next := uniform(n)
	return func(i int) any { return int(next(i).(int64)) }
}

// times gives multiples of a number.
func times(by int, next func(int) any) func(int) any {
	return func(i int) any { return by * next(i).(int) }
}

// A walk is one whatever its numbers count by: in strides, or with a check digit, of which no two share a ten.
func TestNumbersMayCountByMore(t *testing.T) {
	steps := func(n int) func(int) any { return func(i int) any { return 5000 + n*i } }
	tests := []struct {
		name, desc string
		calls      []usage.Call
		walk       bool
	}{
		{name: "check digits", desc: "the others are counted up", calls: spread(key, today, 1, 115, checked(ordered(5000))), walk: true},
		{name: "check digits, more", desc: "as many as a sample cannot count", calls: spread(key, today, 1, 500, checked(ordered(5000))), walk: true},
		{name: "check digits, in any order", desc: "the order does not matter", calls: spread(key, today, 1, 150, checked(shuffled(5000, 150))), walk: true},
		{name: "strides of ten", desc: "too few for blocks of 32 to tell", calls: spread(key, today, 1, 115, steps(10)), walk: true},
		{name: "strides of seven", desc: "what all differences are multiples of", calls: spread(key, today, 1, 115, steps(7)), walk: true},
		{name: "strides of thirty", desc: "so that one in three tens is asked for", calls: spread(key, today, 1, 115, steps(30)), walk: true},
		{name: "about every ninth", desc: "kept apart by more than chance", walk: true,
			calls: spread(key, today, 1, 115, func(i int) any { return 5000 + 9*i + i*i%4 })},

		{name: "chance", desc: "looks at random among two hundred with check digits bring repeats", calls: people(key, today, 10, 230, checked(integers(200)))},
		{name: "chance, in tens", desc: "or where all numbers end with a nought", calls: people(key, today, 10, 230, times(10, integers(200)))},
		{name: "chance, in eights", desc: "of which hardly two are in the same ten anyway", calls: people(key, today, 10, 260, times(8, integers(150)))},
		{name: "own block", desc: "a hundred with check digits may be somebody's", calls: spread(key, today, 1, 105, checked(ordered(5000)))},
		{name: "list", desc: "sorted, with gaps", calls: spread(key, today, 1, 150, checked(func(i int) any { return 5000 + 3*i + i*i%3 }))},
		{name: "neighbours", desc: "ten of each of many places", calls: people(key, today, 8, 150, checked(func(i int) any { return 10_000 + 47*(i/10*7%15) + i%10 }))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := of("crawling", crawled(0, 0, tt.calls))
			if got := len(found) == 1 && slices.Contains(found[0].Families, audit.Walk); got != tt.walk || len(found) > 0 != tt.walk {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		})
	}
	t.Run("strays", func(t *testing.T) {
		for _, tt := range []struct {
			desc  string
			every int // so manieth look is at something else
			off   int // up to so far away
			found bool
		}{
			{"one look in twenty is at something else: a row of one number in seven is left", 20, 60_000, true},
			{"also where that is so far away that numbers are only looked for in the blocks that were touched", 20, 3_000_000, true},
			{"one in six: nobody counts so", 6, 60_000, false},
		} {
			other := shuffled(1, tt.off)
			calls := spread(key, today, 1, 126, func(i int) any {
				if i%tt.every == 0 {
					return 1_000_000 + other(i).(int)
				}
				return 1_005_000 + 7*i
			})
			found := of("crawling", crawled(0, 0, calls))
			if len(found) == 1 != tt.found || tt.found && !strings.Contains(found[0].Reason, "; among them a row of one number in 7 from 10050") {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		}
	})
	t.Run("rows", func(t *testing.T) {
		for _, tt := range []struct {
			desc, says string
			calls      []usage.Call
		}{
			{"a hundred in order, of which nobody owns one in seven, and five others twice", "among them a row of one number in 7 from ",
				append(spread(key, today, 14, 100, steps(7)), spread(key, today, 14, 10, func(i int) any { return 40_000 + i%5 })...)},
			{"more of them in any order, under a few that are asked for again and again", "among them a row of one number in 7 from ",
				append(spread(key, today, 6, 170, times(7, shuffled(800, 170))), people(key, today, 6, 80, func(i int) any { return 5000 + i%8 })...)},
		} {
			if found := of("crawling", crawled(0, 0, tt.calls)); len(found) != 1 || !strings.Contains(found[0].Reason, tt.says) {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		}
	})
	t.Run("reason", func(t *testing.T) {
		f := of("crawling", crawled(0, 0, spread(key, today, 1, 120, steps(10))))[0]
		want := `120 different resources of "GET /services/{id}" in 120 looks from 15 January 2027, 00:00 to 15 January 2027, 18:00 (UTC); ` +
			`their numbers, one in 10, fill 100 % of the span from 5000 to 6190.`
		if f.Reason != want {
			t.Errorf("got  %s\nwant %s", f.Reason, want)
		}
	})
}
