package pages_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/shared/admin"
	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/notice"
	"accord/shared/pages"
	"accord/shared/table"
	"accord/shared/web"
)

// world is guide and rival, each with ann who may accept and bob who may not, all of them told of a version
// that is accepted explicitly.
type world struct {
	*testing.T
	l     *ledger.Ledger
	table table.Table
	desk  pages.Desk
	now   time.Time
	mail  []notice.Email
}

func newWorld(t *testing.T) *world {
	l, at := ledgertest.Open(t)
	w := &world{T: t, l: l, table: at, now: ledgertest.Day1}
	now := func() time.Time { return w.now }
	d := distribute.Distributor{Ledger: l, Now: now}
	w.desk = pages.Desk{Ledger: l, Meter: metering.New(at, 1), Distributor: d, Now: now}
	v := ledgertest.Version(t, l, "Be fair.", w.now, aup.Explicit)
	for _, id := range []aup.ConsumerID{"guide", "rival"} {
		ledgertest.Register(t, l, id)
		if err := d.Issue(t.Context(), id, v); err != nil {
			t.Fatal(err)
		}
	}
	w.deliver()
	return w
}

func (w *world) Send(_ context.Context, e notice.Email, _ map[string]string) (string, error) {
	w.mail = append(w.mail, e)
	return fmt.Sprint("message-", len(w.mail)), nil
}

// deliver sends what is owed.
func (w *world) deliver() {
	w.Helper()
	d := delivery.Deliverer{Ledger: w.l, Sender: w, Now: func() time.Time { return w.now },
		Provider: notice.Provider{Name: "Places", From: "a@p.example", Admins: "c@p.example", BaseURL: "https://p.example"}}
	for _, due := range ledgertest.Owed(w, w.l, aup.DueEmail) {
		if err := d.Do(w.Context(), ledger.RefOf(due)); err != nil {
			w.Fatal(err)
		}
	}
}

var (
	aLink = regexp.MustCompile(`/p/([A-Za-z0-9_-]{43})`)
	aCode = regexp.MustCompile(`Code: (\d{6})`)
)

// latest is what the latest email to an address has of a kind.
func (w *world) latest(to string, what *regexp.Regexp) (found string) {
	for _, e := range w.mail {
		if m := what.FindStringSubmatch(e.Text); e.To == to && m != nil {
			found = m[1]
		}
	}
	return found
}

func (w *world) link(to string) string { return w.latest(to, aLink) }

// code asks for a code at an address's link, and reads it in the mailbox.
func (w *world) code(to string) string {
	w.Helper()
	w.now = w.now.Add(21 * time.Second)
	if err := w.desk.AskCode(w.Context(), w.link(to)); err != nil {
		w.Fatal(err)
	}
	w.deliver()
	return w.latest(to, aCode)
}

// pass is a link with a session.
func (w *world) pass(to string) web.Pass {
	w.Helper()
	session, err := w.desk.Enter(w.Context(), w.link(to), w.code(to))
	if err != nil {
		w.Fatal(err)
	}
	return web.Pass{Link: w.link(to), Session: session}
}

func (w *world) accept(p web.Pass) (aup.Event, error) {
	return w.desk.Accept(w.Context(), p, web.Acceptance{Version: 1, Name: "Ann Lee", Role: "Head", MayBind: true, PageHash: "shown", Address: "192.0.2.7", Agent: "Browser/1"})
}

