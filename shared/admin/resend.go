package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// resend has the email of a version sent again, to one contact or to all.
func (d Desk) resend(ctx context.Context, c ConsumerCall) (any, error) {
	return d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		e, err := distribute.Resent(ctx, d.Ledger, s, c.Version, func(n aup.Notice) (bool, error) {
			return c.Contact == "" || c.Contact == n.Contact, nil
		})
		switch {
		case errors.Is(err, distribute.ErrNotIssued):
			return nil, fmt.Errorf("version: %s was not issued version %d, or it is long past", c.Consumer, c.Version)
		case err == nil && e == nil:
			return nil, fmt.Errorf("contact: %s has none to send it to", c.Consumer)
		}
		return e, err
	})
}

// Resending is the answer to the action "resend".
type Resending struct {
	Policy  aup.PolicyID  `json:"policy"`
	Version int           `json:"version"`
	To      aup.Unreached `json:"to"`
	Status  string        `json:"status"` // "under way": the action progress says how far it has come
}

// resendAll owes it to everybody whom a version has not reached that its email is sent again: one due a
// directory shard, written with the answer, so that a repeated call asks for nothing more.
func (d Desk) resendAll(ctx context.Context, c PublishCall, raw json.RawMessage) (json.RawMessage, error) {
	if err := errors.Join(c.check(), aup.CheckSlug("policy", string(c.Policy))); err != nil {
		return nil, err
	}
	if c.To != aup.ToNotReceived && c.To != aup.ToNotAccepted {
		return nil, fmt.Errorf("to: %q is not one of %s, %s", c.To, aup.ToNotReceived, aup.ToNotAccepted)
	}
	latest, err := d.Ledger.Latest(ctx, c.Policy)
	if err != nil {
		return nil, err
	}
	if latest.Number != c.Version {
		return nil, fmt.Errorf("version: %d is the version to tell of now, not %d", latest.Number, c.Version)
	}
	answer, err := json.Marshal(Resending{c.Policy, c.Version, c.To, "under way"})
	if err != nil {
		return nil, err
	}
	var dues []aup.Due
	for shard := range ledger.Shards {
		dues = append(dues, aup.Due{ID: fmt.Sprintf("resend.%s.%d", aup.Hash([]byte(c.Request))[:16], shard), Kind: aup.DueDistribute, Step: aup.StepResend,
			Policy: c.Policy, Version: c.Version, Shard: shard, To: c.To, Request: c.Request})
	}
	id, asked := "publish-policy#"+c.Request, aup.Hash(raw)
	if err := d.Ledger.Answer(ctx, id, asked, answer, d.Now(), dues...); err != nil {
		return nil, err
	}
	return d.Ledger.Answered(ctx, id, asked)
}
