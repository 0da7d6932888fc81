package admin

import (
	"context"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// resend has the email of a version sent again, to one contact or to all.
func (d Desk) resend(ctx context.Context, c ConsumerCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		issued, err := d.Ledger.Caused(ctx, c.Consumer, distribute.Cause(s.Policy, c.Version))
		f, ok := issued.Fact.(aup.PolicyIssued)
		if errors.Is(err, ledger.ErrUnknown) || s.Issue(c.Version) == nil && err == nil {
			return nil, fmt.Errorf("version: %s was not issued version %d, or it is long past", c.Consumer, c.Version)
		}
		if err != nil || !ok {
			return nil, err
		}
		n := aup.Notice{Kind: aup.NewVersion, Event: issued.Seq, Policy: s.Policy, Version: c.Version}
		if f.Previous == 0 {
			n.Kind = aup.Welcome
		}
		e := &ledger.Entry{}
		fact := aup.NoticeResent{Version: c.Version}
		for _, n := range distribute.ToContacts(s, n) {
			if c.Contact == "" || c.Contact == n.Contact {
				e.Notices, fact.Contacts = append(e.Notices, n), append(fact.Contacts, n.Contact)
			}
		}
		if len(e.Notices) == 0 {
			return nil, fmt.Errorf("contact: %s has none to send it to", c.Consumer)
		}
		e.Fact = fact
		return e, nil
	})
}
