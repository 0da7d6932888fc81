package onboard_test

import (
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger/ledgertest"
	"accord/shared/onboard"
)

func TestKey(t *testing.T) {
	l, _ := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	o := onboard.Onboarder{Ledger: l, Policy: "places-api", Now: func() time.Time { return ledgertest.Day1 }}
	for _, c := range []struct {
		says string
		key  aup.KeyID
		want aup.ConsumerID
		ok   bool
	}{
		{"a key that nobody registered becomes a consumer", "a1B2c3D4e5", "key-a1b2c3d4e5", true},
		{"the same key again is the same consumer", "a1B2c3D4e5", "key-a1b2c3d4e5", true},
		{"a key that is somebody's stays theirs", "guide-1", "guide", true},
		{"a key of odd characters gets an id that is one", "_x__Y-", "key-x-y", true},
		{"a long key gets an id that fits", aup.KeyID(strings.Repeat("k", 128)), aup.ConsumerID("key-" + strings.Repeat("k", 60)), true},
		{"what is no key id is refused", "a key\n", "", false},
	} {
		err := o.Key(t.Context(), c.key)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.says, err)
			continue
		}
		if got, _ := l.ConsumerOf(t.Context(), c.key); c.ok && got != c.want {
			t.Errorf("%s: consumer %q, want %q", c.says, got, c.want)
		}
	}
	if n := len(ledgertest.Owed(t, l, aup.DueDistribute)); n != 3 {
		t.Errorf("%d consumers are owed the policy, want the three that are new", n)
	}
}
