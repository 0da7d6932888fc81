package backtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestKinds(t *testing.T) {
	tests := []struct {
		name, desc string
		cfg        backtest.Config
		log        []entry
		level      aup.Level
		first      int64 // at most so many requests before the first decision
		suspended  int64 // ... before the suspension
	}{
		{name: "ordered walk", desc: "ids in a row, one a second", cfg: judged(0), log: calls("k1", start, time.Second, 3000, ordered(100)), level: aup.NonUrgent, first: 180},
		{name: "ordered walk, catalogue", desc: "with a known catalogue it ends in a suspension", cfg: judged(50000),
			log: calls("k1", start, time.Second, 3000, ordered(100)), level: aup.Significant, first: 180, suspended: 1200},
		{name: "walk with repeats", desc: "a quarter of it asked for again: judged often while it is young", cfg: judged(0),
			log: calls("k1", start, 3*time.Second, 600, func(i int) any { return 100 + i - i/4 - i%4/3 }), level: aup.NonUrgent, first: 150},
		{name: "slow walk", desc: "one id every ten minutes, over days", cfg: judged(0), log: calls("k1", start, 10*time.Minute, 600, ordered(100)), level: aup.NonUrgent, first: 150},
		{name: "unordered sweep", desc: "a known catalogue in random order", cfg: judged(3000), log: calls("k1", start, 5*time.Second, 3000, shuffled(3000)), level: aup.Significant, first: 2000, suspended: 2700},
		{name: "front end", desc: "popular places for three days", cfg: judged(20000), log: calls("k1", start, 10*time.Second, 25000, popular(20000)), level: aup.None},
		{name: "clinic", desc: "each patient looked up once for three days", cfg: judged(1_700_000), log: calls("k1", start, 30*time.Second, 8600, uniform(1_700_000)), level: aup.None},
		{name: "volume", desc: "more than the day's limit, of the same", cfg: judged(0), log: calls("k1", start, time.Second, 50100, func(int) any { return 7 }), level: aup.NonUrgent, first: 50060},
		{name: "burst", desc: "ten times the limit within a minute", cfg: judged(0), log: calls("k1", start, time.Millisecond, 6000, func(int) any { return 7 }), level: aup.Significant, first: 6000, suspended: 6000},
		{name: "one request", desc: "says nothing", cfg: judged(1), log: calls("k1", start, time.Second, 1, ordered(1)), level: aup.None},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := run(t, tt.cfg, tt.log).Consumers[0]
			if c.Level != tt.level || c.Requests != int64(len(tt.log)) {
				t.Fatalf("%s: got %+v", tt.desc, c)
			}
			for _, d := range c.Decisions {
				t.Logf("%s after %d requests: %s", d.Level, d.AfterRequests, d.Reason)
			}
			if len(c.Decisions) > 0 && c.Decisions[0].AfterRequests > tt.first {
				t.Errorf("%s: first decision after %d requests, want at most %d", tt.desc, c.Decisions[0].AfterRequests, tt.first)
			}
			if last := len(c.Decisions) - 1; tt.level == aup.Significant && c.Decisions[last].AfterRequests > tt.suspended {
				t.Errorf("%s: suspended after %d requests, want at most %d", tt.desc, c.Decisions[last].AfterRequests, tt.suspended)
			}
		})
	}
}

