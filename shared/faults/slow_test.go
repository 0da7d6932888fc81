package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/table"
)

// The usage plans of the gateway. Both open its only stage.
const (
	ownPlan  = "own"
	slowPlan = "slow"
)

func planCalled(id string) enforce.Plan { return enforce.Plan{ID: id, Stages: []string{"api:live"}} }

func (g gateway) PlansOf(_ context.Context, k aup.KeyID) (in []enforce.Plan, err error) {
	err = g.call(toGateway, func() error {
		if id := g.w.plans[k]; id != "" {
			in = append(in, planCalled(id))
		}
		return nil
	})
	return in, err
}

func (g gateway) Plan(_ context.Context, id string) (enforce.Plan, error) {
	return planCalled(id), g.call(toGateway, func() error { return nil })
}

func (g gateway) SetPlan(_ context.Context, k aup.KeyID, plan string, in bool) error {
	return g.call(toGateway, func() error {
		switch is := g.w.plans[k]; {
		case in && is != "":
			return errors.New("a key can be in one plan for each stage")
		case !in && is != plan:
			return enforce.ErrNoPlan
		case in:
			g.w.plans[k] = plan
		default:
			g.w.plans[k] = ""
		}
		return nil
	})
}

// wrongPlans lists the keys that are not in the usage plan where the standing has them.
func (w *world) wrongPlans(s aup.Standing) (wrong []string) {
	want := ownPlan
	if s.SlowPlan() != "" {
		want = slowPlan
	}
	for _, k := range s.Keys {
		if w.plans[k.ID] != want || k.Moving {
			wrong = append(wrong, fmt.Sprintf("key %s is in plan %q, want %s; between two plans: %t", k.ID, w.plans[k.ID], want, k.Moving))
		}
	}
	return wrong
}

// protect makes the consumer one whose suspension people must approve.
func (w *world) protect(t testing.TB) {
	t.Helper()
	ledgertest.Append(t, ledger.New(w.ledger), consumer, "protected", &ledger.Entry{Fact: aup.UsesRecorded{Serves: true, Protected: true}})
}

// drop is an admin's call that ends what is held.
func (h hands) drop(ctx context.Context) error {
	s, err := h.desk.Ledger.Standing(ctx, consumer)
	if err != nil {
		return err
	}
	var id aup.CaseID
	for _, c := range s.Cases {
		id = c.ID
	}
	event, err := json.Marshal(map[string]any{"request": "drop", "action": "close", "consumer": consumer, "case": id, "reason": "we talked"})
	if err == nil && id != "" {
		_, err = h.desk.Decide(ctx, event, "")
	}
	return err
}

// slowedAndBack is the whole of a suspension that is held with its keys slowed, and of what is decided after it. It
// returns what is wrong after each.
func slowedAndBack(t testing.TB, w *world, decide func(context.Context, hands) error, state aup.State) string {
	ctx := t.Context()
	w.protect(t)
	for _, step := range []struct {
		does  string
		do    func(hands) error
		state aup.State
		slow  string
	}{
		{"the judge holds", func(h hands) error { _, err := h.judge.Consumer(ctx, consumer); return err }, aup.Contacted, slowPlan},
		{"an admin decides", func(h hands) error { return decide(ctx, h) }, state, ""},
	} {
		done := w.until(ctx, func() bool { return invoke(func() error { return step.do(w.hands(nil)) }) == nil })
		if !done || !w.until(ctx, func() bool { return w.quiet(ctx) }) {
			return step.does + ": not done in a day"
		}
		l := ledger.New(w.ledger)
		s, err := l.Standing(ctx, consumer)
		if err != nil || s.State != step.state || s.SlowPlan() != step.slow {
			return fmt.Sprintf("%s: the consumer is %s, slow: %q (%v)", step.does, s.State, s.SlowPlan(), err)
		}
		if wrong := w.wrong(ctx); wrong != "" {
			return step.does + ": " + wrong
		}
	}
	return ""
}

// slowedEach plays one world for every step-th call of a held suspension and of what an admin decides, and each way in which
// that call can go wrong.
func slowedEach(t *testing.T, step int, tables engine, usage table.Table) {
	t.Helper()
	for name, admin := range map[string]struct {
		does  func(context.Context, hands) error
		state aup.State
	}{
		"drop":    {func(ctx context.Context, h hands) error { return h.drop(ctx) }, aup.Active},
		"suspend": {func(ctx context.Context, h hands) error { return h.decide(ctx, "off", "suspend") }, aup.IsSuspended},
	} {
		clean := newWorld(t, tables("clean-"+name), usage)
		if wrong := slowedAndBack(t, clean, admin.does, admin.state); wrong != "" {
			t.Fatal(wrong)
		}
		worlds := 0
		for at := 1; at <= clean.calls; at += step {
			for how := dieAfter; how < allOutcomes; how++ {
				if os.Getenv("ACCORD_SCHEDULES") == "" && at%3 != int(how)%3 && (how != dieAfter || at%2 == 0) {
					continue // a part of them is enough for an ordinary day
				}
				w := newWorld(t, tables(fmt.Sprintf("%s-%d-%d", name, at, how)), usage)
				w.fault = func(call int, _ string) outcome {
					if call == at {
						return how
					}
					return fine
				}
				worlds++
				if wrong := slowedAndBack(t, w, admin.does, admin.state); wrong != "" {
					t.Fatalf("%s: %s at call %d of %d: %s", name, how, at, clean.calls, wrong)
				}
			}
		}
		t.Logf("%s: %d worlds, in each of which one of %d calls goes wrong in one way: 0 wrong", name, worlds, clean.calls)
	}
}

// TestNoKeyIsLeftBetweenTwoPlans: wherever a held suspension and its end are interrupted, each key ends up in one
// usage plan, the one that the standing says.
func TestNoKeyIsLeftBetweenTwoPlans(t *testing.T) {
	tables := onBolt(t)
	slowedEach(t, 1, tables, measured(t, tables("usage")))
}
