// Package ledgertest opens ledgers for tests: on one file that goes when the test ends, with a way to
// register consumers and to look at what is owed.
package ledgertest

import (
	"path/filepath"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
	"accord/shared/table/bolt"
)

// Day1 is when tests begin: a Monday morning.
var Day1 = time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)

// Open opens an empty ledger, and the table it lies in.
func Open(t testing.TB) (*ledger.Ledger, table.Table) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "ledger"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return ledger.New(db.Table("ledger")), db.Table("ledger")
}

// Register makes a consumer of places-api with two keys and two contacts, ann who may accept and bob who
// may not.
func Register(t testing.TB, l *ledger.Ledger, id aup.ConsumerID) {
	t.Helper()
	keys := []aup.KeyID{aup.KeyID(id) + "-1", aup.KeyID(id) + "-2"}
	contacts := []aup.Contact{
		aup.Contact{ID: "ann", Name: "Ann", Email: "ann@" + string(id) + ".example", Role: aup.Authority}.Salted(),
		aup.Contact{ID: "bob", Name: "Bob", Email: "bob@" + string(id) + ".example", Role: aup.Technical}.Salted(),
	}
	fact := aup.Registered{Policy: "places-api", Keys: keys, Contacts: []aup.ContactRef{contacts[0].Ref(), contacts[1].Ref()}}
	Append(t, l, id, "register", &ledger.Entry{Fact: fact, Contacts: contacts, Keys: keys,
		Profile: &aup.Consumer{ID: id, Name: string(id), Policy: "places-api", Keys: keys}})
}

// Append appends an entry that has to be taken.
func Append(t testing.TB, l *ledger.Ledger, id aup.ConsumerID, cause string, e *ledger.Entry) aup.Standing {
	t.Helper()
	r, err := l.Append(t.Context(), id, cause, Day1, func(aup.Standing) (*ledger.Entry, error) { return e, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r.Standing
}

// Owed lists the open dues of a kind.
func Owed(t testing.TB, l *ledger.Ledger, kind aup.DueKind) []aup.Due {
	t.Helper()
	var all []aup.Due
	err := l.Overdue(t.Context(), Day1.AddDate(10, 0, 0), func(d aup.Due) error {
		if d.Kind == kind {
			all = append(all, d)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Version publishes a version of places-api whose terms are at most so many requests a day.
func Version(t testing.TB, l *ledger.Ledger, text string, at time.Time, mode aup.AcceptanceMode) aup.Version {
	t.Helper()
	p := aup.Policy{ID: "places-api", Title: "Places API", Acceptance: mode, ReAccept: true, NoticePeriod: 14 * 24 * time.Hour,
		Clauses: []aup.Clause{{ID: "fair-volume", Heading: "Fair volume", Level: 2, Markdown: text}}}
	v, _, err := l.Publish(t.Context(), p, []byte(text), at)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
