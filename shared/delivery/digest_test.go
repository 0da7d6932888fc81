package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// nextDay lets a day go by, in which everything owed is done, and the digest made where there is one.
func (c *campaign) nextDay() {
	c.Helper()
	c.now = c.now.Truncate(24*time.Hour).AddDate(0, 0, 1).Add(10 * time.Minute)
	c.run()
}

// TestNoFloods: a campaign of which three emails in a hundred come back brings the admins one email, the
// day after, that counts them; and a day on which nothing happens brings none.
func TestNoFloods(t *testing.T) {
	const consumers = 500
	c := newCampaign(t, consumers)
	c.bounce = 0.03
	if err := (distribute.Distributor{Ledger: ledger.New(c.base), Now: c.clock}).OpenProvider(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.run()
	if n := len(c.toAdmins); n != 0 {
		t.Fatalf("%d emails to the admins on the day of the campaign, such as %q", n, c.toAdmins[0].Subject)
	}
	c.nextDay()
	if len(c.toAdmins) != 1 {
		t.Fatalf("%d emails to the admins on the day after, want the digest", len(c.toAdmins))
	}
	made := digestOf(c)
	if made.Sections[0].Kind != aup.ToldUndelivered || made.Sections[0].Count < 8 || len(made.Sections) != 1 || len(made.Sections[0].Lines) != min(20, made.Sections[0].Count) {
		t.Errorf("the digest: %+v", made)
	}
	if !strings.Contains(c.toAdmins[0].Text, "Emails that did not arrive") {
		t.Error(c.toAdmins[0].Text)
	}
	for range 3 {
		c.nextDay()
	}
	if len(c.toAdmins) != 1 {
		t.Errorf("days on which nothing happened brought %d emails", len(c.toAdmins)-1)
	}
	if n, err := ledger.New(c.base).Open(t.Context()); n != 0 || err != nil {
		t.Errorf("%d owed (%v): the next digest is planned, not owed", n, err)
	}
	if err := ledger.New(c.base).Verify(t.Context(), aup.Provider); err != nil {
		t.Error(err)
	}
}

func digestOf(c *campaign) aup.DigestMade {
	c.Helper()
	l := ledger.New(c.base)
	s, err := l.Standing(c.Context(), aup.Provider)
	if err != nil {
		c.Fatal(err)
	}
	e, err := l.Event(c.Context(), aup.Provider, s.Digest)
	if err != nil {
		c.Fatal(err)
	}
	return e.Fact.(aup.DigestMade)
}

// TestDigestDyingAtEachWrite: the process dies once, before and after each write of a day; what happened is
// told in one digest, and the next one is planned.
func TestDigestDyingAtEachWrite(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			c := newCampaign(t, 1)
			c.bounce = 1
			if err := (distribute.Distributor{Ledger: ledger.New(c.base), Now: c.clock}).OpenProvider(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.run()
			c.writes, c.dieAt, c.after = 0, at, after
			c.nextDay()
			c.nextDay()
			if c.died() == 0 {
				break
			}
			s, _ := ledger.New(c.base).Standing(t.Context(), aup.Provider)
			digests := 0
			events, _ := ledger.New(c.base).Events(t.Context(), aup.Provider)
			for _, e := range events {
				if _, is := e.Fact.(aup.DigestMade); is {
					digests++
				}
			}
			if planned := len(ledgertest.Owed(t, ledger.New(c.base), aup.DueDeadline)); digests != 1 || s.Digest == 0 || planned != 1 || len(c.toAdmins) == 0 {
				t.Errorf("dying at write %d (after it: %t): %d digests, %d planned, %d emails", at, after, digests, planned, len(c.toAdmins))
			}
		}
	}
}

// TestUrgentBounce: an urgent email that comes back is told at once.
func TestUrgentBounce(t *testing.T) {
	for _, kind := range []aup.NoticeKind{aup.ContactNotice, aup.SuspendedNotice, aup.OneTimeCode} {
		w := newWorld(t)
		w.deliver()
		ledgertest.Append(t, w.l, "guide", "urgent", &ledger.Entry{Fact: aup.Asked{Case: "question-1", Contact: "ann"},
			Notices: []aup.Notice{{Contact: "ann", Kind: kind}}})
		s, _ := w.l.Standing(t.Context(), "guide")
		e, _ := w.l.Event(t.Context(), "guide", s.Seq)
		err := delivery.Recorder{Ledger: w.l, Now: func() time.Time { return w.now }}.Record(t.Context(),
			delivery.Event{Consumer: "guide", Notice: e.Notices[0].ID, MessageID: "m", Outcome: delivery.Bounced, At: w.now})
		if err != nil {
			t.Fatal(err)
		}
		s, _ = w.l.Standing(t.Context(), "guide")
		if e, _ := w.l.Event(t.Context(), "guide", s.Seq); len(e.Notices) != 1 || e.Notices[0].Kind != aup.AdminFailed {
			t.Errorf("%s came back: %+v", kind, e.Notices)
		}
	}
}

// TestManyGapsAreOneEmail: the log of a day is lost, for 10,000 keys; the admins get one email, that counts them.
func TestManyGapsAreOneEmail(t *testing.T) {
	const consumers, keys = 200, 50
	c := newCampaign(t, consumers)
	if err := (distribute.Distributor{Ledger: ledger.New(c.base), Now: c.clock}).OpenProvider(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.run()
	l := ledger.New(c.base)
	for shard := range ledger.Shards {
		_, err := l.Consumers(t.Context(), shard, "", 0, func(id aup.ConsumerID) error {
			for n := range keys {
				key := aup.KeyID(fmt.Sprintf("key%07d", n))
				_, err := l.Append(t.Context(), id, "gap#"+string(key), c.now, func(aup.Standing) (*ledger.Entry, error) {
					return &ledger.Entry{Fact: aup.GapNoticed{Key: key, Date: aup.Date(c.now), How: aup.Short, Logged: 0, Gateway: 700}}, nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		c.nextDay()
	}
	if len(c.toAdmins) != 1 {
		t.Fatalf("%d emails to the admins, want the digest", len(c.toAdmins))
	}
	if s := digestOf(c).Sections; len(s) != 1 || s[0].Kind != aup.ToldGap || s[0].Count != consumers*keys || len(s[0].Lines) != 20 {
		t.Errorf("the digest: %+v", s)
	}
	if len(c.toAdmins[0].Text) > 8<<10 {
		t.Errorf("an email of %d bytes", len(c.toAdmins[0].Text))
	}
}
