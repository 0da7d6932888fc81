// Package table is the one port to storage: what DynamoDB offers, and nothing more.
//
// A table holds items under a partition key and a sort key, both UTF-8 strings in ascending byte order.
// An item is its key, a version number that its writer gives it, an optional expiry and one body of
// bytes, which an engine returns exactly as it was put. Packages ledger and metering write everything
// through this port, once; table/bolt is one file for one process, table/dynamo is DynamoDB, and
// table/contract is the specification that both pass.
package table

import (
	"context"
	"errors"
	"fmt"
)

// The limits are DynamoDB's; bolt enforces them too.
const (
	MaxItem     = 400 << 10 // bytes: keys, attribute names and body together
	MaxWrite    = 100       // operations in one Write
	MaxWriteLen = 4 << 20   // bytes in one Write
	MaxPage     = 1 << 20   // bytes of items in one page of a Query
)

// Table is one table of items. Implementations are safe for concurrent use.
type Table interface {
	// Get returns the item at k, or ErrNotFound. It sees every write that returned before it started.
	Get(ctx context.Context, k Key) (Item, error)

	// Query reads one page of one partition in key order. It sees every write that returned before it
	// started; items written meanwhile may or may not be in it.
	Query(ctx context.Context, q Query) (Page, error)

	// Write does all of ops or none. When a condition does not hold it returns a *ConditionError that
	// names the first such operation; when another writer was at one of the items at the same moment it
	// returns ErrConflict, and the caller may try again. No two operations may name the same item.
	// After any other error it is unknown whether the write was done.
	Write(ctx context.Context, ops ...Op) error

	// PutAll puts items without conditions and not atomically: after an error any of them may have been
	// stored. No two may have the same key. There is no limit to their number.
	PutAll(ctx context.Context, items []Item) error
}

// Key names an item. Both parts are non-empty; PK has at most 2,048 bytes and SK 1,024.
type Key struct{ PK, SK string }

func (k Key) String() string { return k.PK + "/" + k.SK }

// Item is what is stored. TTL is the Unix second after which the engine may delete it; 0 means never.
// An expired item can still be read: correctness never depends on TTL.
type Item struct {
	Key
	V    int64
	TTL  int64
	Body []byte
}

// Query asks for one page of a partition. The zero values of everything but PK mean: the whole
// partition, forwards, as many items as fit a page.
type Query struct {
	PK      string
	Prefix  string // only sort keys that start with it
	From    string // only sort keys >= it
	Until   string // only sort keys < it; "" means no end
	Reverse bool
	Limit   int    // at most so many items; 0 means no limit but the page's size
	After   string // continue after this sort key: the Next of the page before
}

// Page is one page of a Query. Next is empty when there is no more. A page may be empty and have a Next, and
// one that stops at the query's Limit has one even when nothing follows.
type Page struct {
	Items []Item
	Next  string
}

// Op is one operation of a Write. Make it with Put, Delete or Check.
type Op struct {
	Kind Kind
	Item Item // Delete and Check use only its Key
	If   Cond
}

// Kind of an operation.
type Kind int

// The kinds.
const (
	KindPut Kind = iota
	KindDelete
	KindCheck
)

// Cond is a condition on the item as it was before the write. The zero Cond always holds.
type Cond struct {
	test condTest
	v    int64
}

type condTest int

const (
	condAny condTest = iota
	condAbsent
	condPresent
	condAt
)

// The conditions.
var (
	Any     = Cond{}
	Absent  = Cond{test: condAbsent}
	Present = Cond{test: condPresent}
)

// At holds when the item is there with version v.
func At(v int64) Cond { return Cond{condAt, v} }

// Holds says whether the condition holds for an item that is there with version v, or is not there.
func (c Cond) Holds(there bool, v int64) bool {
	switch c.test {
	case condAbsent:
		return !there
	case condPresent:
		return there
	case condAt:
		return there && v == c.v
	default:
		return true
	}
}

// Version returns the version of an At condition; ok is false for every other one.
func (c Cond) Version() (v int64, ok bool) { return c.v, c.test == condAt }

// Put stores item, whatever was there before, if the condition holds.
func Put(item Item, cond Cond) Op { return Op{KindPut, item, cond} }

// Delete removes the item at k, if the condition holds; removing what is not there is no error.
func Delete(k Key, cond Cond) Op { return Op{KindDelete, Item{Key: k}, cond} }

// Check changes nothing and fails the write if the condition does not hold.
func Check(k Key, cond Cond) Op { return Op{KindCheck, Item{Key: k}, cond} }

// The errors a caller can act on; engines may wrap them.
var (
	ErrNotFound = errors.New("no such item")
	ErrConflict = errors.New("another writer was at the same item; try again")
	ErrTooLarge = errors.New("larger than the table allows")
)

// ConditionError says which operation's condition did not hold. Nothing was written.
type ConditionError struct {
	Index int // into the ops given to Write
	Key   Key
}

func (e *ConditionError) Error() string {
	return fmt.Sprintf("operation %d on %s: the condition does not hold", e.Index, e.Key)
}

// Change is one entry of a table's change feed: an item was put or removed. Feeds deliver at least once,
// in order for each item, and never before the write is durable.
type Change struct {
	Key
	Old, New *Item // Old is nil for an insert, New for a removal
}

// Inserted says whether the change made an item that was not there.
func (c Change) Inserted() bool { return c.Old == nil && c.New != nil }

// Each calls f for every item that q selects, reading page after page, until f returns an error.
func Each(ctx context.Context, t Table, q Query, f func(Item) error) error {
	for {
		page, err := t.Query(ctx, q)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := f(item); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
