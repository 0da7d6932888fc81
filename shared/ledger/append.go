package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/table"
)

// MaxStanding is the most bytes a stored standing may have: it is read for every judgement.
const MaxStanding = 8 << 10

// Entry is what one append adds: a fact, and everything that must be written with it or not at all.
type Entry struct {
	Fact      aup.Fact
	Actor     string          // who, as asserted; "accord" when empty
	Notices   []aup.Notice    // owed because of it: Contact, Kind, Policy and Version are the caller's to set, and Event where they tell of an earlier one
	Dues      []aup.Due       // other dues it causes
	Done      *aup.Due        // the due whose outcome this is; it must still be this worker's
	Profile   *aup.Consumer   // the consumer's record, put in place of the former
	Contacts  []aup.Contact   // records to put
	Erase     []aup.ContactID // contact records to remove
	Keys      []aup.KeyID     // keys that become the consumer's; an error when they are another's
	Agreement *aup.Agreement
	Case      *aup.Case
	Cases     []aup.Case  // others that change with it
	Notice    *aup.Notice // a notice whose life went on
	Email     []byte      // Notice as it was sent, compressed
	Guard     *GuardWrite
	Acceptor  *aup.Acceptor // who accepted: erasable
	Forget    []int         // versions whose Acceptor is erased
	Codes     *Codes        // when the contact asked for codes, this time included
}

// GuardWrite is the guard as it becomes, if nobody changed it since it was read at version V.
type GuardWrite struct {
	Guard assess.Guard
	V     int64
}

// Decide looks at where a consumer stands and says what to append. Returning nil appends nothing. It
// may be called several times, each with a newer standing, and must do nothing else.
type Decide func(aup.Standing) (*Entry, error)

// Result of an append.
type Result struct {
	Event    aup.Event    // the zero Event when nothing was appended
	Standing aup.Standing // after it
	Repeated bool         // the cause had led to this event before; nothing was written now
}

// attempts at an append before it gives up: each failed one means that another writer succeeded.
const attempts = 200

// Append adds to a consumer's history what decide says, at the moment at, because of cause. A cause leads
// to one event: when it already has, that event is returned and nothing is written. ErrUnknown for a
// consumer that is not registered, unless the fact registers it.
func (l *Ledger) Append(ctx context.Context, id aup.ConsumerID, cause string, at time.Time, decide Decide) (Result, error) {
	for try := range attempts {
		r, err := l.tryAppend(ctx, id, cause, at, decide)
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
		if err := pause(ctx, try); err != nil {
			return Result{}, err
		}
	}
	return Result{}, fmt.Errorf("%s, cause %s: %w", id, cause, ErrConflict)
}

func (l *Ledger) tryAppend(ctx context.Context, id aup.ConsumerID, cause string, at time.Time, decide Decide) (Result, error) {
	if r, err := l.first(ctx, id, cause); !errors.Is(err, ErrUnknown) {
		return r, err
	}
	standing, err := l.Standing(ctx, id)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Result{}, err
	}
	entry, err := decide(standing)
	if err != nil || entry == nil {
		return Result{Standing: standing}, err
	}
	if starts := begins(entry.Fact); starts == (standing.Seq > 0) {
		return Result{}, fmt.Errorf("consumer %s: %w", id, registration(starts))
	}
	if err := l.count(ctx, entry); err != nil {
		return Result{}, err
	}
	if err := l.leave(ctx, id, entry); err != nil {
		return Result{}, err
	}
	w, err := compose(standing, id, cause, at.UTC(), entry)
	if err != nil {
		return Result{}, err
	}
	l.retain(w.ops, at, entry)
	return l.commit(ctx, w, entry)
}

// count keeps the number of consumers, which the guard's budget is a share of, with each registration.
func (l *Ledger) count(ctx context.Context, entry *Entry) error {
	if _, starts := entry.Fact.(aup.Registered); !starts {
		return nil
	}
	g, v, err := l.Guard(ctx)
	g.Consumers++
	entry.Guard = &GuardWrite{g, v}
	return err
}

// begins says whether a fact is the first of a history.
func begins(f aup.Fact) bool {
	switch f.(type) {
	case aup.Registered, aup.ProviderOpened:
		return true
	}
	return false
}

func registration(starts bool) error {
	if starts {
		return errors.New("already registered")
	}
	return ErrUnknown
}