func (w *world) accepted(id aup.ConsumerID) bool {
	w.Helper()
	s, err := w.l.Standing(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return !s.Issued[0].Accepted.IsZero()
}

// TestPasses: each way in which a link, a code and a session do or do not open the page. Where they do not,
// nothing is accepted and nothing is shown but the policy.
func TestPasses(t *testing.T) {
	const ann, bob, rival = "ann@guide.example", "bob@guide.example", "ann@rival.example"
	for _, c := range []struct {
		says string
		pass func(w *world) web.Pass
		open error // of Open
		want error // of Accept
	}{
		{"the link and its code accept", func(w *world) web.Pass { return w.pass(ann) }, nil, nil},
		{"the link alone shows the policy", func(w *world) web.Pass { return web.Pass{Link: w.link(ann)} }, nil, web.ErrNotEntered},
		{"an unknown link", func(w *world) web.Pass { return web.Pass{Link: strings.Repeat("a", 43)} }, web.ErrNotFound, web.ErrNotFound},
		{"a truncated link", func(w *world) web.Pass { p := w.pass(ann); p.Link = p.Link[:42]; return p }, web.ErrNotFound, web.ErrNotFound},
		{"an expired link", func(w *world) web.Pass { p := w.pass(ann); w.now = w.now.Add(delivery.LinkLife); return p }, web.ErrNotFound, web.ErrNotFound},
		{"a session with the link of a colleague", func(w *world) web.Pass { p := w.pass(ann); p.Link = w.link(bob); return p }, nil, web.ErrNotEntered},
		{"a session with the link of another organisation", func(w *world) web.Pass { p := w.pass(rival); p.Link = w.link(ann); return p }, nil, web.ErrNotEntered},
		{"a link in the place of a session", func(w *world) web.Pass { p := w.pass(ann); p.Session = p.Link; return p }, nil, web.ErrNotEntered},
		{"a session in the place of a link", func(w *world) web.Pass { p := w.pass(ann); p.Link = p.Session; return p }, web.ErrNotFound, web.ErrNotFound},
		{"a session after an hour", func(w *world) web.Pass { p := w.pass(ann); w.now = w.now.Add(time.Hour); return p }, nil, web.ErrNotEntered},
		{"a session a minute before that", func(w *world) web.Pass { p := w.pass(ann); w.now = w.now.Add(59 * time.Minute); return p }, nil, nil},
		{"a session when the clock has moved back two hours", func(w *world) web.Pass { p := w.pass(ann); w.now = w.now.Add(-2 * time.Hour); return p }, nil, web.ErrNotEntered},
		{"a session when two clocks differ by seconds", func(w *world) web.Pass { p := w.pass(ann); w.now = w.now.Add(-30 * time.Second); return p }, nil, nil},
		{"a contact without authority, with a code", func(w *world) web.Pass { return w.pass(bob) }, nil, web.ErrNoAuthority},
		{"a contact that was erased meanwhile", func(w *world) web.Pass {
			p := w.pass(ann)
			ledgertest.Append(w, w.l, "guide", "erase", &ledger.Entry{Fact: aup.ContactErased{Contact: "ann"}, Erase: []aup.ContactID{"ann"}})
			return p
		}, web.ErrNotFound, web.ErrNotFound},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			p := c.pass(w)
			v, err := w.desk.Open(t.Context(), p)
			if !errors.Is(err, c.open) {
				t.Errorf("opening: %v, want %v", err, c.open)
			}
			if entered := c.want == nil || errors.Is(c.want, web.ErrNoAuthority); v.Entered != entered || (len(v.History) > 0) != entered {
				t.Errorf("entered %t, %d events of history", v.Entered, len(v.History))
			}
			if _, err := w.accept(p); !errors.Is(err, c.want) {
				t.Errorf("accepting: %v, want %v", err, c.want)
			}
			if got := w.accepted("guide"); got != (c.want == nil) || w.accepted("rival") {
				t.Errorf("accepted %t", got)
			}
			want := c.want
			if errors.Is(want, web.ErrNoAuthority) {
				want = nil // everybody may answer
			}
			if err := w.desk.Answer(t.Context(), p, "", "a question"); !errors.Is(err, want) {
				t.Errorf("asking: %v, want %v", err, want)
			}
		})
	}
}

