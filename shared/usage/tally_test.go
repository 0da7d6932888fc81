package usage_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/shared/usage"
)

// tally adds calls to a tally that was used before.
func tally(t *usage.Tally, calls []usage.Call) *usage.Tally {
	t.Add(&usage.Call{At: start.Add(-time.Hour), Path: "/a/b", Status: 200, RequestID: "before", Source: "203.0.113.7"}, usage.NewName("PUT", "/a"))
	t.Reset()
	for _, c := range calls {
		t.Add(&c, usage.NewName(c.Method, c.Template))
	}
	return t
}

func TestATallyComesToTheSummary(t *testing.T) {
	var used usage.Tally
	rapid.Check(t, func(t *rapid.T) {
		a, b := calls.Draw(t, "a"), calls.Draw(t, "b")
		equal(t, "added", summary(a), tally(&used, a).Summary())
		sb := summary(b)
		used.Merge(&sb)
		equal(t, "merged", merged(summary(a), sb), used.Summary())
	})
}

// The paths that are told apart in the quick way are those that the general way tells apart.
func TestATallyReadsPathsAsASummaryDoes(t *testing.T) {
	var used usage.Tally
	templates := []string{"/s/{id}", "/{id}", "/s/{id}/", "/s//{id}", "s/{id}", "/s/{id}/t/{to}", "/s/{a}/{proxy+}", "/s/{proxy+}", "/s", "/", "", "-", "/s/x{id}", "/{a}/{id}", "/s/{"}
	paths := []string{"/prod/s/1", "/s/1", "/prod/s/1/", "/prod/s//1", "/prod/s/", "/prod/s", "/prod/1", "/1", "//s/1", "", "/", "/prod/s/1/t/2", "s/1", "/prod/s/123456789012345678", "/prod/s/1234567890123456789", "/prod/s/é", "/prod/s/x1", "/prod/a/7"}
	for _, template := range templates {
		for _, path := range paths {
			in := []usage.Call{{At: start, Method: "GET", Template: template, Path: path, Status: 200}}
			equal(t, fmt.Sprint(template, " ", path, ": "), summary(in), tally(&used, in).Summary())
		}
	}
}

func TestCountingACallMakesNothing(t *testing.T) {
	var used usage.Tally
	name := usage.NewName("GET", "/s/{id}")
	many := func() {
		used.Reset()
		for i := range 2000 {
			used.Add(&usage.Call{At: start.Add(time.Duration(i) * time.Millisecond), Path: paths[i], Status: 200, RequestID: "r", Source: "198.51.100.7"}, name)
		}
	}
	if n := testing.AllocsPerRun(5, many); n > 0 {
		t.Errorf("%v allocations for 2,000 calls", n)
	}
}

var paths = func() (paths []string) {
	for i := range 2000 {
		paths = append(paths, fmt.Sprint("/prod/s/", i*7919%150_000))
	}
	return paths
}()

func TestDigits(t *testing.T) {
	word := func(s string) (w uint64) {
		for i := range len(s) {
			w |= uint64(s[i]) << (8 * i)
		}
		return w
	}
	for _, c := range []struct {
		text  string
		count int
		want  uint64
		ok    bool
	}{{"12345678", 8, 12345678, true}, {"7,000000", 1, 7, true}, {"90\"xxxxx", 2, 90, true}, {"00000042", 8, 42, true},
		{"1:", 2, 0, false}, {"/1", 2, 0, false}, {"12a45678", 8, 0, false}, {"\xb1", 1, 0, false}, {"", 0, 0, true}} {
		if got, ok := usage.Digits(word(c.text), c.count); ok != c.ok || ok && got != c.want {
			t.Errorf("%q: %d, %v", c.text, got, ok)
		}
	}
}
