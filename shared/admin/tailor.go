package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/policydoc"
)

// ToDecide is a consumer that a version is not issued to before an admin has decided, since the consumer's
// agreements rest on clauses that it changes.
type ToDecide struct {
	Consumer   aup.ConsumerID `json:"consumer"`
	Agreements []int          `json:"agreements"`
	Clauses    []aup.ClauseID `json:"clauses"`
	Never      []string       `json:"never,omitempty"` // what the agreements grant and the version never grants: agree anew
}

func (d Desk) distributor() distribute.Distributor {
	return distribute.Distributor{Ledger: d.Ledger, Now: d.Now}
}

// touched says what there is to decide about a consumer; nil when nothing.
func (d Desk) touched(ctx context.Context, id aup.ConsumerID, l ledger.Listing, v aup.Version) (*ToDecide, error) {
	if !l.Agreed {
		return nil, nil
	}
	s, err := d.Ledger.Standing(ctx, id)
	if err != nil || len(s.Agreements) == 0 {
		return nil, err
	}
	agreements, err := d.Ledger.Agreements(ctx, s.Consumer)
	if err != nil {
		return nil, err
	}
	t, err := d.distributor().Touches(ctx, s, v, agreements)
	if err != nil || len(t.Agreements) == 0 {
		return nil, err
	}
	return &ToDecide{s.Consumer, t.Agreements, t.Clauses, t.Never}, nil
}

// keepable refuses to keep an agreement that grants what the version marks as never granted.
func (d Desk) keepable(ctx context.Context, c ConsumerCall) error {
	s, err := d.Ledger.Standing(ctx, c.Consumer)
	if err != nil || s.Held == nil || s.Held.Version != c.Version {
		return err
	}
	v, err := d.Ledger.Version(ctx, s.Policy, c.Version)
	if err != nil {
		return err
	}
	agreements, err := d.Ledger.Agreements(ctx, c.Consumer)
	if err != nil {
		return err
	}
	applies := distribute.ReleasedFrom(v, d.Now())
	for _, a := range agreements {
		if errs := policydoc.GrantsNever(v.Policy, a); len(errs) > 0 && slices.Contains(s.Held.Agreements, a.Number) && a.Over().After(applies) {
			return fmt.Errorf("decision: agreement %d cannot stay beside version %d: %w; decide to renegotiate, or end it first (end-agreement)", a.Number, c.Version, errors.Join(errs...))
		}
	}
	return nil
}

// decideVersion decides about a version that waits: "keep" issues it with the agreements as they are;
// "renegotiate" lets it wait, and the version before it apply, until a later call decides to keep.
func (d Desk) decideVersion(ctx context.Context, c ConsumerCall) (any, error) {
	switch c.Decision {
	case "keep":
		if err := d.keepable(ctx, c); err != nil {
			return nil, err
		}
		r, err := d.distributor().Release(ctx, c.Consumer, c.Version, c.actor())
		if err != nil {
			return nil, fmt.Errorf("consumer %s, version %d: %w", c.Consumer, c.Version, err)
		}
		return Appended{Consumer: c.Consumer, Event: r.Event.Fact.Kind(), Seq: r.Event.Seq, State: r.Standing.State, Notices: r.Event.Notices}, nil
	case "renegotiate":
		if c.Reason == "" {
			return nil, errors.New("reason: say what is to be agreed anew")
		}
		return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
			if s.Held == nil || s.Held.Version != c.Version {
				return nil, fmt.Errorf("consumer %s, version %d: %w", c.Consumer, c.Version, distribute.ErrNotHeld)
			}
			return &ledger.Entry{Fact: aup.IssueDeferred{Version: c.Version, Reason: c.Reason}}, nil
		})
	}
	return nil, fmt.Errorf("decision: %q is not one of keep, renegotiate", c.Decision)
}
