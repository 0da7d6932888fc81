package distribute_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/table"
)

// meanwhile is a table at which something happens just before a version is issued, once.
type meanwhile struct {
	table.Table
	happens func()
}

func (m *meanwhile) Write(ctx context.Context, ops ...table.Op) error {
	for _, op := range ops {
		var e aup.Event
		if !strings.HasPrefix(op.Item.SK, "event#") || json.Unmarshal(op.Item.Body, &e) != nil || e.Fact.Kind() != "policy-issued" {
			continue
		}
		if happens := m.happens; happens != nil {
			m.happens = nil
			happens()
		}
	}
	return m.Table.Write(ctx, ops...)
}

// TestWithdrawnWhileItIsIssued: a worker has found a version in place and is about to issue it; before its write, the
// version is withdrawn and taken back from everybody who has it. The consumer who gets it after all is not left
// with a version that nobody can accept: it is taken back ten minutes later, they are told, and the version before
// stands.
func TestWithdrawnWhileItIsIssued(t *testing.T) {
	l, at := ledgertest.Open(t)
	w := &world{t, l, ledgertest.Day1}
	ledgertest.Version(t, l, "One.", w.now, aup.Explicit)
	ledgertest.Register(t, l, "guide")
	w.distribute()
	ledgertest.Version(t, l, "Two.", w.now, aup.Explicit)

	race := &meanwhile{Table: at, happens: func() {
		if err := l.Withdraw(t.Context(), "places-api", ledger.Withdrawal{Version: 2, At: w.now, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Second)
		w.passes("withdraw.")
	}}
	slow := w.distributor()
	slow.Ledger = ledger.New(race)
	for _, d := range ledgertest.Owed(t, l, aup.DueDistribute) {
		if err := slow.Do(t.Context(), ledger.RefOf(d)); err != nil {
			t.Fatal(err)
		}
	}
	if s, _ := l.Standing(t.Context(), "guide"); race.happens != nil || s.Issue(2) == nil {
		t.Fatal("the race was not run")
	}
	if n, _ := l.Open(t.Context()); n != len(ledgertest.Owed(t, l, aup.DueEmail)) {
		t.Errorf("%d dues are open, besides the emails", n)
	}

	w.now = w.now.Add(15 * time.Minute)
	w.passes("withdraw.")
	s, err := l.Standing(t.Context(), "guide")
	if err != nil || s.Issue(2) != nil || s.Issued[len(s.Issued)-1].Version != 1 {
		t.Errorf("issued %+v, %v", s.Issued, err)
	}
	told := 0
	for _, n := range w.notices() {
		if n.Kind == aup.WithdrawnNotice {
			told++
		}
	}
	if left := ledgertest.Owed(t, l, aup.DueDistribute); told != 2 || len(left) != 0 {
		t.Errorf("%d contacts told, %d distributions left", told, len(left))
	}
	if err := l.Verify(t.Context(), "guide"); err != nil {
		t.Error(err)
	}
}

// passes works on the distributions of a kind whose time has come.
func (w *world) passes(prefix string) {
	w.Helper()
	err := w.l.Overdue(w.Context(), w.now, func(d aup.Due) error {
		if !strings.HasPrefix(d.ID, prefix) {
			return nil
		}
		return w.distributor().Do(w.Context(), ledger.RefOf(d))
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) notices() []aup.Notice {
	w.Helper()
	all, err := w.l.Notices(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	return all
}
