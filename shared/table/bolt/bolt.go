// Package bolt keeps tables in one file, for one process: the demo, a machine of one's own, and tests.
//
// Every table is a bucket whose keys are the partition, its length before it, and the sort key: so a
// partition is exact and its sort keys are in byte order, as in DynamoDB. DynamoDB's limits are enforced,
// and its conflicts can be imitated (DB.Conflict), so that what works here works there. A second bucket of
// each table is its change feed: the changes not yet delivered, written in the transaction that made them.
//
// Package local opens one for the single-process stack; tests of what stores things open one with NoSync.
package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"accord/shared/table"
)

// DB is one file of tables.
type DB struct {
	// Conflict, if set, is asked before each Write whether another writer is at the same items; then Write
	// changes nothing and returns table.ErrConflict, as DynamoDB would. Set it before the first Write.
	Conflict func(ops []table.Op) bool

	file    *bbolt.DB
	feed    bool
	changed chan struct{}
	feeds   sync.Map // table name -> *sync.Mutex: one delivery at a time
}

// Option changes how a file is opened.
type Option func(*options)

type options struct {
	noSync bool
	noFeed bool
}

// NoSync does not wait for the disk: faster, and a power failure may lose or damage the file. For
// temporary ones.
func NoSync() Option { return func(o *options) { o.noSync = true } }

// NoFeed keeps no change feed, for those who would never read it: an unread feed only grows.
func NoFeed() Option { return func(o *options) { o.noFeed = true } }

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = time.Second

// Open opens the file at path and makes it when it is not there.
func Open(path string, opts ...Option) (*DB, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	file, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, NoSync: o.noSync, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("%s is open in another process; stop that one or choose another file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &DB{file: file, feed: !o.noFeed, changed: make(chan struct{}, 1)}, nil
}

// Close closes the file when the transactions under way are done.
func (db *DB) Close() error { return db.file.Close() }

// Table returns the table of that name, empty when nothing was ever written to it.
func (db *DB) Table(name string) table.Table {
	return &bucket{db, []byte("items:" + name), []byte("feed:" + name)}
}

// bucket is one table.
type bucket struct {
	db          *DB
	items, feed []byte // the names of its buckets
}

var _ table.Table = (*bucket)(nil)

func (b *bucket) Get(ctx context.Context, k table.Key) (it table.Item, err error) {
	if err := errors.Join(ctx.Err(), k.Check()); err != nil {
		return it, err
	}
	err = b.db.file.View(func(tx *bbolt.Tx) error {
		value := lookUp(tx.Bucket(b.items), k)
		if value == nil {
			return fmt.Errorf("%s: %w", k, table.ErrNotFound)
		}
		it, err = decodeItem(encodeKey(k), value)
		return err
	})
	return it, err
}

func lookUp(items *bbolt.Bucket, k table.Key) []byte {
	if items == nil {
		return nil
	}
	return items.Get(encodeKey(k))
}

// encodeKey keeps the order of sort keys within a partition: two bytes of length, partition, sort key.
func encodeKey(k table.Key) []byte {
	b := make([]byte, 0, 2+len(k.PK)+len(k.SK))
	b = binary.BigEndian.AppendUint16(b, uint16(len(k.PK)))
	return append(append(b, k.PK...), k.SK...)
}

// encodeItem is everything but the key: version, expiry, body.
func encodeItem(it table.Item) []byte {
	b := make([]byte, 0, 16+len(it.Body))
	b = binary.BigEndian.AppendUint64(b, uint64(it.V))
	b = binary.BigEndian.AppendUint64(b, uint64(it.TTL))
	return append(b, it.Body...)
}

// decodeItem copies: bbolt's memory is only lent until the transaction ends.
func decodeItem(key, value []byte) (table.Item, error) {
	if len(key) < 2 || len(value) < 16 || len(key) < 2+int(binary.BigEndian.Uint16(key)) {
		return table.Item{}, fmt.Errorf("the file is damaged: an item of %d and %d bytes", len(key), len(value))
	}
	pk := 2 + int(binary.BigEndian.Uint16(key))
	return table.Item{
		Key:  table.Key{PK: string(key[2:pk]), SK: string(key[pk:])},
		V:    version(value),
		TTL:  int64(binary.BigEndian.Uint64(value[8:])),
		Body: slices.Clone(value[16:]),
	}, nil
}

func version(value []byte) int64 { return int64(binary.BigEndian.Uint64(value)) }
