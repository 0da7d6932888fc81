package judge

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/table"
)

// reserve is how much of the time that a function has left is kept for what comes after the last plan.
const reserve = time.Minute

// run is how far a collection has come. Plans are read in the order of their ids, and each is marked before it
// is read, so that the next run goes on with it: what was stored of it may not have been judged.
type run struct {
	Plan  string `json:"plan"` // being read
	Ended bool   `json:"ended,omitempty"`
}

func runKey(id string) table.Key { return table.Key{PK: auditKey(id).PK, SK: "run"} }

// collect asks GetUsage, plan by plan. After each plan, judged gets the keys to be judged by it: those of which
// something new was stored, or all of them where an earlier run may have stopped before that. It stops when
// there is no time left for another plan.
func (a Audits) collect(ctx context.Context, due aup.Due, r *Result, judged func(metering.Reading)) {
	plans, err := a.plans(ctx, due.Plan)
	r.problem("GetUsage", err)
	before, err := a.lastRun(ctx, due.Audit)
	r.problem("where the last collection ended", err)
	var grown []metering.Growth
	defer func() { r.problem("whether the log has stopped", a.stopped(ctx, grown)) }()
	for i, plan := range plans {
		if !before.Ended && plan.ID < before.Plan {
			continue
		}
		r.problem("plan "+plan.ID, a.mark(ctx, due.Audit, run{Plan: plan.ID}))
		if deadline, has := ctx.Deadline(); has && a.Judge.Now().Add(reserve).After(deadline) {
			r.Unread = len(plans) - i
			r.problem("GetUsage", fmt.Errorf("no time is left for %d of %d plans; the next run goes on with plan %s", r.Unread, len(plans), plan.ID))
			return
		}
		read, err := a.Judge.Meter.CollectPlan(ctx, a.Gateway, plan.ID, a.Judge.Now(), collectedDays)
		r.problem("GetUsage", err)
		if !before.Ended && plan.ID == before.Plan {
			read.Changed = read.Keys
		}
		r.Keys, grown = r.Keys+len(read.Keys), append(grown, read.Grown...)
		if due.Audit == scheduled {
			a.owners(ctx, r, read.Changed)
		} else {
			a.owners(ctx, r, read.Keys)
		}
		judged(read)
	}
	r.problem("where the collection ended", a.mark(ctx, due.Audit, run{Ended: true}))
}

// plans are those to be read, in the order of their ids.
func (a Audits) plans(ctx context.Context, only string) ([]metering.Plan, error) {
	if only != "" {
		return []metering.Plan{{ID: only}}, nil
	}
	plans, err := a.Gateway.Plans(ctx)
	slices.SortFunc(plans, func(x, y metering.Plan) int { return cmp.Compare(x.ID, y.ID) })
	return plans, err
}

func (a Audits) lastRun(ctx context.Context, id string) (last run, err error) {
	it, err := a.Usage.Get(ctx, runKey(id))
	if errors.Is(err, table.ErrNotFound) {
		return run{Ended: true}, nil
	}
	if err != nil {
		return run{Ended: true}, err
	}
	return last, json.Unmarshal(it.Body, &last)
}

func (a Audits) mark(ctx context.Context, id string, is run) error {
	body, err := json.Marshal(is)
	if err != nil {
		return err
	}
	return a.Usage.Write(ctx, table.Put(table.Item{Key: runKey(id), V: 1, TTL: a.Judge.Now().Add(auditsKept).Unix(), Body: body}, table.Any))
}

// owners makes sure that keys belong to consumers, and lists those that do not.
func (a Audits) owners(ctx context.Context, r *Result, keys []aup.KeyID) {
	for _, key := range keys {
		if a.Onboard != nil {
			err := a.Onboard(ctx, key)
			if r.problem("key "+string(key), err); err == nil {
				continue
			}
		}
		_, err := a.Judge.Ledger.ConsumerOf(ctx, key)
		if errors.Is(err, ledger.ErrUnknown) {
			r.problem("key "+string(key), a.nobodys(ctx, r, key))
		}
	}
}

// KeyTraffic is what a key did on the days an audit asked about that belongs to no consumer. The key "" stands
// for all calls without one.
type KeyTraffic struct {
	Key     aup.KeyID `json:"key"`
	Logged  int64     `json:"logged"`
	Gateway int64     `json:"gateway"`
}

func (a Audits) nobodys(ctx context.Context, r *Result, key aup.KeyID) error {
	now := a.Judge.Now()
	days, err := a.Judge.Meter.Days(ctx, key, now.AddDate(0, 0, 1-collectedDays), now.AddDate(0, 0, 1))
	t := KeyTraffic{Key: key}
	for _, d := range days {
		gateway, _ := d.GatewayTotal()
		t.Logged, t.Gateway = t.Logged+d.Counts().Requests, t.Gateway+gateway
	}
	known := slices.ContainsFunc(r.Nobodys, func(o KeyTraffic) bool { return o.Key == key })
	if t.Logged+t.Gateway > 0 && !known {
		r.Nobodys = append(r.Nobodys, t)
	}
	return err
}

// strays lists the keys that the log alone tells of: no usage plan has them, and no consumer.
func (a Audits) strays(ctx context.Context, r *Result) error {
	now := a.Judge.Now()
	keys, err := a.Judge.Meter.Strays(ctx, now.AddDate(0, 0, 1-collectedDays), now)
	if err != nil {
		return err
	}
	for _, key := range keys {
		_, err := a.Judge.Ledger.ConsumerOf(ctx, key)
		if errors.Is(err, ledger.ErrUnknown) {
			err = a.nobodys(ctx, r, key)
		}
		r.problem("key "+string(key), err)
	}
	return nil
}

// keysOwners are the consumers that some keys belong to, in order.
func (a Audits) keysOwners(ctx context.Context, r *Result, keys []aup.KeyID) []aup.ConsumerID {
	ids := map[aup.ConsumerID]bool{}
	for _, key := range keys {
		id, err := a.Judge.Ledger.ConsumerOf(ctx, key)
		switch {
		case err == nil:
			ids[id] = true
		case !errors.Is(err, ledger.ErrUnknown):
			r.problem("key "+string(key), err)
		}
	}
	return slices.Sorted(maps.Keys(ids))
}
