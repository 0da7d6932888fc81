package ledger

import (
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// batch gathers the operations of one write and remembers the first error.
type batch struct {
	ops []table.Op
	err error
}

func (b *batch) put(k table.Key, v int64, cond table.Cond, record any) {
	it, err := item(k, v, record)
	if err != nil && b.err == nil {
		b.err = err
	}
	b.ops = append(b.ops, table.Put(it, cond))
}

// records adds what is written together with the event.
func (b *batch) records(id aup.ConsumerID, at time.Time, e *Entry) {
	if e.Profile != nil {
		b.put(profileKey(id), 1, table.Any, e.Profile)
	}
	for _, k := range e.Keys {
		b.put(keyKey(k), 1, table.Absent, keyRecord{id})
	}
	for _, c := range e.Contacts {
		b.put(table.Key{PK: contactPK(id), SK: string(c.ID)}, 1, table.Any, c)
	}
	for _, c := range e.Erase {
		b.ops = append(b.ops, table.Delete(table.Key{PK: contactPK(id), SK: string(c)}, table.Any))
	}
	if e.Agreement != nil {
		b.agreement(agreementKey(id, e.Agreement.Number), e.Agreement)
	}
	if e.Case != nil {
		b.put(caseKey(id, e.Case.ID), 1, table.Any, e.Case)
	}
	for _, c := range e.Cases {
		b.put(caseKey(id, c.ID), 1, table.Any, c)
	}
	if e.Guard != nil {
		b.put(guardKey, e.Guard.V+1, atOrAbsent(e.Guard.V), e.Guard.Guard)
	}
	if e.Acceptor != nil {
		b.put(acceptorKey(id, e.Acceptor.Version), 1, table.Any, e.Acceptor)
	}
	for _, version := range e.Forget {
		b.ops = append(b.ops, table.Delete(acceptorKey(id, version), table.Any))
	}
	if e.Codes != nil {
		b.codes(id, at, e.Codes)
	}
	b.notices(id, at, e)
	b.dues(at, e)
}

func (b *batch) notices(id aup.ConsumerID, at time.Time, e *Entry) {
	for _, n := range e.Notices {
		b.put(noticeKey(id, n.ID), 1, table.Absent, n)
		e.Dues = append(e.Dues, aup.Due{ID: string(id) + "." + string(n.ID), Kind: aup.DueEmail, Urgent: n.Kind.Urgent(),
			Consumer: id, Notice: n.ID})
	}
	if e.Notice != nil {
		b.put(noticeKey(id, e.Notice.ID), 1, table.Any, e.Notice)
	}
	if e.Email != nil {
		b.ops = append(b.ops, table.Put(table.Item{Key: emailKey(id, e.Notice.ID), V: 1, Body: e.Email}, table.Any))
	}
}

func (b *batch) dues(at time.Time, e *Entry) {
	for _, d := range e.Dues {
		b.owe(d, at)
	}
	if e.Done != nil {
		b.ops = append(b.ops, table.Delete(dueKey(*e.Done), table.At(dueVersion(*e.Done))))
	}
}

// owe adds a new due, to be done at once, or on the later day that it names.
func (b *batch) owe(d aup.Due, at time.Time) {
	d.Created, d.Attempts = at.UTC(), 0
	if d.Next = d.Next.UTC(); d.Next.Before(d.Created) {
		d.Next = d.Created
	}
	b.put(dueKey(d), dueVersion(d), table.Absent, d)
}

func atOrAbsent(v int64) table.Cond {
	if v == 0 {
		return table.Absent
	}
	return table.At(v)
}

// agreement stores one that is made, once, or the same one as it is ended early.
func (b *batch) agreement(k table.Key, a *aup.Agreement) {
	if a.Ended.IsZero() {
		b.put(k, 1, table.Absent, a)
		return
	}
	b.put(k, 2, table.Any, a)
}
