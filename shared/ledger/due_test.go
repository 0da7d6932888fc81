package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
)

const lease = 3 * time.Minute

// owed registers a consumer with one due of its own and returns it.
func owed(t *testing.T, l *ledger.Ledger) aup.Due {
	t.Helper()
	register(t, l)
	must(t, l, "owe", &ledger.Entry{Fact: aup.Asked{Contact: "ann"}, Dues: []aup.Due{{ID: "d", Kind: aup.DueKey, Consumer: "city-guide", Key: "k1"}}})
	return only(t, l)
}

// only returns the one due there is.
func only(t *testing.T, l *ledger.Ledger) aup.Due {
	t.Helper()
	var all []aup.Due
	err := l.Overdue(t.Context(), day1.AddDate(1, 0, 0), func(d aup.Due) error {
		all = append(all, d)
		return nil
	})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d dues (%v), want one", len(all), err)
	}
	return all[0]
}

func TestDues(t *testing.T) {
	fails := errors.New("the gateway is down")
	for _, c := range []struct {
		says string
		do   func(t *testing.T, l *ledger.Ledger, d aup.Due)
	}{
		{"a claimed due cannot be claimed again from the same place", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			if _, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease); !errors.Is(err, ledger.ErrTaken) {
				t.Errorf("second claim: %v", err)
			}
		}},
		{"it is overdue when its lease has run out, not before", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			if _, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease); err != nil {
				t.Fatal(err)
			}
			for _, at := range []struct {
				after time.Duration
				want  int
			}{{lease, 0}, {lease + time.Second, 1}} {
				n := 0
				if err := l.Overdue(t.Context(), day1.Add(at.after), func(aup.Due) error { n++; return nil }); err != nil || n != at.want {
					t.Errorf("%s on: %d overdue (%v), want %d", at.after, n, err, at.want)
				}
			}
		}},
		{"the outcome's event and the due's removal are one write", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			claimed, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease)
			if err != nil {
				t.Fatal(err)
			}
			must(t, l, "done", &ledger.Entry{Fact: aup.KeySet{Key: "k1"}, Done: &claimed})
			if n, _ := l.Open(t.Context()); n != 0 {
				t.Errorf("%d dues are left", n)
			}
		}},
		{"a worker whose lease was taken over cannot record an outcome", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			slow, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Claim(t.Context(), ledger.RefOf(slow), day1.Add(lease), lease); err != nil {
				t.Fatal(err)
			}
			_, err = l.Append(t.Context(), "city-guide", "late", day1, func(aup.Standing) (*ledger.Entry, error) {
				return &ledger.Entry{Fact: aup.KeySet{Key: "k1"}, Done: &slow}, nil
			})
			if !errors.Is(err, ledger.ErrTaken) {
				t.Errorf("error %v, want ErrTaken", err)
			}
			if s, _ := l.Standing(t.Context(), "city-guide"); s.Seq != 2 {
				t.Errorf("it recorded an event all the same")
			}
		}},
		{"work that fails is put back, with why, and returns its error", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			err := l.Work(t.Context(), ledger.RefOf(d), day1, lease, func(context.Context, aup.Due) error { return fails })
			if back := only(t, l); !errors.Is(err, fails) || back.Attempts != 1 || !back.Next.Equal(day1.Add(time.Minute)) || back.Why == "" {
				t.Errorf("error %v, due %+v", err, back)
			}
		}},
		{"work on a due that is done is no error and does nothing", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			claimed, _ := l.Claim(t.Context(), ledger.RefOf(d), day1, lease)
			if err := l.Done(t.Context(), claimed); err != nil {
				t.Fatal(err)
			}
			err := l.Work(t.Context(), ledger.RefOf(d), day1, lease, func(context.Context, aup.Due) error { t.Error("did it"); return nil })
			if err != nil {
				t.Error(err)
			}
		}},
		{"a due that is continued is fresh again, at its new place", func(t *testing.T, l *ledger.Ledger, d aup.Due) {
			claimed, _ := l.Claim(t.Context(), ledger.RefOf(d), day1, lease)
			if err := l.Continue(t.Context(), claimed, day1.Add(time.Second), "half-way"); err != nil {
				t.Fatal(err)
			}
			if back := only(t, l); back.Cursor != "half-way" || back.Attempts != 0 {
				t.Errorf("due %+v", back)
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) {
			l, _ := open(t)
			c.do(t, l, owed(t, l))
		})
	}
}

