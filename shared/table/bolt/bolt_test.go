package bolt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"accord/shared/table"
	"accord/shared/table/contract"
)

func TestContract(t *testing.T) {
	contract.Test(t, func(t *testing.T) table.Table { return temporary(t).Table("ledger") })
}

func TestFeedContract(t *testing.T) {
	contract.TestFeed(t, func(t *testing.T) (table.Table, contract.Next) {
		db := temporary(t)
		return db.Table("ledger"), func(ctx context.Context) (changes []table.Change, err error) {
			_, err = db.Feed(ctx, "ledger", 4, func(c []table.Change) error {
				changes = c
				return nil
			})
			return changes, err
		}
	})
}

func temporary(t testing.TB, opts ...Option) *DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "test.db"), append(opts, NoSync())...)
}

func open(t testing.TB, path string, opts ...Option) *DB {
	t.Helper()
	db, err := Open(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func putIn(t testing.TB, tab table.Table, sks ...string) {
	t.Helper()
	for _, sk := range sks {
		if err := tab.Write(t.Context(), table.Put(table.Item{Key: table.Key{PK: "p", SK: sk}, V: 1}, table.Any)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestItemsSurviveClosing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path)
	putIn(t, db.Table("ledger"), "a")
	db.Close()

	db = open(t, path)
	if _, err := db.Table("ledger").Get(t.Context(), table.Key{PK: "p", SK: "a"}); err != nil {
		t.Fatal(err)
	}
}

func TestTablesOfOneFileAreApart(t *testing.T) {
	db := temporary(t)
	putIn(t, db.Table("ledger"), "a")
	if _, err := db.Table("usage").Get(t.Context(), table.Key{PK: "p", SK: "a"}); !errors.Is(err, table.ErrNotFound) {
		t.Errorf("Get from the other table: %v", err)
	}
	if pending, err := db.Pending("usage"); pending || err != nil {
		t.Errorf("the other table's feed has something: %v, %v", pending, err)
	}
}

func TestAFileOpenElsewhereIsRefusedByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	open(t, path)
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path+" is open in another process") {
		t.Fatal(err)
	}
}

func TestPutAllOfMoreThanOneTransaction(t *testing.T) {
	tab := temporary(t).Table("ledger")
	items := make([]table.Item, 2*putAtOnce+1)
	for i := range items {
		items[i].Key = table.Key{PK: "p", SK: fmt.Sprintf("%05d", i)}
	}
	if err := tab.PutAll(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Get(t.Context(), items[len(items)-1].Key); err != nil {
		t.Fatal(err)
	}
}

func TestConflictIsImitated(t *testing.T) {
	db := temporary(t)
	db.Conflict = func(ops []table.Op) bool { return len(ops) == 2 }
	tab := db.Table("ledger")
	a, b := table.Put(table.Item{Key: table.Key{PK: "p", SK: "a"}}, table.Any), table.Put(table.Item{Key: table.Key{PK: "p", SK: "b"}}, table.Any)
	if err := tab.Write(t.Context(), a, b); !errors.Is(err, table.ErrConflict) {
		t.Fatalf("Write: %v", err)
	}
	if _, err := tab.Get(t.Context(), a.Item.Key); !errors.Is(err, table.ErrNotFound) {
		t.Fatalf("something was written: %v", err)
	}
	if err := tab.Write(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedFileIsAnErrorNotAPanic(t *testing.T) {
	db := temporary(t)
	putIn(t, db.Table("ledger"), "a")
	err := db.file.Update(func(tx *bbolt.Tx) error {
		return errors.Join(
			tx.Bucket([]byte("items:ledger")).Put(encodeKey(table.Key{PK: "p", SK: "a"}), []byte("short")),
			tx.Bucket([]byte("feed:ledger")).Put([]byte("12345678"), []byte{200}))
	})
	if err != nil {
		t.Fatal(err)
	}
	_, get := db.Table("ledger").Get(t.Context(), table.Key{PK: "p", SK: "a"})
	_, query := db.Table("ledger").Query(t.Context(), table.Query{PK: "p"})
	_, feed := db.Feed(t.Context(), "ledger", 10, func([]table.Change) error { return nil })
	for call, err := range map[string]error{"Get": get, "Query": query, "Feed": feed} {
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// Within a partition encoded keys have the order of their sort keys; apart from that, partitions only have
// to be whole.
func TestKeyOrder(t *testing.T) {
	word := rapid.StringOfN(rapid.Rune(), 1, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		a := table.Key{PK: word.Draw(t, "pk"), SK: word.Draw(t, "a")}
		b := table.Key{PK: a.PK, SK: word.Draw(t, "b")}
		if got, want := bytes.Compare(encodeKey(a), encodeKey(b)), cmp.Compare(a.SK, b.SK); got != want {
			t.Fatalf("%q to %q is %d, want %d", a, b, got, want)
		}
		c := table.Key{PK: word.Draw(t, "other pk"), SK: word.Draw(t, "c")}
		whole := encodeKey(table.Key{PK: a.PK})
		if in := bytes.HasPrefix(encodeKey(c), whole); in != (a.PK == c.PK) {
			t.Fatalf("%q is in partition %q: %v", c, a.PK, in)
		}
	})
}

func FuzzDecodeChange(f *testing.F) {
	key := encodeKey(table.Key{PK: "p", SK: "s"})
	f.Add(encodeChange(key, nil, encodeItem(table.Item{V: 1, Body: []byte("b")})))
	f.Add(encodeChange(key, encodeItem(table.Item{TTL: 1}), nil))
	f.Add([]byte{100, 1}) // a length beyond the end
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := decodeChange(b)
		if err != nil {
			return
		}
		for _, it := range []*table.Item{c.Old, c.New} {
			if it != nil && len(it.Body) > len(b) {
				t.Fatalf("a body of %d bytes from %d", len(it.Body), len(b))
			}
		}
	})
}
