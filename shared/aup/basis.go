package aup

import (
	"maps"
	"time"
)

// Circumstances are what an assessment weighs besides the findings. With the findings they are all that
// its level, its factors and its reason follow from.
type Circumstances struct {
	Now            time.Time   `json:"now"`
	Told           bool        `json:"told,omitempty"`           // the consumer was delivered the version that the findings are held against
	Serves         bool        `json:"serves,omitempty"`         // somebody said what stops if the consumer's access stops
	Protected      bool        `json:"protected,omitempty"`      // what stops is such that suspension needs people's approval
	ServiceShare   float64     `json:"serviceShare,omitempty"`   // of the service's requests that are the consumer's; 0: not known
	ServiceErrors  float64     `json:"serviceErrors,omitempty"`  // share of the service's requests that fail while it lasts; 0: not known
	ServiceLatency float64     `json:"serviceLatency,omitempty"` // how many times the usual time an answer takes while it lasts; 0: not known
	EarlierContact bool        `json:"earlierContact,omitempty"` // contact was delivered, its deadline passed, and an admin confirmed the silence
	Catalogue      int64       `json:"catalogue,omitempty"`      // how many resources there are; 0: not known
	Weighing       Weighing    `json:"weighing,omitzero"`        // complete
	Considered     *Considered `json:"considered,omitempty"`     // the judgement before this one that found a significant risk
}

// Weighing is the policy's `assessment`: how the factors of an assessment count.
type Weighing struct {
	Weights map[string]int64 `json:"weights,omitempty"` // by factor, 0 to 10; DefaultWeights where it names none
	Least   int64            `json:"least,omitempty"`   // the score below which no risk is significant; 0: none
}

// DefaultWeights hold where the policy names none.
var DefaultWeights = map[string]int64{"beyond": 3, "duration": 1, "service-share": 2, "service-errors": 3,
	"service-at-risk": 5, "catalogue": 3, "earlier-contact": 2}

// Complete is the weighing with the default weights where it names none.
func (w Weighing) Complete() Weighing {
	all := maps.Clone(DefaultWeights)
	maps.Copy(all, w.Weights)
	return Weighing{all, w.Least}
}

// Basis is what the findings of an assessment rest on: the documents, the terms in force as they bound this
// consumer, and the usage read. The usage itself is known by the hash of its stored bytes: it is kept for
// as long as the usage table keeps it, and shown to be the same for as long.
type Basis struct {
	Policy     PolicyID   `json:"policy"`
	Version    int        `json:"version"`
	Hash       string     `json:"hash"` // of the version's document
	Terms      Terms      `json:"terms"`
	Agreements []int      `json:"agreements,omitempty"` // in force, rising
	Since      time.Time  `json:"since,omitzero"`       // usage before it was left out
	Missing    string     `json:"missing,omitempty"`    // why lines may be missing
	Usage      []BasisDay `json:"usage,omitempty"`      // by key and date
	Population string     `json:"population,omitempty"` // SHA-256 of what all keys asked for the day before, as package usage encodes it
}

// BasisDay is one day of one key as it was read. Without a key it is all those that are not named.
type BasisDay struct {
	Key      KeyID  `json:"key,omitempty"`
	Date     string `json:"date,omitempty"`
	Requests int64  `json:"requests"`          // by the log
	Gateway  int64  `json:"gateway,omitempty"` // by GetUsage, where that is more
	Hash     string `json:"hash"`              // SHA-256 of the day as package usage encodes it
}