func TestReportIsThisJSON(t *testing.T) {
	log := together(calls("b2", start, time.Second, 126, ordered(1)), calls("a1", start, time.Minute, 2, ordered(1)))
	got, err := json.Marshal(run(t, judged(0), log))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"lines":128,"rejected":0,"from":"2027-01-11T00:00:00Z","to":"2027-01-11T00:02:05Z","consumers":[` +
		`{"key":"a1","requests":2,"level":"none","limit":50000,"decisions":[],"days":[{"date":"2027-01-11","requests":2}]},` +
		`{"key":"b2","requests":126,"level":"non-urgent","limit":50000,"decisions":[{"at":"2027-01-11T00:01:45Z","afterRequests":106,"clause":"dont-crawl","detector":"crawling","level":"non-urgent","score":15.8,` +
		`"reason":"106 different resources of \"GET /services/{id}\" in 106 looks from 11 January 2027, 00:00 to 11 January 2027, 00:01 (UTC); their numbers fill 100 % of the span from 1 to 106."}],"days":[{"date":"2027-01-11","requests":126}]}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAgreementsAndOwners(t *testing.T) {
	agreed := func(consumer string) aup.Agreement {
		return aup.Agreement{Consumer: aup.ConsumerID(consumer), Number: 1, Policy: "dos-api", From: start.AddDate(0, -1, 0), Until: start.AddDate(0, 1, 0),
			Permissions: []aup.Permission{{Name: aup.PermitBulkExtraction, Reference: "DSA-1", Issuer: "board"}}}
	}
	one := func(aup.KeyID) aup.ConsumerID { return "acme" }
	half := together(calls("Key1", start, time.Second, 100, ordered(1)), calls("Key2", start, time.Second, 100, ordered(101)))
	tests := []struct {
		name, desc string
		agreements []aup.Agreement
		owner      func(aup.KeyID) aup.ConsumerID
		log        []entry
		want       []aup.Level
	}{
		{name: "none", desc: "without an agreement a walk is found", log: calls("Key1", start, time.Second, 200, ordered(1)), want: []aup.Level{aup.NonUrgent}},
		{name: "lower case", desc: "a consumer's id is its key's in lower case", agreements: []aup.Agreement{agreed("key1")}, log: calls("Key1", start, time.Second, 200, ordered(1)), want: []aup.Level{aup.None}},
		{name: "exact", desc: "or the key's id as it is", agreements: []aup.Agreement{agreed("Key1")}, log: calls("Key1", start, time.Second, 200, ordered(1)), want: []aup.Level{aup.None}},
		{name: "another", desc: "another consumer's agreement does nothing", agreements: []aup.Agreement{agreed("key2")}, log: calls("Key1", start, time.Second, 200, ordered(1)), want: []aup.Level{aup.NonUrgent}},
		{name: "two keys", desc: "keys that stand for themselves are judged apart", log: half, want: []aup.Level{aup.None, aup.None}},
		{name: "one owner", desc: "keys of one owner are judged together", owner: one, log: half, want: []aup.Level{aup.NonUrgent, aup.NonUrgent}},
		{name: "one owner, agreed", desc: "and have its agreement", owner: one, agreements: []aup.Agreement{agreed("acme")}, log: half, want: []aup.Level{aup.None, aup.None}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := judged(0)
			cfg.Agreements, cfg.Owner = tt.agreements, tt.owner
			var got []aup.Level
			r := run(t, cfg, tt.log)
			for _, c := range r.Consumers {
				got = append(got, c.Level)
			}
			if unused := len(r.Notes) == 1 && strings.HasPrefix(r.Notes[0], "the agreement of key2 was not used: no key"); unused != (tt.name == "another") {
				t.Errorf("%s: noted %q", tt.desc, r.Notes)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", tt.desc, diff)
			}
		})
	}
}

// What a key did since it was last judged is judged at the end of its day, although it comes back only a
// week later and had not grown by much.
func TestTheEndOfADayIsJudged(t *testing.T) {
	late := start.Add(23*time.Hour + 50*time.Minute)
	log := together(calls("k2", late, time.Second, 13, func(int) any { return 1 }), calls("k2", late.Add(13*time.Second), 300*time.Millisecond, 106, ordered(1)),
		calls("k2", late.Add(5*time.Minute), time.Second, 4, ordered(107)), calls("k2", start.AddDate(0, 0, 7), time.Second, 3, func(int) any { return 7 }))
	c := run(t, judged(0), log).Consumers[0]
	if len(c.Decisions) != 1 || c.Decisions[0].At.Day() != start.Day() || c.Decisions[0].AfterRequests != 123 {
		t.Errorf("got %+v", c)
	}
}

// What was read as news are is judged once more when it is known what others asked for that day, as the sweeper does: a walk through old
// numbers that ended on the first day is found on the second.
func TestAllIsKnownADayLater(t *testing.T) {
	log := calls("walker", start, 3*time.Minute, 127, ordered(50_000))
	for v := range 10 {
		log = together(log, calls(fmt.Sprint("visitor", v), start.Add(time.Duration(v)*time.Minute), 11*time.Minute, 380, func(i int) any { return 52_000 + (i/4*37+v)%3000 }))
	}
	for _, c := range run(t, judged(0), log).Consumers {
		if found := len(c.Decisions) > 0; found != (c.Key == "walker") {
			t.Errorf("got %+v", c)
		}
	}
}

// Lines a little out of order come to the same.
func TestOutOfOrder(t *testing.T) {
	log := together(calls("k1", start, 20*time.Second, 2000, ordered(1)), calls("k2", start, 7*time.Second, 5000, popular(500)))
	want := run(t, judged(20000), log)
	r := rand.New(rand.NewPCG(7, 8))
	for i := 0; i+40 < len(log); i += 40 {
		r.Shuffle(40, func(a, b int) { log[i+a], log[i+b] = log[i+b], log[i+a] })
	}
	got := run(t, judged(20000), log)
	loose := cmpopts.IgnoreFields(backtest.Decision{}, "At", "AfterRequests", "Reason")
	if diff := cmp.Diff(want, got, loose, cmpopts.EquateApprox(0, 0.2)); diff != "" { // a score is of the moment at which it was judged
		t.Error(diff)
	}
}

// A window that was closed and gets a line an hour late counts every call once.
func TestLateLinesCount(t *testing.T) {
	cfg := judged(0)
	cfg.Policy.Policy.Terms = aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: 999}}
	log := calls("k1", start, 10*time.Second, 999, func(int) any { return 1 })
	if c := run(t, cfg, log).Consumers[0]; c.Level != aup.None {
		t.Fatalf("at the limit: %+v", c)
	}
	late := append(append([]entry{}, log...), entry{key: "k1", at: start.Add(time.Second), id: 1})
	c := run(t, cfg, late).Consumers[0]
	if c.Level != aup.NonUrgent || !strings.HasPrefix(c.Decisions[0].Reason, "1,000 requests") {
		t.Fatalf("one late call beyond the limit: %+v", c)
	}
}

