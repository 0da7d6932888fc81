package distribute

import (
	"context"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// ErrNotIssued says that a consumer has no such version, or that it is long past.
var ErrNotIssued = errors.New("it was not issued this version, or it is long past")

// Resent is the entry that has a version's email sent again to some of a consumer's contacts; nil when to none
// of them.
func Resent(ctx context.Context, l *ledger.Ledger, s aup.Standing, version int, whom func(aup.Notice) (bool, error)) (*ledger.Entry, error) {
	issued, err := l.Caused(ctx, s.Consumer, Cause(s.Policy, version))
	f, ok := issued.Fact.(aup.PolicyIssued)
	if errors.Is(err, ledger.ErrUnknown) || err == nil && (!ok || s.Issue(version) == nil) {
		return nil, ErrNotIssued
	}
	if err != nil {
		return nil, err
	}
	n := aup.Notice{Kind: aup.NewVersion, Event: issued.Seq, Policy: s.Policy, Version: version}
	if f.Previous == 0 {
		n.Kind = aup.Welcome
	}
	e, fact := &ledger.Entry{}, aup.NoticeResent{Version: version}
	for _, n := range ToContacts(s, n) {
		is, err := whom(n)
		if err != nil {
			return nil, err
		}
		if is {
			e.Notices, fact.Contacts = append(e.Notices, n), append(fact.Contacts, n.Contact)
		}
	}
	if e.Fact = fact; len(e.Notices) == 0 {
		return nil, nil
	}
	return e, nil
}

// resend sends a version's email again to the contacts of one consumer that the due is about, once for the call
// that asked for it. What is still on its way is not sent a second time.
func (d Distributor) resend(ctx context.Context, id aup.ConsumerID, due aup.Due) error {
	cause := fmt.Sprintf("resend#%s#%s#%d", due.Request, due.Policy, due.Version)
	_, err := d.Ledger.Append(ctx, id, cause, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		i := open(due, s)
		if s.Policy != due.Policy || i == nil || due.To == aup.ToNotAccepted && !i.ReAccept {
			return nil, nil
		}
		e, err := Resent(ctx, d.Ledger, s, due.Version, func(n aup.Notice) (bool, error) {
			reached := !i.Told.IsZero() && !s.Contact(n.Contact).Undelivered
			if reached && due.To == aup.ToNotReceived {
				return false, nil
			}
			return d.sentBefore(ctx, id, n)
		})
		if errors.Is(err, ErrNotIssued) {
			return nil, nil
		}
		return e, err
	})
	return err
}

// sentBefore says whether the email of a version has left, or was never owed to this contact.
func (d Distributor) sentBefore(ctx context.Context, id aup.ConsumerID, n aup.Notice) (bool, error) {
	first, err := d.Ledger.Notice(ctx, id, aup.NoticeID(fmt.Sprintf("%d-%s", n.Event, n.Contact)))
	if errors.Is(err, ledger.ErrUnknown) {
		return true, nil
	}
	return !first.Sent.IsZero(), err
}
