package bolt

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"accord/shared/table"
)

// Expire deletes the items of a table whose time has passed, as DynamoDB does by itself, and says how many they were.
func (db *DB) Expire(ctx context.Context, name string, now time.Time) (n int, err error) {
	t := &bucket{db, []byte("items:" + name), []byte("feed:" + name)}
	var over []table.Key
	err = db.file.View(func(tx *bbolt.Tx) error {
		items := tx.Bucket(t.items)
		if items == nil {
			return nil
		}
		return items.ForEach(func(k, v []byte) error {
			it, err := decodeItem(k, v)
			if it.TTL > 0 && it.TTL < now.Unix() {
				over = append(over, it.Key)
			}
			return err
		})
	})
	for i := 0; i < len(over) && err == nil; i++ {
		err = t.Write(ctx, table.Delete(over[i], table.Any))
	}
	return len(over), err
}
