package distribute_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/usage"
)

type world struct {
	*testing.T
	l   *ledger.Ledger
	now time.Time
}

func newWorld(t *testing.T) *world {
	l, _ := ledgertest.Open(t)
	return &world{t, l, ledgertest.Day1}
}

func (w *world) distributor() distribute.Distributor {
	return distribute.Distributor{Ledger: w.l, Now: func() time.Time { return w.now }}
}

// distribute works until no version is left to be issued, and returns how many messages that took.
func (w *world) distribute() (messages int) {
	w.Helper()
	for {
		dues := ledgertest.Owed(w, w.l, aup.DueDistribute)
		if len(dues) == 0 {
			return messages
		}
		for _, d := range dues {
			messages++
			if err := w.distributor().Do(w.Context(), ledger.RefOf(d)); err != nil {
				w.Fatal(err)
			}
		}
	}
}

// delivered tells ann that the version came.
func (w *world) delivered(version int) {
	w.Helper()
	ledgertest.Append(w, w.l, "guide", fmt.Sprint("delivered", version),
		&ledger.Entry{Fact: aup.NoticeDelivered{Contact: "ann", About: aup.NewVersion, Version: version}})
}

func (w *world) issue(version int) aup.Issue {
	w.Helper()
	s, err := w.l.Standing(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	if i := s.Issue(version); i != nil {
		return *i
	}
	return aup.Issue{}
}

func TestIssue(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(w *world)
	}{
		{"a first version applies at once, and every contact is told", func(w *world) {
			ledgertest.Register(w, w.l, "guide")
			ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			if i := w.issue(1); !i.Applies.Equal(w.now) {
				w.Errorf("applies %s", i.Applies)
			}
			if n := len(ledgertest.Owed(w, w.l, aup.DueEmail)); n != 2 {
				w.Errorf("%d emails owed, want one for each contact", n)
			}
		}},
		{"a later one applies after the notice period", func(w *world) {
			ledgertest.Register(w, w.l, "guide")
			ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			ledgertest.Version(w, w.l, "two", w.now, aup.ByUse)
			w.distribute()
			if i := w.issue(2); !i.Applies.Equal(w.now.AddDate(0, 0, 14)) {
				w.Errorf("applies %s", i.Applies)
			}
		}},
		{"distributing again issues nothing again", func(w *world) {
			ledgertest.Register(w, w.l, "guide")
			v := ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			if err := w.distributor().Issue(w.Context(), "guide", v); err != nil {
				w.Fatal(err)
			}
			if n := len(ledgertest.Owed(w, w.l, aup.DueEmail)); n != 2 {
				w.Errorf("%d emails owed", n)
			}
		}},
		{"an older version is not issued after a later one", func(w *world) {
			ledgertest.Register(w, w.l, "guide")
			one := ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			two := ledgertest.Version(w, w.l, "two", w.now, aup.ByUse)
			for _, v := range []aup.Version{two, one} {
				if err := w.distributor().Issue(w.Context(), "guide", v); err != nil {
					w.Fatal(err)
				}
			}
			if w.issue(1).Version != 0 || w.issue(2).Version != 2 {
				w.Error("version 1 was issued")
			}
		}},
		{"a consumer without contacts is issued it, for which nobody is mailed; the digest says so", func(w *world) {
			ledgertest.Append(w, w.l, "guide", "r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api"}})
			ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			var told []aup.DigestLine
			err := w.l.Digest(w.Context(), w.now, w.now.Add(time.Second), func(l aup.DigestLine) error { told = append(told, l); return nil })
			if err != nil || len(told) != 1 || told[0].Kind != aup.ToldNobody || w.issue(1).Version != 1 {
				w.Errorf("told %+v (%v)", told, err)
			}
			if dues := ledgertest.Owed(w, w.l, aup.DueEmail); len(dues) != 0 {
				w.Errorf("dues %+v", dues)
			}
		}},
		{"a consumer of another policy is left alone", func(w *world) {
			ledgertest.Append(w, w.l, "guide", "r", &ledger.Entry{Fact: aup.Registered{Policy: "other"}})
			ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			if w.issue(1).Version != 0 {
				w.Error("it was issued")
			}
		}},
		{"hundreds of consumers take several messages, and none is missed", func(w *world) {
			const many = 500
			one := 0
			for i := 0; one < many; i++ {
				id := aup.ConsumerID(fmt.Sprintf("c%d", i))
				ledgertest.Append(w, w.l, id, "r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api", Contacts: []aup.ContactRef{{ID: "ann"}}}})
				one++
			}
			ledgertest.Version(w, w.l, "one", w.now, aup.ByUse)
			w.distribute()
			if n := len(ledgertest.Owed(w, w.l, aup.DueEmail)); n != many {
				w.Errorf("%d told, want %d", n, many)
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

func TestAcceptanceByUse(t *testing.T) {
	call := func(w *world, window time.Time) error {
		return w.distributor().ByUse(w.Context(), "guide", "guide-1", window, usage.Success{At: window.Add(time.Minute), RequestID: "r1"})
	}
	for _, c := range []struct {
		says   string
		told   bool
		mode   aup.AcceptanceMode
		window time.Duration // after it was issued, and told
		want   aup.AcceptanceMode
	}{
		{"a call in a window after it applied and was told accepts", true, aup.ByUse, 5 * time.Minute, aup.ByUse},
		{"a call in a window that began before does not", true, aup.ByUse, -5 * time.Minute, ""},
		{"nobody accepts what they were not told", false, aup.ByUse, time.Hour, ""},
		{"an explicit policy is not accepted by use", true, aup.Explicit, time.Hour, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			ledgertest.Register(t, w.l, "guide")
			ledgertest.Version(t, w.l, "one", w.now, c.mode)
			w.distribute()
			if c.told {
				w.delivered(1)
			}
			if err := call(w, w.now.Add(c.window)); err != nil {
				t.Fatal(err)
			}
			if i := w.issue(1); i.How != c.want {
				t.Errorf("accepted %q, want %q", i.How, c.want)
			}
		})
	}
	t.Run("an earlier call that is read late does not rewrite it", func(t *testing.T) {
		w := newWorld(t)
		ledgertest.Register(t, w.l, "guide")
		ledgertest.Version(t, w.l, "one", w.now, aup.ByUse)
		w.distribute()
		w.delivered(1)
		for _, after := range []time.Duration{time.Hour, 5 * time.Minute} {
			if err := call(w, w.now.Add(after)); err != nil {
				t.Fatal(err)
			}
		}
		if at := w.issue(1).Accepted; !at.Equal(w.now.Add(time.Hour + time.Minute)) {
			t.Errorf("accepted at %s", at)
		}
	})
}

