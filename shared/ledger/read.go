package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/table"
)

var guardKey = table.Key{PK: "guard", SK: "guard"}

type keyRecord struct {
	Consumer aup.ConsumerID `json:"consumer"`
}

// Standing returns where a consumer stands; ErrUnknown when it is not registered.
func (l *Ledger) Standing(ctx context.Context, id aup.ConsumerID) (s aup.Standing, err error) {
	_, err = l.read(ctx, standingKey(id), &s)
	return s, named(err, "consumer", string(id))
}

// Event returns one event of a consumer.
func (l *Ledger) Event(ctx context.Context, id aup.ConsumerID, seq int64) (e aup.Event, err error) {
	_, err = l.read(ctx, eventKey(id, seq), &e)
	return e, named(err, "event", fmt.Sprintf("%d of %s", seq, id))
}

// Events returns a consumer's whole history.
func (l *Ledger) Events(ctx context.Context, id aup.ConsumerID) ([]aup.Event, error) {
	return list[aup.Event](ctx, l, consumerPK(id), "event#")
}

// Profile returns what an admin said of a consumer.
func (l *Ledger) Profile(ctx context.Context, id aup.ConsumerID) (c aup.Consumer, err error) {
	_, err = l.read(ctx, profileKey(id), &c)
	return c, named(err, "consumer", string(id))
}

// Contacts returns a consumer's contacts by id.
func (l *Ledger) Contacts(ctx context.Context, id aup.ConsumerID) ([]aup.Contact, error) {
	return list[aup.Contact](ctx, l, contactPK(id), "")
}

// Contact returns one contact of a consumer.
func (l *Ledger) Contact(ctx context.Context, id aup.ConsumerID, contact aup.ContactID) (c aup.Contact, err error) {
	_, err = l.read(ctx, table.Key{PK: contactPK(id), SK: string(contact)}, &c)
	return c, named(err, "contact", string(contact))
}

// Acceptors returns who accepted versions on the page, but for those erased.
func (l *Ledger) Acceptors(ctx context.Context, id aup.ConsumerID) ([]aup.Acceptor, error) {
	return list[aup.Acceptor](ctx, l, acceptorPK(id), "")
}

// Agreements returns a consumer's agreements, past ones included, by number.
func (l *Ledger) Agreements(ctx context.Context, id aup.ConsumerID) ([]aup.Agreement, error) {
	return list[aup.Agreement](ctx, l, consumerPK(id), "agreement#")
}

// Case returns one case, closed ones included.
func (l *Ledger) Case(ctx context.Context, id aup.ConsumerID, c aup.CaseID) (record aup.Case, err error) {
	_, err = l.read(ctx, caseKey(id, c), &record)
	return record, named(err, "case", string(c))
}

// Cases returns all cases of a consumer.
func (l *Ledger) Cases(ctx context.Context, id aup.ConsumerID) ([]aup.Case, error) {
	return list[aup.Case](ctx, l, consumerPK(id), "case#")
}

// Notice returns one notice.
func (l *Ledger) Notice(ctx context.Context, id aup.ConsumerID, n aup.NoticeID) (record aup.Notice, err error) {
	_, err = l.read(ctx, noticeKey(id, n), &record)
	return record, named(err, "notice", string(n))
}

// Notices returns all notices of a consumer.
func (l *Ledger) Notices(ctx context.Context, id aup.ConsumerID) ([]aup.Notice, error) {
	return list[aup.Notice](ctx, l, consumerPK(id), "notice#")
}

// Email returns a notice as it was sent, compressed as it was stored.
func (l *Ledger) Email(ctx context.Context, id aup.ConsumerID, n aup.NoticeID) ([]byte, error) {
	it, err := l.t.Get(ctx, emailKey(id, n))
	if errors.Is(err, table.ErrNotFound) {
		return nil, named(ErrUnknown, "email", string(n))
	}
	return it.Body, err
}

// ConsumerOf returns whose key it is.
func (l *Ledger) ConsumerOf(ctx context.Context, key aup.KeyID) (aup.ConsumerID, error) {
	var k keyRecord
	_, err := l.read(ctx, keyKey(key), &k)
	return k.Consumer, named(err, "key", string(key))
}

// Guard returns the last hour's suspensions, and the version it was read at.
func (l *Ledger) Guard(ctx context.Context) (g assess.Guard, v int64, err error) {
	v, err = l.read(ctx, guardKey, &g)
	if errors.Is(err, ErrUnknown) {
		return g, 0, nil
	}
	return g, v, err
}

// Consumers calls f for the consumers of one directory shard after the given one, at most limit of them
// (0: all). It returns the last one if there may be more, and "" when the shard is done.
func (l *Ledger) Consumers(ctx context.Context, shard int, after string, limit int, f func(aup.ConsumerID) error) (string, error) {
	q := table.Query{PK: fmt.Sprintf("directory#%02d", shard), After: after, Limit: limit}
	for {
		page, err := l.t.Query(ctx, q)
		if err != nil {
			return q.After, err
		}
		for _, it := range page.Items {
			if err := f(aup.ConsumerID(it.SK)); err != nil {
				return q.After, err
			}
			q.After = it.SK
		}
		if page.Next == "" || limit > 0 {
			return page.Next, nil
		}
		q.After = page.Next
	}
}

// Verify replays a consumer's events and reports the first place where the chain, or the standing that
// is kept beside it, does not follow from them.
func (l *Ledger) Verify(ctx context.Context, id aup.ConsumerID) error {
	kept, err := l.Standing(ctx, id)
	if err != nil {
		return err
	}
	s, err := l.replay(ctx, id, func(aup.Event) bool { return true })
	if err != nil {
		return err
	}
	a, _ := json.Marshal(s)
	if b, _ := json.Marshal(kept); string(a) != string(b) {
		return fmt.Errorf("consumer %s: the standing kept is not the fold of its %d events", id, s.Seq)
	}
	return nil
}

// StandingAt replays a consumer's events up to the moment at, that moment included, and says where it stood
// then. It fails where the chain does not follow from them.
func (l *Ledger) StandingAt(ctx context.Context, id aup.ConsumerID, at time.Time) (aup.Standing, error) {
	return l.replay(ctx, id, func(e aup.Event) bool { return !e.At.After(at) })
}

// replay folds a consumer's stored events for as long as counts says so.
func (l *Ledger) replay(ctx context.Context, id aup.ConsumerID, counts func(aup.Event) bool) (s aup.Standing, err error) {
	over := false
	err = table.Each(ctx, l.t, table.Query{PK: consumerPK(id), Prefix: "event#"}, func(it table.Item) error {
		var e aup.Event
		if err := json.Unmarshal(it.Body, &e); err != nil {
			return fmt.Errorf("%s: %w", it.Key, err)
		}
		if it.Key != eventKey(id, e.Seq) {
			return fmt.Errorf("%s holds event %d", it.Key, e.Seq)
		}
		if over = over || !counts(e); over {
			return nil
		}
		s, err = s.After(e, it.Body)
		return err
	})
	return s, err
}

func named(err error, noun, id string) error {
	if errors.Is(err, ErrUnknown) {
		return fmt.Errorf("%s %q: %w", noun, id, ErrUnknown)
	}
	return err
}
