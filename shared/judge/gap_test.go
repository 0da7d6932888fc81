package judge_test

import (
	"context"
	"fmt"
	"path/filepath"
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

// figures is a gateway with one plan.
type figures map[aup.KeyID][]metering.DayUsage

func (figures) Plans(context.Context) ([]metering.Plan, error) {
	return []metering.Plan{{ID: "gold"}}, nil
}

func (f figures) Usage(context.Context, string, time.Time, time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	return f, nil
}

// TestEveryGapIsNoticedOnceAndClosedOnce: sixty keys of one consumer have no log of a day. Judging twice
// records each once, in a standing that stays small; when the figures agree, each is closed once.
func TestEveryGapIsNoticedOnceAndClosedOnce(t *testing.T) {
	const many = 60
	l, _ := ledgertest.Open(t)
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := ledgertest.Day1.Truncate(24*time.Hour).AddDate(0, 0, 1).Add(2 * time.Hour)
	j := judge.Judge{Ledger: l, Meter: metering.New(db.Table("usage"), 1), Acceptances: nobody{}, Mode: assess.ModeObserve, Now: func() time.Time { return now }}
	v, _, err := l.Publish(t.Context(), aup.Policy{ID: "places-api"}, []byte("p"), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Register(t, l, "c")
	ledgertest.Append(t, l, "c", "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
	used := figures{}
	for n := range many {
		key := aup.KeyID(fmt.Sprintf("key%07d", n))
		ledgertest.Append(t, l, "c", "key"+string(key), &ledger.Entry{Fact: aup.KeyAttached{Key: key}, Keys: []aup.KeyID{key}})
		used[key] = []metering.DayUsage{{Used: 500}}
	}
	collect := func() aup.Standing {
		t.Helper()
		if _, err := j.Meter.Collect(t.Context(), used, now, 2); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := j.Consumer(t.Context(), "c"); err != nil {
				t.Fatal(err)
			}
		}
		s, err := l.Standing(t.Context(), "c")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := collect()
	if len(s.Gaps) != 1 || len(s.Gaps[0].Keys) != aup.MaxGapKeys || s.Gaps[0].More != many-aup.MaxGapKeys {
		t.Errorf("the standing knows %+v", s.Gaps)
	}
	for key := range used {
		used[key] = []metering.DayUsage{{Used: 0}}
	}
	now = now.Add(time.Hour)
	s = collect()
	if len(s.Gaps) != 0 {
		t.Errorf("still open: %+v", s.Gaps)
	}
	noticed, closed := map[aup.KeyID]int{}, map[aup.KeyID]int{}
	events, err := l.Events(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		switch f := e.Fact.(type) {
		case aup.GapNoticed:
			if noticed[f.Key]++; f.Date != usage.DateOf(ledgertest.Day1) || f.How != aup.Short || f.Logged != 0 || f.Gateway != 500 {
				t.Errorf("%+v", f)
			}
		case aup.GapClosed:
			closed[f.Key]++
		}
	}
	for key := range used {
		if noticed[key] != 1 || closed[key] != 1 {
			t.Errorf("key %s: noticed %d times, closed %d times", key, noticed[key], closed[key])
		}
	}
}
