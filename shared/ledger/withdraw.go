package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// Withdrawal says that a version does not come into force. The version itself never changes.
type Withdrawal struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Reason  string    `json:"reason"`
}

func withdrawalKey(id aup.PolicyID, number int) table.Key {
	return table.Key{PK: "policy#" + string(id), SK: fmt.Sprintf("w#%05d", number)}
}

// ErrApplies says that it is too late to withdraw a version.
var ErrApplies = errors.New("this version applies already: publish another one instead")

// settled is after what time no worker is still issuing a version that it had found in place: longer than any
// function's time-out, and than the lease of a page.
const settled = 10 * time.Minute

// Withdraw takes a version back before it applies, and owes it to every consumer that was issued it: at once, and
// once more when everybody has seen it, for those to whom a worker was issuing it just then. Again is the first
// time.
func (l *Ledger) Withdraw(ctx context.Context, id aup.PolicyID, w Withdrawal) error {
	v, err := l.Version(ctx, id, w.Version)
	if err != nil {
		return err
	}
	gone, err := l.Withdrawn(ctx, id, w.Version)
	if gone || err != nil {
		return err
	}
	if !w.At.Before(v.Applies) {
		return ErrApplies
	}
	b := batch{}
	b.put(withdrawalKey(id, w.Version), 1, table.Absent, w)
	for shard := range Shards {
		due := aup.Due{ID: fmt.Sprintf("withdraw.%s.%d.%d", id, w.Version, shard), Kind: aup.DueDistribute, Step: aup.StepWithdraw,
			Policy: id, Version: w.Version, Shard: shard}
		b.owe(due, w.At)
		due.ID, due.Next = due.ID+".again", w.At.Add(settled)
		b.owe(due, w.At)
	}
	if b.err != nil {
		return b.err
	}
	if err := taken(l.t.Write(ctx, b.ops...)); !errors.Is(err, ErrTaken) {
		return err
	}
	_, err = l.Withdrawal(ctx, id, w.Version)
	return err
}

// Withdrawal returns how a version was withdrawn; ErrUnknown when it was not.
func (l *Ledger) Withdrawal(ctx context.Context, id aup.PolicyID, number int) (w Withdrawal, err error) {
	_, err = l.read(ctx, withdrawalKey(id, number), &w)
	return w, named(err, "withdrawal of policy", fmt.Sprintf("%s version %d", id, number))
}

// Withdrawn says whether a version was withdrawn.
func (l *Ledger) Withdrawn(ctx context.Context, id aup.PolicyID, number int) (bool, error) {
	_, err := l.Withdrawal(ctx, id, number)
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	return err == nil, err
}

func (l *Ledger) withdrawals(ctx context.Context, id aup.PolicyID) (map[int]bool, error) {
	gone := map[int]bool{}
	err := each(ctx, l, "policy#"+string(id), "w#", func(w Withdrawal) error {
		gone[w.Version] = true
		return nil
	})
	return gone, err
}
