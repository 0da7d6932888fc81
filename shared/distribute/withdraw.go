package distribute

import (
	"context"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// takeBack takes a withdrawn version back from one consumer, tells it, and binds it to the version that
// stands instead, if that one was never issued to it.
func (d Distributor) takeBack(ctx context.Context, id aup.ConsumerID, w ledger.Withdrawal, policy aup.PolicyID) error {
	cause := fmt.Sprintf("version-withdrawn#%s#%d", policy, w.Version)
	r, err := d.Ledger.Append(ctx, id, cause, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		if s.Policy != policy || s.State == aup.HasEnded || s.Issue(w.Version) == nil {
			return nil, nil
		}
		cases, err := d.closed(ctx, s, w.Version, "version withdrawn")
		return &ledger.Entry{Fact: aup.VersionWithdrawn{Version: w.Version, Reason: w.Reason}, Actor: w.Actor, Cases: cases,
			Notices: ToContacts(s, aup.Notice{Kind: aup.WithdrawnNotice, Policy: policy})}, err
	})
	if err != nil || r.Event.Seq == 0 {
		return err
	}
	v, err := d.Ledger.Latest(ctx, policy)
	if errors.Is(err, ledger.ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Issue(ctx, id, v)
}

// closed are the records of the cases about a version, closed with it.
func (d Distributor) closed(ctx context.Context, s aup.Standing, version int, outcome string) (all []aup.Case, err error) {
	for _, id := range []aup.CaseID{aup.DisagreeCase(version), aup.NotAcceptedCase(version)} {
		if s.CaseByID(id) == nil {
			continue
		}
		c, err := d.Ledger.Case(ctx, s.Consumer, id)
		if err != nil {
			return nil, err
		}
		c.State, c.Closed, c.Outcome = aup.CaseClosed, d.Now().UTC(), outcome
		all = append(all, c)
	}
	return all, nil
}
