package aup

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestStillWorks: which answered calls show that a disabled key works.
func TestStillWorks(t *testing.T) {
	off := time.Date(2027, 1, 18, 9, 0, 0, 0, time.UTC)
	disabled := KeyState{ID: "k1", Made: 3, Off: off.Unix()}
	with := func(change func(*KeyState)) KeyState {
		k := disabled
		change(&k)
		return k
	}
	for _, c := range []struct {
		says string
		key  KeyState
		at   time.Time
		want bool
	}{
		{"a minute and more after it was read back", disabled, off.Add(62 * time.Second), true},
		{"within the minute that the gateway may take", disabled, off.Add(61 * time.Second), false},
		{"before", disabled, off.Add(-time.Hour), false},
		{"the key is to be enabled", with(func(k *KeyState) { k.Enabled = true }), off.Add(time.Hour), false},
		{"it was read back in an earlier generation", with(func(k *KeyState) { k.Made = 2 }), off.Add(time.Hour), false},
		{"it never was read back", with(func(k *KeyState) { k.Off = 0 }), off.Add(time.Hour), false},
		{"it was said in this generation", with(func(k *KeyState) { k.Alarmed = 3 }), off.Add(time.Hour), false},
		{"it was said in an earlier one", with(func(k *KeyState) { k.Alarmed = 1 }), off.Add(time.Hour), true},
		{"another key", with(func(k *KeyState) { k.ID = "k2" }), off.Add(time.Hour), false},
	} {
		if got := (Standing{Generation: 3, Keys: []KeyState{c.key}}).StillWorks("k1", c.at); got != c.want {
			t.Errorf("%s: %t", c.says, got)
		}
	}
}

// TestTheFullestStandingFits: as many keys, contacts and issues as there may be, with all that is kept of each
// in a suspension with an alarm, leave room in the 8 KB of a standing for what else there is.
func TestTheFullestStandingFits(t *testing.T) {
	s := Standing{Consumer: ConsumerID(strings.Repeat("c", MaxSlug)), State: IsSuspended, Policy: "places-api", Generation: 99, Seq: 9999, Head: Hash(nil)}
	for i := range 40 {
		s.Keys = append(s.Keys, KeyState{ID: KeyID(fmt.Sprintf("key%07d", i)), Made: 99, OursOff: true, Off: day1.Unix(), Alarmed: 99, Slow: 9999, Moving: true})
	}
	for i := range 12 {
		s.Contacts = append(s.Contacts, ContactState{ID: ContactID(fmt.Sprintf("a-contact-%d", i)), Role: OutOfHours, Undelivered: true})
	}
	for i := range keptIssues {
		s.Issued = append(s.Issued, Issue{Version: 100 + i, Hash: Hash(nil), Applies: day1, Mode: Explicit, ReAccept: true, Told: day1, Accepted: day1, How: Explicit})
	}
	b, err := json.Marshal(s)
	if err != nil || len(b) > 7<<10 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
