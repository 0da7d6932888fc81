// Package dispatch brings dues to their queues: it wakes the workers.
//
// Each kind of due has a queue, mail has two, so that a one-time code, a contact or a suspension never
// waits behind a campaign. A message names where the due lies (ledger.Ref) and nothing else: the due
// itself is read, and claimed, by the worker. Losing a message loses no due, since the sweeper calls
// Dues again for what is overdue. The ledger's change feed calls Changes. What may wait (Waits) is left to the sweeper
// from the first.
package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
)

// The queues.
const (
	Distribution Queue = "distribute"
	UrgentMail   Queue = "mail-urgent"
	BulkMail     Queue = "mail-bulk"
	Keys         Queue = "keys"
	Audits       Queue = "audits"
)

// Queue of one kind of work.
type Queue string

// Queues puts messages on queues. A message may be delivered more than once, and in any order. An error
// says nothing of the messages that were taken.
type Queues interface {
	Send(ctx context.Context, q Queue, messages ...[]byte) error
}

// Dispatcher wakes workers through their queues.
type Dispatcher struct{ Queues Queues }

// Of returns the queue a due belongs to.
func Of(d aup.Due) Queue {
	switch d.Kind {
	case aup.DueDistribute, aup.DueDeadline:
		return Distribution
	case aup.DueKey:
		return Keys
	case aup.DueAudit:
		return Audits
	}
	if d.Urgent {
		return UrgentMail
	}
	return BulkMail
}

// Waits says of a due that nothing wakes its worker when it is put: the sweeper does, for some of them at a time. A
// look at a key is one. Somebody who changes ten thousand keys by hand would else fill the queue that suspensions are
// carried out from.
func Waits(d aup.Due) bool { return d.Step == aup.StepLook }

// Dues sends a message for each of some dues, each queue's together. A queue that fails does not keep the
// others: what it was not sent is overdue soon, and swept up.
func (d Dispatcher) Dues(ctx context.Context, dues ...aup.Due) error {
	messages := map[Queue][][]byte{}
	var errs []error
	for _, due := range dues {
		b, err := json.Marshal(ledger.RefOf(due))
		messages[Of(due)] = append(messages[Of(due)], b)
		errs = append(errs, err)
	}
	for _, q := range slices.Sorted(maps.Keys(messages)) {
		errs = append(errs, d.Queues.Send(ctx, q, messages[q]...))
	}
	return errors.Join(errs...)
}

// Changes sends a message for every fresh due among the changes, but for those that wait.
func (d Dispatcher) Changes(ctx context.Context, changes []table.Change) error {
	var dues []aup.Due
	for _, c := range changes {
		if due, ok := ledger.Fresh(c); ok && !Waits(due) {
			dues = append(dues, due)
		}
	}
	return d.Dues(ctx, dues...)
}

// Work is what a worker does with one message.
type Work func(ctx context.Context, ref ledger.Ref) error

// Receive reads a message and lets the worker do it.
func (w Work) Receive(ctx context.Context, message []byte) error {
	var ref ledger.Ref
	if err := json.Unmarshal(message, &ref); err != nil || ref.PK == "" || ref.SK == "" {
		return errors.New(`the message does not name a due: want {"pk": ..., "sk": ...}`)
	}
	return w(ctx, ref)
}
