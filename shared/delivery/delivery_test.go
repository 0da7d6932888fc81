package delivery_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/notice"
)

// post is a sender that keeps what it sent; what goes wrong can be told it.
type post struct {
	sent []notice.Email
	fail error // of the next send, before it is done
	lost bool  // the next send is done, but its answer is lost
}

type failure string

func (f failure) Error() string  { return "550 no such user lea@guide.example: " + string(f) }
func (f failure) Reason() string { return string(f) }

func (p *post) Send(_ context.Context, e notice.Email, _ map[string]string) (string, error) {
	if err := p.fail; err != nil {
		p.fail = nil
		return "", err
	}
	p.sent = append(p.sent, e)
	if p.lost {
		p.lost = false
		return "", failure(delivery.AnswerLost)
	}
	return fmt.Sprint("message-", len(p.sent)), nil
}

type world struct {
	*testing.T
	l    *ledger.Ledger
	post *post
	now  time.Time
}

// newWorld has a consumer with two contacts who are owed the policy.
func newWorld(t *testing.T) *world {
	l, _ := ledgertest.Open(t)
	w := &world{t, l, &post{}, ledgertest.Day1}
	ledgertest.Register(t, l, "guide")
	v := ledgertest.Version(t, l, "Be fair.", w.now, aup.ByUse)
	d := distribute.Distributor{Ledger: l, Now: func() time.Time { return w.now }}
	if err := d.Issue(t.Context(), "guide", v); err != nil {
		t.Fatal(err)
	}
	return w
}

// deliver works on all email dues once, a while later each round.
func (w *world) deliver() (errs []error) {
	w.Helper()
	d := delivery.Deliverer{Ledger: w.l, Sender: w.post, Now: func() time.Time { return w.now },
		Provider: notice.Provider{Name: "Places", From: "a@p.example", ReplyTo: "b@p.example", Admins: "c@p.example", BaseURL: "https://p.example"}}
	for _, due := range ledgertest.Owed(w, w.l, aup.DueEmail) {
		if err := d.Do(w.Context(), ledger.RefOf(due)); err != nil {
			errs = append(errs, err)
		}
	}
	w.now = w.now.Add(25 * time.Hour)
	return errs
}

