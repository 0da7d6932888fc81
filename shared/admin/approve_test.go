package admin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/ledger/ledgertest"
)

// TestAnApprovalAfterTheDeadline is refused and counts nothing, although the deadline was not renewed yet; in time, it counts.
func TestAnApprovalAfterTheDeadline(t *testing.T) {
	for _, c := range []struct {
		says string
		by   time.Duration // the deadline, after the desk's clock
		want string
	}{
		{"a minute late", -time.Minute, "approve that one, or decide anew with suspend"},
		{"in time", time.Minute, ""},
	} {
		d, l := wronged(t)
		held := aup.Case{ID: "c-2", Consumer: "guide", Clause: "fair-volume"}
		s := ledgertest.Append(t, l, "guide", "held", distribute.Held(held, "protected", d.Now().Add(c.by)))
		call := fmt.Sprintf(`{"request":"r","action":"approve","consumer":"guide","case":"c-2","decision":%q,"reason":"why"}`, s.CaseByID("c-2").Decision)
		_, err := d.Decide(t.Context(), json.RawMessage(call), "arn:aws:iam::123456789012:user/ann")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a message with %q", c.says, err, c.want)
		}
		stored, err := l.Case(t.Context(), "guide", "c-2")
		if err != nil || (len(stored.Approvals) == 1) != (c.want == "") {
			t.Errorf("%s: %d approvals (%v)", c.says, len(stored.Approvals), err)
		}
	}
}

// TestDecisionsNeedAReason: it is recorded, and the consumer is told.
func TestDecisionsNeedAReason(t *testing.T) {
	d, l := wronged(t)
	before, _ := l.Standing(t.Context(), "shop")
	_, err := d.DecideCase(t.Context(), json.RawMessage(`{"request":"r","action":"reinstate","consumer":"shop","reason":""}`))
	if after, _ := l.Standing(t.Context(), "shop"); err == nil || !strings.Contains(err.Error(), "say why") || after.Seq != before.Seq {
		t.Errorf("%v, %d events more", err, after.Seq-before.Seq)
	}
}

// TestDecisionsNeedAKnownCaller: over HTTP, whoever is not authenticated decides nothing.
func TestDecisionsNeedAKnownCaller(t *testing.T) {
	d, l := wronged(t)
	call := `{"request":"r","action":"reinstate","consumer":"shop","reason":"why","actor":"arn:aws:iam::123456789012:user/ann"}`
	for _, c := range []struct {
		who   string
		want  int
		state aup.State
	}{{"", http.StatusForbidden, aup.IsSuspended}, {"arn:aws:iam::123456789012:user/bob", http.StatusOK, aup.Active}} {
		w := httptest.NewRecorder()
		d.HTTP(nil, func(*http.Request) string { return c.who }).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/admin/decisions", strings.NewReader(call)))
		if s, err := l.Standing(t.Context(), "shop"); err != nil || w.Code != c.want || s.State != c.state {
			t.Errorf("caller %q: answered %d, want %d; %s (%v)", c.who, w.Code, c.want, s.State, err)
		}
	}
}
