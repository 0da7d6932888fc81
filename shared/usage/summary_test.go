package usage_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"accord/shared/usage"
)

func TestSummaryCounts(t *testing.T) {
	for _, c := range []struct {
		says   string
		status int
		want   usage.Counts
	}{
		{"an answer is a success", 200, usage.Counts{Requests: 1, Successes: 1}},
		{"a redirection is one too", 304, usage.Counts{Requests: 1, Successes: 1}},
		{"an informational answer is only a request", 101, usage.Counts{Requests: 1}},
		{"a refusal is the client's error", 403, usage.Counts{Requests: 1, ClientErrors: 1, Refused: 1}},
		{"so is asking for what is not there", 404, usage.Counts{Requests: 1, ClientErrors: 1, NotFound: 1}},
		{"and being throttled", 429, usage.Counts{Requests: 1, ClientErrors: 1, Throttled: 1}},
		{"any other client error has no figure of its own", 418, usage.Counts{Requests: 1, ClientErrors: 1}},
		{"a failure is the server's", 503, usage.Counts{Requests: 1, ServerErrors: 1}},
	} {
		s := summary([]usage.Call{{At: start, Status: c.status, Latency: -1}})
		if diff := cmp.Diff(c.want, s.Counts); diff != "" {
			t.Errorf("%s: %s", c.says, diff)
		}
	}
	s := summary([]usage.Call{{At: start, Status: 200, Bytes: 7, Latency: 30 * time.Millisecond}, {At: start, Status: 200, Bytes: 5, Latency: -1}})
	want := usage.Counts{Requests: 2, Successes: 2, Bytes: 12, LatencySum: 30, Timed: 1}
	if diff := cmp.Diff(want, s.Counts); diff != "" {
		t.Errorf("an unknown latency is left out of the mean: %s", diff)
	}
}

func TestOnlyAnswersAndMissesAreLooks(t *testing.T) {
	for status, looks := range map[int]int64{200: 1, 302: 1, 404: 1, 400: 0, 403: 0, 429: 0, 500: 0, 101: 0} {
		s := summary([]usage.Call{{At: start, Method: "GET", Template: "/s/{id}", Path: "/prod/s/1", Status: status}})
		var got int64
		if r := s.Resources["GET /s/{id}"]; r != nil {
			got = r.Requests
		}
		if got != looks {
			t.Errorf("status %d: %d looks, want %d", status, got, looks)
		}
	}
}

