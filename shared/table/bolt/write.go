package bolt

import (
	"bytes"
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"accord/shared/table"
)

// putAtOnce is how many items of PutAll share a transaction.
const putAtOnce = 1000

func (b *bucket) Write(ctx context.Context, ops ...table.Op) error {
	if err := table.CheckOps(ops); err != nil {
		return err
	}
	if b.db.Conflict != nil && b.db.Conflict(ops) {
		return fmt.Errorf("imitated: %w", table.ErrConflict)
	}
	return b.write(ctx, ops)
}

func (b *bucket) PutAll(ctx context.Context, items []table.Item) error {
	if err := table.CheckItems(items); err != nil {
		return err
	}
	for len(items) > 0 {
		n := min(putAtOnce, len(items))
		ops := make([]table.Op, n)
		for i, it := range items[:n] {
			ops[i] = table.Put(it, table.Any)
		}
		if err := b.write(ctx, ops); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

func (b *bucket) write(ctx context.Context, ops []table.Op) error {
	if err := ctx.Err(); err != nil || len(ops) == 0 {
		return err
	}
	var tell bool
	err := b.db.file.Update(func(tx *bbolt.Tx) error {
		items, err := tx.CreateBucketIfNotExists(b.items)
		if err != nil {
			return err
		}
		if err := check(items, ops); err != nil {
			return err
		}
		tell, err = b.apply(tx, items, ops)
		return err
	})
	if err == nil && tell {
		b.db.tell()
	}
	return err
}

func check(items *bbolt.Bucket, ops []table.Op) error {
	for i, op := range ops {
		old := items.Get(encodeKey(op.Item.Key))
		var v int64
		if old != nil {
			v = version(old)
		}
		if !op.If.Holds(old != nil, v) {
			return &table.ConditionError{Index: i, Key: op.Item.Key}
		}
	}
	return nil
}

// apply writes ops, and their changes to the feed; a put of what is already there is none, as in DynamoDB.
func (b *bucket) apply(tx *bbolt.Tx, items *bbolt.Bucket, ops []table.Op) (changed bool, err error) {
	for _, op := range ops {
		key := encodeKey(op.Item.Key)
		old, now := items.Get(key), []byte(nil)
		if op.Kind == table.KindPut {
			now = encodeItem(op.Item)
		}
		if op.Kind == table.KindCheck || bytes.Equal(old, now) {
			continue
		}
		if b.db.feed {
			changed = true
			if err := b.record(tx, key, old, now); err != nil {
				return false, err
			}
		}
		if err := set(items, key, now); err != nil {
			return false, err
		}
	}
	return changed, nil
}

func set(items *bbolt.Bucket, key, value []byte) error {
	if value == nil {
		return items.Delete(key)
	}
	return items.Put(key, value)
}
