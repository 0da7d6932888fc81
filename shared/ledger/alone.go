package ledger

import (
	"context"
	"errors"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// worker says which due's worker is at a key, and until when at the latest.
type worker struct {
	Due   string    `json:"due"`
	Until time.Time `json:"until"`
}

func workerKey(id aup.KeyID) table.Key { return table.Key{PK: "worker#" + string(id), SK: "worker"} }

// busy is the error of a worker that another one is before at a key.
type busy struct{ wait time.Duration }

func (busy) Error() string               { return "another worker is at this key" }
func (b busy) Reason() string            { return b.Error() }
func (b busy) RetryAfter() time.Duration { return b.wait }

// Alone lets do work on the key of a claimed due while no other worker does, for as long as lease at the
// most, which must be longer than the worker's own time-out. What a worker asks of the gateway may come to
// pass late: only once its lease has run out can nothing of it follow any more. A worker that fails
// therefore keeps the key from others until then, and from nobody who goes on with the same due.
func (l *Ledger) Alone(ctx context.Context, due aup.Due, now time.Time, lease time.Duration, do func(context.Context) error) error {
	var at worker
	key := workerKey(due.Key)
	v, err := l.read(ctx, key, &at)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return err
	}
	if at.Due != due.ID && now.Before(at.Until) {
		return busy{min(at.Until.Sub(now), firstRetry)}
	}
	it, err := item(key, v+1, worker{due.ID, now.Add(lease).UTC()})
	if err != nil {
		return err
	}
	it.TTL = now.Add(lease).Unix()
	if err := taken(l.t.Write(ctx, table.Put(it, atOrAbsent(v)))); errors.Is(err, ErrTaken) {
		return busy{firstRetry}
	} else if err != nil {
		return err
	}
	if err := do(ctx); err != nil {
		return err
	}
	l.t.Write(ctx, table.Delete(key, table.At(it.V))) //nolint:errcheck // what is not given back ends with the lease
	return nil
}
