package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"accord/shared/aup"
	"accord/shared/table"
)

// Listing is what the directory says of a consumer, so that an audience can be counted, and an overview given, without
// reading everybody's standing. It follows from the standing and is written with the event that changes it.
type Listing struct {
	Policy      aup.PolicyID  `json:"policy,omitempty"`
	State       aup.State     `json:"state,omitempty"`
	Contacts    int           `json:"contacts,omitempty"`
	Authority   bool          `json:"authority,omitempty"`   // one of them may accept
	Undelivered aup.ContactID `json:"undelivered,omitempty"` // whose last email came back
	Agreed      bool          `json:"agreed,omitempty"`      // there are agreements, or were: look
	Serves      bool          `json:"serves,omitempty"`      // somebody said what stops if its access stops
	Protected   bool          `json:"protected,omitempty"`   // people must approve its suspension
	Held        bool          `json:"held,omitempty"`        // a suspension waits for people
}

func listingOf(s aup.Standing) Listing {
	l := Listing{Policy: s.Policy, State: s.State, Contacts: len(s.Contacts), Agreed: len(s.Agreements) > 0, Serves: s.Serves, Protected: s.Protected,
		Held: slices.ContainsFunc(s.Cases, func(c aup.CaseRef) bool { return c.State == aup.CaseHeld })}
	for _, c := range s.Contacts {
		l.Authority = l.Authority || c.Role == aup.Authority
		if c.Undelivered {
			l.Undelivered = c.ID
		}
	}
	return l
}

// list puts the consumer's listing where an event changes it. That agreements are over is no change: time
// ends them, in whatever event comes next, and a listing that says "look" is never wrong.
func (b *batch) list(before, after aup.Standing) {
	was, is := listingOf(before), listingOf(after)
	was.Agreed = was.Agreed && is.Agreed
	if was != is || before.Seq == 0 && after.Consumer != aup.Provider {
		b.put(directoryKey(after.Consumer), 1, table.Any, is)
	}
}

// Listings calls f for every consumer of the directory, in some twenty reads for a hundred thousand. A listing
// written before it had a state is made from the standing.
func (l *Ledger) Listings(ctx context.Context, f func(aup.ConsumerID, Listing) error) error {
	for shard := range Shards {
		err := table.Each(ctx, l.t, table.Query{PK: fmt.Sprintf("directory#%02d", shard)}, func(it table.Item) error {
			id := aup.ConsumerID(it.SK)
			var listing Listing
			if err := json.Unmarshal(it.Body, &listing); err != nil {
				return fmt.Errorf("%s: %w", it.Key, err)
			}
			if listing.State == "" {
				s, err := l.Standing(ctx, id)
				if err != nil && !errors.Is(err, ErrUnknown) {
					return err
				}
				listing = listingOf(s)
			}
			return f(id, listing)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
