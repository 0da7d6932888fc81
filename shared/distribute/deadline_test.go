package distribute_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/usage"
)

// pass lets time go by, day after day, and does what each day brings.
func (w *world) pass(days int) {
	w.Helper()
	for range days {
		w.now = w.now.Add(24 * time.Hour)
		for _, d := range ledgertest.Owed(w, w.l, aup.DueDeadline) {
			if d.Next.After(w.now) {
				continue
			}
			if err := w.distributor().Do(w.Context(), ledger.RefOf(d)); err != nil {
				w.Fatal(err)
			}
		}
	}
}

// kinds of the events since the first n.
func (w *world) kinds(after int) (all []string) {
	w.Helper()
	events, err := w.l.Events(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range events[after:] {
		all = append(all, e.Fact.Kind())
	}
	return all
}

func (w *world) accept(version int) {
	w.Helper()
	if _, err := w.distributor().Accept(w.Context(), "guide", distribute.Acceptance{Contact: "ann", Version: version}); err != nil {
		w.Fatal(err)
	}
}

// explicit publishes version 1, has it accepted, and publishes version 2, which applies in 14 days.
func (w *world) explicit(mode aup.AcceptanceMode) {
	ledgertest.Register(w, w.l, "guide")
	ledgertest.Version(w, w.l, "one", w.now, mode)
	w.distribute()
	w.accept(1)
	ledgertest.Version(w, w.l, "two", w.now, mode)
	w.distribute()
}

// TestDeadlines: what the days of a version bring, from the day it was issued on.
func TestDeadlines(t *testing.T) {
	const remind, open = "acceptance-reminded", "not-accepted"
	for _, c := range []struct {
		says string
		mode aup.AcceptanceMode
		do   func(w *world)
		want []string
	}{
		{"reminders seven and two days before, then a case, then nothing", aup.Explicit, func(w *world) { w.pass(60) }, []string{remind, remind, open, "case-reminded", "case-reminded", "case-escalated"}},
		{"no word before the seventh day before", aup.Explicit, func(w *world) { w.pass(6) }, nil},
		{"who accepts is left alone", aup.Explicit, func(w *world) { w.pass(8); w.accept(2); w.pass(60) }, []string{remind, "accepted"}},
		{"who does not agree is not reminded", aup.Explicit, func(w *world) {
			ledgertest.Append(w, w.l, "guide", "no", &ledger.Entry{Fact: aup.Disagreed{Version: 2, Case: aup.DisagreeCase(2)}})
			w.pass(60)
		}, []string{"disagreed"}},
		{"a later version takes the question over", aup.Explicit, func(w *world) {
			w.pass(8)
			ledgertest.Version(w, w.l, "three", w.now, aup.Explicit)
			w.distribute()
			w.pass(13)
		}, []string{remind, "policy-issued", remind, remind}},
		{"a relation that has ended is past all that", aup.Explicit, func(w *world) {
			ledgertest.Append(w, w.l, "guide", "end", &ledger.Entry{Fact: aup.Ended{Reason: "left"}})
			w.pass(60)
		}, []string{"ended"}},
		{"what applies by use brings neither", aup.ByUse, func(w *world) { w.pass(60) }, nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			w.explicit(c.mode)
			before := len(w.kinds(0))
			c.do(w)
			if got := w.kinds(before); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			s, _ := w.l.Standing(t.Context(), "guide")
			if s.State == aup.IsSuspended {
				t.Error("access was suspended over it")
			}
			if err := w.l.Verify(t.Context(), "guide"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestPlanned: a day to come wakes nobody, is not counted as owed, and is not lost.
func TestPlanned(t *testing.T) {
	w := newWorld(t)
	w.explicit(aup.Explicit)
	for _, d := range ledgertest.Owed(t, w.l, aup.DueEmail) {
		if err := w.l.Done(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	planned := len(ledgertest.Owed(t, w.l, aup.DueDeadline))
	if n, _ := w.l.Open(t.Context()); n != 0 || planned != 6 {
		t.Errorf("%d owed, %d planned: want 0 and 6, three for each version", n, planned)
	}
	early := 0
	w.l.Overdue(t.Context(), w.now.Add(6*24*time.Hour), func(aup.Due) error { early++; return nil }) // counted
	if early != 0 {
		t.Errorf("%d come early", early)
	}
}

// TestWithdrawn: a version taken back is accepted by nobody, in whatever order things happen.
func TestWithdrawn(t *testing.T) {
	back := func(w *world) error {
		return w.l.Withdraw(w.Context(), "places-api", ledger.Withdrawal{Version: 2, At: w.now, Reason: "wrong"})
	}
	for _, c := range []struct {
		says string
		do   func(w *world) error
		want error
	}{
		{"by use, though its consumers have not heard of it yet", func(w *world) error {
			w.delivered(2)
			if err := back(w); err != nil {
				w.Fatal(err)
			}
			w.now = w.now.Add(15 * 24 * time.Hour)
			return w.distributor().ByUse(w.Context(), "guide", "guide-1", w.now, usage.Success{At: w.now, RequestID: "r"})
		}, nil},
		{"by the button, likewise", func(w *world) error {
			if err := back(w); err != nil {
				w.Fatal(err)
			}
			_, err := w.distributor().Accept(w.Context(), "guide", distribute.Acceptance{Contact: "ann", Version: 2})
			return err
		}, distribute.ErrWithdrawn},
		{"when they have heard of it", func(w *world) error {
			if err := back(w); err != nil {
				w.Fatal(err)
			}
			w.distribute()
			_, err := w.distributor().Accept(w.Context(), "guide", distribute.Acceptance{Contact: "ann", Version: 2})
			return err
		}, distribute.ErrSuperseded},
		{"after the day it applied it is too late to take it back", func(w *world) error {
			w.now = w.now.Add(14 * 24 * time.Hour)
			return back(w)
		}, ledger.ErrApplies},
		{"taking it back again is the first time", func(w *world) error { return errors.Join(back(w), back(w)) }, nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			w.explicit(aup.ByUse)
			if err := c.do(w); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if i := w.issue(2); !i.Accepted.IsZero() {
				t.Errorf("accepted %s", i.How)
			}
		})
	}
	w := newWorld(t)
	ledgertest.Register(t, w.l, "guide")
	ledgertest.Version(t, w.l, "one", w.now, aup.ByUse)
	w.distribute()
	ledgertest.Version(t, w.l, "two", w.now, aup.ByUse)
	if err := back(w); err != nil {
		t.Fatal(err)
	}
	w.distribute()
	if w.issue(2).Version != 0 {
		t.Error("a campaign went on after its version was withdrawn")
	}
	if v := ledgertest.Version(t, w.l, "two", w.now, aup.ByUse); v.Number != 3 {
		t.Errorf("the same words again are version %d, want 3", v.Number)
	}
}

// TestMinor: a minor version asks nobody, but what was still to be accepted stays to be accepted.
func TestMinor(t *testing.T) {
	for _, accepted := range []bool{true, false} {
		w := newWorld(t)
		ledgertest.Register(t, w.l, "guide")
		ledgertest.Version(t, w.l, "one", w.now, aup.ByUse)
		w.distribute()
		if accepted {
			w.accept(1)
		}
		p := aup.Policy{ID: "places-api", Acceptance: aup.ByUse, Clauses: []aup.Clause{{ID: "fair-volume", Heading: "x", Level: 2}}}
		if _, _, err := w.l.Publish(t.Context(), p, []byte("minor"), w.now); err != nil {
			t.Fatal(err)
		}
		w.distribute()
		if i := w.issue(2); i.ReAccept == accepted {
			t.Errorf("version 1 accepted: %t; version 2 is to be accepted: %t", accepted, i.ReAccept)
		}
	}
}

// TestTouches: which agreements rest on what a version changes.
func TestTouches(t *testing.T) {
	before := aup.Policy{ID: "places-api", Terms: aup.Terms{PerDay: &aup.Limit{Clause: "volume", Limit: 10}, Crawling: &aup.Crawling{Clause: "crawl"},
		Permissions: &aup.Permissions{Clause: "public", When: "show", Needs: []string{"owner"}}},
		Clauses: []aup.Clause{{ID: "volume", Heading: "V", Level: 2, Markdown: "v"}, {ID: "crawl", Heading: "C", Level: 2, Markdown: "c"}, {ID: "public", Heading: "P", Level: 2, Markdown: "p"}}}
	reworded := func(id aup.ClauseID) aup.Policy {
		p := before
		p.Clauses = slices.Clone(p.Clauses)
		for i := range p.Clauses {
			if p.Clauses[i].ID == id {
				p.Clauses[i].Markdown = "other words"
			}
		}
		return p
	}
	never := func(name string) aup.Policy { p := before; p.Never = []string{name}; return p }
	limit := before
	limit.Terms.PerDay = &aup.Limit{Clause: "volume", Limit: 5}
	day := ledgertest.Day1
	base := aup.Agreement{Consumer: "guide", Number: 1, Policy: "places-api", From: day, Until: day.AddDate(1, 0, 0), Reason: "r"}
	with := func(change func(*aup.Agreement)) aup.Agreement { a := base; change(&a); return a }
	terms := with(func(a *aup.Agreement) { a.Terms = aup.Terms{PerDay: &aup.Limit{Limit: 100}} })
	for _, c := range []struct {
		says  string
		after aup.Policy
		a     aup.Agreement
		want  bool
	}{
		{"a limit of its own, and the clause is reworded", reworded("volume"), terms, true},
		{"a limit of its own, and the policy's changes", limit, terms, true},
		{"a limit of its own, and something else changes", reworded("public"), terms, false},
		{"wording for a clause that is reworded", reworded("crawl"), with(func(a *aup.Agreement) { a.Wording = []aup.Wording{{Clause: "crawl"}} }), true},
		{"a permission against a clause that is reworded", reworded("crawl"), with(func(a *aup.Agreement) { a.Permissions = []aup.Permission{{Name: aup.PermitBulkExtraction}} }), true},
		{"a permission that the policy needs, likewise", reworded("public"), with(func(a *aup.Agreement) { a.Permissions = []aup.Permission{{Name: "owner"}} }), true},
		{"a permission that can no longer be granted", never(aup.PermitBulkExtraction), with(func(a *aup.Agreement) { a.Permissions = []aup.Permission{{Name: aup.PermitBulkExtraction}} }), true},
		{"a limit of its own, and none can be agreed any more", never(aup.TermPerDay), terms, true},
		{"a limit of its own, and something else can no longer be granted", never("owner"), terms, false},
		{"an agreement that is over by then", reworded("volume"), with(func(a *aup.Agreement) { a.Terms, a.Until = terms.Terms, day.AddDate(0, 0, 13) }), false},
		{"one about another policy", reworded("volume"), with(func(a *aup.Agreement) { a.Terms, a.Policy = terms.Terms, "other" }), false},
		{"nothing changes but the title", func() aup.Policy { p := before; p.Title = "New"; return p }(), terms, false},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			ledgertest.Register(t, w.l, "guide")
			publish := func(p aup.Policy, doc string) {
				p.NoticePeriod = 14 * 24 * time.Hour
				if _, _, err := w.l.Publish(t.Context(), p, []byte(doc), w.now); err != nil {
					t.Fatal(err)
				}
				w.distribute()
			}
			publish(before, "before")
			ledgertest.Append(t, w.l, "guide", "agree", &ledger.Entry{Agreement: &c.a, Fact: aup.AgreementMade{Number: 1, Policy: c.a.Policy, From: c.a.From, Until: c.a.Until}})
			publish(c.after, "after")
			s, _ := w.l.Standing(t.Context(), "guide")
			if held := s.Held != nil; held != c.want || held == (w.issue(2).Version == 2) {
				t.Errorf("held %t, issued %t", held, w.issue(2).Version == 2)
			}
			if !c.want {
				return
			}
			events, _ := w.l.Events(t.Context(), "guide")
			if f, is := events[len(events)-1].Fact.(aup.IssueHeld); !is || !slices.Equal(f.Never, c.after.Never) {
				t.Errorf("it says that %v are never granted, want %v", f.Never, c.after.Never)
			}
			if _, err := w.distributor().Release(t.Context(), "guide", 2, "jo"); err != nil || w.issue(2).Version != 2 {
				t.Errorf("keeping the agreement: %v", err)
			}
		})
	}
}

// TestEndings: which days of an agreement are still to come, and what they bring.
func TestEndings(t *testing.T) {
	for _, c := range []struct {
		says  string
		days  int // until it ends
		later bool
		want  []string
	}{
		{"a long one", 90, false, []string{"agreement-ending", "agreement-ended"}},
		{"one of two weeks", 14, false, []string{"agreement-ending", "agreement-ended"}},
		{"one of three days", 3, false, []string{"agreement-ended"}},
		{"one that is over, kept on record", -1, false, nil},
		{"one that goes on in another", 90, true, []string{"agreement-made", "agreement-ended"}},
	} {
		w := newWorld(t)
		ledgertest.Register(t, w.l, "guide")
		make := func(number, from, until int) {
			a := aup.Agreement{Consumer: "guide", Number: number, From: w.now.AddDate(0, 0, from), Until: w.now.AddDate(0, 0, until)}
			ledgertest.Append(t, w.l, "guide", fmt.Sprint("agree", number), &ledger.Entry{Agreement: &a, Dues: distribute.Endings(a, w.now),
				Fact: aup.AgreementMade{Number: number, From: a.From, Until: a.Until}})
		}
		make(1, min(0, c.days)-1, c.days)
		if c.later {
			make(2, 60, 1000)
		}
		w.pass(100)
		if got := w.kinds(2); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.says, got, c.want)
		}
	}
}

// TestStandingStaysSmall: with as much as a consumer may have, of everything, a standing has its 8 KB.
func TestStandingStaysSmall(t *testing.T) {
	w := newWorld(t)
	fact := aup.Registered{Policy: "places-api"}
	for i := range 12 {
		fact.Contacts = append(fact.Contacts, aup.ContactRef{ID: aup.ContactID(fmt.Sprintf("contact-%d", i)), Role: aup.OutOfHours})
	}
	for i := range 40 {
		fact.Keys = append(fact.Keys, aup.KeyID(fmt.Sprintf("abcdefghi%d", i)))
	}
	ledgertest.Append(t, w.l, "guide", "r", &ledger.Entry{Fact: fact})
	ledgertest.Append(t, w.l, "guide", "suspended", &ledger.Entry{Fact: aup.Suspended{Case: "c", Clause: "dont-crawl"}})
	for i, key := range fact.Keys {
		for j, f := range []aup.Fact{aup.KeyDisabling{Key: key}, aup.KeyStillWorks{Key: key, Generation: 1}, aup.KeyDrift{Key: key, Found: aup.KeyDisabled, Owed: true}, aup.KeySet{Key: key, Generation: 1, Missing: true}} {
			ledgertest.Append(t, w.l, "guide", fmt.Sprintf("key %d %d", i, j), &ledger.Entry{Fact: f})
		}
	}
	for i := range 8 {
		ledgertest.Version(t, w.l, fmt.Sprint("text ", i), w.now, aup.Explicit)
		w.distribute()
		s := ledgertest.Append(t, w.l, "guide", fmt.Sprint("held", i), &ledger.Entry{Fact: aup.IssueHeld{Version: 100 + i, Agreements: []int{1, 2, 3}}})
		ledgertest.Append(t, w.l, "guide", fmt.Sprint("no", i), &ledger.Entry{Fact: aup.Disagreed{Version: i + 1, Case: aup.DisagreeCase(i + 1)}})
		b, _ := json.Marshal(s)
		if len(b) > ledger.MaxStanding {
			t.Fatalf("%d bytes after %d versions", len(b), i+1)
		}
	}
}
