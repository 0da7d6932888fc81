package admin

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/ledger"
	"accord/shared/usage"
)

// The bounds of a rehearsal.
const (
	rehearsedDays = 7
	mostDays      = 28
	rehearsalTime = 25 * time.Second // of the function's 50
	listedChanges = 200
)

// Rehearsal is what a draft would have done with the usage that is stored, compared with the version that
// binds each consumer now: as if both were told, and enforced.
type Rehearsal struct {
	From      string                  `json:"from"` // the first day
	To        string                  `json:"to"`
	Judged    int                     `json:"judged"`              // consumers
	NotJudged int                     `json:"notJudged,omitempty"` // time ran out, or their usage could not be read: ask for fewer days, or use accord backtest
	Problems  []string                `json:"problems,omitempty"`  // why, the first few
	Counts    map[backtest.Change]int `json:"counts"`
	Changes   []Rehearsed             `json:"changes"`
	More      int                     `json:"more,omitempty"` // changes that are not listed
}

// Rehearsed is what changes for one consumer.
type Rehearsed struct {
	Consumer  aup.ConsumerID  `json:"consumer"`
	Change    backtest.Change `json:"change"`
	Before    aup.Level       `json:"before"`
	After     aup.Level       `json:"after"`
	Date      string          `json:"date"` // of the decision that makes the difference
	Clause    aup.ClauseID    `json:"clause"`
	Reason    string          `json:"reason"`
	Protected bool            `json:"protected,omitempty"` // a suspension would wait for people
}

// rehearse judges the stored usage of everyone that a draft would bind, for as long as there is time.
func (d Desk) rehearse(ctx context.Context, draft aup.Version, days int) (*Rehearsal, error) {
	if d.Meter == nil {
		return nil, nil
	}
	if days = cmp.Or(days, rehearsedDays); days < 1 || days > mostDays {
		return nil, errors.New("days: give 1 to 28, or leave it out for 7")
	}
	now := d.Now().UTC()
	from := now.Truncate(24*time.Hour).AddDate(0, 0, 1-days)
	r := &Rehearsal{From: usage.DateOf(from), To: usage.DateOf(now), Counts: map[backtest.Change]int{}, Changes: []Rehearsed{}}
	populations, err := d.populations(ctx, from, now)
	if err != nil {
		return nil, err
	}
	err = d.Ledger.Listings(ctx, func(id aup.ConsumerID, l ledger.Listing) error {
		switch {
		case l.Policy != draft.Policy.ID || l.State == aup.HasEnded:
			return nil
		case d.Now().Sub(now) > rehearsalTime:
			r.NotJudged++
			return nil
		}
		if err := d.rehearseOne(ctx, r, id, draft, rehearsal{from, now, populations}); err != nil {
			if r.NotJudged++; len(r.Problems) < 5 {
				r.Problems = append(r.Problems, string(id)+": "+err.Error())
			}
		}
		return ctx.Err()
	})
	r.sort()
	return r, err
}

// rehearsal is the stretch that is judged, and what all keys asked for in it.
type rehearsal struct {
	from, now   time.Time
	populations map[string]usage.Population
}

func (d Desk) populations(ctx context.Context, from, now time.Time) (map[string]usage.Population, error) {
	all := map[string]usage.Population{}
	for day := from.AddDate(0, 0, -1); day.Before(now); day = day.AddDate(0, 0, 1) {
		p, err := d.Meter.Population(ctx, usage.DateOf(day))
		if err != nil {
			return nil, err
		}
		all[usage.DateOf(day)] = p
	}
	return all, nil
}

// rehearseOne judges one consumer's usage, if a version binds it.
func (d Desk) rehearseOne(ctx context.Context, r *Rehearsal, id aup.ConsumerID, draft aup.Version, over rehearsal) error {
	s, err := d.Ledger.Standing(ctx, id)
	if err != nil {
		return err
	}
	issue, bound := s.InForce(over.now)
	if !bound {
		return nil
	}
	c, err := d.rehearsed(ctx, s, issue.Version, draft, over)
	if err == nil {
		r.Judged++
		r.add(s, c)
	}
	return err
}

func (d Desk) rehearsed(ctx context.Context, s aup.Standing, bound int, draft aup.Version, over rehearsal) (backtest.Consumer, error) {
	before, err := d.Ledger.Version(ctx, s.Policy, bound)
	if err != nil {
		return backtest.Consumer{}, err
	}
	agreements, err := d.Ledger.Agreements(ctx, s.Consumer)
	if err != nil {
		return backtest.Consumer{}, err
	}
	u := backtest.Stored{Consumer: s.Consumer, Uses: s.Uses, Keys: map[aup.KeyID][]usage.Day{}, Populations: over.populations}
	if !s.Settled.IsZero() {
		u.Since = usage.WindowOf(s.Settled).Add(usage.Window)
	}
	for _, k := range s.Keys {
		if u.Keys[k.ID], err = d.Meter.Days(ctx, k.ID, over.from.AddDate(0, 0, -backtest.KeptDays), over.now.AddDate(0, 0, 1)); err != nil {
			return backtest.Consumer{}, err
		}
	}
	cfg := backtest.Config{Policy: draft, Agreements: agreements, Against: &backtest.Rules{Policy: before, Agreements: agreements}}
	return backtest.JudgeStored(cfg, u, over.from, over.now), nil
}

func (r *Rehearsal) add(s aup.Standing, c backtest.Consumer) {
	if c.Change == backtest.Same {
		return
	}
	r.Counts[c.Change]++
	change := Rehearsed{Consumer: s.Consumer, Change: c.Change, Before: c.Before.Level, After: c.Level, Protected: s.Protected}
	decisions := c.Decisions
	if c.Change == backtest.NoLongerSuspended || c.Change == backtest.NoLongerContacted {
		decisions = c.Before.Decisions
	}
	if n := len(decisions); n > 0 {
		last := decisions[n-1]
		change.Date, change.Clause, change.Reason = usage.DateOf(last.At), last.Clause, last.Reason
	}
	r.Changes = append(r.Changes, change)
}

// sort puts what weighs most first, and cuts the list.
func (r *Rehearsal) sort() {
	slices.SortFunc(r.Changes, func(a, b Rehearsed) int {
		return cmp.Or(cmp.Compare(weight(b.Change), weight(a.Change)), cmp.Compare(a.Consumer, b.Consumer))
	})
	if r.More = len(r.Changes) - listedChanges; r.More < 0 {
		r.More = 0
	}
	r.Changes = r.Changes[:len(r.Changes)-r.More]
}

func weight(c backtest.Change) int {
	return slices.Index([]backtest.Change{backtest.NoLongerContacted, backtest.NoLongerSuspended, backtest.ContactedElsewhere, backtest.NewlyContacted, backtest.NewlySuspended}, c)
}
