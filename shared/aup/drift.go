package aup

import "time"

// How a key can be found at the gateway.
const (
	KeyEnabled  KeyFound = "enabled"
	KeyDisabled KeyFound = "disabled"
	KeyDeleted  KeyFound = "deleted"
)

// KeyFound is how a key was found at the gateway.
type KeyFound string

// KeyDrift says that a key was found otherwise than the standing has it, although it had been made so: somebody
// changed it by hand in API Gateway. Found as the standing has it, it says that this is over.
type KeyDrift struct {
	Key   KeyID     `json:"key"`
	Found KeyFound  `json:"found"`
	Want  KeyFound  `json:"want"`            // by the standing
	Seen  time.Time `json:"seen"`            // when it was looked at
	Trail string    `json:"trail,omitempty"` // the id of CloudTrail's event, which says who; empty: the sweeper found it
	Owed  bool      `json:"owed,omitempty"`  // a key that may not be used works: it is owed again
	Case  CaseID    `json:"case,omitempty"`  // over which access is suspended
}

// Over says that the key is as the standing has it again.
func (f KeyDrift) Over() bool { return f.Found == f.Want }

func (KeyDrift) Kind() string { return "key-drift" }

func (f KeyDrift) apply(s *Standing, e Event) {
	k := s.Key(f.Key)
	if k == nil {
		return
	}
	if k.Drift = f.Found; f.Over() {
		k.Drift = ""
	}
	if f.Owed {
		k.Made, k.Off, k.Again = 0, 0, e.Seq
	}
}

// Want is how a key should be found.
func (k KeyState) Want() KeyFound {
	if k.Enabled {
		return KeyEnabled
	}
	return KeyDisabled
}

// made says that nothing is owed for a key: it was made as it should be, or it never had to be.
func (s Standing) made(k KeyState) bool {
	return k.Made == s.Generation || k.Made == 0 && k.Enabled && !k.OursOff
}

// Drifted says whether it is news that a key was found so: it differs from the standing, and that is not recorded
// yet, or was recorded and is over. What we are about to change ourselves is no news, nor that the key of a
// consumer that has ended was deleted.
func (s Standing) Drifted(key KeyID, found KeyFound) bool {
	k := s.Key(key)
	if k == nil || !s.made(*k) {
		return false
	}
	if found == k.Want() || found == KeyDeleted && s.State == HasEnded {
		found = ""
	}
	return found != k.Drift
}
