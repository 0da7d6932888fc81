// Package pages is what the consumer's pages read and change: the policy that binds whoever followed a
// link, what is known of them, and what they accept, answer and ask. It implements web.Record over the
// ledger and the meter; the consumer-pages function and the local stack put it behind package web.
//
// A link's secret stands for one contact of one consumer (ledger.Token): nothing here takes the consumer
// from anything else a request says.
package pages

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/usage"
	"accord/shared/web"
)

// shownDays is how many days of usage the page shows.
const shownDays = 7

// Desk reads and changes what the pages show.
type Desk struct {
	Ledger      *ledger.Ledger
	Meter       *metering.Meter
	Distributor distribute.Distributor
	Now         func() time.Time
}

var _ web.Record = Desk{}

// Published returns the standard text in force, or the first one while it is still to come.
func (d Desk) Published(ctx context.Context, id aup.PolicyID) (aup.Version, error) {
	v, err := d.Ledger.InForce(ctx, id, d.Now())
	if errors.Is(err, ledger.ErrUnknown) {
		v, err = d.Ledger.Latest(ctx, id)
	}
	return v, unknown(err)
}

// Open returns what the page of a link shows: the policy, and to whom a code was sent the rest.
func (d Desk) Open(ctx context.Context, p web.Pass) (web.Visit, error) {
	t, err := d.Ledger.Link(ctx, p.Link, d.Now())
	if err != nil {
		return web.Visit{}, unknown(err)
	}
	v := web.Visit{Expires: t.Expires}
	if _, err := d.session(ctx, t, p); err == nil {
		v.Entered = true
	} else if !errors.Is(err, web.ErrNotEntered) {
		return v, err
	}
	if v.Standing, err = d.Ledger.Standing(ctx, t.Consumer); err != nil {
		return v, unknown(err)
	}
	if v.Consumer, err = d.Ledger.Profile(ctx, t.Consumer); err != nil {
		return v, err
	}
	if v.Contact, err = d.Ledger.Contact(ctx, t.Consumer, t.Contact); err != nil {
		return web.Visit{}, unknown(err)
	}
	if err := d.policy(ctx, &v); err != nil {
		return v, err
	}
	if !v.Entered {
		return v, nil
	}
	return v, d.record(ctx, &v)
}

// policy fills in the latest version issued, as it binds the consumer, and the one before it.
func (d Desk) policy(ctx context.Context, v *web.Visit) error {
	issued := v.Standing.Issued
	if len(issued) == 0 {
		return nil
	}
	latest, err := d.Ledger.Version(ctx, v.Standing.Policy, issued[len(issued)-1].Version)
	if err != nil {
		return err
	}
	agreements, err := d.Ledger.Agreements(ctx, v.Standing.Consumer)
	if err != nil {
		return err
	}
	v.Policy = aup.Tailor(latest, agreements, d.Now())
	if v.Terms, err = d.terms(ctx, v, agreements); err != nil {
		return err
	}
	if len(issued) < 2 {
		return nil
	}
	previous, err := d.Ledger.Version(ctx, v.Standing.Policy, issued[len(issued)-2].Version)
	v.Previous = &previous
	return err
}

// terms are those that bind the consumer now: its latest version may be for a later day.
func (d Desk) terms(ctx context.Context, v *web.Visit, agreements []aup.Agreement) (aup.Terms, error) {
	i, ok := v.Standing.InForce(d.Now())
	if !ok || i.Version == v.Policy.Version.Number {
		return v.Policy.Terms, nil
	}
	now, err := d.Ledger.Version(ctx, v.Standing.Policy, i.Version)
	return aup.Tailor(now, agreements, d.Now()).Terms, err
}

// record fills in the open cases, the history and the usage.
func (d Desk) record(ctx context.Context, v *web.Visit) error {
	for _, ref := range v.Standing.Cases {
		c, err := d.Ledger.Case(ctx, v.Standing.Consumer, ref.ID)
		if err != nil {
			return err
		}
		v.Cases = append(v.Cases, c)
	}
	var err error
	if v.History, err = d.Ledger.Events(ctx, v.Standing.Consumer); err != nil {
		return err
	}
	v.Usage, err = d.usage(ctx, v.Standing)
	return err
}

// usage sums the keys' days.
func (d Desk) usage(ctx context.Context, s aup.Standing) ([]usage.Day, error) {
	now := d.Now()
	byDate := map[string][]usage.Day{}
	for _, k := range s.Keys {
		days, err := d.Meter.Days(ctx, k.ID, now.AddDate(0, 0, 1-shownDays), now.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			byDate[day.Date] = append(byDate[day.Date], day)
		}
	}
	var sums []usage.Day
	for _, date := range slices.Sorted(maps.Keys(byDate)) {
		sums = append(sums, usage.MergeDays(byDate[date]...))
	}
	return sums, nil
}

func unknown(err error) error {
	if errors.Is(err, ledger.ErrUnknown) {
		return web.ErrNotFound
	}
	return err
}