func (w *world) notice(contact aup.ContactID) aup.Notice {
	w.Helper()
	all, err := w.l.Notices(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	for _, n := range all {
		if n.Contact == contact {
			return n
		}
	}
	w.Fatalf("no notice for %s", contact)
	return aup.Notice{}
}

// sendings are the events of what was sent to a contact.
func (w *world) sendings(contact aup.ContactID) (all []aup.NoticeSent) {
	w.Helper()
	events, err := w.l.Events(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range events {
		if f, ok := e.Fact.(aup.NoticeSent); ok && f.Contact == contact {
			all = append(all, f)
		}
	}
	return all
}

func (w *world) record(contact aup.ContactID, o delivery.Outcome) error {
	w.Helper()
	n := w.notice(contact)
	r := delivery.Recorder{Ledger: w.l, Now: func() time.Time { return w.now }}
	return r.Record(w.Context(), delivery.Event{Consumer: "guide", Notice: n.ID, MessageID: "m", Outcome: o, At: w.now, Why: "Permanent/General"})
}

func TestDeliver(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(w *world)
	}{
		{"each contact gets its own email, once", func(w *world) {
			w.deliver()
			w.deliver()
			if len(w.post.sent) != 2 || len(w.sendings("ann")) != 1 || w.notice("ann").Sent.IsZero() {
				w.Errorf("%d sent, notice %+v", len(w.post.sent), w.notice("ann"))
			}
		}},
		{"the links differ, and open each contact's own page", func(w *world) {
			w.deliver()
			a, b := linkIn(w.post.sent[0]), linkIn(w.post.sent[1])
			if a == b {
				w.Error("the same link twice")
			}
			for i, secret := range []string{a, b} {
				token, err := w.l.Link(w.Context(), secret, w.now)
				if err != nil || !strings.HasPrefix(w.post.sent[i].To, string(token.Contact)) {
					w.Errorf("the link to %s is %s's (%v)", w.post.sent[i].To, token.Contact, err)
				}
			}
		}},
		{"the email is kept as it was sent", func(w *world) {
			w.deliver()
			stored, err := w.l.Email(w.Context(), "guide", w.notice("ann").ID)
			if err != nil || aup.Hash(stored) != w.sendings("ann")[0].Body || !strings.Contains(unzip(w, stored), "Subject:") {
				w.Errorf("stored %d bytes (%v), event says %s", len(stored), err, w.sendings("ann")[0].Body)
			}
		}},
		{"a refusal is tried again later, and is no possible duplicate", func(w *world) {
			w.post.fail = failure("refused")
			if errs := w.deliver(); len(errs) != 1 {
				w.Errorf("errors %v", errs)
			}
			w.deliver()
			for _, contact := range []aup.ContactID{"ann", "bob"} {
				if s := w.sendings(contact); len(s) != 1 || s[0].Repeat {
					w.Errorf("%s: %+v", contact, s)
				}
			}
		}},
		{"a lost answer may be a duplicate, and the record says so", func(w *world) {
			w.post.lost = true
			w.deliver()
			w.deliver()
			if n := len(w.post.sent); n != 2 {
				w.Errorf("%d sent before SES's event about the first had its time", n)
			}
			w.deliver()
			repeats := 0
			for _, s := range append(w.sendings("ann"), w.sendings("bob")...) {
				if s.Repeat && s.Attempt == 2 {
					repeats++
				}
			}
			if len(w.post.sent) != 3 || repeats != 1 {
				w.Errorf("%d sent, %d recorded as a possible repeat", len(w.post.sent), repeats)
			}
		}},
		{"a lost answer waits a quarter of an hour for SES's event, which settles it", func(w *world) {
			w.post.lost = true
			start := w.now
			w.deliver()
			for _, d := range ledgertest.Owed(w, w.l, aup.DueEmail) {
				if d.Why == delivery.AnswerLost && !d.Next.Equal(start.Add(15*time.Minute)) {
					w.Errorf("it is tried again at %s", d.Next)
				}
			}
			if err := w.record("ann", delivery.Delivered); err != nil {
				w.Fatal(err)
			}
			w.deliver()
			if s := w.sendings("ann"); len(w.post.sent) != 2 || len(s) != 1 || s[0].Repeat || s[0].MessageID != "m" {
				w.Errorf("%d sent, %+v", len(w.post.sent), s)
			}
		}},
		{"why it failed is kept without the address", func(w *world) {
			w.post.fail = failure("refused")
			w.deliver()
			for _, d := range ledgertest.Owed(w, w.l, aup.DueEmail) {
				if d.Why != "refused" {
					w.Errorf("kept %q", d.Why)
				}
			}
		}},
		{"a contact that was erased stays owed, and it is recorded once for the digest", func(w *world) {
			ledgertest.Append(w, w.l, "guide", "erase", &ledger.Entry{Fact: aup.ContactErased{Contact: "bob"}, Erase: []aup.ContactID{"bob"}})
			for range 3 {
				w.deliver()
			}
			told := 0
			err := w.l.Digest(w.Context(), ledgertest.Day1, w.now.Add(time.Hour), func(l aup.DigestLine) error {
				if l.Kind == aup.ToldUndelivered {
					told++
				}
				return nil
			})
			if n := len(ledgertest.Owed(w, w.l, aup.DueEmail)); n != 1 || told != 1 || err != nil {
				w.Errorf("%d owed, in the digest %d times (%v)", n, told, err)
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) { c.do(newWorld(t)) })
	}
}

func linkIn(e notice.Email) string {
	_, after, _ := strings.Cut(e.Text, "https://p.example/p/")
	return after[:min(43, len(after))]
}

func unzip(w *world, b []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		w.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		w.Fatal(err)
	}
	return string(plain)
}

func TestRecord(t *testing.T) {
	for _, c := range []struct {
		says   string
		events []delivery.Outcome
		told   bool
		failed bool
	}{
		{"a delivery tells the version", []delivery.Outcome{delivery.Delivered}, true, false},
		{"the same event twice is one", []delivery.Outcome{delivery.Delivered, delivery.Delivered}, true, false},
		{"a bounce does not", []delivery.Outcome{delivery.Bounced}, false, true},
		{"a bounce after a delivery leaves both known", []delivery.Outcome{delivery.Delivered, delivery.Bounced}, true, true},
		{"and so does a delivery after a bounce", []delivery.Outcome{delivery.Bounced, delivery.Delivered}, true, true},
		{"a delay tells nothing and fails nothing", []delivery.Outcome{delivery.Delayed}, false, false},
		{"a delivery after a delay", []delivery.Outcome{delivery.Delayed, delivery.Delivered}, true, false},
		{"whichever comes first", []delivery.Outcome{delivery.Delivered, delivery.Delayed}, true, false},
		{"a bounce after a delay", []delivery.Outcome{delivery.Delayed, delivery.Delayed, delivery.Bounced}, false, true},
		{"a delay that is told after the bounce", []delivery.Outcome{delivery.Bounced, delivery.Delayed}, false, true},
		{"a complaint after a delivery leaves both known", []delivery.Outcome{delivery.Delivered, delivery.Complained}, true, true},
		{"and so does a delivery after a complaint", []delivery.Outcome{delivery.Complained, delivery.Delivered}, true, true},
		{"an email that SES took and then refused", []delivery.Outcome{delivery.Rejected}, false, true},
		{"an address that SES holds back is a failure", []delivery.Outcome{delivery.Suppressed}, false, true},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			w.deliver()
			before := len(ledgertest.Owed(t, w.l, aup.DueEmail))
			for _, o := range c.events {
				if err := w.record("ann", o); err != nil {
					t.Fatal(err)
				}
			}
			s, _ := w.l.Standing(t.Context(), "guide")
			n := w.notice("ann")
			if told := !s.Issued[0].Told.IsZero(); told != c.told || told == n.Delivered.IsZero() || c.failed == n.Bounced.IsZero() || n.Sent.IsZero() {
				t.Errorf("told %t, notice %+v", told, n)
			}
			if toAdmins := len(ledgertest.Owed(t, w.l, aup.DueEmail)) - before; toAdmins != 0 {
				t.Errorf("%d emails to the admins about mail that is not urgent", toAdmins)
			}
		})
	}
	w := newWorld(t)
	r := delivery.Recorder{Ledger: w.l, Now: func() time.Time { return w.now }}
	err := r.Record(t.Context(), delivery.Event{Consumer: "guide", Notice: "99-eve", MessageID: "m", Outcome: delivery.Delivered})
	if !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("an email the ledger does not know of: %v", err)
	}
}
