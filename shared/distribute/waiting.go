package distribute

import (
	"context"
	"fmt"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// digestWaiting is how many held decisions a digest lists. With the longest names there are they fill three quarters
// of an item.
const digestWaiting = 400

// waiting gathers what waits for people, as a digest lists it.
type waiting struct {
	ledger *ledger.Ledger
	seen   map[string]bool
	lines  []aup.DigestLine
}

// waited is what still waits of what the last digest listed. Where that had no room for more, what happened before
// it is looked through again, for as long as its index is kept.
func (d Distributor) waited(ctx context.Context) (*waiting, error) {
	w := &waiting{ledger: d.Ledger, seen: map[string]bool{}}
	s, err := d.Ledger.Standing(ctx, aup.Provider)
	if err != nil || s.Digest == 0 {
		return w, err
	}
	e, err := d.Ledger.Event(ctx, aup.Provider, s.Digest)
	if err != nil {
		return w, err
	}
	last, _ := e.Fact.(aup.DigestMade)
	for _, l := range last.Waiting {
		if err := w.add(ctx, l); err != nil {
			return w, err
		}
	}
	if len(last.Waiting) < digestWaiting {
		return w, nil
	}
	return w, d.Ledger.Digest(ctx, last.Until.Add(-ledger.DigestKept), last.Until, func(l aup.DigestLine) error { return w.add(ctx, l) })
}

// add lists an event that waits for people, unless that was decided meanwhile, stands there, or there is no room.
func (w *waiting) add(ctx context.Context, l aup.DigestLine) error {
	what := fmt.Sprintf("%s#%s#%s#%d", l.Kind, l.Consumer, l.Case, l.Version)
	if l.Kind != aup.ToldHeld && l.Kind != aup.ToldIssueHeld || w.seen[what] || len(w.lines) == digestWaiting {
		return ctx.Err()
	}
	s, err := w.ledger.Standing(ctx, l.Consumer)
	if err == nil && waits(s, l) {
		w.lines = append(w.lines, l)
	}
	w.seen[what] = true
	return err
}

func waits(s aup.Standing, l aup.DigestLine) bool {
	if l.Kind == aup.ToldIssueHeld {
		return s.Held != nil && s.Held.Version == l.Version && !s.Held.Deferred
	}
	c := s.CaseByID(l.Case)
	return c != nil && c.State == aup.CaseHeld
}
