package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Keys      int              `json:"keys"`               // that GetUsage told of
	Unread    int              `json:"unread,omitempty"`   // plans for which no time was left: the next run goes on with them
	Consumers []AuditedVerdict `json:"consumers"`          // who was judged
	Problems  []string         `json:"problems,omitempty"` // what could not be read or judged

	// What belongs together and does not: see docs/deploy.md.
	Nobodys     []KeyTraffic     `json:"nobodys,omitempty"`     // keys that belong to no consumer, in a usage plan or in the log alone, and the calls without a key
	WithoutKeys []aup.ConsumerID `json:"withoutKeys,omitempty"` // only in an audit of all
	Omitted     int              `json:"omitted,omitempty"`     // consumers of whom nothing was found, for whom the answer has no room
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

// audit does what it can, and says in the result what it could not. One plan's audit is about the consumers
// whose keys GetUsage names in it.
func (a Audits) audit(ctx context.Context, due aup.Due) Result {
	r := Result{ID: due.Audit, Asked: due.Created, Consumers: []AuditedVerdict{}}
	a.collect(ctx, due, &r, func(read metering.Reading) {
		switch {
		case due.Plan != "":
			a.judge(ctx, &r, a.keysOwners(ctx, &r, read.Keys)...)
		case due.Audit == scheduled:
			a.judge(ctx, &r, a.keysOwners(ctx, &r, read.Changed)...)
		}
	})
	if due.Plan == "" && due.Audit != scheduled {
		r.problem("the directory", a.each(ctx, due, func(id aup.ConsumerID) {
			a.judge(ctx, &r, id)
			if s, err := a.Judge.Ledger.Standing(ctx, id); err == nil && len(s.Keys) == 0 && s.State != aup.HasEnded {
				r.WithoutKeys = append(r.WithoutKeys, id)
			}
		}))
		if due.Consumer == "" {
			r.problem("keys of nobody", a.strays(ctx, &r))
		}
	}
	if due.Consumer == "" {
		r.problem("calls without a key", a.nobodys(ctx, &r, ""))
	}
	r.Done = a.Judge.Now().UTC()
	return r
}

// judge judges consumers; of one with keys in several plans the last verdict counts.
func (a Audits) judge(ctx context.Context, r *Result, ids ...aup.ConsumerID) {
	for _, id := range ids {
		v, err := a.Judge.Consumer(ctx, id)
		r.problem("consumer "+string(id), err)
		is := Audited(id, v)
		if i := slices.IndexFunc(r.Consumers, func(o AuditedVerdict) bool { return o.Consumer == id }); i >= 0 {
			r.Consumers[i] = is
		} else {
			r.Consumers = append(r.Consumers, is)
		}
	}
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

// maxResult is the most bytes of a result that is kept: an item has 400 KB.
const maxResult = 300 << 10

// keep stores a result. Where it is too long for one item, consumers of whom nothing was found are counted only,
// and then the last of the others.
func (a Audits) keep(ctx context.Context, r Result) error {
	body, err := json.Marshal(r)
	for err == nil && len(body) > maxResult {
		some := slices.DeleteFunc(slices.Clone(r.Consumers), func(v AuditedVerdict) bool { return len(v.Findings)+len(v.Covered) == 0 })
		if len(some) == len(r.Consumers) {
			some = some[:len(some)/2]
		}
		r.Omitted += len(r.Consumers) - len(some)
		r.Consumers, r.Problems, r.Nobodys = some, first(r.Problems), first(r.Nobodys)
		r.WithoutKeys = first(r.WithoutKeys)
		body, err = json.Marshal(r)
	}
	if err != nil {
		return err
	}
	return a.Usage.Write(ctx, table.Put(table.Item{Key: auditKey(r.ID), V: 1, TTL: r.Done.Add(auditsKept).Unix(), Body: body}, table.Any))
}

func first[T any](list []T) []T { return list[:min(len(list), 500)] }

// Result reads the result of an audit; ledger.ErrUnknown while there is none.
func (a Audits) Result(ctx context.Context, id string) (json.RawMessage, error) {
	it, err := a.Usage.Get(ctx, auditKey(id))
	if errors.Is(err, table.ErrNotFound) {
		return nil, ledger.ErrUnknown
	}
	return it.Body, err
}

// scheduled is the id of the audit that nobody asked for: no caller's id has a dot.
const scheduled = ".scheduled"

// Scheduled collects GetUsage and judges those by it whose figures changed: what volume is judged by where there
// is no log subscription, and what shows a gap where there is. What it has no time for, the next one begins with.
func (a Audits) Scheduled(ctx context.Context) (Result, error) {
	r := a.audit(ctx, aup.Due{Audit: scheduled, Created: a.Judge.Now().UTC()})
	for _, p := range r.Problems {
		return r, fmt.Errorf("%d problems, the first: %s", len(r.Problems), p)
	}
	return r, nil
}
