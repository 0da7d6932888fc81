package delivery_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"accord/events/policies"
	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/notice"
	"accord/shared/policydoc"
	"accord/shared/table"
	"accord/shared/table/bolt"
)

// campaign tells many consumers of a version while processes die and answers are lost. It knows what really
// left, which the ledger does not.
type campaign struct {
	testing.TB
	base   table.Table
	now    time.Time
	rng    *rand.Rand
	lost   float64        // share of sends that are done and whose answer is lost
	refuse float64        // share of sends that are refused
	late   float64        // share of SES's events that come a quarter of an hour late, or more
	bounce float64        // share of emails that come back
	dies   float64        // share of writes at which the process dies
	shaky  float64        // share of writes that fail, or whose answer is lost, while the process lives on
	dieAt  int            // the process dies at the write of this number; 0: at none
	after  bool           // it dies after that write, not before
	writes int            // so far
	left   map[string]int // emails that really left, by consumer and notice
	events []delivery.Event
	worker *ledger.Ledger // of the process that lives now; nil when it has died
	bill   bill
	rounds int
	each   bool // the process dies before the first write of each transition, and after the second
	seen   map[transition]int
	deaths map[transition]int
	lostN  int

	toAdmins []notice.Email
}

// process is the one that lives, or a new one where the last has died.
func (c *campaign) process() *ledger.Ledger {
	if c.worker == nil {
		c.worker = ledger.New(&process{Table: c.base, c: c})
	}
	c.bill.invoked()
	return c.worker
}

func (c *campaign) died() (n int) {
	for _, deaths := range c.deaths {
		n += deaths
	}
	return n
}

func (c *campaign) clock() time.Time { return c.now }

// Send lets the email leave, or not, and answers or not.
func (c *campaign) Send(_ context.Context, e notice.Email, tags map[string]string) (string, error) {
	if c.rng.Float64() < c.refuse {
		return "", failure("refused for now")
	}
	key := tags[delivery.TagConsumer] + "." + tags[delivery.TagNotice]
	c.left[key]++
	id := fmt.Sprintf("%s-%d", key, c.left[key])
	event := delivery.Event{Consumer: aup.ConsumerID(tags[delivery.TagConsumer]), Notice: aup.NoticeID(tags[delivery.TagNotice]),
		MessageID: id, Outcome: delivery.Delivered, At: c.now}
	if c.bounce > 0 && e.To != provider.Admins && c.rng.Float64() < c.bounce {
		event.Outcome = delivery.Bounced
	}
	if e.To == provider.Admins {
		c.toAdmins = append(c.toAdmins, e)
	}
	c.events = append(c.events, event)
	if c.rng.Float64() < c.lost {
		c.lostN++
		return "", failure(delivery.AnswerLost)
	}
	return id, nil
}

