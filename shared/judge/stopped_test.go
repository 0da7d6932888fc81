package judge_test

import (
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
)

// hour is what happens in one hour of a service with one key: how many calls API Gateway counts, and how many of
// them are logged, at its beginning. Collected says that GetUsage was asked at its end.
type hour struct {
	calls, logged int
	collected     bool
}

// TestALogThatStopsIsNoticedTheSameDay: whatever the hours were, the admins are told at most once a day, and only of
// calls that GetUsage began to count more than an hour after the last one that was logged.
func TestALogThatStopsIsNoticedTheSameDay(t *testing.T) {
	normal, silent, quiet, off := hour{50, 50, true}, hour{50, 0, true}, hour{0, 0, true}, hour{0, 0, false}
	for _, c := range []struct {
		says     string
		unlogged bool
		hours    []hour
		told     []int // after which hours, from 1
	}{
		{"a service that is logged", false, []hour{normal, normal, normal, normal}, nil},
		{"the log stops: within three hours, and once", false, []hour{normal, normal, silent, silent, silent, silent, silent}, []int{4}},
		{"no line ever came", false, []hour{silent, silent, silent}, []int{2}},
		{"one key of the service alone is logged: a gap of the others, and no log that stopped", false, []hour{{90, 40, true}, {90, 40, true}, {90, 40, true}, {90, 40, true}}, nil},
		{"a quiet service", false, []hour{normal, quiet, quiet, quiet, quiet}, nil},
		{"few calls after the last logged one", false, []hour{normal, {4, 0, true}, {4, 0, true}, {4, 0, true}, {4, 0, true}}, nil},
		{"GetUsage was not asked for hours, and then there is quiet", false, []hour{normal, {50, 50, false}, {50, 50, false}, off, off, quiet}, nil},
		{"the log comes back", false, []hour{normal, silent, normal, normal, normal}, nil},
		{"a deployment that reads no log", true, []hour{silent, silent, silent, silent}, nil},
		{"and still stopped the next day: once more", false, append(repeat(silent, 16), repeat(silent, 24)...), []int{2, 18}},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := newService(t, c.unlogged)
			var told []int
			for i, h := range c.hours {
				if s.pass(h); s.stopped > len(told) {
					told = append(told, i+1)
				}
			}
			if s.stopped != len(told) || len(told) != len(c.told) {
				t.Fatalf("told %d times, after hours %v, want %v", s.stopped, told, c.told)
			}
			for i := range told {
				if told[i] != c.told[i] {
					t.Errorf("told after hours %v, want %v", told, c.told)
				}
			}
		})
	}
}

func repeat(h hour, n int) (all []hour) {
	for range n {
		all = append(all, h)
	}
	return all
}

// service is one consumer's key, and hours that pass.
type service struct {
	*testing.T
	now     time.Time
	audits  judge.Audits
	used    map[string]int // by date
	lines   int
	stopped int // times that the provider's history says that the log has stopped
}

func newService(t *testing.T, unlogged bool) *service {
	s := &service{T: t, now: ledgertest.Day1.UTC().Truncate(24 * time.Hour).Add(8 * time.Hour), used: map[string]int{}}
	l, _ := ledgertest.Open(t)
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	m := metering.New(db.Table("usage"), 1)
	m.Unlogged = unlogged
	j := judge.Judge{Ledger: l, Meter: m, Acceptances: nobody{}, Mode: assess.ModeObserve, Now: func() time.Time { return s.now }}
	s.audits = judge.Audits{Judge: j, Usage: db.Table("usage")}
	ledgertest.Register(t, l, "c")
	ledgertest.Append(t, l, aup.Provider, "open", &ledger.Entry{Fact: aup.ProviderOpened{}})
	return s
}

// pass lets an hour pass.
func (s *service) pass(h hour) {
	s.Helper()
	var events []metering.Event
	for range h.logged {
		s.lines++
		events = append(events, visitor(s.lines, "c", s.now, s.lines))
	}
	m := s.audits.Judge.Meter
	if len(events) > 0 {
		r, err := m.Ingest(s.Context(), metering.Source{Group: "g", Stream: "s", Events: events}, s.now)
		if err != nil {
			s.Fatal(err)
		}
		if err := s.audits.Judge.Windows(s.Context(), r.Windows); err != nil {
			s.Fatal(err)
		}
	}
	s.used[aup.Date(s.now)] += h.calls
	s.now = s.now.Add(time.Hour)
	if !h.collected {
		return
	}
	s.audits.Gateway = figures{"c-1": {{Used: int64(s.used[aup.Date(s.now.AddDate(0, 0, -1))])}, {Used: int64(s.used[aup.Date(s.now)])}}}
	if _, err := s.audits.Scheduled(s.Context()); err != nil {
		s.Fatal(err)
	}
	history, err := s.audits.Judge.Ledger.Events(s.Context(), aup.Provider)
	if err != nil {
		s.Fatal(err)
	}
	s.stopped = 0
	for _, e := range history {
		if _, is := e.Fact.(aup.LogStopped); is {
			s.stopped++
		}
	}
}
