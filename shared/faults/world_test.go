package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/shared/admin"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/dispatch"
	"accord/shared/enforce"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/notice"
	"accord/shared/sweep"
	"accord/shared/table"
	"accord/shared/table/bolt"
	"accord/shared/usage"
)

// The one consumer of a world; its keys are those that ledgertest registers, its contacts two.
const (
	consumer = aup.ConsumerID("harvest")
	contacts = 2
)

// start is when the judge looks, an hour after the consumer was told of the policy.
var start = ledgertest.Day1.Add(time.Hour)

// world is the outside, and the time.
type world struct {
	now      time.Time
	ledger   table.Table
	usage    table.Table
	on       map[aup.KeyID]bool
	plans    map[aup.KeyID]string // the usage plan that each key is in; empty: none
	mails    []mail
	events   []delivery.Event
	feed     []table.Change
	messages []message
	trail    []enforce.Change // our own, as CloudTrail tells of them
	shard    int              // of the directory
	calls    int
	fault    func(call int, kind string) outcome
}

// hands are the handlers as one invocation runs them.
type hands struct {
	judge   judge.Judge
	desk    admin.Desk
	sweeper sweep.Sweeper
	watch   enforce.Watch
	record  delivery.Recorder
	workers map[dispatch.Queue]dispatch.Work
}

type nobody struct{}

func (nobody) ByUse(context.Context, aup.ConsumerID, aup.KeyID, time.Time, usage.Success) error {
	return nil
}
func (nobody) Refold(context.Context, time.Time) error { return nil }
func (nobody) OpenProvider(context.Context) error      { return nil }

func (w *world) hands(in *invocation) hands {
	p := port{w, in}
	l := ledger.New(store{p, toLedger, w.ledger})
	now := func() time.Time { return w.now }
	m := metering.New(store{p, toUsage, w.usage}, 1)
	d := delivery.Deliverer{Ledger: l, Sender: post{p}, Now: now, Provider: notice.Provider{Name: "Places", From: "places@provider.example",
		Admins: "admins@provider.example", BaseURL: "https://places.example"}}
	j := judge.Judge{Ledger: l, Meter: m, Acceptances: nobody{}, Mode: assess.ModeEnforce, SlowPlan: slowPlan, Now: now}
	return hands{
		judge:   j,
		desk:    admin.Desk{Ledger: l, Meter: m, Judge: j, Approvals: 2, Now: now},
		sweeper: sweep.Sweeper{Dues: l, Dispatch: dispatch.Dispatcher{Queues: queues{w}}, Windows: nobody{}, Provider: nobody{}, Keys: enforce.Watch{Ledger: l, Gateway: gateway{p}, Now: now}, Now: now},
		watch:   enforce.Watch{Ledger: l, Gateway: gateway{p}, Now: now},
		record:  delivery.Recorder{Ledger: l, Now: now},
		workers: map[dispatch.Queue]dispatch.Work{
			dispatch.Keys:       enforce.Enforcer{Ledger: l, Gateway: gateway{p}, Plans: gateway{p}, Now: now}.Do,
			dispatch.Audits:     judge.Audits{Judge: j, Usage: store{p, toUsage, w.usage}}.Do,
			dispatch.UrgentMail: d.Do,
			dispatch.BulkMail:   d.Do,
		},
	}
}

// engine gives each world tables of its own.
type engine func(name string) table.Table

// onBolt is one file for all the worlds of a test, whose usage they share.
func onBolt(t testing.TB) engine {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "faults"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db.Table
}

// measured fills a usage table: the consumer's first key did four times what a minute allows.
func measured(t testing.TB, usageTable table.Table) table.Table {
	t.Helper()
	var events []metering.Event
	for n := range 40 {
		events = append(events, metering.Event{ID: fmt.Sprintf("%020d", n), At: start, Message: fmt.Appendf(nil,
			`{"requestId":"r%d","apiKeyId":"%s-1","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places","status":"200","path":"/live/places"}`, n, consumer, start.UnixMilli())})
	}
	m := metering.New(usageTable, 1)
	report, err := m.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: events}, start)
	if err != nil {
		t.Fatal(err)
	}
	for _, touched := range report.Windows {
		if _, err := m.Fold(t.Context(), touched); err != nil {
			t.Fatal(err)
		}
	}
	return usageTable
}

