package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/policydoc"
)

// agreement records what was agreed explicitly. Its number is the next one of the consumer.
func (d Desk) agreement(ctx context.Context, c ConsumerCall) (any, error) {
	a, err := readAgreement(c.Consumer, c.Agreement)
	if err != nil {
		return nil, err
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if err := d.fits(ctx, s, a); err != nil {
			return nil, err
		}
		if a.Number, err = d.nextAgreement(ctx, c.Consumer); err != nil {
			return nil, err
		}
		return act.Agreed(s, a, d.Now())
	})
}

func (d Desk) nextAgreement(ctx context.Context, id aup.ConsumerID) (int, error) {
	before, err := d.Ledger.Agreements(ctx, id)
	return len(before) + 1, err
}

func readAgreement(id aup.ConsumerID, doc []byte) (aup.Agreement, error) {
	var file string
	if json.Unmarshal(doc, &file) == nil {
		doc = []byte(file)
	}
	a, problems := policydoc.ParseAgreement("agreement", doc)
	if err := policydoc.Refused(problems); err != nil {
		return a, err
	}
	if a.Consumer != "" && a.Consumer != id {
		return a, fmt.Errorf("agreement: it is with %q, the call says %q", a.Consumer, id)
	}
	a.Consumer = id
	return a, a.Check()
}

// fits checks an agreement against the policy that binds the consumer.
func (d Desk) fits(ctx context.Context, s aup.Standing, a aup.Agreement) error {
	if a.Policy != s.Policy {
		return fmt.Errorf("agreement: it is about policy %q, the consumer has %q", a.Policy, s.Policy)
	}
	v, err := d.Ledger.Latest(ctx, s.Policy)
	if err != nil {
		return err
	}
	return errors.Join(policydoc.CheckAgreement(v.Policy, a)...)
}

// endAgreement ends an agreement before its day, on a day to come: its contacts are told first, and no day is
// judged by two texts.
func (d Desk) endAgreement(ctx context.Context, c ConsumerCall) (any, error) {
	if c.Reason == "" {
		return nil, errors.New("reason: say why it ends; the consumer is told")
	}
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if s.State == aup.HasEnded {
			return nil, fmt.Errorf("%s has ended, and its agreements with it", c.Consumer)
		}
		all, err := d.Ledger.Agreements(ctx, c.Consumer)
		if err != nil {
			return nil, err
		}
		if c.Number < 1 || c.Number > len(all) {
			return nil, fmt.Errorf("number: %s has no agreement %d; it has %d", c.Consumer, c.Number, len(all))
		}
		a := all[c.Number-1]
		on, err := lastDay(a, c.On, d.Now().UTC())
		if err != nil {
			return nil, err
		}
		return distribute.EndEarly(s, a, on, c.Reason), nil
	})
}

// lastDay is when an agreement that is in force ends early: at the start of a day to come.
func lastDay(a aup.Agreement, day string, now time.Time) (time.Time, error) {
	on := now.Truncate(24*time.Hour).AddDate(0, 0, 1)
	if day != "" {
		var err error
		if on, err = time.Parse(time.DateOnly, day); err != nil || !on.After(now) {
			return on, fmt.Errorf("on: %q is not a day to come, such as %s", day, aup.Date(now.AddDate(0, 0, 1)))
		}
	}
	switch {
	case now.Before(a.From):
		return on, fmt.Errorf("number: agreement %d begins only on %s: record one that comes before it", a.Number, aup.Date(a.From))
	case !now.Before(a.Over()):
		return on, fmt.Errorf("number: agreement %d has ended already, on %s", a.Number, aup.Date(a.Over()))
	case !on.Before(a.Over()):
		return on, fmt.Errorf("on: agreement %d ends on %s anyway", a.Number, aup.Date(a.Over()))
	}
	return on, nil
}
