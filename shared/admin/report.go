package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Report is a case as it is given to a third party, such as a regulator: free of personal data, and
// checkable against the consumer's chain of events.
type Report struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Case     aup.CaseID     `json:"case"`
	Clause   aup.ClauseID   `json:"clause"`
	To       string         `json:"to"`
	Reason   string         `json:"reason"`
	Head     string         `json:"head"` // of the chain, at the last of Events
	Events   []aup.Event    `json:"events"`
}

// Reported is the answer to the decision "report".
type Reported struct {
	Appended any    `json:"appended"`
	Hash     string `json:"hash"` // SHA-256 of Report as it stands here: what the event keeps
	Report   Report `json:"report"`
}

func (d Desk) report(ctx context.Context, c DecideCall) (any, error) {
	if c.To == "" {
		return nil, errors.New("to: say to whom the case is reported")
	}
	found, err := d.Ledger.Case(ctx, c.Consumer, c.Case)
	if err != nil {
		return nil, err
	}
	r := Report{Consumer: c.Consumer, Case: c.Case, Clause: found.Clause, To: c.To, Reason: c.Reason}
	var hash string
	appended, err := d.append(ctx, c.Consumer, c.Call, func(s aup.Standing) (*ledger.Entry, error) {
		if r.Events, err = d.Ledger.Events(ctx, c.Consumer); err != nil {
			return nil, err
		}
		r.Head = s.Head
		b, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("report of case %s: %w", c.Case, err)
		}
		hash = aup.Hash(b)
		return &ledger.Entry{Fact: aup.Reported{Case: c.Case, To: c.To, Hash: hash}}, nil
	})
	return Reported{appended, hash, r}, err
}
