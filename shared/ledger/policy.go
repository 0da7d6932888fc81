package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// MaxDocument is the most bytes a policy document may have: its text is stored as published and as read,
// in one item of at most 400 KB.
const MaxDocument = 100 << 10

func versionKey(id aup.PolicyID, number int) table.Key {
	return table.Key{PK: "policy#" + string(id), SK: fmt.Sprintf("v#%05d", number)}
}

// Publish stores a policy as the next version and owes its distribution, one due a directory shard. The
// same bytes as the latest version are that version: nothing is stored and fresh is false.
func (l *Ledger) Publish(ctx context.Context, p aup.Policy, document []byte, at time.Time) (v aup.Version, fresh bool, err error) {
	if len(document) > MaxDocument {
		return v, false, fmt.Errorf("the policy has %d bytes, more than %d", len(document), MaxDocument)
	}
	for try := range attempts {
		latest, number, err := l.last(ctx, p.ID)
		if err != nil {
			return v, false, err
		}
		if v = next(number, p, document, at.UTC()); v.Hash == latest.Hash {
			return latest, false, nil
		}
		err = taken(l.t.Write(ctx, publication(v)...))
		if !errors.Is(err, ErrTaken) {
			return v, err == nil, err
		}
		if err := pause(ctx, try); err != nil {
			return v, false, err
		}
	}
	return v, false, ErrConflict
}

// next makes the version that follows the one of a number, which is 0 for the first.
func next(number int, p aup.Policy, document []byte, at time.Time) aup.Version {
	v := aup.Version{Policy: p, Number: number + 1, Hash: aup.Hash(document), Published: at, Applies: p.Effective, Document: document}
	if v.Applies.IsZero() {
		v.Applies = at.Add(p.NoticePeriod)
	}
	if v.Applies.Before(at) {
		v.Applies = at
	}
	return v
}

func publication(v aup.Version) []table.Op {
	b := batch{}
	b.put(versionKey(v.Policy.ID, v.Number), 1, table.Absent, v)
	for shard := range Shards {
		b.owe(aup.Due{ID: fmt.Sprintf("distribute.%s.%d.%d", v.Policy.ID, v.Number, shard), Kind: aup.DueDistribute,
			Policy: v.Policy.ID, Version: v.Number, Shard: shard}, v.Published)
	}
	return b.ops
}

// Preview is the version that publishing would make, without storing it.
func (l *Ledger) Preview(ctx context.Context, p aup.Policy, document []byte, at time.Time) (previous, v aup.Version, err error) {
	previous, number, err := l.last(ctx, p.ID)
	return previous, next(number, p, document, at.UTC()), err
}

// last is the latest version that stands, the zero Version where there is none, and the highest number
// given, which may be of one that was withdrawn.
func (l *Ledger) last(ctx context.Context, id aup.PolicyID) (latest aup.Version, number int, err error) {
	gone, err := l.withdrawals(ctx, id)
	if err != nil {
		return latest, 0, err
	}
	err = l.downwards(ctx, id, func(v aup.Version) bool {
		number = max(number, v.Number)
		latest = v
		return !gone[v.Number]
	})
	if errors.Is(err, ErrUnknown) {
		return aup.Version{}, number, nil
	}
	return latest, number, err
}

// Version returns one version of a policy. It is shared with other callers: nothing in it may be changed.
func (l *Ledger) Version(ctx context.Context, id aup.PolicyID, number int) (aup.Version, error) {
	k := versionKey(id, number)
	if v, ok := l.versions.recall(k); ok {
		return v, nil
	}
	var v aup.Version
	if _, err := l.read(ctx, k, &v); err != nil {
		return v, named(err, "policy", fmt.Sprintf("%s version %d", id, number))
	}
	l.versions.keep(k, v)
	return v, nil
}

// remembered are the versions read last, which every email of a campaign is about. A stored version never
// changes; that it was withdrawn stands elsewhere, and is not remembered.
type remembered struct {
	mu  sync.Mutex
	all map[table.Key]aup.Version
}

// mostRemembered bounds them: with the largest documents, some MB.
const mostRemembered = 8

func (r *remembered) recall(k table.Key) (aup.Version, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.all[k]
	return v, ok
}

func (r *remembered) keep(k table.Key, v aup.Version) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil || len(r.all) >= mostRemembered {
		r.all = map[table.Key]aup.Version{}
	}
	r.all[k] = v
}

// Latest returns the version with the highest number that was not withdrawn, whether or not it applies
// already.
func (l *Ledger) Latest(ctx context.Context, id aup.PolicyID) (v aup.Version, err error) {
	err = l.backwards(ctx, id, func(found aup.Version) bool { v = found; return true })
	return v, err
}

// InForce returns the latest version that applies at the moment at.
func (l *Ledger) InForce(ctx context.Context, id aup.PolicyID, at time.Time) (v aup.Version, err error) {
	err = l.backwards(ctx, id, func(found aup.Version) bool { v = found; return !found.Applies.After(at) })
	return v, err
}

// Versions calls f for every version of a policy, the latest first, with how it was withdrawn, if it was.
// ErrUnknown when there is none.
func (l *Ledger) Versions(ctx context.Context, id aup.PolicyID, f func(aup.Version, *Withdrawal)) error {
	gone := map[int]*Withdrawal{}
	err := each(ctx, l, "policy#"+string(id), "w#", func(w Withdrawal) error {
		gone[w.Version] = &w
		return nil
	})
	if err != nil {
		return err
	}
	some := false
	err = l.downwards(ctx, id, func(v aup.Version) bool {
		some = true
		f(v, gone[v.Number])
		return false
	})
	if some && errors.Is(err, ErrUnknown) {
		return nil
	}
	return err
}

// backwards reads the versions that were not withdrawn, from the latest down until stop; ErrUnknown when it
// never did.
func (l *Ledger) backwards(ctx context.Context, id aup.PolicyID, stop func(aup.Version) bool) error {
	gone, err := l.withdrawals(ctx, id)
	if err != nil {
		return err
	}
	return l.downwards(ctx, id, func(v aup.Version) bool { return !gone[v.Number] && stop(v) })
}

// downwards reads all versions from the latest down until stop; ErrUnknown when it never did.
func (l *Ledger) downwards(ctx context.Context, id aup.PolicyID, stop func(aup.Version) bool) error {
	q := table.Query{PK: "policy#" + string(id), Prefix: "v#", Reverse: true, Limit: 1}
	for {
		page, err := l.t.Query(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			var v aup.Version
			if err := json.Unmarshal(it.Body, &v); err != nil {
				return fmt.Errorf("%s: %w", it.Key, err)
			}
			if stop(v) {
				return nil
			}
		}
		if page.Next == "" {
			return named(ErrUnknown, "policy", string(id))
		}
		q.After = page.Next
	}
}
