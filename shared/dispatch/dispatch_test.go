package dispatch_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/dispatch"
	"accord/shared/ledger"
	"accord/shared/table"
)

// queues count what they were sent; one of them may be down.
type queues struct {
	sent map[dispatch.Queue]int
	down dispatch.Queue
}

func (q queues) Send(_ context.Context, name dispatch.Queue, messages ...[]byte) error {
	if name == q.down {
		return errors.New("down")
	}
	q.sent[name] += len(messages)
	return nil
}

var dues = []aup.Due{
	{ID: "1", Kind: aup.DueDistribute}, {ID: "2", Kind: aup.DueKey}, {ID: "3", Kind: aup.DueAudit},
	{ID: "4", Kind: aup.DueEmail}, {ID: "5", Kind: aup.DueEmail, Urgent: true}, {ID: "6", Kind: aup.DueEmail},
}

func TestEachDueGoesToItsQueue(t *testing.T) {
	q := queues{sent: map[dispatch.Queue]int{}}
	if err := (dispatch.Dispatcher{Queues: q}).Dues(t.Context(), dues...); err != nil {
		t.Fatal(err)
	}
	want := map[dispatch.Queue]int{dispatch.Distribution: 1, dispatch.Keys: 1, dispatch.Audits: 1, dispatch.BulkMail: 2, dispatch.UrgentMail: 1}
	if d := cmp.Diff(want, q.sent); d != "" {
		t.Error(d)
	}
}

func TestAQueueThatIsDownKeepsNoOther(t *testing.T) {
	q := queues{sent: map[dispatch.Queue]int{}, down: dispatch.BulkMail}
	if err := (dispatch.Dispatcher{Queues: q}).Dues(t.Context(), dues...); err == nil {
		t.Error("the failure was not told")
	}
	if q.sent[dispatch.Keys] != 1 || q.sent[dispatch.UrgentMail] != 1 {
		t.Errorf("sent %v", q.sent)
	}
}

func TestOnlyFreshDuesAreSent(t *testing.T) {
	q := queues{sent: map[dispatch.Queue]int{}}
	body, err := json.Marshal(dues[1])
	if err != nil {
		t.Fatal(err)
	}
	item := func(pk string, v int64) table.Change {
		k := table.Key{PK: pk, SK: "2027-01-18T08:00:00.000Z#2"}
		return table.Change{Key: k, New: &table.Item{Key: k, V: v, Body: body}}
	}
	changes := []table.Change{item("due#03", 1), item("due#03", 2), item("consumer#x", 1)}
	if err := (dispatch.Dispatcher{Queues: q}).Changes(t.Context(), changes); err != nil || q.sent[dispatch.Keys] != 1 {
		t.Errorf("sent %v (%v), want one", q.sent, err)
	}
}

// TestLooksWaitForTheSweeper: the feed wakes nobody for a look at a key; the sweeper does.
func TestLooksWaitForTheSweeper(t *testing.T) {
	look := aup.Due{ID: "harvest.look.k1.", Kind: aup.DueKey, Step: aup.StepLook}
	body, err := json.Marshal(look)
	if err != nil {
		t.Fatal(err)
	}
	k := table.Key{PK: "due#03", SK: "2027-01-18T08:00:00.000Z#" + look.ID}
	q := queues{sent: map[dispatch.Queue]int{}}
	d := dispatch.Dispatcher{Queues: q}
	if err := d.Changes(t.Context(), []table.Change{{Key: k, New: &table.Item{Key: k, V: 1, Body: body}}}); err != nil || len(q.sent) > 0 {
		t.Errorf("the feed sent %v (%v)", q.sent, err)
	}
	if err := d.Dues(t.Context(), look); err != nil || q.sent[dispatch.Keys] != 1 {
		t.Errorf("the sweeper sent %v (%v)", q.sent, err)
	}
}

func TestReceive(t *testing.T) {
	var got ledger.Ref
	work := dispatch.Work(func(_ context.Context, ref ledger.Ref) error { got = ref; return nil })
	d := aup.Due{ID: "x", Next: time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)}
	message, err := json.Marshal(ledger.RefOf(d))
	if err != nil {
		t.Fatal(err)
	}
	if err := work.Receive(t.Context(), message); err != nil || got != ledger.RefOf(d) {
		t.Errorf("received %v (%v)", got, err)
	}
	for _, bad := range []string{"", "{", `{"pk":"due#01"}`, `[]`} {
		if err := work.Receive(t.Context(), []byte(bad)); err == nil {
			t.Errorf("the message %q was taken", bad)
		}
	}
}
