package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

func TestAlone(t *testing.T) {
	first, second := aup.Due{ID: "one", Key: "k1"}, aup.Due{ID: "two", Key: "k1"}
	ok := func(context.Context) error { return nil }
	fails := func(context.Context) error { return errors.New("fails") }
	for _, c := range []struct {
		says   string
		before func(*ledger.Ledger) error
		due    aup.Due
		after  time.Duration
		free   bool
	}{
		{"a key that nobody is at is free", func(*ledger.Ledger) error { return nil }, second, 0, true},
		{"one that a worker is done with is free", func(l *ledger.Ledger) error { return l.Alone(t.Context(), first, day1, lease, ok) }, second, 0, true},
		{"one that a worker failed at is kept, since what it asked of the gateway may still come to pass",
			func(l *ledger.Ledger) error { l.Alone(t.Context(), first, day1, lease, fails); return nil }, second, lease - time.Second, false},
		{"it is free when the lease is over", func(l *ledger.Ledger) error { l.Alone(t.Context(), first, day1, lease, fails); return nil }, second, lease, true},
		{"who goes on with the same due is let in", func(l *ledger.Ledger) error { l.Alone(t.Context(), first, day1, lease, fails); return nil }, first, time.Second, true},
		{"another key is another matter", func(l *ledger.Ledger) error { l.Alone(t.Context(), first, day1, lease, fails); return nil }, aup.Due{ID: "two", Key: "k2"}, 0, true},
	} {
		t.Run(c.says, func(t *testing.T) {
			l, _ := open(t)
			if err := c.before(l); err != nil {
				t.Fatal(err)
			}
			did := false
			err := l.Alone(t.Context(), c.due, day1.Add(c.after), lease, func(context.Context) error { did = true; return nil })
			if did != c.free || (err == nil) != c.free {
				t.Errorf("did it: %t, error %v", did, err)
			}
			var again ledger.Lasting
			if err != nil && (!errors.As(err, &again) || again.RetryAfter() > time.Minute) {
				t.Errorf("error %v is not tried again within a minute", err)
			}
		})
	}
}

// While a worker is at a key, a second one is kept out, and comes in afterwards.
func TestTwoAtOneKey(t *testing.T) {
	l, _ := open(t)
	err := l.Alone(t.Context(), aup.Due{ID: "one", Key: "k1"}, day1, lease, func(ctx context.Context) error {
		if err := l.Alone(ctx, aup.Due{ID: "two", Key: "k1"}, day1, lease, func(context.Context) error { t.Error("both were at it"); return nil }); err == nil {
			t.Error("the second was not told")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
