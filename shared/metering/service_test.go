package metering_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"accord/shared/metering"
	"accord/shared/table/bolt"
	"accord/shared/usage"
)

// TestService: what all keys did together is what each did, added up; a window that a part has not folded, or
// in which calls may be there twice, is not told.
func TestService(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	m := metering.New(db.Table("usage"), 2)
	at := time.Date(2027, 1, 15, 12, 1, 0, 0, time.UTC)
	var events []metering.Event
	for n := range 30 {
		status := 200
		if n%10 == 0 {
			status = 503
		}
		events = append(events, metering.Event{ID: fmt.Sprintf("%020d", n), At: at, Message: fmt.Appendf(nil,
			`{"requestId":"r%d","apiKeyId":"key%d","requestTimeEpoch":"%d","httpMethod":"GET","resourcePath":"/places","status":"%d","path":"/live/places"}`, n, n%5, at.UnixMilli(), status)})
	}
	ingest := func(e []metering.Event) metering.Report {
		report, err := m.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: e}, at)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	told := func() usage.Counts {
		all, err := m.Service(t.Context(), at, at)
		if err != nil {
			t.Fatal(err)
		}
		return all[usage.WindowOf(at).Unix()]
	}
	for i, w := range ingest(events).Windows {
		folded, err := m.Fold(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range folded.Keys {
			if len(key) != len("key1") {
				t.Errorf("%q is judged as a key", key)
			}
		}
		if n := told(); i == 0 && n.Requests != 0 {
			t.Errorf("with one part of two: %d calls", n.Requests)
		}
	}
	if n := told(); n.Requests != 30 || n.ServerErrors != 3 {
		t.Errorf("%d calls, %d failed; want 30 and 3", n.Requests, n.ServerErrors)
	}
	for _, w := range ingest(append(events[20:30:30], metering.Event{ID: fmt.Sprintf("%020d", 40), At: at, Message: events[0].Message})).Windows {
		if _, err := m.Fold(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	if n := told(); n.Requests != 0 {
		t.Errorf("calls may be there twice, and yet %d are told", n.Requests)
	}
}
