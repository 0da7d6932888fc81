package judge

import (
	"context"
	"fmt"

	"accord/shared/act"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/usage"
)

// stillWorks raises the alarm where a call with a disabled key was answered. The first success of a window
// proves it only if it came late enough: an earlier one of the same window hides it, until the next window.
func (j Judge) stillWorks(ctx context.Context, id aup.ConsumerID, key aup.KeyID, first usage.Success) error {
	s, err := j.Ledger.Standing(ctx, id)
	if err != nil || !s.StillWorks(key, first.At) {
		return err
	}
	cause := fmt.Sprintf("key-still-works#%s#%d", key, s.Generation)
	_, err = j.Ledger.Append(ctx, id, cause, j.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		if !s.StillWorks(key, first.At) {
			return nil, nil
		}
		return act.Alarm(s, key, first.At, first.RequestID), nil
	})
	return err
}
