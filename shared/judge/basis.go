package judge

import (
	"maps"
	"slices"
	"strings"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
)

// basisDays is how many days of keys a basis names one by one. A consumer with more has the rest in one
// entry without a name, whose hash is over theirs: an event stays far below what can be stored.
const basisDays = 400

// basis is what the findings about a subject rest on, to be frozen in the event that follows.
func basis(s audit.Subject) *aup.Basis {
	v := s.Policy.Version
	b := &aup.Basis{Policy: v.Policy.ID, Version: v.Number, Hash: v.Hash, Terms: s.Policy.Terms,
		Agreements: s.Policy.Agreements, Since: s.Since, Missing: s.Doubt.Missing}
	for _, key := range slices.Sorted(maps.Keys(s.Keys)) {
		for _, d := range s.Keys[key] {
			b.Usage = append(b.Usage, read(key, d))
		}
	}
	if len(s.Population.Demand) > 0 {
		b.Population = aup.Hash(s.Population.Encode())
	}
	if len(b.Usage) > basisDays {
		b.Usage = append(b.Usage[:basisDays:basisDays], together(b.Usage[basisDays:]))
	}
	return b
}

func read(key aup.KeyID, d usage.Day) aup.BasisDay {
	b := aup.BasisDay{Key: key, Date: d.Date, Requests: d.Counts().Requests, Hash: aup.Hash(usage.EncodeDay(&d))}
	if gateway, known := d.GatewayTotal(); known && gateway > b.Requests {
		b.Gateway = gateway
	}
	return b
}

func together(days []aup.BasisDay) (all aup.BasisDay) {
	var hashes strings.Builder
	for _, d := range days {
		all.Requests += d.Requests
		all.Gateway += d.Gateway
		hashes.WriteString(d.Hash)
	}
	all.Hash = aup.Hash([]byte(hashes.String()))
	return all
}