// Nor does it lose what was not there: a walk is told by its gaps although a line of it comes when two other windows were begun.
func TestLateLinesLeaveGaps(t *testing.T) {
	first := func(int) any { return 5001 }
	walk := calls("k1", start, time.Second, 70, ordered(5001))
	for i := 0; i < len(walk); i += 5 {
		walk[i].status = 404
	}
	log := slices.Concat(walk, calls("k1", start.Add(6*time.Minute), time.Second, 10, first), calls("k1", start.Add(12*time.Minute), time.Second, 5, first),
		[]entry{{key: "k1", at: start.Add(99 * time.Second), id: 5071}}, calls("k1", start.Add(13*time.Minute), time.Second, 30, first))
	c := run(t, judged(0), log).Consumers[0]
	if len(c.Decisions) != 1 || !strings.Contains(c.Decisions[0].Reason, "14 of the looks found nothing") {
		t.Errorf("got %+v", c)
	}
}

func TestBadLines(t *testing.T) {
	good := calls("k1", start, time.Second, 10, ordered(1))
	day := 24 * time.Hour
	tests := []struct {
		name, desc string
		log        []entry
		raw        string // one more line
		rejected   int64
		requests   int64
	}{
		{name: "good", desc: "nothing is rejected", log: good, requests: 10},
		{name: "not JSON", desc: "a line that is no access log is counted", log: good, raw: "GET /", rejected: 1, requests: 10},
		{name: "long", desc: "so is one of 70 kB", log: good, raw: strings.Repeat("x", 70<<10), rejected: 1, requests: 10},
		{name: "keyless", desc: "a call without a key is a line and nobody's request", log: append([]entry{{key: "-", at: start, id: 1}}, good...), requests: 10},
		{name: "future", desc: "a single line from the far future moves no clock", log: append([]entry{good[0], {key: "k1", at: start.Add(900 * day), id: 1}}, good[1:]...), rejected: 1, requests: 10},
		{name: "gap", desc: "a log may pause for a month", log: append(calls("k1", start.Add(-30*day), time.Second, 5, ordered(1)), good...), requests: 15},
		{name: "last of all", desc: "a last line that nothing confirms is rejected", log: append(append([]entry{}, good...), entry{key: "k1", at: start.Add(900 * day), id: 1}), rejected: 1, requests: 10},
		{name: "too late", desc: "a line more than two days late is rejected", log: append(append([]entry{}, good...), entry{key: "k1", at: start.Add(-3 * day), id: 1}), rejected: 1, requests: 10},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := lines(tt.log)
			if tt.raw != "" {
				in.left = append(in.left, []byte(tt.raw))
			}
			n := int64(len(in.left))
			r, err := backtest.Run(t.Context(), judged(0), in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Lines != n || r.Rejected != tt.rejected || len(r.Consumers) != 1 || r.Consumers[0].Requests != tt.requests {
				t.Errorf("%s: got %+v", tt.desc, r)
			}
		})
	}
}

