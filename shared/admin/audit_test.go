package admin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"accord/shared/admin"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger/ledgertest"
)

// TestAskingForAnAudit: by the caller's own id, which means one audit for ever.
func TestAskingForAnAudit(t *testing.T) {
	l, base := ledgertest.Open(t)
	ledgertest.Register(t, l, "c1")
	ledgertest.Register(t, l, "c2")
	d := admin.Desk{Ledger: l, Now: ledgertest.Day1.UTC}
	api := d.HTTP(judge.Audits{Usage: base}, func(*http.Request) string { return "" })
	call := func(method, path, body string) (int, string) {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		return w.Code, w.Body.String()
	}
	for _, c := range []struct {
		says, method, path, body string
		status                   int
		answer                   string
		owed                     int // audits, after it
	}{
		{"nobody has asked", "GET", "/audits/a1", "", 404, "no audit was asked for", 0},
		{"asked", "POST", "/audits", `{"request":"a1","consumer":"c1"}`, 202, `"status":"requested"`, 1},
		{"asked again", "POST", "/audits", `{"request":"a1","consumer":"c1"}`, 202, `"status":"requested"`, 1},
		{"asked, and not made yet", "GET", "/audits/a1", "", 200, `"status":"requested"`, 1},
		{"the same id for something else", "POST", "/audits", `{"request":"a1","consumer":"c2"}`, 409, "used before for a different call", 1},
		{"the same id for all", "POST", "/audits", `{"request":"a1"}`, 409, "used before for a different call", 1},
		{"another id", "POST", "/audits", `{"request":"a2","plan":"gold1"}`, 202, `"id":"a2"`, 2},
		{"no id", "POST", "/audits", `{"consumer":"c1"}`, 400, "give the audit an id of your own", 2},
		{"an id that the schedule has", "POST", "/audits", `{"request":".scheduled"}`, 400, "letters, digits and hyphens", 2},
		{"a plan and a consumer", "POST", "/audits", `{"request":"a3","plan":"gold1","consumer":"c1"}`, 400, "no consumer beside it", 2},
		{"a consumer that is not there", "POST", "/audits", `{"request":"a3","consumer":"c9"}`, 404, "not in the ledger", 2},
		{"a field that does not exist", "POST", "/audits", `{"request":"a3","consumers":["c1"]}`, 400, "consumers", 2},
		{"no JSON", "POST", "/audits", `c1`, 400, "", 2},
		{"an id nobody gave", "GET", "/audits/a3", "", 404, "no audit was asked for", 2},
	} {
		status, answer := call(c.method, c.path, c.body)
		owed := len(ledgertest.Owed(t, l, aup.DueAudit))
		if status != c.status || !strings.Contains(answer, c.answer) || owed != c.owed {
			t.Errorf("%s: %d %s; %d audits owed, want %d", c.says, status, answer, owed, c.owed)
		}
	}
	for _, due := range ledgertest.Owed(t, l, aup.DueAudit) {
		if due.Audit == "a1" && due.Consumer != "c1" || due.Audit == "a2" && due.Plan != "gold1" {
			t.Errorf("what is owed is another audit: %+v", due)
		}
	}
}