// TestOneClaimWins: of many workers woken for the same due, one does it.
func TestOneClaimWins(t *testing.T) {
	l, _ := open(t)
	d := owed(t, l)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if _, err := l.Claim(t.Context(), ledger.RefOf(d), day1, lease); err == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d workers claimed it", won.Load())
	}
}

// TestFresh: only a due that was put and not claimed yet wakes a worker.
func TestFresh(t *testing.T) {
	body, _ := json.Marshal(aup.Due{ID: "d", Kind: aup.DueKey})
	due := func(pk string, v int64) *table.Item {
		return &table.Item{Key: table.Key{PK: pk, SK: "s"}, V: v, Body: body}
	}
	for _, c := range []struct {
		says   string
		change table.Change
		want   bool
	}{
		{"a new due", table.Change{Key: table.Key{PK: "due#01", SK: "s"}, New: due("due#01", 1)}, true},
		{"one that was claimed, which moves it", table.Change{Key: table.Key{PK: "due#01", SK: "s"}, New: due("due#01", 2)}, false},
		{"one that was removed", table.Change{Key: table.Key{PK: "due#01", SK: "s"}, Old: due("due#01", 1)}, false},
		{"another item", table.Change{Key: table.Key{PK: "guard", SK: "s"}, New: due("guard", 1)}, false},
	} {
		if _, got := ledger.Fresh(c.change); got != c.want {
			t.Errorf("%s: fresh %t", c.says, got)
		}
	}
}

func TestPublish(t *testing.T) {
	p := aup.Policy{ID: "places-api", NoticePeriod: 14 * 24 * time.Hour}
	l, _ := open(t)
	first, fresh, err := l.Publish(t.Context(), p, []byte("one"), day1)
	if err != nil || !fresh || first.Number != 1 || !first.Applies.Equal(day1.AddDate(0, 0, 14)) {
		t.Fatalf("first: %+v %t %v", first, fresh, err)
	}
	if n, _ := l.Open(t.Context()); n != ledger.Shards {
		t.Errorf("%d dues, want one a directory shard", n)
	}
	again, fresh, err := l.Publish(t.Context(), p, []byte("one"), day1.AddDate(0, 0, 1))
	if err != nil || fresh || again.Number != 1 || !again.Published.Equal(day1) {
		t.Errorf("the same bytes again: %+v %t %v", again, fresh, err)
	}
	second, _, err := l.Publish(t.Context(), p, []byte("two"), day1.AddDate(0, 0, 2))
	if err != nil || second.Number != 2 {
		t.Errorf("second: %+v %v", second, err)
	}
	for _, c := range []struct {
		says string
		at   time.Time
		want int
	}{{"while it waits, the first is in force", day1.AddDate(0, 0, 15), 1}, {"then the second", day1.AddDate(0, 0, 16), 2}} {
		if v, err := l.InForce(t.Context(), "places-api", c.at); err != nil || v.Number != c.want {
			t.Errorf("%s: version %d (%v)", c.says, v.Number, err)
		}
	}
	if _, err := l.InForce(t.Context(), "places-api", day1); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("before any applies: %v", err)
	}
	if _, _, err := l.Publish(t.Context(), p, make([]byte, ledger.MaxDocument+1), day1); err == nil {
		t.Error("a document too large for its item was taken")
	}
}

// TestTwoPublishers: racing publishers of different texts get different numbers.
func TestTwoPublishers(t *testing.T) {
	l, _ := open(t)
	var wg sync.WaitGroup
	var sum atomic.Int64
	for i := range 8 {
		wg.Go(func() {
			v, _, err := l.Publish(t.Context(), aup.Policy{ID: "places-api"}, fmt.Append(nil, i), day1)
			if err != nil {
				t.Error(err)
			}
			sum.Add(int64(v.Number))
		})
	}
	wg.Wait()
	if sum.Load() != 1+2+3+4+5+6+7+8 {
		t.Errorf("the numbers add up to %d", sum.Load())
	}
}