// first finds what a cause led to.
func (l *Ledger) first(ctx context.Context, id aup.ConsumerID, cause string) (Result, error) {
	var c struct{ Seq int64 }
	if _, err := l.read(ctx, causeKey(id, cause), &c); err != nil {
		return Result{}, err
	}
	e, err := l.Event(ctx, id, c.Seq)
	if err != nil {
		return Result{}, err
	}
	s, err := l.Standing(ctx, id)
	return Result{Event: e, Standing: s, Repeated: true}, err
}

// Caused returns the event that a cause led to; ErrUnknown when it led to none.
func (l *Ledger) Caused(ctx context.Context, id aup.ConsumerID, cause string) (aup.Event, error) {
	r, err := l.first(ctx, id, cause)
	return r.Event, err
}

// write is one append made ready: the event, the standing after it, and the operations.
type write struct {
	event    aup.Event
	standing aup.Standing
	ops      []table.Op
}

func compose(s aup.Standing, id aup.ConsumerID, cause string, at time.Time, entry *Entry) (write, error) {
	e := aup.Event{Seq: s.Seq + 1, Consumer: id, At: at, Cause: cause, Actor: entry.Actor, Prev: s.Head, Fact: entry.Fact}
	if e.Actor == "" {
		e.Actor = "accord"
	}
	owe(&e, entry)
	stored, err := json.Marshal(e)
	if err != nil {
		return write{}, err
	}
	next, err := s.After(e, stored)
	if err != nil {
		return write{}, err
	}
	b := batch{}
	b.put(causeKey(id, cause), 1, table.Absent, struct{ Seq int64 }{e.Seq})
	b.ops = append(b.ops, table.Put(table.Item{Key: eventKey(id, e.Seq), V: 1, Body: stored}, table.Absent))
	b.putStanding(next, s.Seq)
	b.digest(e)
	b.list(s, next)
	b.records(id, at, entry)
	return write{e, next, b.ops}, b.err
}

// owe numbers the notices of an entry and makes a due of each.
func owe(e *aup.Event, entry *Entry) {
	for i := range entry.Notices {
		n := &entry.Notices[i]
		n.ID = aup.NoticeID(fmt.Sprintf("%d-%s", e.Seq, n.Contact))
		before := func(o aup.Notice) bool { return o.Contact == n.Contact }
		if n.Kind == aup.Receipt || slices.ContainsFunc(entry.Notices[:i], before) {
			n.ID += aup.NoticeID("-" + n.Kind)
		}
		n.Consumer, n.Owed = e.Consumer, e.At
		if n.Event == 0 {
			n.Event = e.Seq
		}
		e.Notices = append(e.Notices, aup.NoticeRef{ID: n.ID, Contact: n.Contact, Kind: n.Kind})
	}
}

func (b *batch) putStanding(next aup.Standing, seq int64) {
	cond := table.At(seq)
	if seq == 0 {
		cond = table.Absent
	}
	b.put(standingKey(next.Consumer), next.Seq, cond, next)
	if size := len(b.ops[len(b.ops)-1].Item.Body); size > MaxStanding && b.err == nil {
		b.err = fmt.Errorf("consumer %s: its standing would be %d bytes, more than %d: end keys, contacts or agreements it no longer needs",
			next.Consumer, size, MaxStanding)
	}
}

// commit writes, and tells a lost race from a repeat and from a due that is no longer ours.
func (l *Ledger) commit(ctx context.Context, w write, entry *Entry) (Result, error) {
	err := l.t.Write(ctx, w.ops...)
	var failed *table.ConditionError
	switch {
	case err == nil:
		return Result{Event: w.event, Standing: w.standing}, nil
	case errors.Is(err, table.ErrConflict):
		return Result{}, ErrConflict
	case !errors.As(err, &failed):
		return Result{}, fmt.Errorf("append to %s: %w", w.event.Consumer, err)
	case entry.Done != nil && failed.Key == dueKey(*entry.Done):
		return Result{}, ErrTaken
	case failed.Key.SK == "key":
		return Result{}, fmt.Errorf("%s belongs to another consumer: a suspension of one must not reach the other, so give each its own keys", failed.Key.PK)
	}
	return Result{}, ErrConflict
}

// pause waits a random time that grows with each try, so that many writers get past each other.
func pause(ctx context.Context, try int) error {
	d := time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 6)))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
