package judge_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/usage"
)

// readBytes counts what comes through the port to storage: keys, bodies, and all that a query passes over.
type readBytes struct {
	table.Table
	n map[string]int // by the kind of partition
}

func (r readBytes) count(items ...table.Item) {
	for _, item := range items {
		kind, _, _ := strings.Cut(item.PK, "#")
		r.n[kind] += len(item.PK) + len(item.SK) + len(item.Body)
	}
}

func (r readBytes) Get(ctx context.Context, k table.Key) (table.Item, error) {
	item, err := r.Table.Get(ctx, k)
	r.count(item)
	return item, err
}

func (r readBytes) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := r.Table.Query(ctx, q)
	r.count(page.Items...)
	return page, err
}

// One decision for one key that called around the clock for 28 days, from many networks, reads at most 48 KB of what is stored
// of it; and where it calls under one template, that includes what is the same for all: a policy of 9 kB and the population.
func TestADecisionReadsLittle(t *testing.T) {
	for _, templates := range []int{1, 3} {
		read := decisionReads(t, templates)
		own, total := read["key"]+read["consumer"], 0
		for _, n := range read {
			total += n
		}
		t.Logf("one decision over 28 days, %d templates: %d bytes read, %d of them of the key: %v", templates, total, own, read)
		if own > 48<<10 || templates == 1 && total > 48<<10 || read["key"] < 4*1000 {
			t.Errorf("one decision, %d templates: %d bytes read, %d of them of the key, want at most %d: %v", templates, total, own, 48<<10, read)
		}
	}
}

// decisionReads is what one decision reads, in bytes by the kind of partition.
func decisionReads(t *testing.T, templates int) map[string]int {
	now := ledgertest.Day1.AddDate(0, 0, 28).Add(23 * time.Hour)
	_, stored := ledgertest.Open(t)
	_, used := ledgertest.Open(t)
	read := map[string]int{}
	l := ledger.New(readBytes{stored, read})
	meter := metering.New(readBytes{used, read}, 1)
	p := aup.Policy{ID: "places-api", Clauses: []aup.Clause{{ID: "c"}}, Terms: aup.Terms{PerDay: &aup.Limit{Clause: "c", Limit: 1 << 40}, Crawling: &aup.Crawling{Clause: "c"}}}
	v, _, err := l.Publish(t.Context(), p, []byte(strings.Repeat("A policy of ordinary length. ", 300)), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Register(t, l, "c1")
	ledgertest.Append(t, l, "c1", "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
	for day := ledgertest.Day1.Truncate(24 * time.Hour); day.Before(now); day = day.AddDate(0, 0, 1) {
		d := busyDay(day, now, templates)
		if err := used.Write(t.Context(), table.Put(table.Item{Key: table.Key{PK: "key#c1-1", SK: "1d#" + d.Date}, V: 1, Body: metering.EncodeDay(&d)}, table.Any)); err != nil {
			t.Fatal(err)
		}
	}
	everybody(t, meter, now.AddDate(0, 0, -1))
	clear(read)
	j := judge.Judge{Ledger: l, Meter: meter, Acceptances: nobody{}, Mode: assess.ModeEnforce, Now: func() time.Time { return now }}
	verdict, err := j.Consumer(t.Context(), "c1")
	if err != nil || len(verdict.Findings) > 0 {
		t.Fatalf("%+v, %v", verdict.Findings, err)
	}
	return read
}

// busyDay is a day on which popular places were looked at in every window, of which one in twenty was not there.
func busyDay(day, until time.Time, templates int) usage.Day {
	d, rng := usage.Day{Date: aup.Date(day)}, rand.New(rand.NewPCG(uint64(day.Unix()), 1))
	zipf := rand.NewZipf(rng, 1.1, 4, 150_000)
	for at := day; at.Before(day.AddDate(0, 0, 1)) && at.Before(until); at = at.Add(usage.Window) {
		var s usage.Summary
		for n := range 30 {
			status := 200
			if rng.IntN(20) == 0 {
				status = 404
			}
			s.Add(usage.Call{At: at.Add(time.Duration(n) * 9 * time.Second), Key: "c1-1", Method: "GET", Template: fmt.Sprintf("/places%d/{id}", n%templates), RequestID: "r",
				Path: fmt.Sprintf("/live/places%d/%d", n%templates, zipf.Uint64()), Status: status, Bytes: 1000, Latency: 20 * time.Millisecond, Source: fmt.Sprintf("198.%d.%d.7", rng.IntN(99), rng.IntN(99))})
		}
		d.Put(at, s)
	}
	return d
}

// everybody makes all keys' day as large as one is kept.
func everybody(t *testing.T, meter *metering.Meter, at time.Time) {
	keys, rng := map[aup.KeyID]usage.Summary{}, rand.New(rand.NewPCG(3, 3))
	zipf := rand.NewZipf(rng, 1.1, 4, 40_000)
	for k := range 60 {
		var s usage.Summary
		for range 120 {
			s.Add(usage.Call{At: at, Method: "GET", Template: "/places0/{id}", Path: fmt.Sprintf("/live/places0/%d", zipf.Uint64()), Status: 200})
		}
		keys[aup.KeyID(fmt.Sprint("k", k))] = s
	}
	if err := meter.Learn(t.Context(), at, keys); err != nil {
		t.Fatal(err)
	}
}
