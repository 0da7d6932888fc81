package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
)

// Retry delays of a due that fails: they double from the first to the last. Access must follow within
// minutes of an outage's end, and an urgent email soon after.
const (
	firstRetry  = time.Minute
	lastRetry   = time.Hour
	lastKey     = 2 * time.Minute
	lastPressed = 10 * time.Minute
)

// Reasoned is an error that can say why without personal data: its reason is kept with the due.
type Reasoned interface {
	error
	Reason() string
}

// Lasting is an error that wants the due tried again at a time of its own.
type Lasting interface {
	error
	RetryAfter() time.Duration
}

// Work claims the due that ref names and lets do do it. Do must clear it, by Entry.Done, Done or
// Continue. When do fails, the due is put back for later, and the error returned so that it can be
// logged. A due that somebody else has, or that is done, is no error.
func (l *Ledger) Work(ctx context.Context, ref Ref, now time.Time, lease time.Duration, do func(context.Context, aup.Due) error) error {
	d, err := l.Claim(ctx, ref, now, lease)
	if errors.Is(err, ErrTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	err = do(ctx, d)
	if err == nil || errors.Is(err, ErrTaken) {
		return nil
	}
	err = fmt.Errorf("due %s, attempt %d: %w", d.ID, d.Attempts, err)
	if later := l.Later(ctx, d, now.Add(retryIn(d, err)), reasonOf(err)); !errors.Is(later, ErrTaken) {
		return errors.Join(err, later)
	}
	return err
}

// Owe records what is owed though no event causes it: a look at a key that may have been changed.
func (l *Ledger) Owe(ctx context.Context, now time.Time, d aup.Due) error {
	var b batch
	b.owe(d, now)
	if b.err != nil {
		return b.err
	}
	if err := taken(l.t.Write(ctx, b.ops...)); !errors.Is(err, ErrTaken) {
		return err
	}
	return nil // it is owed already
}

func retryIn(d aup.Due, err error) time.Duration {
	var own Lasting
	if errors.As(err, &own) {
		return own.RetryAfter()
	}
	last := lastRetry
	switch {
	case d.Kind == aup.DueKey:
		last = lastKey
	case d.Urgent:
		last = lastPressed
	}
	return min(firstRetry<<min(d.Attempts-1, 10), last)
}

func reasonOf(err error) string {
	var r Reasoned
	if errors.As(err, &r) {
		return r.Reason()
	}
	return "failed; the log of that time says how"
}
