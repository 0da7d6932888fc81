package admin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// reinstate gives access back, in any mode: a person decides. The case over which it was taken is closed,
// or goes on as an open one; access may be back on an agreement, for a time.
func (d Desk) reinstate(ctx context.Context, c DecideCall) (any, error) {
	var probation *aup.Agreement
	if len(c.Probation) > 0 {
		a, err := readAgreement(c.Consumer, c.Probation)
		if err != nil {
			return nil, fmt.Errorf("probation: %w", err)
		}
		if !a.InForce(d.Now()) {
			return nil, fmt.Errorf("probation: it runs from %s until %s: give one that covers today, so that access is back on its terms", a.From.Format(time.DateOnly), a.Until.Format(time.DateOnly))
		}
		probation = &a
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		e, err := d.back(ctx, s, c)
		if err != nil || probation == nil {
			return e, err
		}
		if err := d.fits(ctx, s, *probation); err != nil {
			return nil, fmt.Errorf("probation: %w", err)
		}
		if probation.Number, err = d.nextAgreement(ctx, c.Consumer); err != nil {
			return nil, err
		}
		return act.OnProbation(s, e, *probation, d.Now())
	})
}

// back is the reinstatement itself.
func (d Desk) back(ctx context.Context, s aup.Standing, c DecideCall) (*ledger.Entry, error) {
	switch s.State {
	case aup.IsSuspended:
	case aup.HasEnded:
		return nil, fmt.Errorf("%s is not suspended: it has ended, for good; register it anew, with new keys, if it is to come back", c.Consumer)
	default:
		return nil, fmt.Errorf("%s is not suspended: it is %s. Does a key not work? Look at it in API Gateway: only keys that were disabled here are enabled here", c.Consumer, s.State)
	}
	now := d.Now()
	for _, ref := range s.Cases {
		if ref.State != aup.CaseSuspended {
			continue
		}
		found, err := d.Ledger.Case(ctx, c.Consumer, ref.ID)
		if err != nil || !c.KeepCase {
			return act.Reinstate(s, &found, c.Reason, now), err
		}
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, now)
		return act.ReinstateOpen(s, found, c.Reason, times, now), err
	}
	if c.KeepCase {
		return nil, errors.New("keepCase: access is not suspended over a case: leave it out")
	}
	return act.Reinstate(s, nil, c.Reason, now), nil
}
