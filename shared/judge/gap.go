package judge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/usage"
)

// gaps records, once for each key and day, that the log and GetUsage differ, and that they no longer do. The
// admins read of both in their digest. Judging does not depend on it: doubt looks at the figures themselves.
func (j Judge) gaps(ctx context.Context, s aup.Standing, keys map[aup.KeyID][]usage.Day, now time.Time) error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		for _, day := range keys[key] {
			r := metering.Reconcile(day, now)
			open, sure := s.Gap(key, r.Date)
			switch {
			case r.State == metering.Agrees && (open || !sure):
				errs = append(errs, j.close(ctx, s.Consumer, key, r, now))
			case (r.State == metering.Gap || r.State == metering.Over) && !open:
				errs = append(errs, j.open(ctx, s.Consumer, key, r, now))
			}
		}
	}
	return errors.Join(errs...)
}

func gapCause(key aup.KeyID, date string) string { return fmt.Sprintf("gap#%s#%s", key, date) }

func (j Judge) open(ctx context.Context, id aup.ConsumerID, key aup.KeyID, r metering.Reconciliation, now time.Time) error {
	how := aup.Short
	if r.State == metering.Over {
		how = aup.Over
	}
	_, err := j.Ledger.Append(ctx, id, gapCause(key, r.Date), now, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.GapNoticed{Key: key, Date: r.Date, How: how, Logged: r.Logged, Gateway: r.Gateway}}, nil
	})
	return err
}

// close records that a gap has closed, if it was noticed: a standing with many does not name them all.
func (j Judge) close(ctx context.Context, id aup.ConsumerID, key aup.KeyID, r metering.Reconciliation, now time.Time) error {
	cause := gapCause(key, r.Date)
	if _, err := j.Ledger.Caused(ctx, id, cause); err != nil {
		if errors.Is(err, ledger.ErrUnknown) {
			return nil
		}
		return err
	}
	_, err := j.Ledger.Append(ctx, id, cause+"#closed", now, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.GapClosed{Key: key, Date: r.Date, Logged: r.Logged, Gateway: r.Gateway}}, nil
	})
	return err
}
