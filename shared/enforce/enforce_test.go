package enforce_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// gateway holds keys; what goes wrong, and what happens meanwhile, can be told it.
type gateway struct {
	on    map[aup.KeyID]bool
	fail  error  // of the next call
	lost  bool   // the next SetEnabled is done, but its answer is lost
	deaf  bool   // the next SetEnabled is answered, and not done
	then  func() // called after the next SetEnabled
	calls int
}

func (g *gateway) Enabled(_ context.Context, k aup.KeyID) (bool, error) {
	if err := g.fail; err != nil {
		g.fail = nil
		return false, err
	}
	on, there := g.on[k]
	if !there {
		return false, enforce.ErrNoKey
	}
	return on, nil
}

func (g *gateway) SetEnabled(_ context.Context, k aup.KeyID, on bool) error {
	g.calls++
	if g.deaf {
		g.deaf = false
		return nil
	}
	g.on[k] = on
	if then := g.then; then != nil {
		g.then = nil
		then()
	}
	if g.lost {
		g.lost = false
		return errors.New("the answer is lost")
	}
	return nil
}

type world struct {
	*testing.T
	l   *ledger.Ledger
	g   *gateway
	p   *plans
	now time.Time
}

func newWorld(t *testing.T) *world {
	l, _ := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	return &world{t, l, &gateway{on: map[aup.KeyID]bool{"guide-1": true, "guide-2": true}}, newPlans("guide-1", "guide-2"), ledgertest.Day1}
}

func (w *world) suspend() {
	w.Helper()
	s, err := w.l.Standing(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	ledgertest.Append(w, w.l, "guide", "suspend", act.Suspend(s, aup.Case{ID: "c", Consumer: "guide", Clause: "fair-volume"}, aup.Suspended{}, nil))
}

func (w *world) reinstate() {
	w.Helper()
	s, err := w.l.Standing(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	ledgertest.Append(w, w.l, "guide", "reinstate", act.Reinstate(s, nil, "talked", w.now))
}

// alarm says that a disabled key was seen to work.
func (w *world) alarm(key aup.KeyID) {
	w.Helper()
	s, err := w.l.Standing(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	ledgertest.Append(w, w.l, "guide", fmt.Sprintf("alarm#%s#%d", key, s.Generation), act.Alarm(s, key, w.now, "r-1"))
}

// work does all key dues once, a while later each round, so that leases and retries have run out.
func (w *world) work() (failed int) {
	e := enforce.Enforcer{Ledger: w.l, Gateway: w.g, Plans: w.p, Now: func() time.Time { return w.now }}
	for _, d := range ledgertest.Owed(w, w.l, aup.DueKey) {
		if err := e.Do(w.Context(), ledger.RefOf(d)); err != nil {
			failed++
		}
	}
	w.now = w.now.Add(2 * time.Hour)
	return failed
}

func (w *world) expect(on1, on2 bool) {
	w.Helper()
	if n := len(ledgertest.Owed(w, w.l, aup.DueKey)); n != 0 {
		w.Errorf("%d key dues are open", n)
	}
	if w.g.on["guide-1"] != on1 || w.g.on["guide-2"] != on2 {
		w.Errorf("keys are %v, want %t and %t", w.g.on, on1, on2)
	}
	if err := w.l.Verify(w.Context(), "guide"); err != nil {
		w.Error(err)
	}
}

func TestEnforce(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(w *world)
	}{
		{"a suspension disables every key", func(w *world) { w.suspend(); w.work(); w.expect(false, false) }},
		{"a reinstatement enables them again", func(w *world) { w.suspend(); w.work(); w.reinstate(); w.work(); w.expect(true, true) }},
		{"a reinstatement before anything was disabled leaves them enabled", func(w *world) { w.suspend(); w.reinstate(); w.work(); w.expect(true, true) }},
		{"a key that somebody else had disabled stays so", func(w *world) {
			w.g.on["guide-1"] = false
			w.suspend()
			w.work()
			w.reinstate()
			w.work()
			w.expect(false, true)
		}},
		{"a key that is no longer there is recorded, and holds up nothing", func(w *world) {
			delete(w.g.on, "guide-1")
			w.suspend()
			w.work()
			w.expect(false, false)
		}},
		{"a gateway that is down is tried again", func(w *world) {
			w.suspend()
			w.g.fail = errors.New("down")
			if w.work() != 1 {
				w.Error("nothing failed")
			}
			w.work()
			w.expect(false, false)
		}},
		{"a lost answer is no key left on, and the key is ours to enable", func(w *world) {
			w.suspend()
			w.g.lost = true
			if w.work() != 1 {
				w.Error("nothing failed")
			}
			w.work()
			w.expect(false, false)
			w.reinstate()
			w.work()
			w.expect(true, true)
		}},
		{"a reinstatement while a key is being disabled is not undone", func(w *world) {
			w.suspend()
			w.g.then = w.reinstate
			w.work()
			if !w.g.on["guide-1"] || !w.g.on["guide-2"] {
				w.Errorf("keys are %v once the worker is done that disabled one", w.g.on)
			}
			w.work()
			w.expect(true, true)
		}},
		{"a change that the gateway takes and does not make is read back, and made", func(w *world) {
			w.suspend()
			w.g.deaf = true
			if w.work() != 1 {
				w.Error("nothing failed")
			}
			w.work()
			w.expect(false, false)
		}},
		{"a key that still works is disabled again, and is ours to enable", func(w *world) {
			w.suspend()
			w.work()
			w.g.on["guide-1"] = true
			w.alarm("guide-1")
			w.work()
			w.expect(false, false)
			w.reinstate()
			w.work()
			w.expect(true, true)
		}},
		{"a reinstatement after such an alarm is not undone by what it owes", func(w *world) {
			w.suspend()
			w.work()
			w.alarm("guide-1")
			w.g.then = w.reinstate
			w.g.on["guide-1"] = true
			w.work()
			w.work()
			w.expect(true, true)
		}},
		{"one that was off before us, and works, becomes ours when it is disabled", func(w *world) {
			w.g.on["guide-1"] = false
			w.suspend()
			w.work()
			w.g.on["guide-1"] = true
			w.alarm("guide-1")
			w.work()
			w.expect(false, false)
			w.reinstate()
			w.work()
			w.expect(true, true)
		}},
		{"a second message for the same due does nothing", func(w *world) {
			w.suspend()
			dues := ledgertest.Owed(w, w.l, aup.DueKey)
			w.work()
			calls := w.g.calls
			e := enforce.Enforcer{Ledger: w.l, Gateway: w.g, Now: func() time.Time { return w.now }}
			for _, d := range dues {
				if err := e.Do(w.Context(), ledger.RefOf(d)); err != nil {
					w.Error(err)
				}
			}
			if w.g.calls != calls {
				w.Error("the gateway was called again")
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) { c.do(newWorld(t)) })
	}
}
