package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/policydoc"
	"accord/shared/table"
	"accord/shared/usage"
)

// told is a ledger with one consumer that was told of the sample policy and found significant a moment ago:
// one more judgement of that kind suspends it.
func told(t *testing.T, ledgerTable table.Table) *ledger.Ledger {
	t.Helper()
	doc, err := os.ReadFile("../../events/policies/places-api.md")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := policydoc.Parse("places-api.md", doc, "places-api")
	l := ledger.New(ledgerTable)
	ledgertest.Register(t, l, consumer)
	v, _, err := l.Publish(t.Context(), p, doc, ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, l, consumer, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1.AddDate(0, 0, -7)}})
	ledgertest.Append(t, l, consumer, "told", &ledger.Entry{Fact: aup.NoticeDelivered{Contact: "ann", About: aup.Welcome, Version: 1}})
	considered(t, l, consumer, noon.Add(-2*time.Minute))
	return l
}

// spoiled is one way in which what is stored of a day can be wrong.
func spoiled(rng *rand.Rand, d usage.Day) usage.Day {
	windows := make([]int64, 0, len(d.Windows))
	for w := range d.Windows {
		windows = append(windows, w)
	}
	slices.Sort(windows)
	w := windows[rng.IntN(len(windows))]
	n := d.Windows[w]
	huge := int64(1) << (31 + rng.IntN(31))
	switch rng.IntN(8) {
	case 0:
		n.Requests = -n.Requests * int64(1+rng.IntN(1000))
	case 1:
		n.Requests = huge
	case 2:
		n.Requests, n.Successes, n.NotFound = huge, huge, huge
	case 3:
		d.Merged.Minutes[w/60] = huge >> 24
	case 4:
		d.Windows[w+86400] = usage.Counts{Requests: huge >> 20, Successes: huge >> 20}
	case 5:
		d.Gateway = map[string]usage.Reading{"plan": {Used: huge, At: noon}}
	case 6:
		d.Gateway = map[string]usage.Reading{"plan": {Used: -huge, At: noon}, "other": {Used: 7, At: noon}}
	case 7:
		for name, looks := range d.Looks {
			d.Looks[name] = looks.Merge(usage.Series{{Window: w, N: huge >> 20}})
		}
	}
	d.Windows[w] = n
	return d
}

// stored puts a spoiled set of days into a usage table, and says how it is spoiled.
func stored(t *testing.T, rng *rand.Rand, usageTable table.Table, c doings) string {
	t.Helper()
	key := table.Key{PK: "key#" + string(consumer) + "-1", SK: "1d#" + usage.DateOf(noon)}
	d := c.day()
	body := metering.EncodeDay(&d)
	put := func(k table.Key, body []byte) {
		if err := usageTable.Write(t.Context(), table.Put(table.Item{Key: k, V: 1, Body: body}, table.Any)); err != nil {
			t.Fatal(err)
		}
	}
	switch rng.IntN(6) {
	case 0:
		for range 1 + rng.IntN(8) {
			body[rng.IntN(len(body))] ^= 1 << rng.IntN(8)
		}
		put(key, body)
		return "bits"
	case 1:
		put(key, append(body, body...)[:rng.IntN(2*len(body))])
		return "length"
	case 2:
		put(key, body)
		for ago := 1; ago <= 3; ago++ {
			put(table.Key{PK: key.PK, SK: "1d#" + usage.DateOf(noon.AddDate(0, 0, -ago))}, body)
		}
		return "duplicates"
	case 3:
		overlapping(t, rng, usageTable, c)
		return "overlaps"
	}
	d = spoiled(rng, d)
	put(key, metering.EncodeDay(&d))
	return "figures"
}

// overlapping lets batches in that have lines in common, as a log that is delivered anew from other places.
func overlapping(t *testing.T, rng *rand.Rand, usageTable table.Table, c doings) {
	t.Helper()
	var events []metering.Event
	at := noon.Add(-time.Hour)
	for n := range c.perMinute * 5 {
		events = append(events, metering.Event{ID: fmt.Sprintf("%020d", n), At: at, Message: fmt.Appendf(nil,
			`{"requestId":"r%d","apiKeyId":"%s-1","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places/{id}","status":"200","path":"/live/places/%d"}`,
			n, consumer, at.Add(time.Duration(n%5)*time.Minute).UnixMilli(), n%c.ofPlace)})
	}
	m := metering.New(usageTable, 1)
	for range 40 {
		from := rng.IntN(len(events) / 4)
		until := len(events) - rng.IntN(len(events)/4)
		report, err := m.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: events[from:until]}, noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range report.Windows {
			if _, err := m.Fold(t.Context(), w); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestCorruptedUsage: of a thousand corrupted sets of an honest consumer's usage none suspends it. What
// cannot be read is an error, and the consumer is not judged; what cannot be true is doubtful, and shown.
func TestCorruptedUsage(t *testing.T) {
	const sets = 1000
	tables := onBolt(t)
	l := told(t, tables("ledger"))
	came := map[string]map[string]int{}
	for seed := range uint64(sets) {
		rng := rand.New(rand.NewPCG(seed, 11))
		usageTable := tables(fmt.Sprint("usage", seed))
		kind := stored(t, rng, usageTable, consumers[rng.IntN(3)])
		j := judge.Judge{Ledger: l, Meter: metering.New(usageTable, 1), Acceptances: nobody{}, Mode: assess.ModeEnforce, Now: func() time.Time { return noon }}
		v, err := j.Consumer(t.Context(), consumer)
		s, errStanding := l.Standing(t.Context(), consumer)
		if errStanding != nil || s.State == aup.IsSuspended {
			t.Fatalf("set %d, corrupted in its %s, suspends: %s (%v)", seed, kind, v.Assessment.Reason, errStanding)
		}
		if came[kind] == nil {
			came[kind] = map[string]int{}
		}
		switch {
		case err != nil:
			came[kind]["cannot be read"]++
		case slices.ContainsFunc(v.Findings, func(f aup.Finding) bool { return f.Incomplete != "" }):
			came[kind]["doubtful"]++
		default:
			came[kind]["harmless"]++
		}
	}
	for kind, n := range came {
		t.Logf("%s: %v", kind, n)
	}
}
