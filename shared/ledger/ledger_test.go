package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/table"
	"accord/shared/table/bolt"
)

var day1 = time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)

func open(t *testing.T) (*ledger.Ledger, table.Table) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "ledger"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return ledger.New(db.Table("ledger")), db.Table("ledger")
}

// must runs an append that has to succeed.
func must(t *testing.T, l *ledger.Ledger, cause string, e *ledger.Entry) ledger.Result {
	t.Helper()
	r, err := l.Append(t.Context(), "city-guide", cause, day1, func(aup.Standing) (*ledger.Entry, error) { return e, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func register(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	ann := aup.Contact{ID: "ann", Name: "Ann Example", Email: "ann@example.org", Role: aup.Authority}.Salted()
	must(t, l, "register", &ledger.Entry{Fact: aup.Registered{Policy: "places-api", Keys: []aup.KeyID{"k1"}, Contacts: []aup.ContactRef{ann.Ref()}},
		Profile: &aup.Consumer{ID: "city-guide", Name: "City Guide", Policy: "places-api"}, Contacts: []aup.Contact{ann}, Keys: []aup.KeyID{"k1"}})
}

func TestAppend(t *testing.T) {
	ask := func(*testing.T) *ledger.Entry { return &ledger.Entry{Fact: aup.Asked{Contact: "ann"}} }
	for _, c := range []struct {
		says string
		do   func(t *testing.T, l *ledger.Ledger)
	}{
		{"an event, its standing and its dues are there together", func(t *testing.T, l *ledger.Ledger) {
			e := ask(t)
			e.Notices = []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminAnswer}}
			r := must(t, l, "asked", e)
			n, err := l.Notice(t.Context(), "city-guide", r.Event.Notices[0].ID)
			if err != nil || n.Event != r.Event.Seq || r.Standing.Seq != 2 {
				t.Errorf("notice %+v (%v), standing %+v", n, err, r.Standing)
			}
			if open, err := l.Open(t.Context()); open != 1 || err != nil {
				t.Errorf("%d dues (%v), want the email's", open, err)
			}
		}},
		{"the same cause again is the first event, and nothing is written", func(t *testing.T, l *ledger.Ledger) {
			first := must(t, l, "asked", ask(t))
			again := must(t, l, "asked", ask(t))
			if again.Event.Seq != first.Event.Seq || !again.Repeated || again.Standing.Seq != 2 {
				t.Errorf("the repeat gave %+v", again)
			}
		}},
		{"a decision to do nothing writes nothing, and its cause stays free", func(t *testing.T, l *ledger.Ledger) {
			must(t, l, "asked", nil)
			if r := must(t, l, "asked", ask(t)); r.Event.Seq != 2 {
				t.Errorf("event %d, want 2", r.Event.Seq)
			}
		}},
		{"a consumer that is not registered is unknown", func(t *testing.T, l *ledger.Ledger) {
			_, err := l.Append(t.Context(), "nobody", "c", day1, func(aup.Standing) (*ledger.Entry, error) { return ask(t), nil })
			if !errors.Is(err, ledger.ErrUnknown) {
				t.Errorf("error %v", err)
			}
		}},
		{"a consumer registers once", func(t *testing.T, l *ledger.Ledger) {
			_, err := l.Append(t.Context(), "city-guide", "again", day1, func(aup.Standing) (*ledger.Entry, error) {
				return &ledger.Entry{Fact: aup.Registered{Policy: "x"}}, nil
			})
			if err == nil || !strings.Contains(err.Error(), "already registered") {
				t.Errorf("error %v", err)
			}
		}},
		{"a key belongs to one consumer", func(t *testing.T, l *ledger.Ledger) {
			_, err := l.Append(t.Context(), "other", "register", day1, func(aup.Standing) (*ledger.Entry, error) {
				return &ledger.Entry{Fact: aup.Registered{Policy: "x", Keys: []aup.KeyID{"k1"}}, Keys: []aup.KeyID{"k1"}}, nil
			})
			if err == nil || !strings.Contains(err.Error(), "another consumer") {
				t.Errorf("error %v", err)
			}
			if _, err := l.Standing(t.Context(), "other"); !errors.Is(err, ledger.ErrUnknown) {
				t.Errorf("half of it was written: %v", err)
			}
		}},
		{"an error of the decision is the caller's, and nothing is written", func(t *testing.T, l *ledger.Ledger) {
			no := errors.New("no")
			if _, err := l.Append(t.Context(), "city-guide", "c", day1, func(aup.Standing) (*ledger.Entry, error) { return nil, no }); !errors.Is(err, no) {
				t.Errorf("error %v", err)
			}
		}},
		{"a standing too large to be read for every judgement is refused", func(t *testing.T, l *ledger.Ledger) {
			_, err := l.Append(t.Context(), "city-guide", "c", day1, func(aup.Standing) (*ledger.Entry, error) {
				return &ledger.Entry{Fact: aup.UsesRecorded{Uses: []string{strings.Repeat("x", ledger.MaxStanding)}}}, nil
			})
			if err == nil || !strings.Contains(err.Error(), "standing would be") {
				t.Errorf("error %v", err)
			}
		}},
		{"the chain holds", func(t *testing.T, l *ledger.Ledger) {
			for i := range 5 {
				must(t, l, fmt.Sprint("asked", i), ask(t))
			}
			if err := l.Verify(t.Context(), "city-guide"); err != nil {
				t.Error(err)
			}
		}},
		{"events name nobody", func(t *testing.T, l *ledger.Ledger) {
			events, err := l.Events(t.Context(), "city-guide")
			b, _ := json.Marshal(events)
			if err != nil || strings.Contains(string(b), "Ann") || strings.Contains(string(b), "example.org") {
				t.Errorf("%v: %s", err, b)
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) {
			l, _ := open(t)
			register(t, l)
			c.do(t, l)
		})
	}
}

// TestAWriterWhoseAnswerWasLost: whatever the table did, a repeat leaves exactly one event.
func TestAWriterWhoseAnswerWasLost(t *testing.T) {
	l, tb := open(t)
	register(t, l)
	lossy := &losing{Table: tb}
	for i := range 20 {
		lossy.after, lossy.before = i%2 == 0, i%2 == 1
		append := func(l *ledger.Ledger) (ledger.Result, error) {
			return l.Append(t.Context(), "city-guide", fmt.Sprint("ask", i), day1, func(aup.Standing) (*ledger.Entry, error) {
				return &ledger.Entry{Fact: aup.Asked{Contact: "ann"}}, nil
			})
		}
		if _, err := append(ledger.New(lossy)); err == nil {
			t.Fatal("the loss did not happen")
		}
		r, err := append(l)
		if err != nil || r.Standing.Seq != int64(i)+2 {
			t.Fatalf("after loss %d: standing %d (%v), want %d", i, r.Standing.Seq, err, i+2)
		}
	}
	if err := l.Verify(t.Context(), "city-guide"); err != nil {
		t.Error(err)
	}
}

// losing is a table whose writes fail before they are done, or after.
type losing struct {
	table.Table
	before, after bool
}

func (l *losing) Write(ctx context.Context, ops ...table.Op) error {
	if l.before {
		return errors.New("not done")
	}
	if err := l.Table.Write(ctx, ops...); err != nil {
		return err
	}
	return errors.New("done, but the answer is lost")
}

// TestSixtyFourWriters: all of them succeed, in some order, and the chain is whole.
func TestSixtyFourWriters(t *testing.T) {
	l, _ := open(t)
	register(t, l)
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for n := range 4 {
				_, err := l.Append(t.Context(), "city-guide", fmt.Sprintf("%d.%d", w, n%3), day1, func(aup.Standing) (*ledger.Entry, error) {
					return &ledger.Entry{Fact: aup.Asked{Contact: "ann"}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s, err := l.Standing(t.Context(), "city-guide")
	if want := int64(1 + 64*3); err != nil || s.Seq != want {
		t.Errorf("%d events (%v), want %d: three causes a writer", s.Seq, err, want)
	}
	if err := l.Verify(t.Context(), "city-guide"); err != nil {
		t.Error(err)
	}
}

// TestTamperingShows: whatever is done to stored history, Verify says so.
func TestTamperingShows(t *testing.T) {
	const pk = "consumer#city-guide"
	get := func(t *testing.T, tb table.Table, sk string) table.Item {
		it, err := tb.Get(t.Context(), table.Key{PK: pk, SK: sk})
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	for _, c := range []struct {
		says string
		do   func(t *testing.T, tb table.Table) []table.Op
	}{
		{"an event edited", func(t *testing.T, tb table.Table) []table.Op {
			it := get(t, tb, "event#00000002")
			it.Body = []byte(strings.Replace(string(it.Body), "asked0", "asked9", 1))
			return []table.Op{table.Put(it, table.Any)}
		}},
		{"an event deleted", func(*testing.T, table.Table) []table.Op {
			return []table.Op{table.Delete(table.Key{PK: pk, SK: "event#00000002"}, table.Any)}
		}},
		{"two events swapped", func(t *testing.T, tb table.Table) []table.Op {
			a, b := get(t, tb, "event#00000002"), get(t, tb, "event#00000003")
			a.Body, b.Body = b.Body, a.Body
			return []table.Op{table.Put(a, table.Any), table.Put(b, table.Any)}
		}},
		{"the last event cut off", func(*testing.T, table.Table) []table.Op {
			return []table.Op{table.Delete(table.Key{PK: pk, SK: "event#00000004"}, table.Any)}
		}},
		{"the standing edited", func(t *testing.T, tb table.Table) []table.Op {
			it := get(t, tb, "standing")
			it.Body = []byte(strings.Replace(string(it.Body), `"active"`, `"suspended"`, 1))
			return []table.Op{table.Put(it, table.Any)}
		}},
	} {
		l, tb := open(t)
		register(t, l)
		for i := range 3 {
			must(t, l, fmt.Sprint("asked", i), &ledger.Entry{Fact: aup.Asked{Contact: "ann"}})
		}
		if err := tb.Write(t.Context(), c.do(t, tb)...); err != nil {
			t.Fatal(err)
		}
		if err := l.Verify(t.Context(), "city-guide"); err == nil {
			t.Errorf("%s: nothing shows", c.says)
		}
	}
}

// TestAnEventMayOweAContactTwoEmails: giving access back on probation tells every contact of both.
func TestAnEventMayOweAContactTwoEmails(t *testing.T) {
	l, _ := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	var notices []aup.Notice
	for _, kind := range []aup.NoticeKind{aup.ReinstateNotice, aup.AgreementNotice} {
		for _, contact := range []aup.ContactID{"ann", "bob"} {
			notices = append(notices, aup.Notice{Contact: contact, Kind: kind})
		}
	}
	ledgertest.Append(t, l, "guide", "back", &ledger.Entry{Fact: aup.Reinstated{}, Notices: notices})
	if n := len(ledgertest.Owed(t, l, aup.DueEmail)); n != 4 {
		t.Errorf("%d emails are owed", n)
	}
}
