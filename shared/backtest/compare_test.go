package backtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/backtest"
)

// limited is a policy with a limit a day, of which three times is significant.
func limited(limit int64) aup.Version {
	return aup.Version{Number: 1, Policy: aup.Policy{ID: "dos-api", Terms: aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: limit, Significant: 3}}}}
}

// TestAgainst: who would be newly contacted or suspended, and who no longer, by two policies in one pass.
func TestAgainst(t *testing.T) {
	of := func(key string, n int) []entry { return calls(key, start, time.Second, n, func(int) any { return 7 }) }
	log := together(of("quiet", 50), of("newly-contacted", 200), of("newly-suspended", 400), of("both", 1500), of("suspended", 5000))
	cfg := backtest.Config{Policy: limited(100), Against: &backtest.Rules{Policy: limited(1000)}}
	changes := func(r backtest.Report) map[aup.KeyID]backtest.Change {
		m := map[aup.KeyID]backtest.Change{}
		for _, c := range r.Consumers {
			m[c.Key] = c.Change
		}
		return m
	}
	want := map[aup.KeyID]backtest.Change{"quiet": backtest.Same, "newly-contacted": backtest.NewlyContacted,
		"newly-suspended": backtest.NewlySuspended, "both": backtest.NewlySuspended, "suspended": backtest.Same}
	both := run(t, cfg, log)
	if d := cmp.Diff(want, changes(both)); d != "" {
		t.Errorf("stricter (-want +got):\n%s", d)
	}
	cfg.Policy, cfg.Against.Policy = cfg.Against.Policy, cfg.Policy
	want["newly-contacted"], want["newly-suspended"], want["both"] = backtest.NoLongerContacted, backtest.NoLongerSuspended, backtest.NoLongerSuspended
	if d := cmp.Diff(want, changes(run(t, cfg, log))); d != "" {
		t.Errorf("milder (-want +got):\n%s", d)
	}
	alone := run(t, backtest.Config{Policy: limited(100)}, log)
	for i, c := range both.Consumers {
		if d := cmp.Diff(alone.Consumers[i].Outcome, c.Outcome); d != "" {
			t.Errorf("%s comes to something else when it is compared (-alone +compared):\n%s", c.Key, d)
		}
	}
}

// TestAgreementsOfEither: each policy has the agreements that were given with it.
func TestAgreementsOfEither(t *testing.T) {
	agreed := []aup.Agreement{{Consumer: "k1", Number: 1, Policy: "dos-api", From: start.AddDate(0, -1, 0), Until: start.AddDate(0, 1, 0),
		Terms: aup.Terms{PerDay: &aup.Limit{Limit: 500}}}}
	log := calls("k1", start, time.Second, 200, func(int) any { return 7 })
	cfg := backtest.Config{Policy: limited(100), Agreements: agreed, Against: &backtest.Rules{Policy: limited(100)}}
	c := run(t, cfg, log).Consumers[0]
	if c.Change != backtest.NoLongerContacted || c.Limit != 500 || c.Before.Limit != 100 {
		t.Errorf("got %+v", c)
	}
}

// TestShards: any number of shards gives the same report.
func TestShards(t *testing.T) {
	var parts [][]entry
	for i, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		parts = append(parts, calls(key, start, time.Duration(i+1)*time.Second, 900+300*i, ordered(1+1000*i)))
	}
	for day := range 3 { // the same list every night, which is told by its second time
		for i, key := range []string{"x", "y"} {
			parts = append(parts, calls(key, start.AddDate(0, 0, day).Add(time.Duration(2+i)*time.Hour), time.Second, 300, func(i int) any { return 7919 * i % 4999 }))
		}
	}
	log := together(parts...)
	cfg := judged(5000)
	cfg.Policy.Policy.Terms.Caching = &aup.Caching{Clause: "keep-fresh"}
	cfg.Against = &backtest.Rules{Policy: limited(1000)}
	cfg.Owner = func(k aup.KeyID) aup.ConsumerID { return aup.ConsumerID("owner-" + string(k[0]/2)) }
	cfg.Shards = 1
	want := run(t, cfg, log)
	for _, n := range []int{2, 3, 16} {
		cfg.Shards = n
		if d := cmp.Diff(want, run(t, cfg, log)); d != "" {
			t.Errorf("%d shards (-one +many):\n%s", n, d)
		}
	}
}

