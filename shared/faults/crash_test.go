package faults

import (
	"fmt"
	"os"
	"testing"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
)

// suspendedAndBack is the whole of a suspension and of the reinstatement after it, each carried on by
// whoever calls until it has its answer. It returns what is wrong after each.
func suspendedAndBack(t testing.TB, w *world) string {
	ctx := t.Context()
	for _, step := range []struct {
		does  string
		do    func(hands) error
		state aup.State
	}{
		{"the judge suspends", func(h hands) error { _, err := h.judge.Consumer(ctx, consumer); return err }, aup.IsSuspended},
		{"an admin reinstates", func(h hands) error { return h.decide(ctx, "back", "reinstate") }, aup.Active},
	} {
		done := w.until(ctx, func() bool { return invoke(func() error { return step.do(w.hands(nil)) }) == nil })
		if !done || !w.until(ctx, func() bool { return w.quiet(ctx) }) {
			return step.does + ": not done in a day"
		}
		if wrong := w.wrong(ctx); wrong != "" {
			return step.does + ": " + wrong
		}
		if s, err := ledger.New(w.ledger).Standing(ctx, consumer); err != nil || s.State != step.state {
			return fmt.Sprintf("%s: the consumer is %s (%v)", step.does, s.State, err)
		}
	}
	return ""
}

// each plays one world for every step-th call that a suspension and a reinstatement make, and every way in
// which that call can go wrong.
func each(t *testing.T, step int, tables engine, usage table.Table) {
	t.Helper()
	clean := newWorld(t, tables("clean"), usage)
	if wrong := suspendedAndBack(t, clean); wrong != "" {
		t.Fatal(wrong)
	}
	worlds := 0
	for at := 1; at <= clean.calls; at += step {
		for how := dieAfter; how < allOutcomes; how++ { // to end before a call is to end after the one before it
			if os.Getenv("ACCORD_SCHEDULES") == "" && how != dieAfter && at%2 == int(how)%2 {
				continue // half of what is no crash is enough for an ordinary day
			}
			w := newWorld(t, tables(fmt.Sprintf("ledger-%d-%d", at, how)), usage)
			met := ""
			w.fault = func(call int, kind string) outcome {
				if call == at {
					met = kind
					return how
				}
				return fine
			}
			worlds++
			if wrong := suspendedAndBack(t, w); wrong != "" {
				t.Fatalf("%s, call %d of %d, to the %s: %s", how, at, clean.calls, met, wrong)
			}
		}
	}
	t.Logf("%d worlds, one for each way in which each of %d calls can go wrong: 0 wrong", worlds, clean.calls)
}

// TestACrashAfterEveryStep: wherever a suspension or a reinstatement is interrupted, before or after each
// of its calls to the outside, the standing, the gateway's keys and the mailbox agree in the end.
func TestACrashAfterEveryStep(t *testing.T) {
	tables := onBolt(t)
	each(t, 1, tables, measured(t, tables("usage")))
}
