package aup

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Acceptor is who accepted a version on the page, as they gave it, and from where. It is personal data: it
// lives outside the chain and can be erased; the event keeps its Commitment.
type Acceptor struct {
	Version int       `json:"version"`
	Contact ContactID `json:"contact"` // whose link and code were used
	Name    string    `json:"name"`
	Role    string    `json:"role"` // in the organisation
	MayBind bool      `json:"mayBind"`
	At      time.Time `json:"at"`
	Address string    `json:"address"` // of the client
	Agent   string    `json:"agent"`
	Salt    string    `json:"salt"` // makes Commitment unguessable; erased with the rest
}

// Salted returns the record with a salt of 128 random bits, if it has none.
func (a Acceptor) Salted() Acceptor {
	if a.Salt == "" {
		b := make([]byte, 16)
		rand.Read(b)
		a.Salt = hex.EncodeToString(b)
	}
	return a
}

// Commitment is the SHA-256 of the record: who accepted can be shown with the record, not without.
func (a Acceptor) Commitment() string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // plain data: cannot fail
	}
	return Hash(b)
}