func TestResourceTellsItsPathsApart(t *testing.T) {
	for _, c := range []struct {
		says, template string
		paths          []string
		distinct       int
		numbers        *usage.Span
	}{
		{"each id is one", "/s/{id}", []string{"/prod/s/7", "/prod/s/9", "/prod/s/7"}, 2, &usage.Span{Min: 7, Max: 9, Looks: 3}},
		{"the stage is no part of it", "/s/{id}", []string{"/prod/s/7", "/test/s/7", "/s/7", "/s/7/"}, 1, &usage.Span{Min: 7, Max: 7, Looks: 4}},
		{"words have no span", "/s/{id}", []string{"/prod/s/a", "/prod/s/b"}, 2, nil},
		{"only looks with a number are in the span", "/s/{id}", []string{"/prod/s/a", "/prod/s/5"}, 2, &usage.Span{Min: 5, Max: 5, Looks: 1}},
		{"the last number counts", "/s/{id}/p/{page}/{x}", []string{"/prod/s/900/p/2/x"}, 1, &usage.Span{Min: 2, Max: 2, Looks: 1}},
		{"parameters do not run together", "/s/{a}/{b}", []string{"/prod/s/1/23", "/prod/s/12/3"}, 2, &usage.Span{Min: 3, Max: 23, Looks: 2}},
		{"a greedy parameter takes the rest", "/s/{proxy+}", []string{"/prod/s/a/b", "/prod/s/a/c", "/v2/s/a/b"}, 2, nil},
		{"a path that does not fit stands for itself, less its stage", "/s/{id}", []string{"/prod/x/1", "/test/x/1", "/prod/x/2"}, 2, nil},
		{"no template, likewise", "-", []string{"/prod/x/1", "/test/x/1", "/prod/x/2"}, 2, nil},
		{"a path without parameters is one", "/s", []string{"/prod/s", "/s", "/prod/s/"}, 1, nil},
		{"the root is one", "/", []string{"/prod", "/prod/", "/"}, 1, nil},
		{"a number too long to be an id is a word", "/s/{id}", []string{"/prod/s/1234567890123456789"}, 1, nil},
		{"a path that was not logged tells nothing", "/s/{id}", []string{""}, 0, nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			var s usage.Summary
			for _, path := range c.paths {
				s.Add(usage.Call{At: start, Method: "GET", Template: c.template, Path: path, Status: 200})
			}
			r := s.Resources[usage.ResourceName("GET", c.template)]
			if got := int(r.Distinct.Estimate()); got != c.distinct {
				t.Errorf("%d distinct, want %d", got, c.distinct)
			}
			if diff := cmp.Diff(c.numbers, r.Numbers); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCellsAreBlocksOfNumbers(t *testing.T) {
	for _, c := range []struct {
		says  string
		paths []string
		want  float64
	}{
		{"a block of 32 is one cell", []string{"/p/s/64", "/p/s/80", "/p/s/95"}, 1},
		{"the next number is another one", []string{"/p/s/95", "/p/s/96"}, 2},
		{"asking again adds none", []string{"/p/s/7", "/p/s/7", "/p/s/8"}, 1},
		{"a stray id is one more, however far off", []string{"/p/s/7", "/p/s/8", "/p/s/999999999"}, 2},
		{"words lie in no cell", []string{"/p/s/a", "/p/s/b"}, 0},
	} {
		var whole usage.Summary
		day := usage.Day{Date: usage.DateOf(start)}
		for i, path := range c.paths {
			at := start.Add(time.Duration(i) * usage.Window)
			part := summary([]usage.Call{{At: at, Method: "GET", Template: "/s/{id}", Path: path, Status: 200}})
			whole.Merge(part)
			day.Put(at, part)
			day.Put(at, part)
		}
		merged := whole.Resources["GET /s/{id}"].Cells
		if got := merged.Estimate(); got != c.want || !merged.Equal(day.Merged.Resources["GET /s/{id}"].Cells) {
			t.Errorf("%s: %v cells, want %v, in the day %v", c.says, got, c.want, day.Merged.Resources["GET /s/{id}"].Cells.Estimate())
		}
	}
}

func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		says    string
		sources []string
		want    float64
	}{
		{"a /24 is one", []string{"198.51.100.1", "198.51.100.254"}, 1},
		{"two are two", []string{"198.51.100.1", "198.51.101.1"}, 2},
		{"a /48 is one", []string{"2001:db8:1:2::1", "2001:db8:1:ffff::1"}, 1},
		{"a mapped address is the one it maps", []string{"198.51.100.1", "::ffff:198.51.100.9"}, 1},
		{"what is no address is none", []string{"", "-", "test-invoke-source-ip"}, 0},
	} {
		var s usage.Summary
		for _, source := range c.sources {
			s.Add(usage.Call{At: start, Status: 200, Source: source})
		}
		if got := s.Networks.Estimate(); got != c.want {
			t.Errorf("%s: %v networks, want %v", c.says, got, c.want)
		}
	}
}

func TestSummaryStaysSmall(t *testing.T) {
	var s usage.Summary
	for i := range 20_000 {
		s.Add(usage.Call{At: start, Method: "GET", Template: fmt.Sprintf("/kind%d/{id}", i%40), Path: fmt.Sprintf("/p/kind%d/%0500d", i%40, i), Status: 200})
	}
	if n := len(s.Resources); n != usage.MaxResources+1 || s.Resources[usage.Others] == nil {
		t.Errorf("%d resources", n)
	}
	var looks int64
	for name, r := range s.Resources {
		looks += r.Requests
		if len(r.Examples) > usage.MaxExamples || len(r.Examples[0]) > usage.MaxExample {
			t.Errorf("%s: examples %q", name, r.Examples)
		}
	}
	if looks != 20_000 {
		t.Errorf("%d looks were kept of 20000", looks)
	}
}

// equal compares summaries and days; an empty map is as good as none.
func equal(t interface{ Error(...any) }, says string, want, got any) {
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(says, diff)
	}
}

func TestMergeIsAssociativeAndCommutativeWithAnIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := calls.Draw(t, "a"), calls.Draw(t, "b"), calls.Draw(t, "c")
		all := summary(slices.Concat(a, b, c))
		sa, sb, sc := summary(a), summary(b), summary(c)
		equal(t, "a(bc)", all, merged(sa, merged(sb, sc)))
		equal(t, "(ab)c", all, merged(merged(sa, sb), sc))
		equal(t, "cba", all, merged(sc, sb, sa))
		equal(t, "0a0", sa, merged(usage.Summary{}, sa, usage.Summary{}))
		equal(t, "the parts are untouched", summary(a), sa)
	})
}

func TestScatteringOverBatchesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := calls.Draw(t, "calls")
		batches := make([]usage.Summary, rapid.IntRange(1, 8).Draw(t, "batches"))
		for _, c := range rapid.Permutation(in).Draw(t, "shuffled") {
			batches[rapid.IntRange(0, len(batches)-1).Draw(t, "batch")].Add(c)
		}
		equal(t, "scattered", summary(in), merged(batches...))
	})
}

func TestSummaryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := summary(calls.Draw(t, "calls"))
		first, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back usage.Summary
		if err := json.Unmarshal(first, &back); err != nil {
			t.Fatal(err)
		}
		equal(t, "read back", s, back)
		if again, _ := json.Marshal(back); string(again) != string(first) {
			t.Errorf("written again:\n%s\n%s", first, again)
		}
	})
}
