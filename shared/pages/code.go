package pages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/web"
)

// patience is within what time asking for a code again is the same asking: a second click.
const patience = 20 * time.Second

// AskCode owes the contact of a link a one-time code, at the contact's own address.
func (d Desk) AskCode(ctx context.Context, link string) error {
	now := d.Now().UTC()
	t, err := d.Ledger.Link(ctx, link, now)
	if err != nil {
		return unknown(err)
	}
	if _, err := d.Ledger.Contact(ctx, t.Consumer, t.Contact); err != nil {
		return unknown(err)
	}
	cause := fmt.Sprintf("code#%s#%d", t.Contact, now.UnixNano())
	_, err = d.Ledger.Append(ctx, t.Consumer, cause, now, func(aup.Standing) (*ledger.Entry, error) {
		asked, err := d.Ledger.Codes(ctx, t.Consumer, t.Contact)
		if since := now.Sub(asked.Last()); err != nil || since >= 0 && since < patience {
			return nil, err
		}
		asked, ok := asked.Ask(now)
		if !ok {
			return nil, web.ErrTooMany
		}
		return &ledger.Entry{Fact: aup.CodeAsked{Contact: t.Contact, Notice: t.Notice}, Codes: &asked,
			Notices: []aup.Notice{{Contact: t.Contact, Kind: aup.OneTimeCode, Link: ledger.LinkHash(link)}}}, nil
	})
	return unknown(err)
}

// Enter tries a code at a link, and returns the secret of the session that it opens.
func (d Desk) Enter(ctx context.Context, link, code string) (string, error) {
	secret, err := d.Ledger.Enter(ctx, link, code, d.Now())
	if errors.Is(err, ledger.ErrCode) {
		return "", web.ErrWrongCode
	}
	return secret, unknown(err)
}

// session is the one that a pass shows, if it is of the link's own contact.
func (d Desk) session(ctx context.Context, t ledger.Token, p web.Pass) (ledger.Session, error) {
	if p.Session == "" {
		return ledger.Session{}, web.ErrNotEntered
	}
	s, err := d.Ledger.Session(ctx, p.Session, d.Now())
	if errors.Is(err, ledger.ErrUnknown) || err == nil && (s.Consumer != t.Consumer || s.Contact != t.Contact) {
		return ledger.Session{}, web.ErrNotEntered
	}
	return s, err
}

// entered is what a link and a session stand for together.
func (d Desk) entered(ctx context.Context, p web.Pass) (ledger.Token, ledger.Session, error) {
	t, err := d.Ledger.Link(ctx, p.Link, d.Now())
	if err != nil {
		return t, ledger.Session{}, unknown(err)
	}
	if _, err := d.Ledger.Contact(ctx, t.Consumer, t.Contact); err != nil {
		return t, ledger.Session{}, unknown(err)
	}
	s, err := d.session(ctx, t, p)
	return t, s, err
}