// round does everything that is owed now, each piece in a process of its own, as the sweeper wakes it; then
// SES's events come, some of them late and a few of them twice.
func (c *campaign) round() (owed int) {
	c.Helper()
	c.rounds++
	var dues []aup.Due
	err := ledger.New(c.base).Overdue(c.Context(), c.now.Add(time.Millisecond), func(d aup.Due) error {
		dues = append(dues, d)
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
	for _, d := range dues {
		l := c.process()
		if d.Kind == aup.DueEmail {
			delivery.Deliverer{Ledger: l, Sender: c, Now: c.clock, Provider: provider}.Do(c.Context(), ledger.RefOf(d)) // it stays owed
		} else {
			distribute.Distributor{Ledger: l, Now: c.clock}.Do(c.Context(), ledger.RefOf(d)) // likewise
		}
	}
	events := c.events
	c.events = nil
	for i, e := range events {
		if i%50 == 7 {
			events = append(events, e)
		}
	}
	for _, e := range events {
		if c.rng.Float64() < c.late {
			c.events = append(c.events, e)
			continue
		}
		if err := (delivery.Recorder{Ledger: c.process(), Now: c.clock}).Record(c.Context(), e); failedByUs(err) {
			c.events = append(c.events, e) // EventBridge tries again
		}
	}
	c.now = c.now.Add(16 * time.Minute)
	return len(dues)
}

var provider = notice.Provider{Name: "Places", From: "a@p.example", ReplyTo: "b@p.example", Admins: "c@p.example", BaseURL: "https://p.example"}

// newCampaign has so many consumers with a contact each, who have the sample policy's first version, and
// its second version published.
func newCampaign(t testing.TB, consumers int) *campaign {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "campaign"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &campaign{TB: t, base: db.Table("ledger"), now: ledgertest.Day1, rng: rand.New(rand.NewPCG(1, uint64(consumers))),
		left: map[string]int{}, seen: map[transition]int{}, deaths: map[transition]int{}}
	l := ledger.New(c.base)
	v := c.publish(l, "places-api.md")
	for _, d := range ledgertest.Owed(t, l, aup.DueDistribute) {
		if err := (distribute.Distributor{Ledger: l, Now: c.clock}).Do(t.Context(), ledger.RefOf(d)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range consumers {
		id := consumer(i)
		contact := aup.Contact{ID: "ann", Name: "Ann", Email: "ann@" + string(id) + ".example", Role: aup.Authority, Salt: "s"}
		before := func(cause string, e *ledger.Entry) {
			if _, err := l.Append(t.Context(), id, cause, c.now.AddDate(0, 0, -3), func(aup.Standing) (*ledger.Entry, error) { return e, nil }); err != nil {
				t.Fatal(err)
			}
		}
		before("r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api", Contacts: []aup.ContactRef{contact.Ref()}},
			Contacts: []aup.Contact{contact}, Profile: &aup.Consumer{ID: id, Name: string(id), Policy: "places-api"}})
		before(distribute.Cause("places-api", 1), &ledger.Entry{Fact: aup.PolicyIssued{Policy: "places-api", Version: 1,
			Hash: v.Hash, Tailored: v.Hash, Applies: c.now, Mode: aup.ByUse, ReAccept: true}})
	}
	c.publish(l, "places-api-v2.md")
	return c
}

func consumer(i int) aup.ConsumerID { return aup.ConsumerID(fmt.Sprintf("c%06d", i)) }

// publish publishes one of the sample policy's versions.
func (c *campaign) publish(l *ledger.Ledger, file string) aup.Version {
	c.Helper()
	p, problems := policydoc.Parse(file, []byte(policies.Read(file)), "")
	if err := policydoc.Refused(problems); err != nil {
		c.Fatal(err)
	}
	v, _, err := l.Publish(c.Context(), p, []byte(policies.Read(file)), c.now)
	if err != nil {
		c.Fatal(err)
	}
	return v
}

// run goes on until nothing is owed.
func (c *campaign) run() {
	c.Helper()
	for idle := 0; idle < 2; {
		if c.rounds > 400 {
			c.Fatal("it does not come to an end")
		}
		if idle++; c.round() > 0 || len(c.events) > 0 {
			idle = 0
		}
	}
}

// check holds what really left against what the ledger says: each consumer's email left, it is recorded as
// sent once, and where it left more than once the record says that it may have. Standings follow from events.
func (c *campaign) check(consumers int) (o outcome) {
	c.Helper()
	l := ledger.New(c.base)
	if n, err := l.Open(c.Context()); n != 0 || err != nil {
		c.Errorf("%d dues are open (%v)", n, err)
	}
	for i := range consumers {
		id := consumer(i)
		events, err := l.Events(c.Context(), id)
		if err != nil {
			c.Fatal(err)
		}
		sent := 0
		for _, e := range events {
			f, ok := e.Fact.(aup.NoticeSent)
			if !ok {
				continue
			}
			sent++
			if left := c.left[string(id)+"."+string(f.Notice)]; left > 1 {
				o.duplicates++
				if !f.Repeat {
					o.unrecorded++
				}
			}
		}
		s, _ := l.Standing(c.Context(), id)
		if i := s.Issue(2); sent != 1 || i == nil || i.Told.IsZero() {
			o.missed++
		}
		if i%97 == 0 {
			if err := l.Verify(c.Context(), id); err != nil {
				c.Error(err)
			}
		}
	}
	return o
}

// TestCampaignDyingAtEachWrite: the process dies once, before and after each write there is; nobody is
// missed, and no email leaves twice without a record of it.
func TestCampaignDyingAtEachWrite(t *testing.T) {
	const consumers = 3
	points := 0
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			c := newCampaign(t, consumers)
			c.dieAt, c.after = at, after
			c.run()
			if c.died() == 0 {
				break
			}
			points++
			if o := c.check(consumers); o.missed+o.unrecorded > 0 {
				t.Errorf("dying at write %d (after it: %t): %+v", at, after, o)
			}
		}
	}
	t.Logf("%d points at which a process dies", points)
	if points < 2*(2*consumers) {
		t.Errorf("only %d points: the writes are not counted", points)
	}
}

// TestCampaign: a campaign in which processes die at each transition, before its write and after it, one write in
// a hundred is the last of its process and another fails or loses
// its answer, one answer of SES in twenty is lost, one of its events in five comes late, and one send in ten is
// refused. ACCORD_CAMPAIGN is how many consumers; 100,000 take some minutes.
func TestCampaign(t *testing.T) {
	consumers := consumersOr(3400) // more than a page of each shard
	c := newCampaign(t, consumers)
	c.lost, c.refuse, c.dies, c.shaky, c.late, c.each = 0.05, 0.1, 0.01, 0.01, 0.2, true
	start := c.now
	c.run()
	o := c.check(consumers)
	t.Log(c.table(consumers, o, c.now.Sub(start)))
	if o.missed+o.unrecorded > 0 || c.lostN == 0 {
		t.Errorf("missed %d, unrecorded %d", o.missed, o.unrecorded)
	}
	if perConsumer := 4; c.bill.most > 200*perConsumer+10 {
		t.Errorf("one invocation read %d items, more than a page of 200 consumers has", c.bill.most)
	}
	for _, at := range transitions {
		if c.deaths[at] == 0 {
			t.Errorf("no process died at the transition %q", at)
		}
	}
}

func consumersOr(n int) int {
	if given, err := strconv.Atoi(os.Getenv("ACCORD_CAMPAIGN")); err == nil {
		return given
	}
	return n
}
