// Package dispatch brings dues to their queues: it wakes the workers.
//
// Each kind of due has a queue, mail has two, so that a one-time code, a contact or a suspension never
// waits behind a campaign. A message names where the due lies (ledger.Ref) and nothing else: the due
// itself is read, and claimed, by the worker. Losing a message loses no due, since the sweeper calls
// Due again for what is overdue. The ledger's change feed calls Changes.
package dispatch

import (
	"context"
	"encoding/json"
	"errors"

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

// Queues puts messages on queues. A message may be delivered more than once, and in any order.
type Queues interface {
	Send(ctx context.Context, q Queue, message []byte) error
}

// Dispatcher wakes workers through their queues.
type Dispatcher struct{ Queues Queues }

// Of returns the queue a due belongs to.
func Of(d aup.Due) Queue {
	switch d.Kind {
	case aup.DueDistribute:
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

// Due sends the message for one due.
func (d Dispatcher) Due(ctx context.Context, due aup.Due) error {
	b, err := json.Marshal(ledger.RefOf(due))
	if err != nil {
		return err
	}
	return d.Queues.Send(ctx, Of(due), b)
}

// Changes sends a message for every fresh due among the changes. One that fails does not keep the
// others: it is overdue soon, and swept up.
func (d Dispatcher) Changes(ctx context.Context, changes []table.Change) error {
	var errs []error
	for _, c := range changes {
		if due, ok := ledger.Fresh(c); ok {
			errs = append(errs, d.Due(ctx, due))
		}
	}
	return errors.Join(errs...)
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
