package distribute_test

import (
	"fmt"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// TestMoreWaitThanADigestLists: what a digest has no room for is listed when there is room again.
func TestMoreWaitThanADigestLists(t *testing.T) {
	w := newWorld(t)
	const all, room = 403, 400
	for i := range all {
		id := aup.ConsumerID(fmt.Sprintf("partner-%d", i))
		ledgertest.Register(t, w.l, id)
		ledgertest.Append(t, w.l, id, "held", &ledger.Entry{Fact: aup.IssueHeld{Policy: "places-api", Version: 2, Previous: 1, Agreements: []int{1}}})
	}
	if err := w.distributor().OpenProvider(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.digest() // begins with the day before
	first := w.digest()
	if len(first) != room {
		t.Fatalf("the first lists %d, want %d", len(first), room)
	}
	for i, l := range first[:10] {
		fact := aup.Fact(aup.IssueDeferred{Version: 2, Reason: "r"})
		if i%2 == 0 {
			fact = aup.PolicyIssued{Policy: "places-api", Version: 2, Previous: 1}
		}
		ledgertest.Append(t, w.l, l.Consumer, "decided", &ledger.Entry{Fact: fact})
	}
	for range 2 {
		seen := map[aup.ConsumerID]bool{}
		for _, l := range w.digest() {
			seen[l.Consumer] = true
		}
		if len(seen) != all-10 || seen[first[0].Consumer] || seen[first[1].Consumer] {
			t.Errorf("the next lists %d, want the %d that are left", len(seen), all-10)
		}
	}
}

// digest makes the next digest, a day later, and returns what it lists as waiting.
func (w *world) digest() []aup.DigestLine {
	w.Helper()
	w.now = w.now.Add(24 * time.Hour)
	for _, due := range ledgertest.Owed(w, w.l, aup.DueDeadline) {
		if due.Step != aup.StepDigest {
			continue
		}
		if err := w.distributor().Do(w.Context(), ledger.RefOf(due)); err != nil {
			w.Fatal(err)
		}
	}
	s, err := w.l.Standing(w.Context(), aup.Provider)
	if err != nil || s.Digest == 0 {
		return nil
	}
	e, err := w.l.Event(w.Context(), aup.Provider, s.Digest)
	if err != nil {
		w.Fatal(err)
	}
	return e.Fact.(aup.DigestMade).Waiting
}
