// Package faults holds what a crash, a lost answer, an outage or a broken document may do to people's
// access. It is only a test: the handlers as the functions run them, with every call they make to the
// outside (each table, the gateway, the sending of mail) going through a world that can fail there.
package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/dispatch"
	"accord/shared/enforce"
	"accord/shared/notice"
	"accord/shared/table"
)

// What can happen to one call to the outside.
const (
	fine        outcome = iota
	dieBefore           // the function ends before the call
	dieAfter            // the function ends after the call, whose answer nobody hears
	failBefore          // nothing is done, and the caller is told
	failAfter           // it is done, and the answer is lost
	allOutcomes         // how many there are
)

type outcome int

func (o outcome) String() string {
	return []string{"fine", "a crash before", "a crash after", "a refusal", "a lost answer"}[o]
}

// The kinds of calls.
const (
	toLedger  = "ledger"
	toUsage   = "usage"
	toGateway = "gateway"
	toMail    = "mail"
)

// died is what a function's crash is in a goroutine of a test.
type died struct{}

var errDown = errors.New("not reachable")

// refusedMail is a send of which it is known that nothing was sent, as SES's throttling is.
type refusedMail struct{ error }

func (refusedMail) Reason() string { return "the mail service refused" }

// port is the outside as one invocation of a function sees it.
type port struct {
	w  *world
	in *invocation // nil: the only one
}

// call does one call to the outside, or what befalls it.
func (p port) call(kind string, do func() error) error {
	if p.in != nil && !p.in.turn(kind) {
		panic(died{})
	}
	p.w.calls++
	switch p.w.fault(p.w.calls, kind) {
	case dieBefore:
		panic(died{})
	case dieAfter:
		do() // nobody hears the answer
		panic(died{})
	case failBefore:
		return errDown
	case failAfter:
		if err := do(); err != nil {
			return err
		}
		return errors.New("no answer in time")
	}
	return do()
}

// store is a table behind a port. What is written of dues goes to the change feed.
type store struct {
	port
	kind string
	t    table.Table
}

func (s store) Get(ctx context.Context, k table.Key) (it table.Item, err error) {
	err = s.call(s.kind, func() error { it, err = s.t.Get(ctx, k); return err })
	return it, err
}

func (s store) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	err = s.call(s.kind, func() error { page, err = s.t.Query(ctx, q); return err })
	return page, err
}

func (s store) Write(ctx context.Context, ops ...table.Op) error {
	return s.call(s.kind, func() error {
		err := s.t.Write(ctx, ops...)
		for _, op := range ops {
			if err == nil && op.Kind == table.KindPut && op.Item.V == 1 {
				s.w.feed = append(s.w.feed, table.Change{Key: op.Item.Key, New: &op.Item})
			}
		}
		return err
	})
}

func (s store) PutAll(ctx context.Context, items []table.Item) error {
	return s.call(s.kind, func() error { return s.t.PutAll(ctx, items) })
}

// gateway is API Gateway's control plane.
type gateway struct{ port }

func (g gateway) Enabled(_ context.Context, k aup.KeyID) (on bool, err error) {
	err = g.call(toGateway, func() error {
		var there bool
		if on, there = g.w.on[k]; !there {
			return enforce.ErrNoKey
		}
		return nil
	})
	return on, err
}

func (g gateway) SetEnabled(_ context.Context, k aup.KeyID, on bool) error {
	return g.call(toGateway, func() error {
		if _, there := g.w.on[k]; !there {
			return enforce.ErrNoKey
		}
		g.w.on[k] = on
		g.w.trail = append(g.w.trail, enforce.Change{Key: k, Found: aup.KeyState{Enabled: on}.Want(), Trail: fmt.Sprint("t-", len(g.w.trail))})
		return nil
	})
}

func (g gateway) AllKeys(context.Context) (keys map[aup.KeyID]bool, err error) {
	err = g.call(toGateway, func() error {
		keys = maps.Clone(g.w.on)
		return nil
	})
	return keys, err
}

// mail is one email that left.
type mail struct {
	to, subject string
	consumer    aup.ConsumerID
	notice      aup.NoticeID
	at          time.Time
}

// post is the mail service. Each email it takes has a delivery event later.
type post struct{ port }

func (p post) Send(_ context.Context, e notice.Email, tags map[string]string) (id string, err error) {
	w := p.w
	err = p.call(toMail, func() error {
		m := mail{e.To, e.Subject, aup.ConsumerID(tags[delivery.TagConsumer]), aup.NoticeID(tags[delivery.TagNotice]), w.now}
		w.mails = append(w.mails, m)
		id = "message-" + string(m.notice) + "-" + m.at.Format(time.TimeOnly)
		w.events = append(w.events, delivery.Event{Consumer: m.consumer, Notice: m.notice, MessageID: id, Outcome: delivery.Delivered, At: w.now})
		return nil
	})
	if errors.Is(err, errDown) {
		err = refusedMail{err}
	}
	return id, err
}

// queues are the messages under way.
type queues struct{ w *world }

func (q queues) Send(_ context.Context, name dispatch.Queue, messages ...[]byte) error {
	for _, m := range messages {
		q.w.messages = append(q.w.messages, message{name, m})
	}
	return nil
}

type message struct {
	queue dispatch.Queue
	body  []byte
}
