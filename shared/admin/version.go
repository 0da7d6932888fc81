package admin

import (
	"context"
	"encoding/json"
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

// Where a published version is in its life. Before that it is a draft, which publish-policy's dry run and
// `accord policy preview` look at.
const (
	Scheduled  VersionState = "scheduled"  // it applies from a later day on
	InForce    VersionState = "in-force"   // it applies, and none after it does
	Superseded VersionState = "superseded" // a later one applies
	Withdrawn  VersionState = "withdrawn"  // taken back before it applied
)

// VersionState is where a published version is in its life.
type VersionState string

// Versions is the answer to the action "versions", the latest first.
type Versions struct {
	Policy   aup.PolicyID  `json:"policy"`
	Versions []VersionLife `json:"versions"`
}

// VersionLife is one version's. A consumer whose agreement it touches may still be bound by an earlier one.
type VersionLife struct {
	Version   int          `json:"version"`
	State     VersionState `json:"state"`
	Title     string       `json:"title"`
	Hash      string       `json:"hash"`
	Published time.Time    `json:"published"`
	Applies   time.Time    `json:"applies"`
	Withdrawn time.Time    `json:"withdrawn,omitzero"`
	Reason    string       `json:"reason,omitempty"` // of the withdrawal
}

// versions lists every version of a policy. It reads only.
func (d Desk) versions(ctx context.Context, c PublishCall) (json.RawMessage, error) {
	if err := aup.CheckSlug("policy", string(c.Policy)); err != nil {
		return nil, err
	}
	a, applies := Versions{Policy: c.Policy}, InForce
	err := d.Ledger.Versions(ctx, c.Policy, func(v aup.Version, w *ledger.Withdrawal) {
		life := VersionLife{Version: v.Number, Title: v.Policy.Title, Hash: v.Hash, Published: v.Published, Applies: v.Applies}
		switch {
		case w != nil:
			life.State, life.Withdrawn, life.Reason = Withdrawn, w.At, w.Reason
		case v.Applies.After(d.Now()):
			life.State = Scheduled
		default:
			life.State, applies = applies, Superseded
		}
		a.Versions = append(a.Versions, life)
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
}