// TestNothingUnderstood: a log of which nothing can be judged says what its lines lack.
func TestNothingUnderstood(t *testing.T) {
	repeat := func(line string) *memory {
		m := &memory{}
		for range 300 {
			m.left = append(m.left, []byte(line))
		}
		return m
	}
	tests := []struct {
		name, desc, line string
		missing          []string
		reasons          map[string]int64
	}{
		{name: "no time", desc: "another format's JSON", line: `{"requestId":"1","ip":"192.0.2.1","status":"200","apiKeyId":"k"}`,
			missing: []string{"requestTimeEpoch", "httpMethod", "resourcePath", "path"}, reasons: map[string]int64{"missing-time": 300}},
		{name: "no key", desc: "API Gateway's own, without the key", line: `{"requestTimeEpoch":1800000000000,"status":200,"httpMethod":"GET","resourcePath":"/a","path":"/a"}`,
			missing: []string{"apiKeyId"}},
		{name: "keyless", desc: "or by callers who have none", line: `{"requestTimeEpoch":1800000000000,"status":200,"httpMethod":"GET","resourcePath":"/a","path":"/a","apiKeyId":"-"}`,
			missing: []string{"apiKeyId"}},
		{name: "no JSON", desc: "the common log format has none of them, and is none", line: `192.0.2.1 - - [11/Jan/2027:00:00:00 +0000] "GET / HTTP/1.1" 200 17`,
			reasons: map[string]int64{"not-json": 300}},
	}
	for _, tt := range tests {
		r, err := backtest.Run(t.Context(), judged(0), repeat(tt.line), nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.missing, r.Missing); d != "" || len(r.Consumers) > 0 {
			t.Errorf("%s: %s: missing (-want +got):\n%s", tt.name, tt.desc, d)
		}
		if d := cmp.Diff(tt.reasons, r.Reasons); d != "" {
			t.Errorf("%s: %s: reasons (-want +got):\n%s", tt.name, tt.desc, d)
		}
	}
	if r := run(t, judged(0), nil); r.Lines != 0 || r.Missing != nil || len(r.Consumers) != 0 {
		t.Errorf("an empty log: %+v", r)
	}
}

// TestFormatsMix: API Gateway's lines as they are, and as CloudWatch Logs exports them, in one file.
func TestFormatsMix(t *testing.T) {
	in := lines(calls("k1", start, time.Second, 100, ordered(1)))
	for i, line := range in.left {
		if i%2 == 0 {
			in.left[i] = append([]byte("2027-01-11T00:00:00.000Z "), line...)
		}
	}
	in.left = append(in.left, []byte("2027-01-11T00:00:00.000Z START"), []byte("7 {"))
	r, err := backtest.Run(t.Context(), judged(0), in, nil)
	if err != nil || r.Rejected != 2 || len(r.Consumers) != 1 || r.Consumers[0].Requests != 100 {
		t.Errorf("got %+v (%v)", r, err)
	}
}

// TestSkewedClocks: calls whose time is a day wrong, either way, suspend nobody and move nobody's day.
func TestSkewedClocks(t *testing.T) {
	const limit = 100
	mine := calls("k1", start.Add(12*time.Hour), time.Second, limit, func(int) any { return 7 })
	for _, skew := range []time.Duration{-24 * time.Hour, 24*time.Hour - time.Second} {
		log := append([]entry{}, mine...)
		for i := range 40 { // every other line of a second source carries the wrong time
			log = append(log, entry{key: "k2", at: mine[i].at.Add(skew), id: 1}, entry{key: "k2", at: mine[i].at, id: 1})
		}
		r := run(t, backtest.Config{Policy: limited(limit)}, log)
		for _, c := range r.Consumers {
			if c.Level != aup.None {
				t.Errorf("skewed by %s: %s came to %s: %+v", skew, c.Key, c.Level, c.Decisions)
			}
		}
	}
}

// TestDaysOutOfOrder: the days of several files are put in order; within one file, what is more than two
// days behind is refused and counted, so that it cannot be judged by a clock that is not its own.
func TestDaysOutOfOrder(t *testing.T) {
	day := func(n int) []entry {
		return calls("k1", start.AddDate(0, 0, n), time.Second, 60, func(int) any { return 7 })
	}
	files := []backtest.Source{lines(day(5)), lines(day(0)), lines(day(3))}
	r, err := backtest.Run(t.Context(), backtest.Config{Policy: limited(100)}, backtest.Merge(files...), nil)
	if err != nil || r.Rejected != 0 || len(r.Consumers[0].Days) != 3 || r.Consumers[0].Level != aup.None {
		t.Errorf("files: %+v (%v)", r, err)
	}
	r = run(t, backtest.Config{Policy: limited(100)}, append(append(day(5), day(4)...), day(0)...))
	if r.Rejected != 60 || r.Reasons[backtest.TooLate] != 60 || len(r.Consumers[0].Days) != 2 || r.Consumers[0].Level != aup.None {
		t.Errorf("one file: %+v", r)
	}
}
