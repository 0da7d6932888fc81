package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/table"
)

// crowd is how many consumers turn significant at once.
const crowd = 16

// crowded registers a crowd that was told of a policy and is far beyond it, and returns their judge, whose
// clock is the one given.
func crowded(t testing.TB, ledgerTable, usageTable table.Table) func(now time.Time) judge.Judge {
	t.Helper()
	l, m := ledger.New(ledgerTable), metering.New(usageTable, 1)
	p := aup.Policy{ID: "places-api", Clauses: []aup.Clause{{ID: "fair-volume"}},
		Terms: aup.Terms{PerMinute: &aup.Limit{Clause: "fair-volume", Limit: 10, Significant: 2}}}
	v, _, err := l.Publish(t.Context(), p, []byte("p"), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	var events []metering.Event
	for c := range crowd {
		id := member(c)
		ledgertest.Register(t, l, id)
		ledgertest.Append(t, l, id, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
		ledgertest.Append(t, l, id, "told", &ledger.Entry{Fact: aup.NoticeDelivered{Contact: "ann", About: aup.Welcome, Version: 1}})
		for n := range 40 {
			events = append(events, metering.Event{ID: fmt.Sprintf("%020d", len(events)), At: start, Message: fmt.Appendf(nil,
				`{"requestId":"%d.%d","apiKeyId":"%s-1","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places","status":"200","path":"/live/places"}`, c, n, id, start.UnixMilli())})
		}
	}
	report, err := m.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: events}, start)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range report.Windows {
		if _, err := m.Fold(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	return func(now time.Time) judge.Judge {
		return judge.Judge{Ledger: l, Meter: m, Acceptances: nobody{}, Mode: assess.ModeEnforce, Now: func() time.Time { return now }}
	}
}

func member(c int) aup.ConsumerID { return aup.ConsumerID(fmt.Sprint("c", c)) }

// overTheEdge lets many judges, whose clocks lie within some minutes of the hour's edge, look at a crowd, of
// which some were suspended an hour before. It returns the moments of all suspensions.
func overTheEdge(ctx context.Context, t testing.TB, seed uint64, deciders int, at func(time.Time) judge.Judge) []time.Time {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	early := 1 + rng.IntN(3)
	for c := range crowd {
		first := start.Add(10 * time.Minute)
		if c < early {
			first = start.Add(-2 * time.Minute)
		}
		considered(t, at(start).Ledger, member(c), first)
	}
	for c := range early {
		if _, err := at(start.Add(time.Duration(rng.IntN(120))*time.Second)).Consumer(ctx, member(c)); err != nil {
			t.Error(err)
		}
	}
	var judges sync.WaitGroup
	for n := range deciders {
		now := start.Add(time.Hour).Add(time.Duration(rng.IntN(600)-240) * time.Second)
		judges.Go(func() {
			if _, err := at(now).Consumer(ctx, member(n%crowd)); err != nil {
				t.Error(err)
			}
		})
	}
	judges.Wait()
	var made []time.Time
	for c := range crowd {
		events, err := at(start).Ledger.Events(ctx, member(c))
		if err != nil {
			t.Error(err)
		}
		suspended := 0
		for _, e := range events {
			if _, ok := e.Fact.(aup.Suspended); ok {
				made = append(made, e.At)
				suspended++
			}
		}
		if suspended > 1 {
			t.Errorf("seed %d: %s was suspended %d times", seed, member(c), suspended)
		}
	}
	slices.SortFunc(made, time.Time.Compare)
	return made
}

// crowdedHour is how many suspensions the fullest hour of any saw.
func crowdedHour(made []time.Time) (most int) {
	for i, from := range made {
		n := 0
		for _, at := range made[i:] {
			if at.Sub(from) <= time.Hour {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// TestTheBudgetOverTheHoursEdge: no hour, wherever it begins, sees more suspensions than the guard's
// budget, although 64 judges with clocks that differ by minutes decide while older suspensions leave the
// hour; and they are not all held for ever.
func TestTheBudgetOverTheHoursEdge(t *testing.T) {
	for _, c := range []struct {
		engine string
		tables func(testing.TB) engine
		seeds  uint64
		judges int
	}{{"bolt", onBolt, 25, 64}, {"DynamoDB Local", onDynamoDBLocal, 1, 16}} {
		t.Run(c.engine, func(t *testing.T) {
			tables := c.tables(t)
			budget, full, over := (assess.Guard{Consumers: crowd}).Budget(), 0, 0
			for seed := range c.seeds {
				made := overTheEdge(t.Context(), t, seed, c.judges, crowded(t, tables(fmt.Sprint("ledger", seed)), tables(fmt.Sprint("usage", seed))))
				if n := crowdedHour(made); n > budget {
					t.Errorf("seed %d: %d suspensions within an hour, the budget is %d: %v", seed, n, budget, made)
				} else if n == budget {
					full++
				}
				if len(made) > budget {
					over++
				}
			}
			t.Logf("%d crowds: the budget was used up in %d, more in all than in an hour in %d", c.seeds, full, over)
		})
	}
}
