package bolt

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"accord/shared/table"
)

func (b *bucket) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	from, until, ok, err := q.Bounds()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || !ok {
		return page, err
	}
	err = b.db.file.View(func(tx *bbolt.Tx) error {
		if items := tx.Bucket(b.items); items != nil {
			page, err = read(newWalk(items.Cursor(), q, from, until), q.Limit)
		}
		return err
	})
	return page, err
}

// read fills a page. As in DynamoDB a page that is full has a Next even when nothing follows.
func read(w *walk, limit int) (page table.Page, err error) {
	size := 0
	for k, v := w.first(); w.in(k); k, v = w.next() {
		it, err := decodeItem(k, v)
		if err != nil {
			return table.Page{}, err
		}
		size += it.Size()
		if size > table.MaxPage {
			page.Next = page.Items[len(page.Items)-1].SK
			break
		}
		page.Items = append(page.Items, it)
		if len(page.Items) == limit {
			page.Next = it.SK
			break
		}
	}
	return page, nil
}

// walk goes over the keys of one partition in [from, until), in the query's direction.
type walk struct {
	c           *bbolt.Cursor
	from, until []byte // encoded; until exclusive
	after       []byte // nil when the query starts at its beginning
	reverse     bool
}

// pastSK ends a partition: no UTF-8 has this byte.
const pastSK = "\xff"

func newWalk(c *bbolt.Cursor, q table.Query, from, until string) *walk {
	if until == "" {
		until = pastSK
	}
	w := &walk{c: c, reverse: q.Reverse, from: encodeKey(table.Key{PK: q.PK, SK: from}), until: encodeKey(table.Key{PK: q.PK, SK: until})}
	if q.After != "" {
		w.after = encodeKey(table.Key{PK: q.PK, SK: q.After})
	}
	return w
}

func (w *walk) first() (k, v []byte) {
	if w.reverse {
		return w.before(w.until)
	}
	if bytes.Compare(w.after, w.from) < 0 {
		return w.c.Seek(w.from)
	}
	if k, v = w.c.Seek(w.after); bytes.Equal(k, w.after) {
		return w.c.Next()
	}
	return k, v
}

// before finds the last key below end and below the one to continue after.
func (w *walk) before(end []byte) (k, v []byte) {
	if w.after != nil && bytes.Compare(w.after, end) < 0 {
		end = w.after
	}
	if k, _ := w.c.Seek(end); k == nil {
		return w.c.Last()
	}
	return w.c.Prev()
}

func (w *walk) next() (k, v []byte) {
	if w.reverse {
		return w.c.Prev()
	}
	return w.c.Next()
}

func (w *walk) in(k []byte) bool {
	return k != nil && bytes.Compare(k, w.from) >= 0 && bytes.Compare(k, w.until) < 0
}
