package judge_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
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

type nobody struct{}

func (nobody) ByUse(context.Context, aup.ConsumerID, aup.KeyID, time.Time, usage.Success) error {
	return nil
}

// TestRacingJudgesKeepTheBudget: sixteen consumers turn significant at once, and 64 judges look at them all
// together, twice a minute apart. Three are suspended, once each; the others are held, once each.
func TestRacingJudgesKeepTheBudget(t *testing.T) {
	const many = 16
	now := ledgertest.Day1.Add(time.Hour)
	l, _ := ledgertest.Open(t)
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	j := judge.Judge{Ledger: l, Meter: metering.New(db.Table("usage"), 1), Acceptances: nobody{}, Mode: assess.ModeEnforce, Now: func() time.Time { return now }}
	p := aup.Policy{ID: "places-api", Terms: aup.Terms{PerMinute: &aup.Limit{Clause: "fair-volume", Limit: 10, Significant: 2}}, Clauses: []aup.Clause{{ID: "fair-volume"}}}
	v, _, err := l.Publish(t.Context(), p, []byte("p"), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	var events []metering.Event
	for c := range many {
		id := aup.ConsumerID(fmt.Sprint("c", c))
		ledgertest.Register(t, l, id)
		ledgertest.Append(t, l, id, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
		ledgertest.Append(t, l, id, "told", &ledger.Entry{Fact: aup.NoticeDelivered{Contact: "ann", About: aup.Welcome, Version: 1}})
		for n := range 40 {
			events = append(events, metering.Event{ID: fmt.Sprintf("%020d", len(events)), At: now, Message: fmt.Appendf(nil,
				`{"requestId":"%d.%d","apiKeyId":"%s-1","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places","status":"200","path":"/live/places"}`, c, n, id, now.UnixMilli())})
		}
	}
	report, err := j.Meter.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: events}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range report.Windows {
		if _, err := j.Meter.Fold(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	look := func() {
		var wg sync.WaitGroup
		for judgement := range 64 {
			wg.Go(func() {
				if _, err := j.Consumer(t.Context(), aup.ConsumerID(fmt.Sprint("c", judgement%many))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	look()
	now = now.Add(time.Minute)
	look()
	considered, suspended, held, mails := 0, 0, map[string]int{}, 0
	for c := range many {
		all, err := l.Events(t.Context(), aup.ConsumerID(fmt.Sprint("c", c)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			switch f := e.Fact.(type) {
			case aup.SuspensionConsidered:
				considered++
			case aup.Suspended:
				suspended++
			case aup.SuspensionHeld:
				held[f.Why]++
				mails += len(e.Notices)
			}
		}
	}
	if considered != many || suspended != 3 || held[assess.HeldBudget] != 1 || held[assess.HeldSensor] != many-4 || mails != 2 {
		t.Errorf("%d considered, %d suspended, held %v, with %d emails; want %d, 3, one for the budget, %d for the sensor, and an email for each reason", considered, suspended, held, mails, many, many-4)
	}
}
