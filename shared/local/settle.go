package local

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"accord/shared/aup"
	"accord/shared/dispatch"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/table"
)

// feedBatch is how many changes are taken from a feed at once.
const feedBatch = 200

// Settle does everything there is to do now: log lines are ingested, windows folded and judged, versions
// distributed, emails sent and their delivery recorded, keys switched. It returns when all is quiet; the
// errors are those of single pieces of work, which stay owed.
func (s *Stack) Settle(ctx context.Context) error {
	s.settling.Lock()
	defer s.settling.Unlock()
	var errs []error
	for ctx.Err() == nil {
		n := 0
		for _, step := range []func(context.Context) (int, error){s.ingest, s.judged, s.dispatched, s.worked, s.recorded} {
			done, err := step(ctx)
			n += done
			if err != nil {
				errs = append(errs, err)
			}
		}
		if n == 0 {
			break
		}
	}
	return errors.Join(append(errs, ctx.Err())...)
}

// ingest hands the gateway's new log lines over as one batch, as a log subscription does.
func (s *Stack) ingest(ctx context.Context) (int, error) {
	lines := s.Gateway.Lines()
	if len(lines) == 0 || s.Meter.Unlogged {
		return 0, nil
	}
	_, err := s.Meter.Ingest(ctx, metering.Source{Group: "local", Stream: "gateway", Events: lines}, s.Clock.Now())
	return len(lines), err
}

// judged folds the windows that were touched, and judges whose usage changed.
func (s *Stack) judged(ctx context.Context) (int, error) {
	return s.db.Feed(ctx, usageTable, feedBatch, func(changes []table.Change) error {
		return s.Judge.Windows(ctx, metering.Touched(changes))
	})
}

// dispatched brings new dues to their queues.
func (s *Stack) dispatched(ctx context.Context) (int, error) {
	return s.db.Feed(ctx, ledgerTable, feedBatch, func(changes []table.Change) error {
		for _, c := range changes {
			if key, is := strings.CutPrefix(c.PK, "key#"); is && c.Inserted() {
				// The small gateway has no console to make keys in: a key that is registered exists.
				if err := s.Gateway.Create(ctx, aup.KeyID(key)); err != nil {
					return err
				}
			}
		}
		return dispatch.Dispatcher{Queues: s.queues}.Changes(ctx, changes)
	})
}

// order of the queues: what is urgent goes first.
var order = []dispatch.Queue{dispatch.Keys, dispatch.UrgentMail, dispatch.Audits, dispatch.Distribution, dispatch.BulkMail}

// worked lets each queue's worker do the messages that wait. One that fails stays owed in the ledger.
func (s *Stack) worked(ctx context.Context) (int, error) {
	n := 0
	var errs []error
	for _, q := range order {
		messages := s.queues[q]
		s.queues[q] = nil
		for _, m := range messages {
			n++
			if err := s.workers[q].Receive(ctx, m); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", q, err))
			}
		}
	}
	return n, errors.Join(errs...)
}

// recorded keeps what became of the emails that were sent.
func (s *Stack) recorded(ctx context.Context) (int, error) {
	events := s.Mailbox.Events()
	var errs []error
	for _, e := range events {
		if err := s.recorder.Record(ctx, e); err != nil && !errors.Is(err, ledger.ErrUnknown) {
			errs = append(errs, err)
		}
	}
	return len(events), errors.Join(errs...)
}
