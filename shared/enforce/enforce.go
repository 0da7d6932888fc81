// Package enforce makes API keys as the standing says.
//
// A due of kind key names a key, not what to do with it: the worker reads the standing, switches the key
// at the gateway, reads it back, and records it only if the keys' generation is unchanged since the
// standing was read. One worker at a time is at a key (ledger.Alone). A late disabling therefore never
// undoes a reinstatement, nor a late enabling a suspension. The enforce function calls it, from the queue
// of keys.
//
// While people decide about a suspension that is held, the keys may be in a slow usage plan; they go back to their own
// whatever is decided.
//
// Keys that somebody changes by hand are noticed twice over: by CloudTrail's event (Watch.Changed, from
// onboard-consumer) and by comparing all keys with the standings (Watch.Compare, from sweep). Both owe a look at
// the key, for which the sweeper wakes the Enforcer (dispatch.Waits), and which records what it finds as drift.
package enforce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Lease of a key due, and of the key itself: longer than the function's time-out.
const Lease = 2 * time.Minute

// ErrNoKey says that the gateway has no such key.
var ErrNoKey = errors.New("the gateway has no such key")

// Gateway holds the keys. Both methods return ErrNoKey for a key it does not have.
type Gateway interface {
	Enabled(ctx context.Context, key aup.KeyID) (bool, error)
	SetEnabled(ctx context.Context, key aup.KeyID, on bool) error
}

// Enforcer makes keys as the standing says.
type Enforcer struct {
	Ledger  *ledger.Ledger
	Gateway Gateway
	Plans   Plans // for suspensions that are held
	Now     func() time.Time
}

// Do works on one due of kind key.
func (e Enforcer) Do(ctx context.Context, ref ledger.Ref) error {
	return e.Ledger.Work(ctx, ref, e.Now(), Lease, func(ctx context.Context, due aup.Due) error {
		if due.Step == aup.StepLook {
			return still(ctx, due, e.look)
		}
		return e.Ledger.Alone(ctx, due, e.Now(), Lease, func(ctx context.Context) error { return still(ctx, due, e.make) })
	})
}

// still does it once more for as long as the standing changes meanwhile.
func still(ctx context.Context, due aup.Due, do func(context.Context, aup.Due) error) error {
	for {
		if err := do(ctx, due); !errors.Is(err, errMoved) {
			return err
		}
	}
}

// errMoved says that the standing changed while the key was being switched.
var errMoved = errors.New("the standing changed meanwhile")

func (e Enforcer) make(ctx context.Context, due aup.Due) error {
	s, err := e.Ledger.Standing(ctx, due.Consumer)
	if err != nil {
		return err
	}
	key := s.Key(due.Key)
	if key == nil || key.Made == s.Generation {
		return e.Ledger.Done(ctx, due)
	}
	set, err := e.switchKey(ctx, s, *key)
	if err == nil && !set.Missing {
		err = e.place(ctx, s, *key, &set)
	}
	if err != nil {
		return err
	}
	entry := &ledger.Entry{Fact: set, Done: &due}
	if set.Stays != "" && set.Stays != aup.StaysElsewhere {
		entry.Notices = []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminKeyStays}}
	}
	return e.append(ctx, s, "key-set", entry)
}

// append records what is true of a key under the generation that was read, if that is still the one.
func (e Enforcer) append(ctx context.Context, s aup.Standing, what string, entry *ledger.Entry) error {
	cause := fmt.Sprintf("%s#%s#%d", what, keyOf(entry.Fact), s.Generation)
	if k := s.Key(keyOf(entry.Fact)); k != nil {
		cause += timesOf(*k, s.Generation)
	}
	_, err := e.Ledger.Append(ctx, s.Consumer, cause, e.Now(), func(now aup.Standing) (*ledger.Entry, error) {
		if now.Generation != s.Generation || alarmed(now, s, keyOf(entry.Fact)) {
			return nil, errMoved
		}
		return entry, nil
	})
	return err
}

// timesOf tells apart the times that a key is switched in one generation: once, and after each alarm and drift.
func timesOf(k aup.KeyState, generation int64) (which string) {
	if k.Alarmed == generation && generation > 0 {
		which = again
	}
	if k.Again > 0 {
		which += fmt.Sprintf("#%d", k.Again)
	}
	return which
}

// alarmed says whether a key was found to work, although disabled, since the standing was read.
func alarmed(now, read aup.Standing, key aup.KeyID) bool {
	n, r := now.Key(key), read.Key(key)
	return n != nil && r != nil && (n.Alarmed != r.Alarmed || n.Again != r.Again)
}

func keyOf(f aup.Fact) aup.KeyID {
	switch f := f.(type) {
	case aup.KeySet:
		return f.Key
	case aup.KeyDisabling:
		return f.Key
	case aup.KeyMoving:
		return f.Key
	}
	return ""
}

// switchKey makes the key as it should be and reads it back. A key that somebody else had disabled stays
// theirs: it is not enabled again. Before one is disabled it is therefore recorded as ours.
func (e Enforcer) switchKey(ctx context.Context, s aup.Standing, k aup.KeyState) (aup.KeySet, error) {
	set := aup.KeySet{Key: k.ID, Enabled: k.Enabled, Generation: s.Generation}
	on, err := e.Gateway.Enabled(ctx, k.ID)
	switch {
	case errors.Is(err, ErrNoKey):
		set.Missing, set.Enabled = true, false
		return set, nil
	case err != nil || on == k.Enabled:
		set.WasOff = !on && !k.OursOff
		return set, err
	case k.Enabled && !k.OursOff:
		set.Enabled, set.WasOff = false, true
		return set, nil
	}
	if !k.Enabled && !k.OursOff {
		if err := e.append(ctx, s, "key-disabling", &ledger.Entry{Fact: aup.KeyDisabling{Key: k.ID}}); err != nil {
			return set, err
		}
	}
	if err := e.Gateway.SetEnabled(ctx, k.ID, k.Enabled); err != nil {
		return set, err
	}
	if on, err = e.Gateway.Enabled(ctx, k.ID); err == nil && on != k.Enabled {
		err = fmt.Errorf("key %s: the gateway took the change, but reads back as before", k.ID)
	}
	return set, err
}

// Dues lists what is owed when the keys of a standing are to change: one due a key. Generation is the
// one that the change leads to.
func Dues(s aup.Standing, generation int64) []aup.Due {
	var dues []aup.Due
	for _, k := range s.Keys {
		dues = append(dues, keyDue(s, k, generation, ""))
	}
	return dues
}

// Again is what is owed when a key was found not to be as the standing says, in the generation that there is.
func Again(s aup.Standing, k aup.KeyState) aup.Due { return keyDue(s, k, s.Generation, again) }

// again marks what is done to a key for the second time in a generation.
const again = ".again"

func keyDue(s aup.Standing, k aup.KeyState, generation int64, suffix string) aup.Due {
	return aup.Due{ID: fmt.Sprintf("%s.key.%s.%d%s", s.Consumer, k.ID, generation, suffix), Kind: aup.DueKey, Consumer: s.Consumer, Key: k.ID}
}
