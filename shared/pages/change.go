package pages

import (
	"context"
	"errors"
	"fmt"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/web"
)

// Accept records an explicit acceptance of the version that was shown. Accepting it again, or by a colleague
// at the same moment, is the first one.
func (d Desk) Accept(ctx context.Context, p web.Pass, a web.Acceptance) (aup.Event, error) {
	t, s, err := d.entered(ctx, p)
	if err != nil {
		return aup.Event{}, err
	}
	n, err := d.Ledger.Notice(ctx, t.Consumer, t.Notice)
	if err != nil {
		return aup.Event{}, unknown(err)
	}
	e, err := d.Distributor.Accept(ctx, t.Consumer, distribute.Acceptance{Contact: t.Contact, Notice: t.Notice, MessageID: n.MessageID,
		Code: s.Code, Version: a.Version, Page: a.PageHash,
		By: aup.Acceptor{Name: a.Name, Role: a.Role, MayBind: a.MayBind, Address: a.Address, Agent: a.Agent}})
	switch {
	case errors.Is(err, distribute.ErrSuperseded), errors.Is(err, distribute.ErrWithdrawn):
		return e, web.ErrSuperseded
	case errors.Is(err, distribute.ErrNoAuthority):
		return e, web.ErrNoAuthority
	}
	return e, unknown(err)
}

// Answer keeps what a contact said of a case, or asked when the case is "". The same words again, at the
// same page, are the same answer.
func (d Desk) Answer(ctx context.Context, p web.Pass, id aup.CaseID, text string) error {
	t, _, err := d.entered(ctx, p)
	if err != nil {
		return err
	}
	answer := aup.Answer{At: d.Now().UTC(), Contact: t.Contact, Channel: "page", Text: text}
	cause := "answer#" + string(t.Notice) + "#" + string(id) + "#" + aup.Hash([]byte(text))
	_, err = d.Ledger.Append(ctx, t.Consumer, cause, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, answer.At)
		if err != nil {
			return nil, err
		}
		if id == "" {
			return act.Ask(s, answer, times), nil
		}
		if s.CaseByID(id) == nil {
			return nil, web.ErrNotFound
		}
		c, err := d.Ledger.Case(ctx, t.Consumer, id)
		return act.Reply(c, answer, times), err
	})
	return unknown(err)
}

// Disagree opens a case: the consumer does not agree with a version. While that case is open, what is said
// is another answer in it.
func (d Desk) Disagree(ctx context.Context, p web.Pass, version int, text string) error {
	t, _, err := d.entered(ctx, p)
	if err != nil {
		return err
	}
	answer := aup.Answer{At: d.Now().UTC(), Contact: t.Contact, Channel: "page", Text: text}
	cause := fmt.Sprintf("disagree#%s#%d#%s", t.Notice, version, aup.Hash([]byte(text)))
	_, err = d.Ledger.Append(ctx, t.Consumer, cause, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		if n := len(s.Issued); n == 0 || s.Issued[n-1].Version != version {
			return nil, web.ErrSuperseded
		}
		times, err := distribute.CaseTimes(ctx, d.Ledger, s, answer.At)
		if err != nil {
			return nil, err
		}
		if s.CaseByID(aup.DisagreeCase(version)) == nil {
			return act.Disagree(s, version, answer, times), nil
		}
		c, err := d.Ledger.Case(ctx, t.Consumer, aup.DisagreeCase(version))
		return act.Reply(c, answer, times), err
	})
	return unknown(err)
}
