package enforce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// calm is for how long a key that was switched off again is left to the sweeper, whoever changes it meanwhile: a
// program that answers each of our changes with one of its own gets two answers a day.
const calm = time.Hour

// look sees whether a key is as the standing has it, and records it if it is not. It needs no other worker to be
// away from the key: it counts only if nothing was recorded of the key between reading the standing and appending.
func (e Enforcer) look(ctx context.Context, due aup.Due) error {
	s, err := e.Ledger.Standing(ctx, due.Consumer)
	if err != nil {
		return err
	}
	found, err := e.find(ctx, due.Key)
	if err != nil {
		return err
	}
	if !s.Drifted(due.Key, found) {
		return e.Ledger.Done(ctx, due)
	}
	k := *s.Key(due.Key)
	fact := aup.KeyDrift{Key: k.ID, Found: found, Want: k.Want(), Seen: e.Now().UTC(), Trail: due.Request, Owed: found == aup.KeyEnabled && !k.Enabled, Case: s.SuspendedOver()}
	if fact.Owed && due.Request != "" && k.Again > 0 && e.Now().Sub(time.Unix(k.Off, 0)) < calm {
		return e.Ledger.Done(ctx, due)
	}
	cause := fmt.Sprintf("key-drift#%s#%s#%d", k.ID, found, s.Seq)
	_, err = e.Ledger.Append(ctx, s.Consumer, cause, e.Now(), func(now aup.Standing) (*ledger.Entry, error) {
		if n := now.Key(k.ID); n == nil || *n != k || now.Generation != s.Generation {
			return nil, errMoved
		}
		return drifted(now, k, fact, &due), nil
	})
	return err
}

// drifted is what a change by hand leads to: a key that may not be used is owed again, and the admins are told at
// once. Of everything else the digest tells.
func drifted(s aup.Standing, k aup.KeyState, fact aup.KeyDrift, due *aup.Due) *ledger.Entry {
	entry := &ledger.Entry{Fact: fact, Done: due}
	if fact.Owed {
		entry.Dues = []aup.Due{keyDue(s, k, s.Generation, fmt.Sprintf("%s%d", again, s.Seq+1))}
		entry.Notices = []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminKeyWorks}}
	}
	return entry
}

// find says how a key is at the gateway.
func (e Enforcer) find(ctx context.Context, key aup.KeyID) (aup.KeyFound, error) {
	on, err := e.Gateway.Enabled(ctx, key)
	if errors.Is(err, ErrNoKey) {
		return aup.KeyDeleted, nil
	}
	return aup.KeyState{Enabled: on}.Want(), err
}
