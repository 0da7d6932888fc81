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

// follow reads what is new whenever polls says so: records have the numbers from one on, and came at these moments.
func follow(first, step int, records []time.Time, polls []time.Time) (calls []usage.Call) {
	for _, at := range polls {
		for n := 0; len(records) > 0 && records[0].Before(at); n++ {
			calls, records, first = append(calls, call(key, at.Add(time.Duration(n)*time.Second/2), first)), records[1:], first+step
		}
	}
	return calls
}

// waiting asks for the number that comes next, and is told that it is not there, until it is.
func waiting(next int, records []time.Time, polls []time.Time) (calls []usage.Call) {
	for _, at := range polls {
		for n := 0; ; n++ {
			calls = append(calls, call(key, at.Add(time.Duration(n)*time.Second), next))
			if len(records) == 0 || records[0].After(at) {
				calls[len(calls)-1].Status = 404
				break
			}
			records, next = records[1:], next+1
		}
	}
	return calls
}

// every gives moments so far apart, until now.
func every(from time.Time, gap time.Duration) (at []time.Time) {
	for t := from; t.Before(now); t = t.Add(gap) {
		at = append(at, t)
	}
	return at
}

// written are moments at which people happen to write so many records an hour.
func written(from time.Time, perHour float64) (at []time.Time) {
	r := rand.New(rand.NewPCG(21, 22))
	for t := from; t.Before(now); t = t.Add(time.Duration(r.ExpFloat64() * float64(time.Hour) / perHour)) {
		at = append(at, t)
	}
	return at
}

