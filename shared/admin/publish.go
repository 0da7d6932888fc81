package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/policydoc"
)

// PublishCall publishes a policy document, or does something with a version that was published.
type PublishCall struct {
	Call
	Action   string       `json:"action,omitempty"` // publish (when left out), withdraw, progress, versions, resend
	Policy   aup.PolicyID `json:"policy"`           // needed when the document does not name itself
	Document string       `json:"document"`         // the whole file
	DryRun   bool         `json:"dryRun"`           // check and say what would happen; store nothing
	Days     int          `json:"days,omitempty"`   // dryRun: of stored usage to judge, 7 when left out, at most 28
	Version  int          `json:"version,omitempty"`
	Format   string       `json:"format,omitempty"` // progress: json (when left out) or csv
	After    string       `json:"after,omitempty"`  // progress: the Next of the answer before
	Reason   string       `json:"reason,omitempty"` // withdraw: consumers are told

	To aup.Unreached `json:"to,omitempty"` // resend: not-received or not-accepted
}

// Published is the answer to PublishCall.
type Published struct {
	Policy   aup.PolicyID        `json:"policy"`
	Version  int                 `json:"version"`
	Hash     string              `json:"hash"`
	Applies  time.Time           `json:"applies"`
	New      bool                `json:"new"` // false: these bytes are the latest version already
	DryRun   bool                `json:"dryRun,omitempty"`
	Notes    []policydoc.Problem `json:"notes,omitempty"`
	Changes  *policydoc.Changes  `json:"changes,omitempty"` // from the version before
	Tell     int                 `json:"tell"`              // emails that are owed, or would be
	NotReady []NotReady          `json:"notReady,omitempty"`
	Decide   []ToDecide          `json:"decide,omitempty"` // consumers the version waits for: see decide-version
	Usage    *Rehearsal          `json:"usage,omitempty"`  // dryRun: what it would have done with the usage that is stored

	MoreNotReady int `json:"moreNotReady,omitempty"` // than are listed
	MoreToDecide int `json:"moreToDecide,omitempty"`
}

// NotReady is a consumer that cannot be told.
type NotReady struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Why      string         `json:"why"`
}

// PublishPolicy checks a document, compares it with the last version, stores it and owes its distribution;
// or does what the call's action says.
func (d Desk) PublishPolicy(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
	var c PublishCall
	if err := decode(raw, &c); err != nil {
		return nil, err
	}
	switch c.Action {
	case "", "publish":
		return d.publishDocument(ctx, c, raw)
	case "progress":
		p, err := d.progress(ctx, c)
		if err != nil {
			return nil, err
		}
		return json.Marshal(p)
	case "versions":
		return d.versions(ctx, c)
	case "resend":
		return d.resendAll(ctx, c, raw)
	case "withdraw":
		return d.once(ctx, "publish-policy", c.Call, raw, func() (any, error) { return d.withdraw(ctx, c) })
	}
	return nil, fmt.Errorf("action: %q is not one of publish, withdraw, progress, versions, resend", c.Action)
}

func (d Desk) publishDocument(ctx context.Context, c PublishCall, raw json.RawMessage) (json.RawMessage, error) {
	p, notes, err := read(c)
	if err != nil {
		return nil, err
	}
	if c.DryRun {
		answer, err := d.preview(ctx, p, c, notes)
		if err != nil {
			return nil, err
		}
		return json.Marshal(answer)
	}
	return d.once(ctx, "publish-policy", c.Call, raw, func() (any, error) { return d.publish(ctx, p, c, notes) })
}

// read parses the document. Its errors carry line and column, and nothing is stored when there is one.
func read(c PublishCall) (aup.Policy, []policydoc.Problem, error) {
	p, problems := policydoc.Parse("document", []byte(c.Document), c.Policy)
	if err := policydoc.Refused(problems); err != nil {
		return p, nil, err
	}
	if c.Policy != "" && c.Policy != p.ID {
		return p, nil, fmt.Errorf("policy: the call says %q, the document says %q", c.Policy, p.ID)
	}
	return p, problems, nil
}

func (d Desk) preview(ctx context.Context, p aup.Policy, c PublishCall, notes []policydoc.Problem) (Published, error) {
	previous, v, err := d.Ledger.Preview(ctx, p, []byte(c.Document), d.Now())
	if err != nil {
		return Published{}, err
	}
	a := answer(previous, v, v.Hash != previous.Hash, notes)
	a.DryRun = true
	if !a.New {
		a.Version, a.Applies = previous.Number, previous.Applies
		return a, nil
	}
	if err := d.audience(ctx, v, &a); err != nil {
		return a, err
	}
	a.Usage, err = d.rehearse(ctx, v, c.Days)
	return a, err
}

func (d Desk) publish(ctx context.Context, p aup.Policy, c PublishCall, notes []policydoc.Problem) (Published, error) {
	previous, _, err := d.Ledger.Preview(ctx, p, []byte(c.Document), d.Now())
	if err != nil {
		return Published{}, err
	}
	v, fresh, err := d.Ledger.Publish(ctx, p, []byte(c.Document), d.Now())
	if err != nil {
		return Published{}, err
	}
	a := answer(previous, v, fresh, notes)
	if !fresh {
		return a, nil
	}
	return a, d.audience(ctx, v, &a)
}

func answer(previous, v aup.Version, fresh bool, notes []policydoc.Problem) Published {
	a := Published{Policy: v.Policy.ID, Version: v.Number, Hash: v.Hash, Applies: v.Applies, New: fresh, Notes: notes}
	if previous.Number > 0 && fresh {
		changes := policydoc.Diff(previous.Policy, v.Policy)
		a.Changes = &changes
	}
	return a
}

// mostListed is how many consumers an answer lists of a kind: it is kept, and must fit an item of the table.
const mostListed = 200

// audience counts who is told, and lists who cannot be, and who is not before an admin has decided.
func (d Desk) audience(ctx context.Context, v aup.Version, a *Published) error {
	return d.Ledger.Listings(ctx, func(id aup.ConsumerID, l ledger.Listing) error {
		if l.Policy != v.Policy.ID || l.State == aup.HasEnded {
			return nil
		}
		if waits, err := d.touched(ctx, id, l, v); err != nil || waits != nil {
			if waits != nil {
				a.Decide, a.MoreToDecide = listed(a.Decide, a.MoreToDecide, *waits)
			}
			return err
		}
		a.Tell += l.Contacts
		if why := unready(l); why != "" {
			a.NotReady, a.MoreNotReady = listed(a.NotReady, a.MoreNotReady, NotReady{id, why})
		}
		return nil
	})
}

func listed[T any](all []T, more int, one T) ([]T, int) {
	if len(all) >= mostListed {
		return all, more + 1
	}
	return append(all, one), more
}

func unready(l ledger.Listing) string {
	switch {
	case l.Undelivered != "":
		return "the last email to contact " + string(l.Undelivered) + " could not be delivered"
	case l.Contacts == 0:
		return "it has no contacts"
	case !l.Authority:
		return "none of its contacts may accept for it"
	}
	return ""
}
