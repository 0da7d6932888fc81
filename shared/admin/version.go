package admin

import (
	"context"
	"errors"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// WithdrawnVersion is the answer to the action "withdraw".
type WithdrawnVersion struct {
	Policy  aup.PolicyID `json:"policy"`
	Version int          `json:"version"`
	At      time.Time    `json:"withdrawn"`
}

// withdraw takes a version back before it applies. Whoever was told of it is told so.
func (d Desk) withdraw(ctx context.Context, c PublishCall) (any, error) {
	if c.Reason == "" {
		return nil, errors.New("reason: say why; those who were told of the version are told")
	}
	if err := aup.CheckSlug("policy", string(c.Policy)); err != nil {
		return nil, err
	}
	w := ledger.Withdrawal{Version: c.Version, At: d.Now().UTC(), Actor: c.actor(), Reason: c.Reason}
	if err := d.Ledger.Withdraw(ctx, c.Policy, w); err != nil {
		return nil, err
	}
	w, err := d.Ledger.Withdrawal(ctx, c.Policy, c.Version)
	return WithdrawnVersion{c.Policy, c.Version, w.At}, err
}
