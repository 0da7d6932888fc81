package enforce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Lister lists every key of the gateway, and whether it is enabled.
type Lister interface {
	AllKeys(ctx context.Context) (map[aup.KeyID]bool, error)
}

// Watch owes a look at each key that somebody may have changed by hand. It decides nothing: the Enforcer looks.
type Watch struct {
	Ledger  *ledger.Ledger
	Gateway Lister // for Compare
	Now     func() time.Time
}

// Change is a change of a key that somebody made at the gateway, we or another.
type Change struct {
	Key   aup.KeyID
	Found aup.KeyFound // how the change left it; empty where that is not known
	Trail string       // the id of CloudTrail's event
}

// Changed owes a look at a key of ours that was changed, unless it was left as the standing has it. All that we
// change ourselves is, so that none of it leads to anything.
func (w Watch) Changed(ctx context.Context, c Change) error {
	id, err := w.Ledger.ConsumerOf(ctx, c.Key)
	if errors.Is(err, ledger.ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	s, err := w.Ledger.Standing(ctx, id)
	if err != nil || c.Found != "" && !s.Drifted(c.Key, c.Found) {
		return err
	}
	return w.Ledger.Owe(ctx, w.Now(), lookAt(id, c.Key, c.Trail))
}

// most is how many looks one comparison owes; the next one owes the rest.
const most = 200

// Compare holds the keys of one directory shard's consumers against the gateway's, and owes a look at each that
// differs. It returns how many.
func (w Watch) Compare(ctx context.Context, shard int) (n int, err error) {
	there, err := w.Gateway.AllKeys(ctx)
	if err != nil {
		return 0, err
	}
	_, err = w.Ledger.Consumers(ctx, shard, "", 0, func(id aup.ConsumerID) error {
		s, err := w.Ledger.Standing(ctx, id)
		if err != nil {
			return err
		}
		for _, k := range s.Keys {
			if n >= most || !s.Drifted(k.ID, listed(there, k.ID)) {
				continue
			}
			n++
			if err := w.Ledger.Owe(ctx, w.Now(), lookAt(id, k.ID, "")); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func listed(there map[aup.KeyID]bool, key aup.KeyID) aup.KeyFound {
	on, is := there[key]
	if !is {
		return aup.KeyDeleted
	}
	return aup.KeyState{Enabled: on}.Want()
}

func lookAt(id aup.ConsumerID, key aup.KeyID, trail string) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.%s.%s.%s", id, aup.StepLook, key, trail), Kind: aup.DueKey, Step: aup.StepLook, Consumer: id, Key: key, Request: trail}
}
