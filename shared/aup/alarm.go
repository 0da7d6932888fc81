package aup

import "time"

// KeyStillWorks says that a call with a key was answered although the key had been read back as disabled
// more than a minute before: somebody enabled it by hand, or the gateway does not do what it says. The key
// is owed again.
type KeyStillWorks struct {
	Key        KeyID     `json:"key"`
	Generation int64     `json:"generation"`
	Off        time.Time `json:"off"`       // when it was read back as disabled
	At         time.Time `json:"at"`        // of the call
	RequestID  string    `json:"requestId"` // of the call
	Case       CaseID    `json:"case,omitempty"`
}

// settling is within what time a key that is disabled may still be taken: API Gateway takes a while.
const settling = time.Minute + time.Second // the moment it was read back is kept without its fraction

// StillWorks says whether a call that was answered at the moment at shows that the key works although it
// is disabled. It does so once for each generation.
func (s Standing) StillWorks(key KeyID, at time.Time) bool {
	k := s.Key(key)
	return k != nil && !k.Enabled && k.Off != 0 && k.Made == s.Generation && k.Alarmed < s.Generation && at.Sub(time.Unix(k.Off, 0)) > settling
}

func (KeyStillWorks) Kind() string { return "key-still-works" }

func (f KeyStillWorks) apply(s *Standing, _ Event) {
	if k := s.Key(f.Key); k != nil {
		k.Made, k.Off, k.Alarmed = 0, 0, f.Generation
	}
}
