package aup

import (
	"testing"
	"time"
)

// TestStillWorks: which answered calls show that a disabled key works.
func TestStillWorks(t *testing.T) {
	off := time.Date(2027, 1, 18, 9, 0, 0, 0, time.UTC)
	disabled := KeyState{ID: "k1", Made: 3, Off: off}
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
		{"a minute and more after it was read back", disabled, off.Add(61 * time.Second), true},
		{"within the minute that the gateway may take", disabled, off.Add(time.Minute), false},
		{"before", disabled, off.Add(-time.Hour), false},
		{"the key is to be enabled", with(func(k *KeyState) { k.Enabled = true }), off.Add(time.Hour), false},
		{"it was read back in an earlier generation", with(func(k *KeyState) { k.Made = 2 }), off.Add(time.Hour), false},
		{"it never was read back", with(func(k *KeyState) { k.Off = time.Time{} }), off.Add(time.Hour), false},
		{"it was said in this generation", with(func(k *KeyState) { k.Alarmed = 3 }), off.Add(time.Hour), false},
		{"it was said in an earlier one", with(func(k *KeyState) { k.Alarmed = 1 }), off.Add(time.Hour), true},
		{"another key", with(func(k *KeyState) { k.ID = "k2" }), off.Add(time.Hour), false},
	} {
		if got := (Standing{Generation: 3, Keys: []KeyState{c.key}}).StillWorks("k1", c.at); got != c.want {
			t.Errorf("%s: %t", c.says, got)
		}
	}
}
