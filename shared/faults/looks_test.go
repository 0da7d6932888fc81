package faults

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

const (
	turn   = time.Second / 4 // what one request to the gateway takes: enforce may make four a second
	denied = 3 * time.Minute
)

// manyKeys registers consumers with keys that somebody switched off by hand, and lets CloudTrail tell of each.
func (w *world) manyKeys(ctx context.Context, t testing.TB, keys int) {
	t.Helper()
	h, l := w.hands(nil), ledger.New(w.ledger)
	for n := 0; n < keys; n += 2 {
		id := aup.ConsumerID(fmt.Sprint("other", n))
		ledgertest.Register(t, l, id)
		for _, k := range []aup.KeyID{aup.KeyID(id + "-1"), aup.KeyID(id + "-2")} {
			w.on[k] = false
			if err := h.watch.Changed(ctx, enforce.Change{Key: k, Found: aup.KeyDisabled, Trail: "t"}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// paced works on what waits for the keys' worker, one request at a time, until the consumer's keys are off. The
// queue is unkind: a message that is about the consumer comes after all others. It returns how long that took.
func (w *world) paced(ctx context.Context, t testing.TB) time.Duration {
	t.Helper()
	from, swept := w.now, w.now
	w.fault = func(_ int, kind string) outcome {
		if kind == toGateway {
			w.now = w.now.Add(turn)
		}
		return fine
	}
	h := w.hands(nil)
	for w.on[aup.KeyID(consumer+"-1")] || w.on[aup.KeyID(consumer+"-2")] {
		if w.now.Sub(from) > time.Hour {
			t.Fatal("not denied within an hour")
		}
		if err := w.fed(ctx); err != nil {
			t.Fatal(err)
		}
		if len(w.messages) == 0 {
			w.now = swept.Add(time.Minute)
		}
		if !w.now.Before(swept.Add(time.Minute)) {
			swept = w.now
			if _, err := h.sweeper.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			continue
		}
		next := max(0, slices.IndexFunc(w.messages, func(m message) bool { return !bytes.Contains(m.body, []byte(consumer)) }))
		m := w.messages[next]
		w.messages = slices.Delete(w.messages, next, next+1)
		if err := h.workers[m.queue].Receive(ctx, m.body); err != nil {
			t.Fatal(err)
		}
	}
	return w.now.Sub(from)
}

// TestADisablingNeverWaitsBehindLooks: somebody changed thousands of keys by hand when a consumer is suspended, just
// after a sweep. Its keys are off within three minutes all the same.
func TestADisablingNeverWaitsBehindLooks(t *testing.T) {
	for _, c := range []struct {
		engine string
		tables func(testing.TB) engine
		keys   int
	}{{"bolt", onBolt, 10_000}, {"DynamoDB Local", onDynamoDBLocal, 1000}} {
		t.Run(c.engine, func(t *testing.T) {
			ctx, tables := t.Context(), c.tables(t)
			w := newWorld(t, tables("ledger"), measured(t, tables("usage")))
			w.manyKeys(ctx, t, c.keys)
			if _, err := w.hands(nil).sweeper.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := w.hands(nil).judge.Consumer(ctx, consumer); err != nil {
				t.Fatal(err)
			}
			took := w.paced(ctx, t)
			t.Logf("%d looks owed: denied after %s", c.keys, took)
			if took > denied {
				t.Errorf("denied %s after the suspension", took)
			}
		})
	}
}