// Who reads new records once each, in the order of their numbers, as they appear, walks nowhere. Each case that is a walk differs in
// one thing.
func TestReadingWhatIsNewIsNoWalk(t *testing.T) {
	before := today.AddDate(0, 0, -2)
	quarters := every(before, 15*time.Minute)
	new := func() []usage.Call { return follow(48_000, 1, written(before, 5), quarters) }
	without := func(at []time.Time, from, until time.Duration) []time.Time {
		return slices.DeleteFunc(slices.Clone(at), func(t time.Time) bool { return !t.Before(before.Add(from)) && t.Before(before.Add(until)) })
	}
	tests := []struct {
		name, desc string
		calls      []usage.Call
		change     func(*audit.Subject)
		walk       bool
	}{
		{name: "subscriber", desc: "every quarter of an hour, what was written since", calls: new()},
		{name: "busier", desc: "twenty an hour, and as many as a sample cannot count", calls: follow(400_000, 1, written(before, 20), quarters)},
		{name: "as they come", desc: "told of each at once", calls: follow(48_000, 1, written(before, 8), every(before, 10*time.Second))},
		{name: "after a rest", desc: "all that was missed is read at once", calls: follow(48_000, 1, written(before, 5), without(quarters, 8*time.Hour, 40*time.Hour))},
		{name: "over the end of a window", desc: "what six hours brought is read in half a minute, and that begins ten seconds before a window ends",
			calls: follow(48_000, 1, written(before, 8), every(before.Add(3*time.Hour-10*time.Second), 6*time.Hour))},
		{name: "what was new before", desc: "who begins to follow reads the last eighty first, the newest first, for seven minutes",
			calls: append(spread(key, before, 1, 686, func(i int) any { return 47_999 - i })[:80], new()[:60]...)},
		{name: "more than a block before", desc: "a hundred and thirty of those are a walk", walk: true,
			calls: append(spread(key, before, 1, 1200, func(i int) any { return 47_999 - i })[:130], new()[:60]...)},
		{name: "numbers left out", desc: "every other number is of something else", calls: follow(96_000, 2, written(before, 5), quarters)},
		{name: "in tens", desc: "numbers end with a nought", calls: follow(480_000, 10, written(before, 5), quarters)},
		{name: "office hours", desc: "nobody writes at night", calls: follow(48_000, 1, without(written(before, 9), 18*time.Hour, 32*time.Hour), quarters)},
		{name: "old ones", desc: "now and then somebody looks up one that is old", calls: append(new(), people(key, before, 66, 4, shuffled(40_000, 7000))...)},
		{name: "a busy office", desc: "what was met once may be too little to tell, where all that was met is not",
			calls: waiting(400_000, without(written(before, 25), 18*time.Hour, 32*time.Hour), every(before, 10*time.Minute))},
		{name: "after a night", desc: "the first look of the day brings most of what the day has brought: the days before tell",
			calls: follow(400_000, 1, written(before, 20), without(quarters, 42*time.Hour, 62*time.Hour))},
		{name: "one is gone", desc: "three were taken back before they were read", calls: missed(90, new())},
		{name: "others, too", desc: "others asked for what was new the day before, and were not a day ahead", calls: new(),
			change: func(s *audit.Subject) { s.Population = askedBy(30, ordered(48_000-100), 560) }},

		{name: "a large catalogue", desc: "a hundred and twenty an hour, where there are so many to write about", calls: follow(400_000, 1, written(before, 100), quarters),
			change: func(s *audit.Subject) { s.Policy.Terms.Crawling.Catalogue = 48_000 }},
		{name: "as fast of a small one", desc: "which would be all of it in a few days", calls: follow(400_000, 1, written(before, 100), quarters), walk: true,
			change: func(s *audit.Subject) { s.Policy.Terms.Crawling.Catalogue = 12_000 }},
		{name: "records that are gone", desc: "one in fourteen of what the news are about, beside them", calls: func() (calls []usage.Call) {
			for i, c := range follow(48_000, 1, written(before, 5), every(before, 10*time.Second)) {
				about := call(key, c.At, fmt.Sprintf("%d-record", i))
				about.Template, about.Path = "/records/{id}", "/prod/records"+about.Path[len("/prod/services"):]
				if calls = append(calls, c, about); i%14 == 0 {
					calls[len(calls)-1].Status = 404
				}
			}
			return calls
		}()},
		{name: "until it is there", desc: "the next number again and again: what is not there yet is no gap", calls: waiting(48_000, written(before, 5), quarters)},
		{name: "asks seldom", desc: "once an hour for all of its seven", calls: waiting(48_000, written(today, 7), every(today, time.Hour))},
		{name: "and opened", desc: "waited for, and opened again by people when they like",
			calls: append(waiting(48_000, written(before, 8), every(before, 6*time.Minute)), people(key, before.Add(12*time.Hour), 48, 90, func(i int) any { return 48_000 + i/2 })...)},
		{name: "asks often", desc: "most looks are at the one that is not there yet", calls: waiting(48_000, written(before, 5), every(before, 2*time.Minute))},
		{name: "asks for much", desc: "most of twenty an hour are asked for again, and the few that are not are too few to tell",
			calls: waiting(400_000, written(before, 20), every(before, 5*time.Minute))},
		{name: "polling", desc: "every ten minutes what came after the newest it knows, at a steady pace", calls: func() []usage.Call {
			r, n := rand.New(rand.NewPCG(51, 52)), 48_000
			return spread(key, before, 66, 66*8, func(int) any { n += 1 + r.IntN(4); return n })
		}()},
		{name: "changes since", desc: "the number is a moment, in seconds, of which somebody asks twice a minute what has changed since",
			calls: spread(key, today, 2, 240, func(i int) any { return today.Unix() - 30 + int64(30*i) })},
		{name: "from the beginning", desc: "at the same pace, but where numbers begin", calls: follow(1, 1, written(before, 5), quarters), walk: true},
		{name: "gaps", desc: "one in eight is not there: who counts asks for numbers that nobody was told of", calls: missed(8, new()), walk: true},
		{name: "falls back", desc: "one in nine is not there, and of each fifty asked for the last ten are asked for again, there or not", walk: true,
			calls: missed(9, spread(key, today.Add(9*time.Hour), 8, 139, func(i int) any { return 48_000 + i - i/50*10 }))},
		{name: "renews", desc: "one in nine is not there, and as fast as three are asked for, an older one is again", walk: true,
			calls: append(missed(9, spread(key, today.Add(14*time.Hour), 1, 108, ordered(48_000))),
				spread(key, today.Add(14*time.Hour+20*time.Minute), 1, 36, func(i int) any { return 48_001 + i/8*9 + i%8 })...),
			change: func(s *audit.Subject) { s.Policy.Terms.Crawling.Catalogue = 48_000 }},
		{name: "not new", desc: "others asked for higher ones the day before", calls: new(), walk: true,
			change: func(s *audit.Subject) { s.Population = askedBy(30, func(i int) any { return 50_000 + 9*i }, 400) }},
		{name: "down", desc: "what is new does not come backwards", calls: follow(48_000, -1, written(before, 5), quarters), walk: true},
		{name: "shuffled", desc: "nor in any order", calls: people(key, before, 66, 300, shuffled(48_000, 300)), walk: true},
		{name: "workers", desc: "nor in two orders at once", walk: true,
			calls: spread(key, before, 66, 300, func(i int) any { return 48_000 + i/2 + i%2*150 })},
		{name: "at night", desc: "a hundred and fifty a night, one in fifteen seconds, and a rest by day", walk: true,
			calls: append(spread(key, before, 1, 240, ordered(48_000))[:150], spread(key, today.AddDate(0, 0, -1), 1, 240, ordered(48_150))[:150]...)},
		{name: "at once", desc: "an hour's two hundred are nobody's news", calls: spread(key, today, 1, 200, ordered(48_000)), walk: true},
		{name: "then slowly", desc: "most of them at once, and the rest as slowly as that", walk: true,
			calls: append(spread(key, before, 1, 2400, ordered(48_000))[:180], follow(48_180, 1, written(before.Add(time.Hour), 2), quarters)...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := crawled(0, 0, tt.calls)
			if tt.change != nil {
				tt.change(&s)
			}
			found := of("crawling", s)
			if got := len(found) == 1 && slices.Contains(found[0].Families, audit.Walk); got != tt.walk || len(found) > 0 != tt.walk {
				t.Errorf("%s: %d calls: got %+v", tt.desc, len(tt.calls), found)
			}
		})
	}
	t.Run("made", func(t *testing.T) {
		for _, tt := range []struct {
			every int
			found bool
		}{{1, false}, {2, true}} {
			calls := spread(key, today, 1, 150, ordered(48_000))
			for i := range 150 / tt.every {
				post := calls[i*tt.every]
				post.Method, post.Template, post.Path, post.Status = "POST", "/services", "/prod/services", 201
				calls = append(calls, post)
			}
			if found := of("crawling", crawled(0, 0, calls)); len(found) > 0 != tt.found {
				t.Errorf("who makes one record in %d that it reads: got %+v", tt.every, found)
			}
		}
	})
	t.Run("significant", func(t *testing.T) {
		feed := follow(400_000, 1, written(before, 20), quarters)
		for _, tt := range []struct {
			desc           string
			calls          []usage.Call
			of             []string
			found, extreme bool
		}{
			{desc: "a fifth of the catalogue is read, however slowly: that is said, and suspends nobody", calls: feed, found: true},
			{desc: "a walk that is none of what is new may suspend", calls: spread(key, before, 66, 1200, func(i int) any { return 5000 - i }), found: true, extreme: true},
			{desc: "a catalogue of something else says nothing", calls: feed, of: []string{"/places/{id}"}},
			{desc: "a feed of its own may be as busy as people can be", calls: follow(400_000, 1, written(before, 100), quarters), of: []string{"/places/{id}"}},
			{desc: "a walk is one whatever the catalogue counts, and suspends nobody", calls: spread(key, before, 66, 1200, func(i int) any { return 5000 - i }), of: []string{"/places/{id}"}, found: true},
			{desc: "a catalogue of these", calls: spread(key, before, 66, 1200, func(i int) any { return 5000 - i }), of: []string{"/places/{id}", "/services/{id}"}, found: true, extreme: true},
		} {
			s := crawled(5000, .2, tt.calls)
			s.Policy.Terms.Crawling.Of = tt.of
			found := of("crawling", s)
			if len(found) > 0 != tt.found || tt.found && (found[0].Extreme != tt.extreme || found[0].Uncounted != (len(tt.of) == 1)) {
				t.Errorf("%s: got %+v", tt.desc, found)
			}
		}
	})
}
