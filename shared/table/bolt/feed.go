package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"accord/shared/table"
)

// Feed hands the oldest changes of a table that were not delivered yet, at most max of them, to f, and
// forgets them when f returns nil. After an error, or a crash before Feed returned, the same changes come
// again. f is not called when there are none; it may write to any table, but not call Feed for this one.
func (db *DB) Feed(ctx context.Context, name string, max int, f func([]table.Change) error) (delivered int, err error) {
	lock, _ := db.feeds.LoadOrStore(name, new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()

	feed := []byte("feed:" + name)
	keys, changes, err := db.pending(ctx, feed, max)
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	if err := f(changes); err != nil {
		return 0, err
	}
	err = db.file.Update(func(tx *bbolt.Tx) error {
		for _, k := range keys {
			if err := tx.Bucket(feed).Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	return len(changes), err
}

// Pending says whether a table has changes that were not delivered yet.
func (db *DB) Pending(name string) (bool, error) {
	keys, _, err := db.pending(context.Background(), []byte("feed:"+name), 1)
	return len(keys) > 0, err
}

// Changed receives a value soon after changes were written to any table, one for many of them: it is for
// one reader, who then empties the feeds. What an earlier process left behind is not announced.
func (db *DB) Changed() <-chan struct{} { return db.changed }

func (db *DB) tell() {
	select {
	case db.changed <- struct{}{}:
	default: // the reader has not yet come for the last one
	}
}

func (db *DB) pending(ctx context.Context, feed []byte, max int) (keys [][]byte, changes []table.Change, err error) {
	err = db.file.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(feed)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, v := c.First(); k != nil && len(keys) < max; k, v = c.Next() {
			change, err := decodeChange(v)
			if err != nil {
				return err
			}
			keys, changes = append(keys, slices.Clone(k)), append(changes, change)
		}
		return ctx.Err()
	})
	return keys, changes, err
}

// record adds a change to the feed, under the next number.
func (b *bucket) record(tx *bbolt.Tx, key, old, now []byte) error {
	feed, err := tx.CreateBucketIfNotExists(b.feed)
	if err != nil {
		return err
	}
	feed.FillPercent = 1 // keys only grow: leave no room between them
	n, err := feed.NextSequence()
	if err != nil {
		return err
	}
	return feed.Put(binary.BigEndian.AppendUint64(nil, n), encodeChange(key, old, now))
}

// encodeChange is the key, the item before and the item after, each behind its length; no item is an empty
// one, which an encoded item never is.
func encodeChange(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(binary.AppendUvarint(b, uint64(len(p))), p...)
	}
	return b
}

var errDamaged = errors.New("the file is damaged: a change cannot be read")

func decodeChange(b []byte) (c table.Change, err error) {
	var parts [3][]byte
	for i := range parts {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)-used) {
			return c, errDamaged
		}
		parts[i], b = b[used:used+int(n)], b[used+int(n):]
	}
	for i, image := range []**table.Item{&c.Old, &c.New} {
		if len(parts[i+1]) == 0 {
			continue
		}
		it, err := decodeItem(parts[0], parts[i+1])
		if err != nil {
			return c, fmt.Errorf("%w: %w", errDamaged, err)
		}
		*image, c.Key = &it, it.Key
	}
	return c, nil
}
