package enforce_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"accord/shared/act"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// plans are the usage plans of a gateway, and which of them each key is in. A key can be in one plan for each stage.
type plans struct {
	open  map[string][]string // plan: the stages it opens
	of    map[aup.KeyID][]string
	fail  map[string]error // of the next call about a plan
	then  func()           // called after the next SetPlan
	deaf  bool             // SetPlan answers and does nothing
	calls int
}

func newPlans(keys ...aup.KeyID) *plans {
	p := &plans{open: map[string][]string{"own": {"api:live"}, "slow": {"api:live", "api:next"}}, of: map[aup.KeyID][]string{}, fail: map[string]error{}}
	for _, k := range keys {
		p.of[k] = []string{"own"}
	}
	return p
}

func (p *plans) PlansOf(_ context.Context, key aup.KeyID) (in []enforce.Plan, err error) {
	p.calls++
	for _, id := range p.of[key] {
		in = append(in, enforce.Plan{ID: id, Stages: p.open[id]})
	}
	return in, nil
}

func (p *plans) Plan(_ context.Context, id string) (enforce.Plan, error) {
	p.calls++
	stages, there := p.open[id]
	if !there {
		return enforce.Plan{}, enforce.ErrNoPlan
	}
	return enforce.Plan{ID: id, Stages: stages}, nil
}

func (p *plans) SetPlan(_ context.Context, key aup.KeyID, plan string, in bool) error {
	p.calls++
	if err := p.fail[plan]; err != nil {
		delete(p.fail, plan)
		return err
	}
	if p.deaf {
		return nil
	}
	if _, there := p.open[plan]; !there || !in && !slices.Contains(p.of[key], plan) {
		return enforce.ErrNoPlan
	}
	p.of[key] = slices.DeleteFunc(p.of[key], func(id string) bool { return id == plan })
	for _, other := range p.of[key] {
		if in && slices.ContainsFunc(p.open[other], func(s string) bool { return slices.Contains(p.open[plan], s) }) {
			return errors.New("API Gateway refused: ConflictException")
		}
	}
	if in {
		p.of[key] = append(p.of[key], plan)
	}
	if then := p.then; then != nil {
		p.then = nil
		then()
	}
	return nil
}

// delete takes a plan away, and the keys out of it.
func (p *plans) delete(plan string) {
	delete(p.open, plan)
	for k, in := range p.of {
		p.of[k] = slices.DeleteFunc(in, func(id string) bool { return id == plan })
	}
}

