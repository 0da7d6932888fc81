package judge

import (
	"context"
	"errors"
	"fmt"

	"accord/shared/act"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// act appends what follows from a verdict. Each append looks at the standing again: what another
// judgement did meanwhile is not done twice.
func (j Judge) act(ctx context.Context, in Input, v Verdict) error {
	var errs []error
	for _, f := range v.Covered {
		errs = append(errs, j.covered(ctx, in, f))
	}
	for _, n := range v.Notices {
		errs = append(errs, j.notify(ctx, in, n))
	}
	return errors.Join(append(errs, j.decide(ctx, in, v), j.settle(ctx, in, v))...)
}

// covered records once a day that an agreement allows what was found.
func (j Judge) covered(ctx context.Context, in Input, f aup.Finding) error {
	cause := fmt.Sprintf("covered#%s#%s#%d", f.Term, aup.Date(in.Subject.Now), f.Agreement)
	_, err := j.Ledger.Append(ctx, in.Standing.Consumer, cause, in.Subject.Now, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.FindingCovered{Finding: f}}, nil
	})
	return err
}

// notify tells the consumer of a step, once a period. In observe nobody is mailed, and who is suspended
// has more pressing mail.
func (j Judge) notify(ctx context.Context, in Input, n aup.UsageNotice) error {
	if in.mode(n.Term) == assess.ModeObserve || in.Standing.State == aup.IsSuspended {
		return nil
	}
	if err := j.forecast(ctx, in, &n); err != nil {
		return err
	}
	cause := fmt.Sprintf("usage#%s#%s#%g", n.Term, n.Period, n.Step)
	_, err := j.Ledger.Append(ctx, in.Standing.Consumer, cause, in.Subject.Now, func(s aup.Standing) (*ledger.Entry, error) {
		if s.State == aup.IsSuspended || !owed(n, s, in.Subject.Now) {
			return nil, nil
		}
		return &ledger.Entry{Fact: aup.UsageNoticed{Usage: n}, Notices: distribute.ToContacts(s, aup.Notice{Kind: aup.UsageNoticeKind})}, nil
	})
	return err
}

// decide carries the decision out. It is made again inside the append, from the newest standing and
// guard, so that racing judgements neither exceed the budget nor act twice.
func (j Judge) decide(ctx context.Context, in Input, v Verdict) error {
	if v.Decision.Action == assess.Nothing {
		return nil
	}
	v.Assessment.Basis = basis(in.Subject)
	worst, _ := v.Assessment.Worst()
	cause := fmt.Sprintf("judged#%s#%s#%d", v.Decision.Action, worst.Clause, in.Standing.Seq)
	_, err := j.Ledger.Append(ctx, in.Standing.Consumer, cause, in.Subject.Now, func(s aup.Standing) (*ledger.Entry, error) {
		g, version, err := j.Ledger.Guard(ctx)
		if err != nil {
			return nil, err
		}
		d := in.deadlines().Decide(v.Assessment, s, v.Decision.Mode, g, in.Subject.Now)
		c, err := act.About(ctx, j.Ledger, s, v.Assessment, in.Subject.Now)
		if err != nil {
			return nil, err
		}
		if d.Slows() {
			d.Slow = j.SlowPlan
		}
		return act.Carry(s, c, d, ledger.GuardWrite{Guard: g, V: version}, in.Subject.Now), nil
	})
	return err
}
