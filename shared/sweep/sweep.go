// Package sweep finds what was forgotten: dues that are overdue, windows to fold again, deadlines that have
// passed, and keys that somebody changed by hand. Queues and feeds only wake workers early; what they lose, the sweeper finds. It is
// called every minute by the sweep function's schedule.
package sweep

import (
	"context"
	"errors"
	"time"

	"accord/shared/accesslog"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/dispatch"
	"accord/shared/ledger"
	"accord/shared/usage"
)

// Grace is how long a due may be overdue before it is swept up: its own message is usually under way. One
// that was planned for this moment, a key, and an urgent email tried before have none under way, or are not
// waited for.
const Grace = 5 * time.Minute

// forgotten says whether a due that is overdue is to be swept up.
func forgotten(d aup.Due, now time.Time) bool {
	pressing := d.Planned() || d.Kind == aup.DueKey || d.Urgent && d.Attempts > 0
	return pressing || !d.Next.After(now.Add(-Grace))
}

// Dues lists what is overdue.
type Dues interface {
	Overdue(ctx context.Context, before time.Time, f func(aup.Due) error) error
}

// Dispatch wakes the workers of dues.
type Dispatch interface {
	Dues(ctx context.Context, dues ...aup.Due) error
}

// Windows folds a window again, and judges whose usage changed.
type Windows interface {
	Refold(ctx context.Context, window time.Time) error
}

// Provider is whose history the digests are made in. It is opened by whoever comes first.
type Provider interface {
	OpenProvider(ctx context.Context) error
}

// Keys holds the keys of one directory shard's consumers against the gateway's.
type Keys interface {
	Compare(ctx context.Context, shard int) (differ int, err error)
}

// Sweeper sweeps.
type Sweeper struct {
	Provider Provider
	Dues     Dues
	Dispatch Dispatch
	Windows  Windows
	Keys     Keys
	Now      func() time.Time
}

// Report is what a sweep found.
type Report struct {
	Overdue int `json:"overdue"`
	Windows int `json:"windows"`
	Keys    int `json:"keys,omitempty"` // that are otherwise than the standing has them, and will be looked at
}

// atOnce is how many overdue dues of one queue a sweep wakes at the most; the next sweep, a minute later, finds
// the rest. Each queue has its own count: behind a campaign that is hours long, a key or an urgent email that was
// lost is still found.
const atOnce = 5000

// looksAtOnce is how many looks at keys one sweep wakes at the most. A look asks the gateway once, of which the workers
// of keys may ask 240 things a minute: a suspension never waits longer than half a minute behind looks.
const looksAtOnce = 120

// refolds are how long after its end a window is folded again: when the last lines are there; when what may
// have been a list of every day, or of every night, would have come again (see docs/detectors/crawling.md); and
// when no line of it is taken any more, so that nothing expires that was not rolled up.
var refolds = []time.Duration{10 * time.Minute, audit.Known, 34 * time.Hour, accesslog.MaxAge + time.Hour}

// Sweep wakes the workers of everything overdue, folds the windows whose time has come again, and sees to it
// that the provider's history is open. One failure does not keep the rest from being swept.
func (s Sweeper) Sweep(ctx context.Context) (Report, error) {
	var r Report
	var errs []error
	now := s.Now()
	var overdue []aup.Due
	woken := map[dispatch.Queue]int{}
	errs = append(errs, s.Dues.Overdue(ctx, now.Add(time.Millisecond), func(d aup.Due) error {
		if !forgotten(d, now) {
			return ctx.Err()
		}
		line, most := dispatch.Of(d), atOnce
		if dispatch.Waits(d) {
			line, most = "looks", looksAtOnce
		}
		if woken[line] < most {
			woken[line]++
			overdue = append(overdue, d)
		}
		return ctx.Err()
	}))
	r.Overdue = len(overdue)
	errs = append(errs, s.Dispatch.Dues(ctx, overdue...))
	for _, w := range toRefold(now) {
		r.Windows++
		errs = append(errs, s.Windows.Refold(ctx, w))
	}
	errs = append(errs, s.Provider.OpenProvider(ctx))
	if shard, comes := toCompare(now); comes {
		var err error
		r.Keys, err = s.Keys.Compare(ctx, shard)
		errs = append(errs, err)
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

// comparing is how often a directory shard is compared with the gateway's keys: each of them twice a day, so that
// a sweep that was missed is made up for within half a day.
const comparing = 24 * 60 / (2 * ledger.Shards) // minutes

// toCompare is the shard whose turn it is at the moment now, if it is one's.
func toCompare(now time.Time) (shard int, comes bool) {
	minute := now.UTC().Hour()*60 + now.UTC().Minute()
	return minute / comparing % ledger.Shards, minute%comparing == 0
}
