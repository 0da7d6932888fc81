package judge

import (
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

// AuditLease is longer than the time-out of the function that makes audits.
const AuditLease = 6 * time.Minute

// auditsKept is for how long the result of an audit can be read.
const auditsKept = 30 * 24 * time.Hour

// collectedDays is how many days an audit asks GetUsage about: yesterday's figure may still have been late.
const collectedDays = 2

// Result of an audit that was asked for.
type Result struct {
	ID        string           `json:"id"`
	Asked     time.Time        `json:"asked"`
	Done      time.Time        `json:"done"`
	Keys      int              `json:"keys"`               // whose GetUsage figure was stored
	Consumers []AuditedVerdict `json:"consumers"`          // who was judged
	Problems  []string         `json:"problems,omitempty"` // what could not be read or judged
}

// AuditedVerdict is what an audit found about one consumer.
type AuditedVerdict struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Level    aup.Level      `json:"level"`
	Action   string         `json:"action"`
	Reason   string         `json:"reason,omitempty"`
	Findings []aup.Finding  `json:"findings,omitempty"`
	Covered  []aup.Finding  `json:"covered,omitempty"`
}

// Audits makes the audits that were asked for: GetUsage is collected, then the consumers are judged.
type Audits struct {
	Judge   Judge
	Gateway metering.Gateway
	Usage   table.Table                                  // where results are kept
	Onboard func(ctx context.Context, k aup.KeyID) error // makes sure that a key belongs to a consumer; nil: leave it
}

func auditKey(id string) table.Key { return table.Key{PK: "audit#" + id, SK: "audit"} }

// Do works on one due of kind audit: the second judgement of a suspension, or an audit that was asked for.
func (a Audits) Do(ctx context.Context, ref ledger.Ref) error {
	j := a.Judge
	return j.Ledger.Work(ctx, ref, j.Now(), AuditLease, func(ctx context.Context, due aup.Due) error {
		if due.Step == aup.StepConfirm {
			if _, err := j.Consumer(ctx, due.Consumer); err != nil {
				return err
			}
			return j.Ledger.Done(ctx, due)
		}
		r := a.audit(ctx, due)
		if err := a.keep(ctx, r); err != nil {
			return err
		}
		return j.Ledger.Done(ctx, due)
	})
}

// audit does what it can, and says in the result what it could not.
func (a Audits) audit(ctx context.Context, due aup.Due) Result {
	j := a.Judge
	r := Result{ID: due.Audit, Asked: due.Created, Consumers: []AuditedVerdict{}}
	seen := &witness{Gateway: a.Gateway, keys: map[aup.KeyID]bool{}}
	collected, err := j.Meter.Collect(ctx, seen, j.Now(), collectedDays)
	r.Keys = collected.Keys
	r.problem("GetUsage", err)
	for _, key := range slices.Sorted(maps.Keys(seen.keys)) {
		if a.Onboard != nil {
			r.problem("key "+string(key), a.Onboard(ctx, key))
		}
	}
	r.problem("the directory", a.each(ctx, due, func(id aup.ConsumerID) {
		v, err := j.Consumer(ctx, id)
		r.problem("consumer "+string(id), err)
		r.Consumers = append(r.Consumers, Audited(id, v))
	}))
	r.Done = j.Now().UTC()
	return r
}

// witness is a gateway that remembers the keys it told of: CloudTrail may have lost the event of a new one.
type witness struct {
	metering.Gateway
	keys map[aup.KeyID]bool
}

func (w *witness) Usage(ctx context.Context, plan string, from, until time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	used, err := w.Gateway.Usage(ctx, plan, from, until)
	for key := range used {
		w.keys[key] = true
	}
	return used, err
}

func (r *Result) problem(what string, err error) {
	if err != nil {
		r.Problems = append(r.Problems, fmt.Sprintf("%s: %v", what, err))
	}
}

// each names the consumers an audit is about: one, or all.
func (a Audits) each(ctx context.Context, due aup.Due, f func(aup.ConsumerID)) error {
	if due.Consumer != "" {
		f(due.Consumer)
		return nil
	}
	for shard := range ledger.Shards {
		_, err := a.Judge.Ledger.Consumers(ctx, shard, "", 0, func(id aup.ConsumerID) error {
			f(id)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Audited is a verdict as an answer tells it.
func Audited(id aup.ConsumerID, v Verdict) AuditedVerdict {
	a := AuditedVerdict{Consumer: id, Level: v.Assessment.Level, Action: string(v.Decision.Action),
		Reason: v.Assessment.Reason, Findings: v.Findings, Covered: v.Covered}
	if a.Level == "" {
		a.Level, a.Reason = aup.None, "not judged: no policy binds it"
	}
	return a
}

func (a Audits) keep(ctx context.Context, r Result) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return a.Usage.Write(ctx, table.Put(table.Item{Key: auditKey(r.ID), V: 1, TTL: r.Done.Add(auditsKept).Unix(), Body: body}, table.Any))
}

// Result reads the result of an audit; ledger.ErrUnknown while there is none.
func (a Audits) Result(ctx context.Context, id string) (json.RawMessage, error) {
	it, err := a.Usage.Get(ctx, auditKey(id))
	if errors.Is(err, table.ErrNotFound) {
		return nil, ledger.ErrUnknown
	}
	return it.Body, err
}

// Scheduled collects GetUsage and judges everyone by it: what volume is judged by where there is no log
// subscription, and what shows a gap where there is.
func (a Audits) Scheduled(ctx context.Context) (Result, error) {
	r := a.audit(ctx, aup.Due{Audit: "scheduled", Created: a.Judge.Now().UTC()})
	for _, p := range r.Problems {
		return r, fmt.Errorf("%d problems, the first: %s", len(r.Problems), p)
	}
	return r, nil
}
