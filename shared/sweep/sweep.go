// Package sweep finds what was forgotten: dues that are overdue, windows to fold again, and deadlines
// that have passed. Queues and feeds only wake workers early; what they lose, the sweeper finds. It is
// called every minute by the sweep function's schedule.
package sweep

import (
	"context"
	"errors"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// Grace is how long a due may be overdue before it is swept up: its own message is usually under way.
const Grace = 5 * time.Minute

// Dues lists what is overdue.
type Dues interface {
	Overdue(ctx context.Context, before time.Time, f func(aup.Due) error) error
}

// Dispatch wakes the worker of a due.
type Dispatch interface {
	Due(ctx context.Context, due aup.Due) error
}

// Windows folds a window again, and judges whose usage changed.
type Windows interface {
	Refold(ctx context.Context, window time.Time) error
}

// Sweeper sweeps.
type Sweeper struct {
	Dues     Dues
	Dispatch Dispatch
	Windows  Windows
	Now      func() time.Time
}

// Report is what a sweep found.
type Report struct {
	Overdue int `json:"overdue"`
	Windows int `json:"windows"`
}

// refolds are how long after its end a window is folded again.
var refolds = []time.Duration{10 * time.Minute, 24 * time.Hour}

// Sweep wakes the workers of everything overdue and folds the windows whose time has come again. One
// failure does not keep the rest from being swept.
func (s Sweeper) Sweep(ctx context.Context) (Report, error) {
	var r Report
	var errs []error
	now := s.Now()
	errs = append(errs, s.Dues.Overdue(ctx, now.Add(-Grace), func(d aup.Due) error {
		r.Overdue++
		errs = append(errs, s.Dispatch.Due(ctx, d))
		return ctx.Err()
	}))
	for _, w := range toRefold(now) {
		r.Windows++
		errs = append(errs, s.Windows.Refold(ctx, w))
	}
	return r, errors.Join(errs...)
}

// toRefold is the window that has just come of each age. It is found again by every sweep of five
// minutes, so that a missed sweep misses no window; folding it again changes nothing.
func toRefold(now time.Time) []time.Time {
	var windows []time.Time
	for _, age := range refolds {
		windows = append(windows, usage.WindowOf(now.Add(-age-usage.Window)))
	}
	return windows
}