// TestCodes: each way in which a code opens the page or does not.
func TestCodes(t *testing.T) {
	const ann, bob, rival = "ann@guide.example", "bob@guide.example", "ann@rival.example"
	for _, c := range []struct {
		says string
		try  func(w *world) (link, code string)
		want error
	}{
		{"the code at its link", func(w *world) (string, string) { return w.link(ann), w.code(ann) }, nil},
		{"in its last second", func(w *world) (string, string) {
			code := w.code(ann)
			w.now = w.now.Add(10*time.Minute - time.Second)
			return w.link(ann), code
		}, nil},
		{"after ten minutes", func(w *world) (string, string) {
			code := w.code(ann)
			w.now = w.now.Add(10 * time.Minute)
			return w.link(ann), code
		}, web.ErrWrongCode},
		{"before it was made, the clock having moved back", func(w *world) (string, string) {
			code := w.code(ann)
			w.now = w.now.Add(-time.Hour)
			return w.link(ann), code
		}, web.ErrWrongCode},
		{"a second time", func(w *world) (string, string) {
			code := w.code(ann)
			if _, err := w.desk.Enter(w.Context(), w.link(ann), code); err != nil {
				w.Fatal(err)
			}
			return w.link(ann), code
		}, web.ErrWrongCode},
		{"the former of two", func(w *world) (string, string) {
			former := w.code(ann)
			for w.code(ann) == former { // one in a million
				w.Log("the same code twice")
			}
			return w.link(ann), former
		}, web.ErrWrongCode},
		{"a colleague's", func(w *world) (string, string) { w.code(ann); return w.link(ann), w.code(bob) }, web.ErrWrongCode},
		{"another organisation's", func(w *world) (string, string) { w.code(ann); return w.link(ann), w.code(rival) }, web.ErrWrongCode},
		{"the contact's own, at the link of another email", func(w *world) (string, string) {
			code := w.code(ann)
			other, err := w.l.NewLink(w.Context(), ledger.Token{Consumer: "guide", Contact: "ann", Notice: "2-ann", Expires: w.now.Add(time.Hour)})
			if err != nil {
				w.Fatal(err)
			}
			return other, code
		}, web.ErrWrongCode},
		{"where none was asked for", func(w *world) (string, string) { return w.link(ann), "000000" }, web.ErrWrongCode},
		{"at a link that does not exist", func(w *world) (string, string) { return strings.Repeat("b", 43), w.code(ann) }, web.ErrNotFound},
		{"after five wrong ones, tried all at once", func(w *world) (string, string) {
			code := w.code(ann)
			var all sync.WaitGroup
			for i := range 12 {
				all.Go(func() {
					w.desk.Enter(w.Context(), w.link(ann), fmt.Sprintf("%07d", i)) // seven digits: never right
				})
			}
			all.Wait()
			return w.link(ann), code
		}, web.ErrWrongCode},
		{"after four", func(w *world) (string, string) {
			code := w.code(ann)
			for range 4 {
				if _, err := w.desk.Enter(w.Context(), w.link(ann), "wrong"); !errors.Is(err, web.ErrWrongCode) {
					w.Error(err)
				}
			}
			return w.link(ann), code
		}, nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			link, code := c.try(w)
			session, err := w.desk.Enter(t.Context(), link, code)
			if !errors.Is(err, c.want) || (session != "") != (c.want == nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// TestCodesAreFew: five an hour, fifteen a day; a second click is the first; a clock that moves back gives
// no more of them.
func TestCodesAreFew(t *testing.T) {
	w := newWorld(t)
	ask := func(after time.Duration) (sent bool, err error) {
		w.now = w.now.Add(after)
		before := len(w.mail)
		err = w.desk.AskCode(t.Context(), w.link("ann@guide.example"))
		w.deliver()
		return len(w.mail) > before, err
	}
	for i, c := range []struct {
		after time.Duration
		sent  bool
		want  error
	}{
		{time.Minute, true, nil}, {time.Second, false, nil}, {time.Minute, true, nil}, {time.Minute, true, nil}, {time.Minute, true, nil},
		{time.Minute, true, nil}, {time.Minute, false, web.ErrTooMany}, {-30 * time.Minute, false, web.ErrTooMany}, {2 * time.Hour, true, nil},
	} {
		if sent, err := ask(c.after); sent != c.sent || !errors.Is(err, c.want) {
			t.Errorf("asking %d: sent %t, %v; want %t, %v", i+1, sent, err, c.sent, c.want)
		}
	}
	if err := w.desk.AskCode(t.Context(), w.link("bob@guide.example")); err != nil {
		t.Errorf("a colleague is refused too: %v", err)
	}
	for range 9 {
		if _, err := ask(61 * time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ask(61 * time.Minute); !errors.Is(err, web.ErrTooMany) {
		t.Errorf("the sixteenth within a day: %v", err)
	}
}

// TestWhatIsKept: the event says what was accepted, by which contact, how and by which emails, and holds
// nothing personal; who it was lies beside it, matches the event, and goes when the contact is erased.
func TestWhatIsKept(t *testing.T) {
	w := newWorld(t)
	e, err := w.accept(w.pass("ann@guide.example"))
	if err != nil {
		t.Fatal(err)
	}
	f := e.Fact.(aup.Accepted)
	if f.Hash != aup.Hash([]byte("Be fair.")) || f.Page != "shown" || f.Contact != "ann" || f.Method != aup.MethodCode || !f.At.Equal(w.now) ||
		!strings.HasSuffix(string(f.Notice), "-ann") || f.MessageID == "" || !strings.HasSuffix(string(f.Code), "-ann") || f.Code == f.Notice {
		t.Errorf("the event says %+v", f)
	}
	events, _ := w.l.Events(t.Context(), "guide")
	code := w.latest("ann@guide.example", aCode)
	for _, e := range events {
		b, _ := json.Marshal(e)
		for _, personal := range []string{"Ann", "192.0.2.7", "Browser", "@", `"` + code} {
			if strings.Contains(string(b), personal) {
				t.Errorf("event %d holds %s", e.Seq, personal)
			}
		}
	}
	all, _ := w.l.Acceptors(t.Context(), "guide")
	if len(all) != 1 || all[0].Name != "Ann Lee" || all[0].Address != "192.0.2.7" || all[0].Commitment() != f.Acceptor {
		t.Fatalf("kept %+v", all)
	}
	if contacts, _ := w.l.Contacts(t.Context(), "guide"); len(contacts) != 2 {
		t.Errorf("%d contacts", len(contacts))
	}
	desk := admin.Desk{Ledger: w.l, Now: func() time.Time { return w.now }}
	if _, err := desk.ManageConsumer(t.Context(), json.RawMessage(`{"request":"1","action":"erase-contact","consumer":"guide","contact":"ann"}`)); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.l.Acceptors(t.Context(), "guide"); len(all) != 0 {
		t.Errorf("after erasing, %+v is left", all)
	}
}

// TestTwoAcceptAtOnce: the first is the acceptance, the other is answered with it; each contact is owed one
// receipt.
func TestTwoAcceptAtOnce(t *testing.T) {
	w := newWorld(t)
	contact := aup.Contact{ID: "cyd", Name: "Cyd", Email: "cyd@guide.example", Role: aup.Authority}.Salted()
	ledgertest.Append(t, w.l, "guide", "cyd", &ledger.Entry{Fact: aup.ContactAdded{Contact: contact.Ref()}, Contacts: []aup.Contact{contact},
		Notices: []aup.Notice{{Contact: "cyd", Kind: aup.Welcome, Event: 2, Version: 1}}})
	w.deliver()
	passes := []web.Pass{w.pass("ann@guide.example"), w.pass("cyd@guide.example")}
	events := make([]aup.Event, 16)
	var all sync.WaitGroup
	for i := range events {
		all.Go(func() {
			var err error
			if events[i], err = w.accept(passes[i%2]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, e := range events {
		if e.Seq != events[0].Seq || e.Seq == 0 {
			t.Errorf("answered with events %d and %d", e.Seq, events[0].Seq)
		}
	}
	who, _ := w.l.Acceptors(t.Context(), "guide")
	if n := len(ledgertest.Owed(t, w.l, aup.DueEmail)); n != 3 || len(who) != 1 || who[0].Contact != events[0].Fact.(aup.Accepted).Contact {
		t.Errorf("%d receipts owed, accepted by %+v", n, who)
	}
	if err := w.l.Verify(t.Context(), "guide"); err != nil {
		t.Error(err)
	}
}

// TestTermsInForce: a version that is to come is shown, and usage is held against the one that applies.
func TestTermsInForce(t *testing.T) {
	w := newWorld(t)
	p := aup.Policy{ID: "places-api", Acceptance: aup.ByUse, ReAccept: true, NoticePeriod: 14 * 24 * time.Hour,
		Clauses: []aup.Clause{{ID: "fair-volume", Heading: "Fair volume", Level: 2}},
		Terms:   aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: 100}}}
	v, _, err := w.l.Publish(t.Context(), p, []byte("two"), w.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.desk.Distributor.Issue(t.Context(), "guide", v); err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]bool{1: false, 15: true} {
		w.now = ledgertest.Day1.AddDate(0, 0, days)
		visit, err := w.desk.Open(t.Context(), web.Pass{Link: w.link("ann@guide.example")})
		if err != nil || visit.Policy.Version.Number != 2 || (visit.Terms.PerDay != nil) != want {
			t.Errorf("after %d days: version %d shown, terms %+v (%v)", days, visit.Policy.Version.Number, visit.Terms, err)
		}
	}
}