// newWorld has a consumer that was told of a policy and is far beyond it, and nothing owed.
func newWorld(t testing.TB, ledgerTable, usageTable table.Table) *world {
	t.Helper()
	w := &world{now: start, ledger: ledgerTable, usage: usageTable, fault: func(int, string) outcome { return fine },
		on:    map[aup.KeyID]bool{aup.KeyID(consumer + "-1"): true, aup.KeyID(consumer + "-2"): true},
		plans: map[aup.KeyID]string{aup.KeyID(consumer + "-1"): ownPlan, aup.KeyID(consumer + "-2"): ownPlan}}
	l := ledger.New(ledgerTable)
	ledgertest.Register(t, l, consumer)
	w.shard = shardOf(t, l)
	p := aup.Policy{ID: "places-api", Title: "Places", Clauses: []aup.Clause{{ID: "fair-volume", Heading: "Fair volume", Level: 2, Markdown: "Be fair."}},
		Terms: aup.Terms{PerMinute: &aup.Limit{Clause: "fair-volume", Limit: 10, Significant: 2}}}
	v, _, err := l.Publish(t.Context(), p, []byte("Be fair."), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, l, consumer, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
	ledgertest.Append(t, l, consumer, "told", &ledger.Entry{Fact: aup.NoticeDelivered{Contact: "ann", About: aup.Welcome, Version: 1}})
	considered(t, l, consumer, start.Add(-2*time.Minute))
	for _, d := range ledgertest.Owed(t, l, aup.DueDistribute) {
		if d, err = l.Claim(t.Context(), ledger.RefOf(d), start, time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := l.Done(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// considered is the first of the two judgements that a suspension needs.
func considered(t testing.TB, l *ledger.Ledger, id aup.ConsumerID, at time.Time) {
	t.Helper()
	_, err := l.Append(t.Context(), id, "considered", at, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.SuspensionConsidered{Clause: "fair-volume"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// invoke runs a function once; crashed is what a crash comes to, and the caller hears no more of it.
func invoke(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(died); !ok {
				panic(r)
			}
			err = errCrashed
		}
	}()
	return do()
}

var errCrashed = errors.New("crashed")

// decide is an admin's call, repeated by the caller with the same id as long as there is no answer.
func (h hands) decide(ctx context.Context, request, action string) error {
	event, err := json.Marshal(map[string]any{"request": request, "action": action, "consumer": consumer, "clause": "fair-volume", "reason": "we talked"})
	if err != nil {
		return err
	}
	_, err = h.desk.Decide(ctx, event, "arn:aws:iam::123456789012:user/ann")
	return err
}

// fed brings what the change feed holds to the queues.
func (w *world) fed(ctx context.Context) error {
	changes := w.feed
	w.feed = nil
	return dispatch.Dispatcher{Queues: queues{w}}.Changes(ctx, changes)
}

// minute is what happens by itself within a minute: messages are worked on, delivery events recorded, and
// the sweeper sweeps.
func (w *world) minute(ctx context.Context) {
	h := w.hands(nil)
	for len(w.feed)+len(w.messages) > 0 {
		w.fed(ctx) // the queues in memory do not fail
		messages := w.messages
		w.messages = nil
		for _, m := range messages {
			invoke(func() error { return h.workers[m.queue].Receive(ctx, m.body) }) // it stays owed
		}
	}
	events := w.events
	w.events = nil
	for _, e := range events {
		if invoke(func() error { return h.record.Record(ctx, e) }) != nil {
			w.events = append(w.events, e) // EventBridge tries again
		}
	}
	w.now = w.now.Add(time.Minute)
	invoke(func() error { _, err := h.sweeper.Sweep(ctx); return err }) // the next one finds it
}

// quiet says whether nothing is owed but what a later day brings, and nothing under way.
func (w *world) quiet(ctx context.Context) bool {
	n := len(w.events) + len(w.feed) + len(w.messages)
	err := ledger.New(w.ledger).Overdue(ctx, w.now.AddDate(1, 0, 0), func(d aup.Due) error {
		if d.Kind != aup.DueDeadline {
			n++
		}
		return nil
	})
	return err == nil && n == 0
}

// until lets minutes pass until done says so; false when a day was not enough.
func (w *world) until(ctx context.Context, done func() bool) bool {
	for range 24 * 60 {
		if done() {
			return true
		}
		w.minute(ctx)
	}
	return false
}

// wrong compares the record with what is seen from outside, the gateway's keys and the mailbox; "" when
// they agree.
func (w *world) wrong(ctx context.Context) string {
	l := ledger.New(w.ledger)
	if err := l.Verify(ctx, consumer); err != nil {
		return err.Error()
	}
	s, err := l.Standing(ctx, consumer)
	if err != nil {
		return err.Error()
	}
	var wrong []string
	for _, k := range s.Keys {
		if should := s.State != aup.IsSuspended; w.on[k.ID] != should || k.Enabled != should {
			wrong = append(wrong, fmt.Sprintf("the consumer is %s, key %s is enabled: %t", s.State, k.ID, w.on[k.ID]))
		}
	}
	wrong = append(wrong, w.wrongPlans(s)...)
	events, err := l.Events(ctx, consumer)
	if err != nil {
		return err.Error()
	}
	wrong = append(wrong, w.wrongDrifts(ctx, events)...)
	return strings.Join(append(wrong, w.wrongMails(events)...), "; ")
}

// wrongMails lists the notices that were not sent exactly once, but for recorded repeats, and the
// suspensions and reinstatements that not every contact was told of.
func (w *world) wrongMails(events []aup.Event) (wrong []string) {
	sent, recorded, repeats := map[aup.NoticeID]int{}, map[aup.NoticeID]int{}, map[aup.NoticeID]bool{}
	for _, m := range w.mails {
		sent[m.notice]++
	}
	for _, e := range events {
		if f, ok := e.Fact.(aup.NoticeSent); ok {
			recorded[f.Notice]++
			repeats[f.Notice] = repeats[f.Notice] || f.Repeat
		}
	}
	for _, e := range events {
		told := 0
		for _, n := range e.Notices {
			if n.Contact != aup.Admins {
				told++
			}
			if sent[n.ID] != 1 && !(sent[n.ID] > 1 && repeats[n.ID]) || recorded[n.ID] != 1 {
				wrong = append(wrong, fmt.Sprintf("notice %s (%s): %d sent, %d recorded, as repeated: %t", n.ID, n.Kind, sent[n.ID], recorded[n.ID], repeats[n.ID]))
			}
			delete(sent, n.ID)
		}
		switch e.Fact.(type) {
		case aup.Suspended, aup.Reinstated:
			if told != contacts {
				wrong = append(wrong, fmt.Sprintf("event %d: %d contacts are told, want %d", e.Seq, told, contacts))
			}
		}
	}
	for id := range sent {
		wrong = append(wrong, fmt.Sprintf("an email of notice %s, which no event owes", id))
	}
	return wrong
}
