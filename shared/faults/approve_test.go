package faults

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

// TestAdminsApproveTogether: however many admins approve one held decision at the same moment, each more
// than once, it is carried out once, with the second one's word.
func TestAdminsApproveTogether(t *testing.T) {
	tables := onBolt(t)
	w := newWorld(t, tables("ledger"), tables("usage"))
	l := ledger.New(w.ledger)
	held, err := l.Append(t.Context(), consumer, "held", start, func(aup.Standing) (*ledger.Entry, error) {
		return distribute.Held(aup.Case{ID: "c", Consumer: consumer, Clause: "fair-volume"}, "protected", start.AddDate(0, 0, 1)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	decision, err := held.Event.Hash()
	if err != nil || held.Standing.CaseByID("c").Decision != decision {
		t.Fatalf("the standing names decision %q, the event is %q (%v)", held.Standing.CaseByID("c").Decision, decision, err)
	}
	desk := w.hands(nil).desk
	desk.Ledger = l
	var admins sync.WaitGroup
	for n := range 16 {
		admins.Go(func() {
			call, err := json.Marshal(map[string]any{"request": fmt.Sprint("approve-", n), "action": "approve", "consumer": consumer, "case": "c", "decision": decision, "reason": "yes"})
			if err != nil {
				t.Error(err)
			}
			desk.Decide(t.Context(), call, fmt.Sprintf("arn:aws:iam::123456789012:user/%d", n/2))
		})
	}
	admins.Wait()
	events, err := l.Events(t.Context(), consumer)
	if err != nil {
		t.Fatal(err)
	}
	approved, suspended := 0, 0
	for _, e := range events {
		switch f := e.Fact.(type) {
		case aup.SuspensionApproved:
			approved++
		case aup.Suspended:
			if suspended++; f.Decision != decision {
				t.Errorf("suspended by decision %q", f.Decision)
			}
		}
	}
	if approved != 1 || suspended != 1 {
		t.Errorf("%d approvals before %d suspensions, want 1 and 1", approved, suspended)
	}
}
