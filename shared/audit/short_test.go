package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/usage"
)

// with takes parts of whatever is asked for along.
func with(calls []usage.Call, parts ...string) (all []usage.Call) {
	for _, c := range calls {
		all = append(all, c)
		for _, part := range parts {
			of := c
			of.At, of.Template, of.Path = c.At.Add(200*time.Millisecond), c.Template+"/"+part, c.Path+"/"+part
			all = append(all, of)
		}
	}
	return all
}

// only leaves the calls of templates that end in one of these ways.
func only(calls []usage.Call, ends ...string) []usage.Call {
	return slices.DeleteFunc(calls, func(c usage.Call) bool {
		return !slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(c.Template, end) })
	})
}

// A hundred resources in a row are a walk also where they are 64 numbers and parts of those.
func TestPartsMakeAWalkOfFewerNumbers(t *testing.T) {
	row := func(n int) []usage.Call { return spread(key, today, 2, n, ordered(5000)) }
	for _, tt := range []struct {
		name, desc string
		calls      []usage.Call
		found      bool
	}{
		{name: "a part", desc: "each number with its opening times", calls: with(row(64), "hours"), found: true},
		{name: "two parts", desc: "and its staff", calls: with(row(64), "hours", "staff"), found: true},
		{name: "parts alone", desc: "of what is not read itself", calls: append(only(with(row(64), "hours"), "/hours"), only(with(row(64), "staff"), "/staff")...), found: true},
		{name: "some have it", desc: "every third has none", calls: append(row(75), only(with(spread(key, today, 2, 50, func(i int) any { return 5000 + i + i/2 }), "hours"), "/hours")...), found: true},

		{name: "nothing besides", desc: "seventy-five may be somebody's own", calls: append(row(75), spread(key, today, 2, 75, same)...)},
		{name: "sixty-three", desc: "may be all there are of something", calls: with(spread(key, today, 2, 66, func(i int) any { return 5000 + i%63 }), "hours", "staff", "prices")},
		{name: "of another", desc: "two blocks of different things", calls: append(row(75), under("/{id}", row(75))...)},
		{name: "of several", desc: "numbers of one value among others are rows, and told by those", calls: with(under("/{tenant}/{id}", spread(key, today, 2, 75, func(i int) any { return fmt.Sprintf("acme/%d", 5000+i) })), "hours")},
		{name: "written", desc: "what is changed is no part that is read", calls: append(row(90), changed(only(with(row(22), "hours"), "/hours"))...)},
		{name: "parts of others", desc: "opening times wherever people ask", calls: append(row(75), only(with(spread(key, today, 2, 75, shuffled(1, 4000)), "hours"), "/hours")...)},
		{name: "parts of names", desc: "no number of which is known", calls: append(row(75), only(with(spread(key, today, 2, 75, named(shuffled(0, 4000))), "hours"), "/hours")...)},
		{name: "with gaps", desc: "one in three is a list", calls: with(spread(key, today, 2, 64, func(i int) any { return 5000 + 3*i + i*i%3 }), "hours")},
		{name: "twice", desc: "who comes back at once walks nowhere", calls: with(append(row(64), row(64)...), "hours")},
		{name: "its own", desc: "which it changes", calls: append(with(row(64), "hours"), changed(only(with(row(20), "hours"), "/hours"))...)},
		{name: "news", desc: "read with its parts, as it appears", calls: with(follow(48_000, 1, written(today.Add(-6*time.Hour), 4), every(today.Add(-6*time.Hour), 15*time.Minute)), "hours")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := of("crawling", crawled(0, 0, tt.calls))
			if len(found) > 0 != tt.found || tt.found && !slices.Equal(found[0].Families, []string{audit.Walk}) {
				t.Errorf("%s: %d calls: got %+v", tt.desc, len(tt.calls), found)
			}
		})
	}
	const want = `70 different resources of "GET /services/{id}" in 70 looks from 15 January 2027, 00:00 to 15 January 2027, 18:00 (UTC); ` +
		`their numbers fill 100 % of the span from 5000 to 5069, and 140 parts of them were read, too.`
	if f := of("crawling", crawled(0, 0, with(row(70), "hours", "staff")))[0]; f.Reason != want {
		t.Errorf("got  %s\nwant %s", f.Reason, want)
	}
}

