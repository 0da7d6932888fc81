package enforce_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

func (g *gateway) AllKeys(context.Context) (map[aup.KeyID]bool, error) {
	return maps.Clone(g.on), g.fail
}

func (w *world) watch() enforce.Watch {
	return enforce.Watch{Ledger: w.l, Gateway: w.g, Now: func() time.Time { return w.now }}
}

// trail hands over CloudTrail's event about a key of the gateway as it is now.
func (w *world) trail(key aup.KeyID) {
	w.Helper()
	found := aup.KeyDeleted
	if on, there := w.g.on[key]; there {
		found = aup.KeyState{Enabled: on}.Want()
	}
	if err := w.watch().Changed(w.Context(), enforce.Change{Key: key, Found: found, Trail: "t-" + w.now.Format("150405")}); err != nil {
		w.Fatal(err)
	}
}

// compare is what the sweeper does with every shard; it says how many keys differ.
func (w *world) compare() (differ int) {
	w.Helper()
	for shard := range ledger.Shards {
		n, err := w.watch().Compare(w.Context(), shard)
		if err != nil {
			w.Fatal(err)
		}
		differ += n
	}
	return differ
}

// drifts are what is recorded of keys that were changed by hand.
func (w *world) drifts() (all []aup.KeyDrift) {
	w.Helper()
	events, err := w.l.Events(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range events {
		if f, is := e.Fact.(aup.KeyDrift); is {
			all = append(all, f)
		}
	}
	return all
}

func (w *world) expectDrifts(found ...aup.KeyFound) {
	w.Helper()
	got := w.drifts()
	if len(got) != len(found) {
		w.Fatalf("%d drifts are recorded, want %v: %+v", len(got), found, got)
	}
	for i, f := range got {
		if f.Found != found[i] {
			w.Errorf("drift %d: found %s, want %s", i, f.Found, found[i])
		}
	}
}

// settle works until nothing is owed of keys.
func (w *world) settle() {
	for len(ledgertest.Owed(w, w.l, aup.DueKey)) > 0 {
		w.work()
	}
}

func TestDrift(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(w *world)
	}{
		{"what we change ourselves leads to nothing, by neither way", func(w *world) {
			w.suspend()
			w.settle()
			w.trail("guide-1")
			w.reinstate()
			w.settle()
			w.trail("guide-1")
			if n := w.compare(); n != 0 || len(w.drifts()) != 0 {
				w.Errorf("%d differ, recorded: %v", n, w.drifts())
			}
			w.expect(true, true)
		}},
		{"nor does an event about our own change that comes before it is recorded, or long after", func(w *world) {
			w.suspend()
			w.g.then = func() { w.trail("guide-1") }
			w.settle()
			if err := w.watch().Changed(w.Context(), enforce.Change{Key: "guide-1", Found: aup.KeyEnabled, Trail: "old"}); err != nil {
				w.Fatal(err)
			}
			w.settle()
			w.expectDrifts()
			w.expect(false, false)
		}},
		{"a key of an active consumer that was disabled by hand is recorded once and left alone", func(w *world) {
			w.g.on["guide-1"] = false
			w.trail("guide-1")
			w.settle()
			w.trail("guide-1")
			if n := w.compare(); n != 0 {
				w.Errorf("%d keys differ still", n)
			}
			w.settle()
			w.expectDrifts(aup.KeyDisabled)
			w.expect(false, true)
			if f := w.drifts()[0]; f.Trail == "" || f.Owed || f.Want != aup.KeyEnabled {
				w.Errorf("recorded as %+v", f)
			}
		}},
		{"that it is enabled again is recorded too, and the next time as well", func(w *world) {
			for _, on := range []bool{false, true, false} {
				w.g.on["guide-1"] = on
				w.trail("guide-1")
				w.settle()
			}
			w.expectDrifts(aup.KeyDisabled, aup.KeyEnabled, aup.KeyDisabled)
			if got := w.drifts(); !got[1].Over() || got[0].Over() {
				w.Errorf("over: %+v", got)
			}
		}},
		{"the comparison finds what no event told of", func(w *world) {
			w.g.on["guide-1"] = false
			delete(w.g.on, "guide-2")
			if n := w.compare(); n != 2 {
				w.Errorf("%d keys differ", n)
			}
			w.settle()
			for _, f := range w.drifts() {
				if want := map[aup.KeyID]aup.KeyFound{"guide-1": aup.KeyDisabled, "guide-2": aup.KeyDeleted}[f.Key]; f.Found != want || f.Trail != "" {
					w.Errorf("recorded as %+v, want %s", f, want)
				}
			}
			if n := len(w.drifts()); n != 2 || w.compare() != 0 {
				w.Errorf("%d are recorded", n)
			}
		}},
		{"a suspended consumer's key that was enabled by hand is disabled again, each time", func(w *world) {
			w.suspend()
			w.settle()
			for range 3 {
				w.g.on["guide-1"] = true
				w.trail("guide-1")
				w.settle()
				w.expect(false, false)
			}
			w.expectDrifts(aup.KeyEnabled, aup.KeyEnabled, aup.KeyEnabled)
			if n := len(ledgertest.Owed(w, w.l, aup.DueEmail)); n == 0 {
				w.Error("the admins are owed no email")
			}
			w.reinstate()
			w.settle()
			w.expect(true, true)
		}},
		{"a program that enables it after each of our changes is left to the comparison", func(w *world) {
			w.suspend()
			w.settle()
			enable := func() { w.now = w.now.Add(-2 * time.Hour); w.g.on["guide-1"] = true; w.trail("guide-1"); w.settle() }
			enable()
			enable()
			w.expectDrifts(aup.KeyEnabled)
			if !w.g.on["guide-1"] || w.compare() != 1 {
				w.Error("the comparison does not find it")
			}
			w.settle()
			w.expectDrifts(aup.KeyEnabled, aup.KeyEnabled)
			w.expect(false, false)
		}},
		{"after an alarm it is disabled once more, and the other way round", func(w *world) {
			w.suspend()
			w.settle()
			for _, notice := range []func(aup.KeyID){w.alarm, w.trail, w.trail} {
				w.g.on["guide-1"] = true
				notice("guide-1")
				w.settle()
				w.expect(false, false)
			}
		}},
		{"a key that was disabled by hand and enabled while suspended is ours to enable", func(w *world) {
			w.g.on["guide-1"] = false
			w.suspend()
			w.settle()
			w.g.on["guide-1"] = true
			w.trail("guide-1")
			w.settle()
			w.expect(false, false)
			w.reinstate()
			w.settle()
			w.expect(true, true)
		}},
		{"a key that was deleted is recorded once, whatever becomes of its consumer", func(w *world) {
			delete(w.g.on, "guide-1")
			w.trail("guide-1")
			w.settle()
			w.suspend()
			w.settle()
			w.compare()
			w.settle()
			w.expectDrifts(aup.KeyDeleted)
		}},
		{"a key that is nobody's is no matter of ours", func(w *world) {
			w.g.on["stranger"] = false
			w.trail("stranger")
			if n := len(ledgertest.Owed(w, w.l, aup.DueKey)); n != 0 || w.compare() != 0 {
				w.Errorf("%d looks are owed", n)
			}
		}},
		{"an event that does not say how the key was left has it looked at", func(w *world) {
			w.g.on["guide-1"] = false
			if err := w.watch().Changed(w.Context(), enforce.Change{Key: "guide-1", Trail: "t"}); err != nil {
				w.Fatal(err)
			}
			w.settle()
			w.expectDrifts(aup.KeyDisabled)
		}},
		{"what is changed back before anybody looks is no drift", func(w *world) {
			w.g.on["guide-1"] = false
			w.trail("guide-1")
			w.g.on["guide-1"] = true
			w.settle()
			w.expectDrifts()
		}},
		{"a gateway that is down is asked again", func(w *world) {
			w.g.on["guide-1"] = false
			w.trail("guide-1")
			w.g.fail = errors.New("down")
			if w.work() != 1 {
				w.Error("nothing failed")
			}
			w.settle()
			w.expectDrifts(aup.KeyDisabled)
		}},
		{"a list that cannot be read says nothing", func(w *world) {
			w.g.fail = errors.New("down")
			if _, err := w.watch().Compare(w.Context(), 0); err == nil {
				w.Error("no error")
			}
			w.expectDrifts()
		}},
	} {
		t.Run(c.says, func(t *testing.T) { c.do(newWorld(t)) })
	}
}
