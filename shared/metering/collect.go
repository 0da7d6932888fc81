package metering

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// Gateway is what API Gateway knows of usage. Its implementation pages, and keeps to the rate it may ask at.
type Gateway interface {
	// Plans returns all usage plans.
	Plans(ctx context.Context) ([]Plan, error)

	// Usage returns what each key of a plan used on each day from from to until, both included. A key's
	// list is in the order of days and starts with from. A key may be missing and its list may be short:
	// nothing is known of those days.
	Usage(ctx context.Context, plan string, from, until time.Time) (map[aup.KeyID][]DayUsage, error)
}

// Plan is a usage plan.
type Plan struct{ ID, Name string }

// DayUsage is a key's usage of one plan on one day. The two need not add up to the plan's quota.
type DayUsage struct{ Used, Remaining int64 }

// GatewayLag is how long after a day its figure is taken to be complete: GetUsage is known to lag by up
// to 40 minutes.
const GatewayLag = time.Hour

// Collected says what Collect did.
type Collected struct {
	Plans int // asked for successfully
	Keys  int // lists read
	Days  int // days stored anew
}

// Collect asks for the last days, today included, of every plan and overwrites what is stored of them.
// One plan's or one key's failure does not stop the others.
func (m *Meter) Collect(ctx context.Context, g Gateway, now time.Time, days int) (Collected, error) {
	var c Collected
	plans, err := g.Plans(ctx)
	if err != nil {
		return c, fmt.Errorf("collect usage: list the plans: %w", err)
	}
	var failed []error
	for _, plan := range plans {
		r, err := m.CollectPlan(ctx, g, plan.ID, now, days)
		if r.Read {
			c.Plans++
		}
		c.Keys, c.Days, failed = c.Keys+len(r.Keys), c.Days+r.Days, append(failed, err)
	}
	return c, errors.Join(failed...)
}

// Reading says what CollectPlan read and did.
type Reading struct {
	Read    bool        // the plan was asked successfully
	Keys    []aup.KeyID // that it told of, in order
	Changed []aup.KeyID // those of which a day was stored anew: judge these
	Days    int         // days stored anew
	Grown   []Growth    // what was used since earlier readings
}

// Growth is by how much one figure of today grew. Its calls were made at most GatewayLag before Since, or later.
type Growth struct {
	Calls int64
	Since time.Time // when the figure before it was read
}

// CollectPlan does for one plan what Collect does.
func (m *Meter) CollectPlan(ctx context.Context, g Gateway, plan string, now time.Time, days int) (Reading, error) {
	until := now.UTC().Truncate(24 * time.Hour)
	from := until.AddDate(0, 0, 1-max(days, 1))
	lists, err := g.Usage(ctx, plan, from, until)
	if err != nil {
		return Reading{}, fmt.Errorf("collect usage of plan %s: %w", plan, err)
	}
	r := Reading{Read: true, Keys: slices.Sorted(maps.Keys(lists))}
	var failed []error
	for _, key := range r.Keys {
		stored, err := m.collectKey(ctx, plan, key, lists[key], from, now, &r)
		if r.Days += stored; stored > 0 {
			r.Changed = append(r.Changed, key)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("collect usage of plan %s, key %q: %w", plan, key, err))
		}
	}
	return r, errors.Join(failed...)
}

// collectKey stores one key's list, which starts at the day from, and notes how much today's figure grew.
func (m *Meter) collectKey(ctx context.Context, plan string, key aup.KeyID, list []DayUsage, from, now time.Time, r *Reading) (stored int, err error) {
	if from.AddDate(0, 0, len(list)-1).After(now) {
		return 0, fmt.Errorf("%d days were answered from %s on: more than were asked for, so that none can be told", len(list), usage.DateOf(from))
	}
	var failed []error
	for i, d := range list {
		date := usage.DateOf(from.AddDate(0, 0, i))
		if d.Used < 0 {
			failed = append(failed, fmt.Errorf("%s: used %d", date, d.Used))
			continue
		}
		changed, before, err := m.collectDay(ctx, plan, key, date, d.Used, now)
		if changed && date == usage.DateOf(now) && !before.At.IsZero() && d.Used > before.Used {
			r.Grown = append(r.Grown, Growth{d.Used - before.Used, before.At})
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", date, err))
		}
		if changed {
			stored++
		}
	}
	return stored, errors.Join(failed...)
}

func (m *Meter) collectDay(ctx context.Context, plan string, key aup.KeyID, date string, used int64, now time.Time) (changed bool, before usage.Reading, err error) {
	for range maxTries {
		day, item, err := m.day(ctx, key, date)
		if err != nil {
			return false, before, err
		}
		before = day.Gateway[plan]
		if !collect(&day, plan, used, now) {
			return false, before, nil
		}
		lost, _, err := m.replaceDay(ctx, item, day)
		if err != nil || !lost {
			return err == nil, before, err
		}
	}
	return false, before, errBusy
}

// collect sets a plan's figure; it answers false when that would tell nothing new: no usage of a key that
// nothing is known of, the same figure with the same certainty, or a reading older than the one there.
func collect(day *usage.Day, plan string, used int64, now time.Time) bool {
	before, known := day.Gateway[plan]
	switch {
	case before.At.After(now):
		return false
	case !known && used == 0 && len(day.Windows) == 0:
		return false
	case known && before.Used == used && over(day.Date, before.At) == over(day.Date, now):
		return false
	}
	day.Read(plan, usage.Reading{Used: used, At: now.UTC()})
	return true
}

// complete says whether every plan was read when the day was over.
func complete(day usage.Day) bool {
	for _, r := range day.Gateway {
		if !over(day.Date, r.At) {
			return false
		}
	}
	return true
}

// over says whether a day was over at the moment at, and GetUsage's lag with it.
func over(day string, at time.Time) bool {
	date, err := time.Parse(usage.DateLayout, day)
	return err == nil && !at.Before(date.AddDate(0, 0, 1).Add(GatewayLag))
}
