package enforce

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// ErrNoPlan says that the gateway has no such usage plan.
var ErrNoPlan = errors.New("the gateway has no such usage plan")

// Plan is a usage plan: what keys may call, and how fast.
type Plan struct {
	ID     string
	Stages []string // of APIs, as "api:stage"
}

// shares says whether two plans open a stage that is the same: a key can be in one of them only.
func (p Plan) shares(other Plan) bool {
	return slices.ContainsFunc(p.Stages, func(s string) bool { return slices.Contains(other.Stages, s) })
}

// within says whether another plan opens every stage that this one does.
func (p Plan) within(other Plan) bool {
	return !slices.ContainsFunc(p.Stages, func(s string) bool { return !slices.Contains(other.Stages, s) })
}

// Plans moves keys between usage plans. Plan and SetPlan return ErrNoPlan for a plan that there is not.
type Plans interface {
	PlansOf(ctx context.Context, key aup.KeyID) ([]Plan, error)
	Plan(ctx context.Context, id string) (Plan, error)
	SetPlan(ctx context.Context, key aup.KeyID, plan string, in bool) error // taken out where it is not in does nothing
}

// place puts a key into the usage plan that it should be in, the slow one while people decide about a suspension or
// its own, and says in set what came of it. Calls with a key are refused between two plans: that a move begins is
// recorded before, so that whoever takes the due next finishes it.
func (e Enforcer) place(ctx context.Context, s aup.Standing, k aup.KeyState, set *aup.KeySet) error {
	slow := s.SlowPlan()
	if set.Slow = k.Slow > 0; !k.Moving && set.Slow == (slow != "") {
		return nil
	}
	there, err := e.Plans.PlansOf(ctx, k.ID)
	if err != nil {
		return err
	}
	way, stays, err := e.way(ctx, s, k, there)
	if err == nil && stays == "" && !k.Moving {
		err = e.append(ctx, s, "key-moving", &ledger.Entry{Fact: way})
	}
	if err == nil && stays == "" {
		stays, err = e.move(ctx, way, there)
	}
	set.Stays, set.Slow = stays, stays == "" && slow != "" || stays == aup.StaysNoPlan && slow == ""
	return err
}

// way is which move a key should make, or why it should make none: to the slow plan out of its own, or back.
func (e Enforcer) way(ctx context.Context, s aup.Standing, k aup.KeyState, there []Plan) (aup.KeyMoving, aup.Stays, error) {
	slow := s.SlowPlan()
	if k.Slow == 0 {
		return e.outOf(ctx, k.ID, slow, there)
	}
	began, err := e.Ledger.Event(ctx, s.Consumer, k.Slow)
	if err != nil {
		return aup.KeyMoving{}, "", err
	}
	way, is := began.Fact.(aup.KeyMoving)
	if !is {
		return way, "", fmt.Errorf("key %s of %s: event %d does not say which usage plan it was taken out of", k.ID, s.Consumer, k.Slow)
	}
	if slow == "" {
		way.From, way.To = way.To, way.From
	}
	if !k.Moving && !among(there, way.From) {
		return way, aup.StaysElsewhere, nil
	}
	return way, "", nil
}

// outOf finds the plan that a key is to be taken out of for the slow one. It must lose nothing by that but speed.
func (e Enforcer) outOf(ctx context.Context, key aup.KeyID, slow string, there []Plan) (aup.KeyMoving, aup.Stays, error) {
	to, err := e.Plans.Plan(ctx, slow)
	if errors.Is(err, ErrNoPlan) {
		return aup.KeyMoving{}, aup.StaysNoPlan, nil
	}
	if err != nil {
		return aup.KeyMoving{}, "", err
	}
	from := slices.DeleteFunc(slices.Clone(there), func(p Plan) bool { return !p.shares(to) })
	switch {
	case among(there, slow):
		return aup.KeyMoving{}, aup.StaysElsewhere, nil
	case len(from) != 1:
		return aup.KeyMoving{}, aup.StaysApart, nil
	case !from[0].within(to):
		return aup.KeyMoving{}, aup.StaysOpen, nil
	}
	return aup.KeyMoving{Key: key, From: from[0].ID, To: slow}, "", nil
}

// move finishes a move, however far it came, and reads it back. Where the key cannot get to where it should be, it goes
// back to where it was: in no plan at all it would be refused everything.
func (e Enforcer) move(ctx context.Context, way aup.KeyMoving, there []Plan) (aup.Stays, error) {
	if !among(there, way.From) && !among(there, way.To) {
		if to, err := e.Plans.Plan(ctx, way.To); err == nil && slices.ContainsFunc(there, to.shares) {
			return aup.StaysElsewhere, nil
		}
	}
	if among(there, way.From) {
		if err := e.Plans.SetPlan(ctx, way.Key, way.From, false); err != nil && !errors.Is(err, ErrNoPlan) {
			return "", err
		}
	}
	if !among(there, way.To) {
		if err := e.Plans.SetPlan(ctx, way.Key, way.To, true); err != nil {
			back := e.Plans.SetPlan(ctx, way.Key, way.From, true)
			if errors.Is(err, ErrNoPlan) && back == nil {
				return aup.StaysNoPlan, nil
			}
			return "", errors.Join(err, back)
		}
	}
	there, err := e.Plans.PlansOf(ctx, way.Key)
	if err == nil && (among(there, way.From) || !among(there, way.To)) {
		err = fmt.Errorf("key %s: the gateway took the move to usage plan %s, but reads back otherwise", way.Key, way.To)
	}
	return "", err
}

func among(plans []Plan, id string) bool {
	return slices.ContainsFunc(plans, func(p Plan) bool { return p.ID == id })
}