func (w *world) standing() aup.Standing {
	w.Helper()
	s, err := w.l.Standing(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// hold lets a suspension wait for people, with the keys in the slow plan meanwhile.
func (w *world) hold() {
	w.Helper()
	s := w.standing()
	d := assess.Decision{Action: assess.Hold, Why: assess.HeldProtected, Slow: "slow", Deadline: w.now.Add(24 * time.Hour)}
	e := act.Hold(s, aup.Case{ID: aup.CaseID(fmt.Sprint("c-", s.Seq)), Consumer: "guide", Clause: "fair-volume"}, d, ledger.GuardWrite{}, w.now)
	e.Guard = nil
	ledgertest.Append(w, w.l, "guide", fmt.Sprint("hold#", s.Seq), e)
}

// drop ends the case without a suspension.
func (w *world) drop() {
	w.Helper()
	s := w.standing()
	ledgertest.Append(w, w.l, "guide", fmt.Sprint("drop#", s.Seq), act.Close(s, aup.Case{ID: s.Cases[0].ID, Consumer: "guide"}, "talked", w.now))
}

// expectPlans looks at the gateway's plans, and that nothing is owed.
func (w *world) expectPlans(of1, of2 string) {
	w.Helper()
	w.expect(true, true)
	for key, want := range map[aup.KeyID]string{"guide-1": of1, "guide-2": of2} {
		if got := w.p.of[key]; len(got) != 1 || got[0] != want {
			w.Errorf("key %s is in %v, want %s", key, got, want)
		}
	}
	for _, k := range w.standing().Keys {
		if k.Moving {
			w.Errorf("key %s is between two plans", k.ID)
		}
	}
}

// stays lists why keys were not moved, by key.
func (w *world) stays() (all map[aup.KeyID]aup.Stays, mails int) {
	w.Helper()
	events, err := w.l.Events(w.Context(), "guide")
	if err != nil {
		w.Fatal(err)
	}
	all = map[aup.KeyID]aup.Stays{}
	for _, e := range events {
		f, is := e.Fact.(aup.KeySet)
		if !is {
			continue
		}
		if all[f.Key] = f.Stays; f.Stays != "" {
			mails += len(e.Notices)
		}
	}
	return all, mails
}

func (w *world) expectStays(want aup.Stays, mails int) {
	w.Helper()
	if all, mailed := w.stays(); all["guide-1"] != want || mailed != mails {
		w.Errorf("why they stay: %v, %d emails; want %q, %d", all, mailed, want, mails)
	}
}

func TestSlowed(t *testing.T) {
	down := errors.New("down")
	for _, c := range []struct {
		says string
		do   func(w *world)
	}{
		{"a held suspension puts every key into the slow plan", func(w *world) { w.hold(); w.work(); w.expectPlans("slow", "slow"); w.expectStays("", 0) }},
		{"dropped, they go back to their own", func(w *world) { w.hold(); w.work(); w.drop(); w.work(); w.expectPlans("own", "own") }},
		{"dropped before anything was moved, they stay there", func(w *world) { w.hold(); w.drop(); w.work(); w.expectPlans("own", "own") }},
		{"held again, they are slow again", func(w *world) {
			w.hold()
			w.work()
			w.drop()
			w.work()
			w.hold()
			w.work()
			w.expectPlans("slow", "slow")
		}},
		{"suspended, they are off and in their own plan", func(w *world) {
			w.hold()
			w.work()
			w.suspend()
			w.work()
			w.expect(false, false)
			w.reinstate()
			w.work()
			w.drop() // the hold of another case goes on
			w.work()
			w.expectPlans("own", "own")
		}},
		{"suspended over another matter and given back, what is still held is slow again", func(w *world) {
			w.hold()
			w.work()
			w.suspend()
			w.work()
			w.reinstate()
			w.work()
			w.expectPlans("slow", "slow")
		}},
		{"a key that cannot get into the slow plan goes back, and is tried again", func(w *world) {
			w.hold()
			w.p.fail["slow"] = down
			if w.work() != 1 || w.p.of["guide-1"][0] == w.p.of["guide-2"][0] {
				w.Errorf("after a refusal of one: %v", w.p.of)
			}
			w.work()
			w.expectPlans("slow", "slow")
		}},
		{"dropped while a key is between two plans, it goes back", func(w *world) {
			w.hold()
			w.p.then = func() { w.drop() }
			w.work()
			w.work()
			w.expectPlans("own", "own")
		}},
		{"held again while a key is on its way back, it ends up slow", func(w *world) {
			w.hold()
			w.work()
			w.drop()
			w.p.then = func() { w.hold() }
			w.work()
			w.work()
			w.expectPlans("slow", "slow")
		}},
		{"no slow plan: they stay, and the admins are told", func(w *world) {
			w.p.delete("slow")
			w.hold()
			w.work()
			w.expectPlans("own", "own")
			w.expectStays(aup.StaysNoPlan, 2)
		}},
		{"their own plan was deleted meanwhile: they stay slow rather than in none, and the admins are told", func(w *world) {
			w.hold()
			w.work()
			w.p.delete("own")
			w.drop()
			w.work()
			w.expectPlans("slow", "slow")
			w.expectStays(aup.StaysNoPlan, 2)
		}},
		{"a plan that opens more than the slow one is not left: the key would lose what it opens", func(w *world) {
			w.p.open["own"] = []string{"api:live", "other:live"}
			w.hold()
			w.work()
			w.expectPlans("own", "own")
			w.expectStays(aup.StaysOpen, 2)
		}},
		{"a key in no plan gets into none by being slowed", func(w *world) {
			w.p.of["guide-1"] = nil
			w.hold()
			w.work()
			if len(w.p.of["guide-1"]) != 0 {
				w.Errorf("guide-1 is in %v", w.p.of["guide-1"])
			}
			w.expectStays(aup.StaysApart, 1)
		}},
		{"a key in two plans that the slow one opens is left in both", func(w *world) {
			w.p.open["second"], w.p.of["guide-1"] = []string{"api:next"}, []string{"own", "second"}
			w.hold()
			w.work()
			if len(w.p.of["guide-1"]) != 2 {
				w.Errorf("guide-1 is in %v", w.p.of["guide-1"])
			}
			w.expectStays(aup.StaysApart, 1)
		}},
		{"a plan of another API is not touched", func(w *world) {
			w.p.open["apart"], w.p.of["guide-1"] = []string{"other:live"}, []string{"apart", "own"}
			w.hold()
			w.work()
			if !slices.Equal(w.p.of["guide-1"], []string{"apart", "slow"}) {
				w.Errorf("guide-1 is in %v", w.p.of["guide-1"])
			}
		}},
		{"a key that somebody moved meanwhile is theirs, and nobody is mailed about it", func(w *world) {
			w.p.open["gold"] = []string{"api:live"}
			w.hold()
			w.work()
			w.p.of["guide-1"] = []string{"gold"}
			w.drop()
			w.work()
			w.expectPlans("gold", "own")
			w.expectStays(aup.StaysElsewhere, 0)
		}},
		{"a key that somebody took out of every plan stays out", func(w *world) {
			w.hold()
			w.work()
			w.p.of["guide-1"] = nil
			w.drop()
			w.work()
			if len(w.p.of["guide-1"]) != 0 {
				w.Errorf("guide-1 is in %v", w.p.of["guide-1"])
			}
			w.expectStays(aup.StaysElsewhere, 0)
		}},
		{"a gateway that takes a move and does nothing is asked again", func(w *world) {
			w.hold()
			w.p.deaf = true
			if failed := w.work(); failed != 2 {
				w.Errorf("%d keys failed, want 2", failed)
			}
			w.p.deaf = false
			w.work()
			w.expectPlans("slow", "slow")
		}},
		{"nor is one taken from a person's hands in the middle of a move", func(w *world) {
			w.p.open["gold"] = []string{"api:live"}
			w.hold()
			w.p.fail["slow"] = down
			w.work()
			w.p.of["guide-1"] = []string{"gold"}
			w.work()
			w.expectPlans("gold", "slow")
		}},
		{"a key that is no longer there is recorded, and holds up nothing", func(w *world) {
			w.hold()
			w.work()
			delete(w.g.on, "guide-1")
			w.drop()
			w.work()
			if w.p.of["guide-2"][0] != "own" || len(ledgertest.Owed(w, w.l, aup.DueKey)) != 0 {
				w.Errorf("%v", w.p.of)
			}
		}},
		{"a suspension where nothing is slow asks for no plan", func(w *world) {
			w.suspend()
			w.work()
			if w.p.calls != 0 {
				w.Errorf("%d calls about plans", w.p.calls)
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) { c.do(newWorld(t)) })
	}
}