func TestExplicitAcceptance(t *testing.T) {
	setup := func(t *testing.T) *world {
		w := newWorld(t)
		ledgertest.Register(t, w.l, "guide")
		ledgertest.Version(t, w.l, "one", w.now, aup.Explicit)
		w.distribute()
		return w
	}
	for _, c := range []struct {
		says    string
		contact aup.ContactID
		version int
		want    error
	}{
		{"a contact with authority accepts", "ann", 1, nil},
		{"one without does not", "bob", 1, distribute.ErrNoAuthority},
		{"nor one of nobody's", "eve", 1, distribute.ErrNoAuthority},
		{"nor a version that was not issued", "ann", 2, distribute.ErrSuperseded},
	} {
		w := setup(t)
		if _, err := w.distributor().Accept(t.Context(), "guide", distribute.Acceptance{Contact: c.contact, Version: c.version}); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.says, err, c.want)
		}
	}
	w := setup(t)
	before := len(ledgertest.Owed(t, w.l, aup.DueEmail))
	for range 2 {
		if _, err := w.distributor().Accept(t.Context(), "guide", distribute.Acceptance{Contact: "ann", Version: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if receipts := len(ledgertest.Owed(t, w.l, aup.DueEmail)) - before; receipts != 2 {
		t.Errorf("accepting twice owes %d receipts, want one for each contact", receipts)
	}
	ledgertest.Version(t, w.l, "two", w.now, aup.Explicit)
	w.distribute()
	w2 := setup(t)
	ledgertest.Version(t, w2.l, "two", w2.now, aup.Explicit)
	w2.distribute()
	if _, err := w2.distributor().Accept(t.Context(), "guide", distribute.Acceptance{Contact: "ann", Version: 1}); !errors.Is(err, distribute.ErrSuperseded) {
		t.Errorf("a version that was superseded while the page was open: %v", err)
	}
}
