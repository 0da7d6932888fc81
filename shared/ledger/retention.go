package ledger

import (
	"context"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// Keep sets for how long personal data outside the chain is kept: emails after they were sent, who accepted after
// they did, questions and closed cases after that, the contacts of a consumer after its end. 0 means for ever. It
// is what the record is written with: a change does not touch what is there. The chain keeps commitments, and
// verifies without any of it.
func (l *Ledger) Keep(retention time.Duration) *Ledger {
	l.retention = retention
	return l
}

// expires is the TTL of personal data that is last needed at a moment.
func (l *Ledger) expires(at time.Time) int64 {
	if l.retention <= 0 {
		return 0
	}
	return at.Add(l.retention).Unix()
}

// leave has the contacts of a consumer that ends put again, to be erased when their time has passed.
func (l *Ledger) leave(ctx context.Context, id aup.ConsumerID, e *Entry) error {
	if _, ends := e.Fact.(aup.Ended); !ends || l.retention <= 0 {
		return nil
	}
	contacts, err := l.Contacts(ctx, id)
	e.Contacts = append(e.Contacts, contacts...)
	return err
}

// retain gives what an entry writes of personal data its TTL.
func (l *Ledger) retain(ops []table.Op, at time.Time, e *Entry) {
	_, ends := e.Fact.(aup.Ended)
	over := map[string]bool{}
	for _, c := range append(e.Cases, caseOrNone(e.Case)...) {
		over[caseKey("", c.ID).SK] = c.State == aup.CaseClosed || has(string(c.ID), "question-")
	}
	for i, op := range ops {
		k := op.Item.Key
		personal := has(k.PK, "email#") || has(k.PK, "acceptor#") || ends && has(k.PK, "contact#") || over[k.SK]
		if op.Kind == table.KindPut && personal {
			ops[i].Item.TTL = l.expires(at)
		}
	}
}

func has(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

func caseOrNone(c *aup.Case) []aup.Case {
	if c == nil {
		return nil
	}
	return []aup.Case{*c}
}

// EraseEmails removes every email that was sent to a contact. That it was sent, and the hash of what it was, stay.
func (l *Ledger) EraseEmails(ctx context.Context, id aup.ConsumerID, contact aup.ContactID) error {
	return each(ctx, l, consumerPK(id), "notice#", func(n aup.Notice) error {
		if n.Contact != contact || n.Sent.IsZero() {
			return nil
		}
		return l.t.Write(ctx, table.Delete(emailKey(id, n.ID), table.Any))
	})
}
