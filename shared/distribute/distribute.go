// Package distribute says who is owed which notice of a policy, and keeps how each version came to be
// accepted.
//
// A published version lies in the ledger with one due for each directory shard. The distribute function
// works on such a due: it pages through the shard and appends policy-issued for each consumer the
// version binds, with a notice to every contact, in one write each, so that it may stop and resume
// anywhere. A newly registered consumer has a due of its own. The consumer's pages accept explicitly
// (Accept); the usage audit calls ByUse.
package distribute

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Lease of a distribution due, longer than the function's time-out.
const Lease = 3 * time.Minute

// pageSize is how many consumers one message issues to: some hundreds, well within the time-out.
const pageSize = 200

// Distributor issues versions and records acceptances.
type Distributor struct {
	Ledger   *ledger.Ledger
	Now      func() time.Time
	DigestAt time.Duration // after midnight, UTC: when the admins' digest is made; used by Do alone
}

// Do works on one due of kind distribute.
func (d Distributor) Do(ctx context.Context, ref ledger.Ref) error {
	return d.Ledger.Work(ctx, ref, d.Now(), Lease, func(ctx context.Context, due aup.Due) error {
		if due.Step == aup.StepDigest {
			return d.digest(ctx, due)
		}
		if due.Kind == aup.DueDeadline {
			return d.deadline(ctx, due)
		}
		if due.Consumer != "" {
			return d.newcomer(ctx, due)
		}
		return d.page(ctx, due)
	})
}

// newcomer issues the latest version to a consumer just registered. Where none is published yet, the
// first publication will find the consumer in the directory.
func (d Distributor) newcomer(ctx context.Context, due aup.Due) error {
	v, err := d.Ledger.Latest(ctx, due.Policy)
	if err == nil {
		err = d.Issue(ctx, due.Consumer, v)
	}
	if err != nil && !errors.Is(err, ledger.ErrUnknown) {
		return err
	}
	return d.Ledger.Done(ctx, due)
}

// page issues a version to the next consumers of a shard, or takes it back from them.
func (d Distributor) page(ctx context.Context, due aup.Due) error {
	each, err := d.each(ctx, due)
	if err != nil {
		return err
	}
	if each == nil {
		return d.Ledger.Done(ctx, due)
	}
	var failed []error
	next, err := d.Ledger.Consumers(ctx, due.Shard, due.Cursor, pageSize, func(id aup.ConsumerID) error {
		if err := each(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("consumer %s: %w", id, err))
		}
		return ctx.Err()
	})
	if err := errors.Join(append(failed, err)...); err != nil {
		return err
	}
	if next == "" {
		return d.Ledger.Done(ctx, due)
	}
	return d.Ledger.Continue(ctx, due, d.Now(), next)
}

// each is what a distribution does with one consumer; nil when there is nothing to do, since the version
// was withdrawn meanwhile.
func (d Distributor) each(ctx context.Context, due aup.Due) (func(context.Context, aup.ConsumerID) error, error) {
	w, err := d.Ledger.Withdrawal(ctx, due.Policy, due.Version)
	switch {
	case err != nil && !errors.Is(err, ledger.ErrUnknown):
		return nil, err
	case due.Step == aup.StepWithdraw:
		return func(ctx context.Context, id aup.ConsumerID) error { return d.takeBack(ctx, id, w, due.Policy) }, err
	case err == nil:
		return nil, nil
	case due.Step == aup.StepResend:
		return func(ctx context.Context, id aup.ConsumerID) error { return d.resend(ctx, id, due) }, nil
	}
	v, err := d.Ledger.Version(ctx, due.Policy, due.Version)
	return func(ctx context.Context, id aup.ConsumerID) error { return d.Issue(ctx, id, v) }, err
}

// Issue binds one consumer to a version and owes it the notices. A consumer of another policy, one that
// ended, and one that has this version or a later one already are left as they are. One whose agreements
// rest on what the version changes waits for an admin (Release).
func (d Distributor) Issue(ctx context.Context, id aup.ConsumerID, v aup.Version) error {
	agreements, err := d.Ledger.Agreements(ctx, id)
	if err != nil {
		return err
	}
	if len(agreements) > 0 {
		s, err := d.Ledger.Standing(ctx, id)
		if err != nil {
			return err
		}
		t, err := d.Touches(ctx, s, v, agreements)
		if err != nil {
			return err
		}
		if len(t.Agreements) > 0 && s.State != aup.HasEnded {
			return d.hold(ctx, id, v, t)
		}
	}
	now := d.Now()
	_, err = d.Ledger.Append(ctx, id, Cause(v.Policy.ID, v.Number), now, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Policy != v.Policy.ID || s.State == aup.HasEnded || len(s.Issued) > 0 && s.Issued[len(s.Issued)-1].Version >= v.Number {
			return nil, nil
		}
		return issue(s, v, agreements, now), nil
	})
	return err
}

// issue is the entry that binds a consumer to a version.
func issue(s aup.Standing, v aup.Version, agreements []aup.Agreement, now time.Time) *ledger.Entry {
	fact := issued(s, v, now)
	fact.Tailored = aup.Tailor(v, agreements, fact.Applies).Hash
	return &ledger.Entry{Fact: fact, Notices: told(s, v), Dues: asking(s.Consumer, v, fact, now)}
}

// Cause of issuing a version to a consumer: it happens once.
func Cause(policy aup.PolicyID, version int) string {
	return fmt.Sprintf("policy-issued#%s#%d", policy, version)
}

func issued(s aup.Standing, v aup.Version, now time.Time) aup.PolicyIssued {
	f := aup.PolicyIssued{Policy: v.Policy.ID, Version: v.Number, Hash: v.Hash, Applies: v.Applies,
		Mode: v.Policy.Acceptance, ReAccept: v.Policy.ReAccept}
	if n := len(s.Issued); n > 0 {
		before := s.Issued[n-1]
		f.Previous = before.Version
		f.ReAccept = f.ReAccept || before.ReAccept && before.Accepted.IsZero() // what was to be accepted still is
	} else {
		f.Applies, f.ReAccept = now.UTC(), true
	}
	return f
}

// told lists the notices of a version, one to each contact. Where there is no contact, the admins' digest
// says so.
func told(s aup.Standing, v aup.Version) []aup.Notice {
	kind := aup.NewVersion
	if len(s.Issued) == 0 {
		kind = aup.Welcome
	}
	return ToContacts(s, aup.Notice{Kind: kind, Policy: v.Policy.ID, Version: v.Number})
}

// ToContacts makes the same notice for each of a consumer's contacts.
func ToContacts(s aup.Standing, n aup.Notice) []aup.Notice {
	var all []aup.Notice
	for _, c := range s.Contacts {
		n.Contact = c.ID
		all = append(all, n)
	}
	return all
}
