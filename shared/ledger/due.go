package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// DuePrefix starts the partition key of every due: the change feed's filter looks for it.
const DuePrefix = "due#"

func dueKey(d aup.Due) table.Key {
	return table.Key{PK: fmt.Sprintf("%s%02d", DuePrefix, shardOf(d.ID)), SK: stamp(d.Next) + "#" + d.ID}
}

// dueVersion is 1 for a due that nobody has claimed since it was put: only that wakes a worker early.
func dueVersion(d aup.Due) int64 { return d.Attempts + 1 }

// Fresh says whether a change of the table is a due that a worker should be woken for.
func Fresh(c table.Change) (aup.Due, bool) {
	var d aup.Due
	if !c.Inserted() || c.New.V != 1 || len(c.PK) < len(DuePrefix) || c.PK[:len(DuePrefix)] != DuePrefix {
		return d, false
	}
	return d, json.Unmarshal(c.New.Body, &d) == nil && !d.Planned()
}

// Ref is how a queue's message names a due: the place where it lay when the message was sent. Once the
// due is claimed or done it lies there no more, so that a repeated message finds nothing.
type Ref struct {
	PK string `json:"pk"`
	SK string `json:"sk"`
}

// RefOf names a due where it lies now.
func RefOf(d aup.Due) Ref {
	k := dueKey(d)
	return Ref{k.PK, k.SK}
}

// AnswerLost is the reason of an attempt of which it is unknown whether it was done.
const AnswerLost = "the answer was lost: it may have been done"

// NoAddress is the reason of an email that has nowhere to go. It waits until somebody records an address.
const NoAddress = "the contact has no address, or was erased"

// Claim takes a due for as long as lease, which must be longer than the worker's own time-out. ErrTaken
// when it no longer lies where ref says: somebody else has it, or it is done. An earlier attempt that left no
// word of how it ended leaves a doubt.
func (l *Ledger) Claim(ctx context.Context, ref Ref, now time.Time, lease time.Duration) (aup.Due, error) {
	var d aup.Due
	_, err := l.read(ctx, table.Key{PK: ref.PK, SK: ref.SK}, &d)
	if errors.Is(err, ErrUnknown) {
		return d, ErrTaken
	}
	if err != nil {
		return d, err
	}
	next := d
	if d.Attempts > 0 && (d.Why == "" || d.Why == AnswerLost) {
		next.Doubt, next.Waited = true, false
	}
	next.Attempts++
	next.Next, next.Why = now.Add(lease).UTC(), ""
	return next, l.move(ctx, d, next)
}

// Later puts a claimed due back, to be tried again at the moment at, and keeps why it failed. Why must
// be free of personal data.
func (l *Ledger) Later(ctx context.Context, d aup.Due, at time.Time, why string) error {
	next := d
	next.Next, next.Why = at.UTC(), why
	return l.move(ctx, d, next)
}

// Continue puts a claimed due back with the progress made, to be gone on with at once.
func (l *Ledger) Continue(ctx context.Context, d aup.Due, now time.Time, cursor string) error {
	next := d
	next.Next, next.Cursor, next.Attempts, next.Why, next.Doubt, next.Waited = now.UTC(), cursor, 0, "", false, false
	return l.move(ctx, d, next)
}

// Done clears a claimed due whose outcome is no event.
func (l *Ledger) Done(ctx context.Context, d aup.Due) error {
	return taken(l.t.Write(ctx, table.Delete(dueKey(d), table.At(dueVersion(d)))))
}

func (l *Ledger) move(ctx context.Context, from, to aup.Due) error {
	it, err := item(dueKey(to), dueVersion(to), to)
	if err != nil {
		return err
	}
	if dueKey(from) == dueKey(to) {
		return taken(l.t.Write(ctx, table.Put(it, table.At(dueVersion(from)))))
	}
	return taken(l.t.Write(ctx,
		table.Delete(dueKey(from), table.At(dueVersion(from))),
		table.Put(it, table.Absent)))
}

func taken(err error) error {
	var failed *table.ConditionError
	if errors.As(err, &failed) || errors.Is(err, table.ErrConflict) {
		return ErrTaken
	}
	return err
}

// Overdue calls f for every due whose next attempt lies before the moment before, oldest first in each shard.
func (l *Ledger) Overdue(ctx context.Context, before time.Time, f func(aup.Due) error) error {
	for shard := range Shards {
		q := table.Query{PK: fmt.Sprintf("%s%02d", DuePrefix, shard), Until: stamp(before)}
		err := table.Each(ctx, l.t, q, func(it table.Item) error {
			var d aup.Due
			if err := json.Unmarshal(it.Body, &d); err != nil {
				return fmt.Errorf("%s: %w", it.Key, err)
			}
			return f(d)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Open counts everything that is owed now, whenever its next attempt is. What is planned for a later day is
// not owed yet; when its day comes, the sweeper wakes its worker.
func (l *Ledger) Open(ctx context.Context) (n int, err error) {
	err = l.Overdue(ctx, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), func(d aup.Due) error {
		if !d.Planned() {
			n++
		}
		return nil
	})
	return n, err
}
