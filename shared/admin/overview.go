package admin

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/ledger"
)

const (
	mostOwed = 20_000    // that an overview counts of what is owed: a campaign owes an email to everybody
	retried  = time.Hour // within which whatever is owed and has failed is tried again: later dues are planned ones
)

// Overview is how things stand with all consumers. It answers a FiguresCall with "overview".
type Overview struct {
	At        time.Time         `json:"at"`
	Mode      assess.Mode       `json:"mode"`
	Consumers map[aup.State]int `json:"consumers"`
	Protected int               `json:"protected"`

	Owed    map[aup.DueKind]int         `json:"owed"`              // not done yet, without what is planned for a later day; none: nothing is forgotten
	More    bool                        `json:"more,omitempty"`    // than Owed counts
	Overdue map[aup.DueKind]aup.Overdue `json:"overdue,omitempty"` // of it, for more than an hour
	Guard   GuardNow                    `json:"guard"`

	Waiting     []WaitingCase `json:"waiting,omitempty"` // suspensions that people are to decide
	MoreWaiting int           `json:"moreWaiting,omitempty"`
	Unserved    Named         `json:"unserved"`    // of whom nobody said what stops if their access stops
	NoContacts  Named         `json:"noContacts"`  // whom nobody can write to
	Undelivered Named         `json:"undelivered"` // of whom some contact's last email came back
	NoAuthority Named         `json:"noAuthority"` // none of whose contacts may accept
}

// GuardNow is how near the machine is to what it may do within an hour.
type GuardNow struct {
	Budget    int `json:"budget"`
	Suspended int `json:"suspended"` // in the last hour, by a machine
}

// WaitingCase is a suspension that waits for people.
type WaitingCase struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Case     aup.CaseID     `json:"case"`
	Decision string         `json:"decision"` // what an approval names
	Deadline time.Time      `json:"deadline"`
	Slow     string         `json:"slow,omitempty"` // the usage plan that the keys are in meanwhile
}

// Named counts consumers, and names the first few.
type Named struct {
	Count int              `json:"count"`
	First []aup.ConsumerID `json:"first,omitempty"`
}

func (n *Named) add(id aup.ConsumerID) {
	if n.Count++; len(n.First) < mostListed {
		n.First = append(n.First, id)
	}
}

// overview reads the directory, the guard and what is owed, and the standings of those who wait for a decision.
func (d Desk) overview(ctx context.Context) (json.RawMessage, error) {
	now := d.Now().UTC()
	o := Overview{At: now, Mode: d.Judge.Mode, Consumers: map[aup.State]int{}}
	var held []aup.ConsumerID
	err := d.Ledger.Listings(ctx, func(id aup.ConsumerID, l ledger.Listing) error {
		if o.Consumers[l.State]++; l.State == aup.HasEnded {
			return ctx.Err()
		}
		o.list(id, l)
		if l.Held {
			held = append(held, id)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	g, _, err := d.Ledger.Guard(ctx)
	if err != nil {
		return nil, err
	}
	o.Guard = GuardNow{Budget: g.Budget(), Suspended: g.Lately(now)}
	if err := errors.Join(d.waiting(ctx, &o, held), d.owed(ctx, &o)); err != nil {
		return nil, err
	}
	return json.Marshal(o)
}

func (o *Overview) list(id aup.ConsumerID, l ledger.Listing) {
	if l.Protected {
		o.Protected++
	}
	if !l.Serves {
		o.Unserved.add(id)
	}
	switch {
	case l.Contacts == 0:
		o.NoContacts.add(id)
	case !l.Authority:
		o.NoAuthority.add(id)
	}
	if l.Undelivered != "" {
		o.Undelivered.add(id)
	}
}

// waiting lists the suspensions that wait, the nearest deadline first.
func (d Desk) waiting(ctx context.Context, o *Overview, held []aup.ConsumerID) error {
	for _, id := range held[:min(len(held), mostListed)] {
		s, err := d.Ledger.Standing(ctx, id)
		if err != nil {
			return err
		}
		for _, c := range s.Cases {
			if c.State == aup.CaseHeld {
				o.Waiting = append(o.Waiting, WaitingCase{id, c.ID, c.Decision, c.Deadline, c.Slow})
			}
		}
	}
	o.MoreWaiting = len(held) - min(len(held), mostListed)
	slices.SortStableFunc(o.Waiting, func(a, b WaitingCase) int { return a.Deadline.Compare(b.Deadline) })
	return nil
}

var errEnough = errors.New("enough")

// owed counts what is owed now, by kind.
func (d Desk) owed(ctx context.Context, o *Overview) (err error) {
	o.Owed = map[aup.DueKind]int{}
	n := 0
	err = d.Ledger.Overdue(ctx, o.At.Add(retried), func(due aup.Due) error {
		if due.Planned() && due.Next.After(o.At) {
			return ctx.Err()
		}
		if n == mostOwed {
			return errEnough
		}
		n++
		o.Owed[due.Kind]++
		return ctx.Err()
	})
	if o.More = errors.Is(err, errEnough); err != nil && !o.More {
		return err
	}
	o.Overdue, err = d.distributor().Overdue(ctx, o.At)
	return err
}