// Nor does anybody own what is not there: 64 numbers with gaps are a walk, and 32 with gaps and parts.
func TestGapsMakeAWalkOfFewerNumbers(t *testing.T) {
	row := func(n int) []usage.Call { return spread(key, today, 2, n, ordered(5000)) }
	back := func(n int) []usage.Call { // five numbers in each twenty again
		return spread(key, today, 2, n, func(i int) any { return 5000 + i - i/20*5 })
	}
	for _, tt := range []struct {
		name, desc string
		calls      []usage.Call
		found      bool
	}{
		{name: "gaps", desc: "more than one in ten is not there", calls: missed(10, row(64)), found: true},
		{name: "steps back", desc: "eighty of 106 looks", calls: missed(10, back(106)), found: true},
		{name: "and parts", desc: "of thirty-six", calls: with(missed(10, row(36)), "hours", "staff"), found: true},
		{name: "parts of what is there", desc: "as somebody reads who looks first", calls: append(missed(6, row(44)), only(with(spread(key, today, 2, 36, func(i int) any { return 5001 + i + i/5 }), "hours", "staff"), "/hours", "/staff")...), found: true},
		{name: "check digits", desc: "which are all the same in their tens", calls: with(missed(10, spread(key, today, 2, 36, checked(ordered(5000)))), "hours", "staff"), found: true},

		{name: "a list of one's own", desc: "one in eleven has closed", calls: missed(11, row(99))},
		{name: "sixty-three", desc: "the first numbers of whatever it is", calls: missed(10, row(63))},
		{name: "thirty-one", desc: "with parts of each", calls: with(missed(10, row(31)), "hours", "staff", "prices")},
		{name: "a hundred resources", desc: "fifty with a part each", calls: with(missed(10, row(50)), "hours")},
		{name: "of others", desc: "what was not there in the evening is another thing", calls: append(row(90), under("/places/{name}", missed(2, spread(key, today.Add(15*time.Hour), 2, 60, ordered(1))))...)},
		{name: "parts that are not there", desc: "of every second of sixty", calls: append(row(60), missed(2, only(with(row(60), "hours"), "/hours"))...)},
		{name: "scattered", desc: "neighbours of what is looked at, of which some do not exist", calls: missed(10, spread(key, today, 2, 100, func(i int) any { return 5000 + i/10*37 + i%10 }))},
		{name: "its own", desc: "which it changes", calls: append(missed(10, row(64)), changed(row(20))...)},
		{name: "news", desc: "waited for, number by number", calls: waiting(48_000, written(today, 5), every(today, time.Hour))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := of("crawling", crawled(0, 0, tt.calls))
			if len(found) > 0 != tt.found || tt.found && !slices.Equal(found[0].Families, []string{audit.Walk}) {
				t.Errorf("%s: %d calls: got %+v", tt.desc, len(tt.calls), found)
			}
		})
	}
	const want = `40 different resources of "GET /services/{id}" in 40 looks from 15 January 2027, 00:00 to 15 January 2027, 18:00 (UTC); ` +
		`their numbers fill 100 % of the span from 5000 to 5039, and 80 parts of them were read, too, and 8 of the looks found nothing (404).`
	if f := of("crawling", crawled(0, 0, with(missed(5, row(40)), "hours", "staff")))[0]; f.Reason != want {
		t.Errorf("got  %s\nwant %s", f.Reason, want)
	}
}

func changed(calls []usage.Call) []usage.Call {
	for i := range calls {
		calls[i].Method = "PUT"
	}
	return calls
}
