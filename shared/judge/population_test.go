package judge_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/table/bolt"
	"accord/shared/usage"
)

const template = "GET /places/{id}"

// visitor is the line of one look at a place.
func visitor(n int, id aup.ConsumerID, at time.Time, place int) metering.Event {
	return metering.Event{ID: fmt.Sprintf("%020d", n), At: at, Message: fmt.Appendf(nil,
		`{"requestId":"%d","apiKeyId":"%s-1","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places/{id}","status":"200","path":"/live/places/%d"}`,
		n, id, at.UnixMilli(), place)}
}

// What all keys ask for is learned when a window is folded again, once, without those found crawling, and is part
// of what a judgement on the next day rests on.
func TestPopularityIsLearnedFromTheDayBefore(t *testing.T) {
	now := ledgertest.Day1.Add(10 * time.Hour)
	l, _ := ledgertest.Open(t)
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	meter := metering.New(db.Table("usage"), 2)
	j := judge.Judge{Ledger: l, Meter: meter, Acceptances: nobody{}, Mode: assess.ModeWarn, Now: func() time.Time { return now }}
	p := aup.Policy{ID: "places-api", Terms: aup.Terms{Crawling: &aup.Crawling{Clause: "dont-crawl"}}, Clauses: []aup.Clause{{ID: "dont-crawl"}}}
	v, _, err := l.Publish(t.Context(), p, []byte("p"), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	var events []metering.Event
	for c := range 6 {
		id := aup.ConsumerID(fmt.Sprint("c", c))
		ledgertest.Register(t, l, id)
		ledgertest.Append(t, l, id, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
		for n := range 20 * min(1, 5-c) { // not c5, which walks
			events = append(events, visitor(len(events), id, now, 100*n))
		}
	}
	for n := range 200 {
		events = append(events, visitor(len(events), "c5", now, 7000+n))
	}
	ingest := func() {
		t.Helper()
		if _, err := meter.Ingest(t.Context(), metering.Source{Group: "g", Stream: now.String(), Events: events}, now); err != nil {
			t.Fatal(err)
		}
		now = now.Add(15 * time.Minute)
		if err := j.Refold(t.Context(), now.Add(-15*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	ingest()
	learned, err := meter.Population(t.Context(), aup.Date(now))
	if err != nil || len(learned.Demand[template]) != 20 {
		t.Fatalf("%d places were learned (%v); want the twenty that all ask for, and nothing of the walk", len(learned.Demand[template]), err)
	}
	var popular usage.Sketch
	for h := range learned.Demand[template] {
		popular.Add(uint64(h) << 32)
	}
	if a := learned.Asked(nil, template, &popular, 1, 0); a.Heads != 20 || a.Popular != 20 {
		t.Errorf("asked: %+v; want all twenty to be popular", a)
	}
	window := now.Add(-15 * time.Minute)
	now = now.Add(26 * time.Hour)
	if err := j.Refold(t.Context(), window); err != nil {
		t.Fatal(err)
	}
	events = nil
	for n := range 200 {
		events = append(events, visitor(1000+n, "c1", now, 9000+n))
	}
	ingest()
	all, err := l.Events(t.Context(), "c1")
	if err != nil {
		t.Fatal(err)
	}
	last, err := json.Marshal(all[len(all)-1].Fact)
	if err != nil || !strings.Contains(string(last), `"population":"`) {
		t.Errorf("the case does not say which population it rests on: %s (%v)", last, err)
	}
}
