// Package admin answers the calls of the provider's own people: publish a policy, manage a consumer,
// decide a case, ask for an audit.
//
// A call is a JSON object, read strictly: a field it does not know is an error that names it, and changes
// nothing. Each carries an id of the caller's choosing in "request"; the answer is kept under it, so that
// a repeated call gets the first answer, and an id used again for something else is refused (SAM CLI
// repeats calls that take over 60 seconds). Who calls cannot be seen in a direct invocation: the actor is
// recorded as asserted. Approvals therefore enter only through API Gateway with IAM (HTTP).
package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/metering"
)

// Desk answers admins' calls.
type Desk struct {
	Ledger    *ledger.Ledger
	Meter     *metering.Meter
	Judge     judge.Judge
	Approvals int // how many different admins must approve the suspension of a protected consumer
	Now       func() time.Time
}

// Call is the part that every call has.
type Call struct {
	Request string `json:"request"` // the caller's id: letters, digits, hyphens; the same id gets the same answer
	Actor   string `json:"actor"`   // who calls, as asserted
}

func (c Call) check() error {
	if c.Request == "" || len(c.Request) > 128 {
		return errors.New(`request: give the call an id of your own, of at most 128 characters; a repeat with the same id gets the same answer`)
	}
	return nil
}

// decode reads a call strictly.
func decode(raw []byte, call any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(call); err != nil {
		return fmt.Errorf("the event cannot be read: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("the event has something after its end")
	}
	return nil
}

// once does a call the first time, and answers a repeat of it as it was answered then.
func (d Desk) once(ctx context.Context, name string, c Call, raw []byte, do func() (any, error)) (json.RawMessage, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	id, asked := name+"#"+c.Request, aup.Hash(raw)
	answer, err := d.Ledger.Answered(ctx, id, asked)
	if !errors.Is(err, ledger.ErrUnknown) {
		return answer, err
	}
	result, err := do()
	if err != nil {
		return nil, err
	}
	if answer, err = json.Marshal(result); err != nil {
		return nil, err
	}
	if err := d.Ledger.Answer(ctx, id, asked, answer, d.Now()); err != nil {
		return nil, err
	}
	return d.Ledger.Answered(ctx, id, asked)
}

// Appended is the answer to a call that added an event to a consumer's history.
type Appended struct {
	Consumer aup.ConsumerID  `json:"consumer"`
	Event    string          `json:"event"` // what kind
	Seq      int64           `json:"seq"`
	State    aup.State       `json:"state"`
	Notices  []aup.NoticeRef `json:"notices,omitempty"` // emails owed because of it
	Case     aup.CaseID      `json:"case,omitempty"`
}

// append adds to the history of a registered consumer.
func (d Desk) append(ctx context.Context, id aup.ConsumerID, c Call, decide ledger.Decide) (any, error) {
	return d.record(ctx, id, c, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Seq == 0 {
			return nil, fmt.Errorf("consumer %q: %w; register it first", id, ledger.ErrUnknown)
		}
		return decide(s)
	})
}

// record adds to the ledger under the call's own cause, and says what was added.
func (d Desk) record(ctx context.Context, id aup.ConsumerID, c Call, decide ledger.Decide) (any, error) {
	if err := aup.CheckSlug("consumer", string(id)); err != nil {
		return nil, err
	}
	r, err := d.Ledger.Append(ctx, id, "request#"+c.Request, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		e, err := decide(s)
		if e != nil {
			e.Actor = c.actor()
		}
		return e, err
	})
	if err != nil {
		return nil, err
	}
	a := Appended{Consumer: id, Seq: r.Event.Seq, State: r.Standing.State, Notices: r.Event.Notices}
	if r.Event.Fact != nil {
		a.Event = r.Event.Fact.Kind()
	}
	return a, nil
}

func (c Call) actor() string {
	if c.Actor == "" {
		return "an admin"
	}
	return c.Actor
}