// TestLinks: a link of 256 bits opens what it was made for until it expires, and is kept nowhere.
func TestLinks(t *testing.T) {
	l, kept := open(t)
	secret, err := l.NewLink(t.Context(), ledger.Token{Consumer: "city-guide", Contact: "ann", Expires: day1.Add(time.Hour)})
	if err != nil || len(secret) != 43 {
		t.Fatalf("link %q, %v", secret, err)
	}
	it, err := kept.Get(t.Context(), table.Key{PK: "token#" + aup.Hash([]byte(secret)), SK: "token"})
	if err != nil || strings.Contains(string(it.Body), secret) || it.TTL != day1.Add(time.Hour).Unix() {
		t.Errorf("it is kept as %s until %d (%v), want only under its hash", it.Body, it.TTL, err)
	}
	if _, err := kept.Get(t.Context(), table.Key{PK: "token#" + secret, SK: "token"}); !errors.Is(err, table.ErrNotFound) {
		t.Errorf("it lies under itself: %v", err)
	}
	for _, c := range []struct {
		says, secret string
		at           time.Time
		ok           bool
	}{
		{"a link opens for whom it was made", secret, day1, true},
		{"not when it has expired", secret, day1.Add(time.Hour), false},
		{"not when it is cut short", secret[:42], day1, false},
		{"not when a letter is altered", "A" + secret[1:42] + "A", day1, false},
		{"nothing opens nothing", "", day1, false},
	} {
		got, err := l.Link(t.Context(), c.secret, c.at)
		if (err == nil) != c.ok || c.ok && got.Contact != "ann" {
			t.Errorf("%s: %+v, %v", c.says, got, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	l, _ := open(t)
	if err := l.Answer(t.Context(), "r1", "call", json.RawMessage(`1`), day1, aup.Due{ID: "a", Kind: aup.DueAudit}); err != nil {
		t.Fatal(err)
	}
	if err := l.Answer(t.Context(), "r1", "call", json.RawMessage(`2`), day1, aup.Due{ID: "b", Kind: aup.DueAudit}); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Answered(t.Context(), "r1", "call"); err != nil || string(got) != "1" {
		t.Errorf("answer %s (%v), want the first", got, err)
	}
	if d := only(t, l); d.ID != "a" {
		t.Errorf("due %s, want the first call's alone", d.ID)
	}
	if _, err := l.Answered(t.Context(), "r1", "another"); !errors.Is(err, ledger.ErrReused) {
		t.Errorf("reused for another call: %v", err)
	}
}

func TestEachFailureWaitsLonger(t *testing.T) {
	for _, c := range []struct {
		says string
		due  aup.Due
		most time.Duration
	}{
		{"two minutes at most for a key", aup.Due{ID: "d", Kind: aup.DueKey}, 2 * time.Minute},
		{"ten minutes at most for an urgent email", aup.Due{ID: "d", Kind: aup.DueEmail, Urgent: true}, 10 * time.Minute},
		{"an hour at most for anything else", aup.Due{ID: "d", Kind: aup.DueEmail}, time.Hour},
	} {
		t.Run(c.says, func(t *testing.T) {
			l, _ := open(t)
			if err := l.Answer(t.Context(), "r", "call", []byte("1"), day1, c.due); err != nil {
				t.Fatal(err)
			}
			last := time.Duration(0)
			for range 12 {
				due := only(t, l)
				now := due.Next
				l.Work(t.Context(), ledger.RefOf(due), now, lease, func(context.Context, aup.Due) error { return errors.New("fails") })
				wait := only(t, l).Next.Sub(now)
				if wait < last {
					t.Errorf("waits %s after %s", wait, last)
				}
				last = wait
			}
			if last != c.most {
				t.Errorf("waits %s at last", last)
			}
		})
	}
}