type broken struct{ *memory }

func (b broken) Next() ([]byte, error) {
	if len(b.left) == 0 {
		return nil, errors.New("disk on fire")
	}
	return b.memory.Next()
}

func TestRunStops(t *testing.T) {
	var told int64
	_, err := backtest.Run(t.Context(), judged(0), broken{lines(calls("k1", start, time.Second, 5, ordered(1)))}, func(n int64) { told = n })
	if err == nil || err.Error() != "the log after line 5: disk on fire" || told != 5 {
		t.Errorf("a source that fails: got %v after %d lines", err, told)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backtest.Run(ctx, judged(0), lines(calls("k1", start, time.Second, 5, ordered(1))), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: got %v", err)
	}
}

// What a key did last is judged by the day on which it did it, however long the log goes on without it.
func TestTheLastCallsBeforeSilence(t *testing.T) {
	log := together(calls("walker", start, 500*time.Millisecond, 112, ordered(1)), calls("monitor", start, 6*time.Hour, 40, func(int) any { return 1 }))
	cfg := judged(0)
	cfg.Policy.Policy.Terms.PerMinute = &aup.Limit{Clause: "dont-rush", Limit: 102, Mode: aup.ModeObserve} // it is judged as it crosses that, and then at 115
	for _, c := range run(t, cfg, log).Consumers {
		if c.Key == "walker" && c.Level != aup.NonUrgent {
			t.Errorf("a walk of %d calls came to %s", c.Requests, c.Level)
		}
	}
}

// A log whose lines all lack a field says what was not seen; one that lacks it now and then says nothing.
func TestWhatCannotBeSeenIsSaid(t *testing.T) {
	whole := string(entry{key: "k1", at: start, id: 1}.line())
	for field, want := range map[string]string{
		`"path":"/prod/services/1",`:       "no line has path: crawling and caching are not seen without it",
		`"resourcePath":"/services/{id}",`: "no line has resourcePath: crawling, caching and operations are not seen without it",
		`"httpMethod":"GET",`:              "no line has httpMethod: operations are not seen without it",
		`"ip":"198.18.0.1",`:               "no line has ip: sources are not seen without it",
	} {
		lacks := []byte(strings.Replace(whole, field, "", 1))
		for _, tt := range []struct {
			log  [][]byte
			want []string
		}{{[][]byte{lacks, lacks}, []string{want}}, {[][]byte{lacks, []byte(whole)}, nil}} {
			r, err := backtest.Run(t.Context(), judged(0), &memory{tt.log}, nil)
			if diff := cmp.Diff(tt.want, r.Notes); diff != "" || err != nil {
				t.Error(field, diff, err)
			}
		}
	}
}

// Who makes few requests is judged, too, at the end of its day, as the live stack judges it: some terms take less than a walk does.
func TestFewRequestsAreJudged(t *testing.T) {
	cfg := judged(0)
	cfg.Policy.Policy.Terms.Operations = &aup.Operations{Clause: "dont-crawl", Allow: []string{"GET /places/*"}}
	log := together(calls("few", start, time.Minute, 40, popular(9)), calls("other", start.Add(time.Hour), 12*time.Hour, 5, popular(9)))
	for _, c := range run(t, cfg, log).Consumers {
		if found := len(c.Decisions) == 1 && c.Decisions[0].Detector == "operations"; found != (c.Key == "few") || found && c.Decisions[0].At.Day() != start.Day() {
			t.Errorf("%+v", c)
		}
	}
}
