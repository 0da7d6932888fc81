package faults

import (
	"fmt"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

const (
	outage = 30 * time.Minute
	within = 5 * time.Minute // of the end of an outage, the keys are to be disabled
)

// outages plays one world for each dependency and every step-th call of a suspension at which it stops
// answering, for half an hour. With lost, what it did at that call was done.
func outages(t *testing.T, step int, tables engine, usage table.Table) {
	t.Helper()
	ctx := t.Context()
	suspend := func(w *world) func() bool {
		return func() bool {
			return invoke(func() error { _, err := w.hands(nil).judge.Consumer(ctx, consumer); return err }) == nil
		}
	}
	clean := newWorld(t, tables("clean"), usage)
	clean.until(ctx, suspend(clean))
	clean.until(ctx, func() bool { return clean.quiet(ctx) })
	worlds, latest := 0, time.Duration(0)
	for at := 1; at <= clean.calls; at += step {
		for _, down := range []string{toLedger, toGateway, toMail} {
			for _, lost := range []bool{false, true} {
				name := fmt.Sprintf("%s stops answering at call %d of %d, lost: %t", down, at, clean.calls, lost)
				w := newWorld(t, tables(fmt.Sprintf("%s-%d-%t", down, at, lost)), usage)
				recovered := w.outageFrom(at, down, lost)
				if !w.until(ctx, suspend(w)) {
					t.Fatal(name + ": not decided within a day")
				}
				denied := func() bool { return !w.on[aup.KeyID(consumer+"-1")] && !w.on[aup.KeyID(consumer+"-2")] }
				w.until(ctx, denied)
				if late := w.now.Sub(recovered()); late > within {
					t.Fatalf("%s: denied %s after its end", name, late)
				} else {
					latest = max(latest, late)
				}
				w.until(ctx, func() bool { return w.quiet(ctx) })
				if wrong := w.wrong(ctx); wrong != "" {
					t.Fatalf("%s: %s", name, wrong)
				}
				if n := len(w.mails); !lost && n != contacts+1 {
					t.Fatalf("%s: %d emails, want one to each contact and to the admins", name, n)
				}
				worlds++
			}
		}
	}
	t.Logf("%d worlds: denied %s after the end of an outage at the latest", worlds, latest)
}

// outageFrom makes a dependency stop answering at a call, for half an hour. It returns when that ends, or
// when the world began where it never came to that.
func (w *world) outageFrom(at int, down string, lost bool) (recovered func() time.Time) {
	ends := start
	w.fault = func(call int, kind string) outcome {
		if kind == toUsage {
			kind = toLedger // both are DynamoDB's
		}
		first := call >= at && ends.Equal(start) && kind == down
		if first {
			ends = w.now.Add(outage)
		}
		switch {
		case kind != down || !w.now.Before(ends):
			return fine
		case first && lost:
			return failAfter
		}
		return failBefore
	}
	return func() time.Time { return ends }
}

// TestOutages: DynamoDB, the gateway and the mail service each stop answering for half an hour, at each
// call of a suspension: the keys are disabled within five minutes of the end, and every contact has one
// email about it.
func TestOutages(t *testing.T) {
	tables := onBolt(t)
	outages(t, 2, tables, measured(t, tables("usage")))
}
