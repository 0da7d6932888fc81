package faults

import (
	"context"
	"fmt"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
)

// listed is a gateway that does not fail.
type listed map[aup.KeyID]bool

func (l listed) AllKeys(context.Context) (map[aup.KeyID]bool, error) { return l, nil }

// hears lets CloudTrail tell of a change, perhaps an old one, and the sweeper compare the keys with the standings.
func (r *race) hears(ctx context.Context) {
	if n := len(r.trail); n > 0 {
		change := r.trail[r.rng.IntN(n)]
		r.start(time.Minute, func(h hands) error { return h.watch.Changed(ctx, change) }, func(error) {})
	}
	if r.rng.IntN(4) == 0 {
		r.start(time.Minute, func(h hands) error { _, err := h.watch.Compare(ctx, r.shard); return err }, func(error) {})
	}
}

// wrongDrifts lists what is recorded as changed by hand, although nobody but us changed a key, and what would be.
func (w *world) wrongDrifts(ctx context.Context, events []aup.Event) (wrong []string) {
	for _, e := range events {
		if f, is := e.Fact.(aup.KeyDrift); is {
			wrong = append(wrong, fmt.Sprintf("event %d: our own change of key %s is taken for somebody's", e.Seq, f.Key))
		}
	}
	watch := enforce.Watch{Ledger: ledger.New(w.ledger), Gateway: listed(w.on), Now: func() time.Time { return w.now }}
	if _, err := watch.Compare(ctx, w.shard); err != nil {
		return append(wrong, err.Error())
	}
	if !w.quiet(ctx) {
		wrong = append(wrong, "a key would be looked at")
	}
	return wrong
}

// shardOf finds the directory shard that the consumer lies in.
func shardOf(t testing.TB, l *ledger.Ledger) int {
	t.Helper()
	for shard := range ledger.Shards {
		found := false
		if _, err := l.Consumers(t.Context(), shard, "", 0, func(aup.ConsumerID) error { found = true; return nil }); err != nil {
			t.Fatal(err)
		}
		if found {
			return shard
		}
	}
	t.Fatal("the consumer is in no shard")
	return 0
}
