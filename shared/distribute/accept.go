package distribute

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/usage"
)

// The reasons why an acceptance is refused.
var (
	ErrSuperseded  = errors.New("another version was issued meanwhile")
	ErrWithdrawn   = errors.New("this version was withdrawn")
	ErrNoAuthority = errors.New("this contact may not accept for the organisation")
)

// Acceptance is a person's, on the page.
type Acceptance struct {
	Contact   aup.ContactID
	Notice    aup.NoticeID // whose link was used
	MessageID string       // of that notice
	Code      aup.NoticeID // that brought the code
	Version   int          // the version that was shown
	Page      string       // SHA-256 of what was shown
	By        aup.Acceptor // who it was, as they gave it
}

// Accept records that a person with authority accepted the version that was shown, and owes every
// contact a receipt. Accepting again is the first acceptance.
func (d Distributor) Accept(ctx context.Context, id aup.ConsumerID, a Acceptance) (aup.Event, error) {
	by := a.By.Salted()
	by.Version, by.Contact, by.At = a.Version, a.Contact, d.Now().UTC()
	r, err := d.accept(ctx, id, a.Version, func(s aup.Standing, i aup.Issue) (*aup.Accepted, error) {
		if gone, err := d.Ledger.Withdrawn(ctx, s.Policy, i.Version); gone || err != nil {
			return nil, errors.Join(err, ErrWithdrawn)
		}
		if c := s.Contact(a.Contact); c == nil || c.Role != aup.Authority {
			return nil, ErrNoAuthority
		}
		if i.Version != s.Issued[len(s.Issued)-1].Version {
			return nil, ErrSuperseded
		}
		return &aup.Accepted{How: aup.Explicit, At: d.Now().UTC(), Contact: a.Contact, Notice: a.Notice, Page: a.Page,
			Method: aup.MethodCode, Code: a.Code, MessageID: a.MessageID, Acceptor: by.Commitment()}, nil
	}, &by)
	return r.Event, err
}

// ByUse records that a version came to apply by use: the first successful call in a window that starts
// after the version applied and was delivered. A call that does not show it changes nothing.
func (d Distributor) ByUse(ctx context.Context, id aup.ConsumerID, key aup.KeyID, window time.Time, first usage.Success) error {
	s, err := d.Ledger.Standing(ctx, id)
	if err != nil {
		return err
	}
	issue, ok := s.InForce(window)
	if !ok || !acceptsByUse(issue, window) {
		return nil
	}
	if gone, err := d.Ledger.Withdrawn(ctx, s.Policy, issue.Version); gone || err != nil {
		return err
	}
	_, err = d.accept(ctx, id, issue.Version, func(_ aup.Standing, i aup.Issue) (*aup.Accepted, error) {
		if !acceptsByUse(i, window) {
			return nil, nil
		}
		return &aup.Accepted{How: aup.ByUse, At: first.At.UTC(), Key: key, RequestID: first.RequestID}, nil
	}, nil)
	return err
}

func acceptsByUse(i aup.Issue, window time.Time) bool {
	return i.Mode == aup.ByUse && i.ReAccept && i.Accepted.IsZero() && !i.Told.IsZero() &&
		!window.Before(i.Told) && !window.Before(i.Applies)
}

// accept appends the acceptance that how describes, once for each version, with the record of who it was.
func (d Distributor) accept(ctx context.Context, id aup.ConsumerID, version int,
	how func(aup.Standing, aup.Issue) (*aup.Accepted, error), by *aup.Acceptor) (ledger.Result, error) {
	return d.Ledger.Append(ctx, id, fmt.Sprintf("accepted#%d", version), d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		i := s.Issue(version)
		if i == nil {
			return nil, ErrSuperseded
		}
		fact, err := how(s, *i)
		if err != nil || fact == nil {
			return nil, err
		}
		fact.Policy, fact.Version, fact.Hash = s.Policy, i.Version, i.Hash
		var cases []aup.Case
		if fact.How == aup.Explicit {
			cases, err = d.closed(ctx, s, version, "accepted")
		}
		return &ledger.Entry{Fact: *fact, Acceptor: by, Cases: cases, Notices: ToContacts(s, aup.Notice{Kind: aup.Receipt, Policy: s.Policy, Version: version})}, err
	})
}
