package admin_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/act"
	"accord/shared/admin"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

func overviewOf(t *testing.T, l *ledger.Ledger, now time.Time) (o admin.Overview) {
	t.Helper()
	b, err := admin.Desk{Ledger: l, Now: func() time.Time { return now }}.Figures(t.Context(), json.RawMessage(`{"overview": true}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestOverview: how things stand with everybody, and who lacks what.
func TestOverview(t *testing.T) {
	l, _ := ledgertest.Open(t)
	now := ledgertest.Day1
	happens := func(id aup.ConsumerID, facts ...aup.Fact) {
		for i, f := range facts {
			ledgertest.Append(t, l, id, fmt.Sprintf("%s-%d", id, i), &ledger.Entry{Fact: f})
		}
	}
	signs := []aup.ContactRef{{ID: "ann", Role: aup.Authority}}
	happens("clinic", aup.Registered{Policy: "p", Serves: true, Protected: true, Contacts: signs})
	happens("guide", aup.Registered{Policy: "p", Contacts: signs}, aup.NoticeFailed{Contact: "ann"})
	happens("mirror", aup.Registered{Policy: "p", Serves: true, Contacts: []aup.ContactRef{{ID: "dev", Role: aup.Technical}}}, aup.CaseOpened{Case: "c-2", Clause: "c"})
	happens("stray", aup.Registered{Policy: "p"})
	happens("gone", aup.Registered{Policy: "p"}, aup.Ended{})
	s, err := l.Standing(t.Context(), "clinic")
	if err != nil {
		t.Fatal(err)
	}
	d := assess.Decision{Action: assess.Hold, Why: assess.HeldProtected, Slow: "slow", Deadline: now.Add(24 * time.Hour)}
	g, v, err := l.Guard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held := act.Hold(s, aup.Case{ID: "c-1", Consumer: "clinic", Clause: "c"}, d, ledger.GuardWrite{Guard: g.With(now.Add(-time.Minute)), V: v}, now)
	ledgertest.Append(t, l, "clinic", "held", held)
	waits, err := l.Standing(t.Context(), "clinic")
	if err != nil {
		t.Fatal(err)
	}
	want := admin.Overview{At: now, Consumers: map[aup.State]int{aup.Active: 2, aup.Contacted: 2, aup.HasEnded: 1}, Protected: 1,
		Owed:        map[aup.DueKind]int{aup.DueEmail: 2}, // to the admins and to ann; the deadline is for tomorrow
		Guard:       admin.GuardNow{Budget: 3, Suspended: 1},
		Waiting:     []admin.WaitingCase{{Consumer: "clinic", Case: "c-1", Decision: waits.CaseByID("c-1").Decision, Deadline: d.Deadline, Slow: "slow"}},
		Unserved:    admin.Named{Count: 2, First: []aup.ConsumerID{"guide", "stray"}},
		NoContacts:  admin.Named{Count: 1, First: []aup.ConsumerID{"stray"}},
		Undelivered: admin.Named{Count: 1, First: []aup.ConsumerID{"guide"}},
		NoAuthority: admin.Named{Count: 1, First: []aup.ConsumerID{"mirror"}}}
	got := overviewOf(t, l, now)
	sortNamed(&got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	late := overviewOf(t, l, now.Add(25*time.Hour))
	if late.Overdue[aup.DueEmail].Count != 2 || late.Owed[aup.DueDeadline] != 1 || late.Guard.Suspended != 0 {
		t.Errorf("a day later: %+v", late)
	}
}

// sortNamed puts the names in the alphabet's order: the directory's is that of its shards.
func sortNamed(o *admin.Overview) {
	for _, n := range []*admin.Named{&o.Unserved, &o.NoContacts, &o.Undelivered, &o.NoAuthority} {
		slices.Sort(n.First)
	}
}

// TestAnOverviewIsOfAll: an overview and a consumer are two questions.
func TestAnOverviewIsOfAll(t *testing.T) {
	l, _ := ledgertest.Open(t)
	_, err := admin.Desk{Ledger: l, Now: func() time.Time { return ledgertest.Day1 }}.Figures(t.Context(), json.RawMessage(`{"overview": true, "consumer": "guide"}`))
	if err == nil || !strings.Contains(err.Error(), "overview") {
		t.Error(err)
	}
}
