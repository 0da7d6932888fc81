package judge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/usage"
)

// lookBack is how many days before today are read for a judgement.
const lookBack = 3

// Acceptances records what came to apply by use.
type Acceptances interface {
	ByUse(ctx context.Context, id aup.ConsumerID, key aup.KeyID, window time.Time, first usage.Success) error
}

// Judge judges consumers and appends what follows.
type Judge struct {
	Ledger      *ledger.Ledger
	Meter       *metering.Meter
	Acceptances Acceptances
	Mode        assess.Mode
	SlowPlan    string // the usage plan that keys are in while people decide about a suspension; empty: they stay in their own
	Now         func() time.Time
}

// Windows folds the windows that were touched, and judges every consumer whose usage changed. One
// window or consumer that fails does not keep the others; all errors are returned.
func (j Judge) Windows(ctx context.Context, windows []metering.WindowPart) error {
	_, err := j.windows(ctx, windows)
	return err
}

// called is what one consumer's keys did in the windows that were folded.
type called map[aup.KeyID]usage.Summary

// windows does what Windows does, and returns who called, less whoever was found crawling.
func (j Judge) windows(ctx context.Context, windows []metering.WindowPart) (map[aup.ConsumerID]called, error) {
	var errs []error
	touched := map[aup.ConsumerID]called{}
	for _, w := range windows {
		folded, err := j.Meter.Fold(ctx, w)
		errs = append(errs, err)
		for _, k := range folded.Keys {
			did, folded := folded.Did[k]
			if !folded {
				continue
			}
			id, err := j.touched(ctx, k, w.Start, did)
			if errs = append(errs, err); id == "" {
				continue
			}
			if touched[id] == nil {
				touched[id] = called{}
			}
			touched[id][k] = did
		}
	}
	for _, id := range slices.Collect(maps.Keys(touched)) {
		v, err := j.Consumer(ctx, id)
		if err != nil {
			errs = append(errs, fmt.Errorf("consumer %s: %w", id, err))
		}
		if slices.ContainsFunc(v.Findings, func(f aup.Finding) bool { return f.Detector == "crawling" }) {
			delete(touched, id)
		}
	}
	return touched, errors.Join(errs...)
}

// learnedWithin is how long after a window's end it tells what is popular: once, when its lines are there.
const learnedWithin = time.Hour

// Refold folds a window again, in all its parts. The first time, what it tells of all keys' habits is learned, and it
// is seen to that the number of parts has not changed for windows that have begun.
func (j Judge) Refold(ctx context.Context, window time.Time) error {
	seen, err := j.windows(ctx, j.Meter.PartsOf(window))
	if j.Now().Sub(window) <= learnedWithin {
		err = errors.Join(err, j.Meter.Agree(ctx, j.Now()))
	}
	if len(seen) == 0 || j.Now().Sub(window) > learnedWithin {
		return err
	}
	all := called{}
	for _, keys := range seen {
		maps.Copy(all, keys)
	}
	return errors.Join(err, j.Meter.Learn(ctx, window, all))
}

// touched finds whose key it is, and what its calls in the window accepted. A key that is nobody's is
// metered and noted, and judged once it is registered.
func (j Judge) touched(ctx context.Context, key aup.KeyID, window time.Time, did usage.Summary) (aup.ConsumerID, error) {
	id, err := j.Ledger.ConsumerOf(ctx, key)
	if errors.Is(err, ledger.ErrUnknown) {
		if key == "" { // a call without one
			return "", nil
		}
		return "", j.Meter.Stray(ctx, key, window)
	}
	if first := did.FirstSuccess; first != nil && err == nil {
		err = errors.Join(j.Acceptances.ByUse(ctx, id, key, window, *first), j.stillWorks(ctx, id, key, *first))
	}
	return id, err
}

// Consumer judges one consumer as things stand now, and appends what follows. A consumer to whom no
// version was issued, or whose relation has ended, is not judged.
func (j Judge) Consumer(ctx context.Context, id aup.ConsumerID) (Verdict, error) {
	in, err := j.input(ctx, id)
	if err != nil || in == nil {
		return Verdict{}, err
	}
	v := Reach(*in)
	if len(v.Findings) > 0 { // what that does to the service is only read where there is something to weigh
		if in.Service, err = j.Meter.Service(ctx, in.Subject.Now.AddDate(0, 0, -1), in.Subject.Now); err != nil {
			return Verdict{}, err
		}
		v = Reach(*in)
	}
	return v, errors.Join(j.act(ctx, *in, v), j.gaps(ctx, in.Standing, in.Subject.Keys, in.Subject.Now))
}

// input reads everything a judgement uses.
func (j Judge) input(ctx context.Context, id aup.ConsumerID) (*Input, error) {
	now := j.Now().UTC()
	s, err := j.Ledger.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	issue, ok := s.InForce(now)
	if !ok || s.State == aup.HasEnded {
		return nil, nil
	}
	in := &Input{Standing: s, Mode: j.Mode}
	if in.Subject, err = j.subject(ctx, s, issue, now); err != nil {
		return nil, err
	}
	if in.Guard, _, err = j.Ledger.Guard(ctx); err != nil {
		return nil, err
	}
	in.Circumstances = assess.Circumstances{Now: now, Told: !issue.Told.IsZero(), Serves: s.Serves, Protected: s.Protected, EarlierContact: s.Ignored()}
	return in, nil
}

func (j Judge) subject(ctx context.Context, s aup.Standing, issue aup.Issue, now time.Time) (audit.Subject, error) {
	v, err := j.Ledger.Version(ctx, s.Policy, issue.Version)
	if err != nil {
		return audit.Subject{}, err
	}
	agreements, err := j.Ledger.Agreements(ctx, s.Consumer)
	if err != nil {
		return audit.Subject{}, err
	}
	sub := audit.Subject{Consumer: s.Consumer, Policy: aup.Tailor(v, agreements, now), Agreements: agreements, Uses: s.Uses,
		Now: now, Since: settled(s, issue)}
	if sub.Keys, err = j.days(ctx, s, now.AddDate(0, 0, -lookBack), now); err != nil {
		return sub, err
	}
	if sub.Population, err = j.Meter.Population(ctx, aup.Date(now.AddDate(0, 0, -1))); err != nil {
		return sub, err
	}
	sub.Doubt = Doubt(sub.Keys, now)
	return sub, nil
}

// days are what is known of each of a consumer's keys, from one day to another, both included.
func (j Judge) days(ctx context.Context, s aup.Standing, from, until time.Time) (map[aup.KeyID][]usage.Day, error) {
	all := map[aup.KeyID][]usage.Day{}
	for _, k := range s.Keys {
		days, err := j.Meter.Days(ctx, k.ID, from, until.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		all[k.ID] = days
	}
	return all, nil
}

// settled is from when usage is judged: from the window in which the version came to bind the consumer,
// and after the one in which a case was closed or access given back, since what was done before that is
// settled.
func settled(s aup.Standing, issue aup.Issue) time.Time {
	since := usage.WindowOf(issue.Applies)
	if s.Settled.IsZero() {
		return since
	}
	if after := usage.WindowOf(s.Settled).Add(usage.Window); after.After(since) {
		return after
	}
	return since
}
