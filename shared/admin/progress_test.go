package admin_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"accord/shared/admin"
	"accord/shared/aup"
	"accord/shared/distribute"
	"accord/shared/hostiletest"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// desk has so many consumers of places-api, told of version 1 by an email that nobody has sent yet.
func desk(t *testing.T, many int) (admin.Desk, *ledger.Ledger) {
	l, _ := ledgertest.Open(t)
	now := func() time.Time { return ledgertest.Day1 }
	v := ledgertest.Version(t, l, "one", now(), aup.ByUse)
	for i := range many {
		id := aup.ConsumerID(fmt.Sprintf("c%04d", i))
		ledgertest.Append(t, l, id, "r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api", Contacts: []aup.ContactRef{{ID: "ann", Role: aup.Authority}}}})
		if err := (distribute.Distributor{Ledger: l, Now: now}).Issue(t.Context(), id, v); err != nil {
			t.Fatal(err)
		}
	}
	return admin.Desk{Ledger: l, Now: now}, l
}

func progress(t *testing.T, d admin.Desk, more string) (p admin.Progress) {
	t.Helper()
	b, err := d.PublishPolicy(t.Context(), json.RawMessage(`{"action":"progress","policy":"places-api","version":1`+more+`}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestProgressOfOne: what is said of a consumer as things happen to it, in this order.
func TestProgressOfOne(t *testing.T) {
	d, l := desk(t, 1)
	for i, c := range []struct {
		fact aup.Fact
		want admin.Reached
	}{
		{aup.UsageNoticed{}, admin.Neither},
		{aup.NoticeSent{About: aup.Receipt, Version: 1}, admin.Neither},
		{aup.NoticeSent{About: aup.Welcome, Contact: "ann", Version: 1}, admin.Told},
		{aup.NoticeFailed{About: aup.Welcome, Contact: "ann"}, admin.Undelivered},
		{aup.NoticeDelivered{About: aup.Welcome, Contact: "ann", Version: 2}, admin.Undelivered},
		{aup.NoticeDelivered{About: aup.Welcome, Contact: "ann", Version: 1}, admin.DeliveredTo},
		{aup.Accepted{Version: 2, How: aup.ByUse, At: ledgertest.Day1}, admin.DeliveredTo},
		{aup.Accepted{Version: 1, How: aup.ByUse, At: ledgertest.Day1}, admin.AcceptedBy},
		{aup.Ended{}, admin.AcceptedBy},
	} {
		ledgertest.Append(t, l, "c0000", fmt.Sprint(i), &ledger.Entry{Fact: c.fact})
		if p := progress(t, d, ""); len(p.Rows) != 1 || p.Rows[0].Reached != c.want || p.Counts[c.want] != 1 {
			t.Errorf("after %s: %+v, want %s", c.fact.Kind(), p.Rows, c.want)
		}
	}
}

// TestProgressPages: page after page, each consumer is there once.
func TestProgressPages(t *testing.T) {
	d, _ := desk(t, 1100)
	seen := map[aup.ConsumerID]int{}
	calls, after := 0, ""
	for {
		p := progress(t, d, fmt.Sprintf(`,"after":%q`, after))
		for _, r := range p.Rows {
			seen[r.Consumer]++
		}
		if calls++; p.Next == "" {
			break
		}
		after = p.Next
	}
	if len(seen) != 1100 || calls != 2 {
		t.Errorf("%d consumers in %d calls", len(seen), calls)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
}

// TestCSVIsNoFormula: whatever a consumer is called, no cell of the file is more than a text, and the file
// has a row and nine cells for each.
func TestCSVIsNoFormula(t *testing.T) {
	d, l := desk(t, 0)
	names := []string{"Harbour Bikes", `=HYPERLINK("https://x.example";"click")`, "+1+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1+1", "|calc", "%0A=1",
		"O'Brien, \"The\" Boss", "\u200b=1", "\u202e=1", strings.Repeat("=", 10_000), "a\r\nb,=1", ""}
	names = append(names, hostiletest.Texts()...)
	for i, name := range names {
		id := aup.ConsumerID(fmt.Sprintf("c%d", i))
		ledgertest.Append(t, l, id, "r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api"}, Profile: &aup.Consumer{ID: id, Name: name}})
	}
	rows, err := csv.NewReader(strings.NewReader(progress(t, d, `,"format":"csv"`).CSV)).ReadAll()
	if err != nil || len(rows) != len(names)+1 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for _, row := range rows {
		if len(row) != 9 {
			t.Errorf("a row has %d cells", len(row))
		}
		for _, cell := range row {
			if hostiletest.Broken(cell) || hostiletest.Formula(cell) {
				t.Errorf("the cell %.40q is more than a text", cell)
			}
		}
	}
}

// TestRefusedCalls: what is asked wrongly is said so, and changes nothing.
func TestRefusedCalls(t *testing.T) {
	d, l := desk(t, 1)
	for call, want := range map[string]string{
		`{"action":"progress","policy":"places-api","version":2}`:                            "version 2",
		`{"action":"progress","policy":"places-api","version":1,"format":"xls"}`:             "format",
		`{"action":"progress","policy":"places-api","version":1,"after":"99/x"}`:             "after",
		`{"action":"progress","policy":"places-api","version":1,"after":"x"}`:                "after",
		`{"action":"unpublish","policy":"places-api"}`:                                       "not one of publish, withdraw, progress",
		`{"action":"withdraw","request":"1","policy":"places-api","version":9,"reason":"x"}`: "version 9",
		`{"action":"withdraw","request":"2","policy":"places-api","version":1}`:              "reason",
		`{"action":"withdraw","request":"3","policy":"No","version":1,"reason":"x"}`:         "policy",
		`{"action":"withdraw","policy":"places-api","version":1,"reason":"x"}`:               "request",
	} {
		if _, err := d.PublishPolicy(t.Context(), json.RawMessage(call)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", call, err, want)
		}
	}
	for call, want := range map[string]string{
		`{"request":"1","action":"resend","consumer":"c0000","version":2}`:                                               "was not issued version 2",
		`{"request":"2","action":"resend","consumer":"c0000","version":1,"contact":"bob"}`:                               "none to send it to",
		`{"request":"3","action":"resend","consumer":"nobody","version":1}`:                                              "not in the ledger",
		`{"request":"5","action":"decide-version","consumer":"c0000","version":1,"decision":"renegotiate"}`:              "reason",
		`{"request":"6","action":"decide-version","consumer":"c0000","version":1,"decision":"drop"}`:                     "not one of keep, renegotiate",
		`{"request":"7","action":"decide-version","consumer":"c0000","version":1,"decision":"renegotiate","reason":"x"}`: "does not wait",
	} {
		if _, err := d.ManageConsumer(t.Context(), json.RawMessage(call)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", call, err, want)
		}
	}
	if events, _ := l.Events(t.Context(), "c0000"); len(events) != 2 {
		t.Errorf("%d events, want the two there were", len(events))
	}
}
