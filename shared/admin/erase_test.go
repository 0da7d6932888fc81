package admin_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"accord/shared/admin"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// TestEraseContact: one call removes what is known of a contact, now: the record, who accepted, the emails, what
// they said. A colleague's stay; so do the events, which verify. The call again is the same call.
func TestEraseContact(t *testing.T) {
	l, _ := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	for _, who := range []aup.ContactID{"ann", "bob"} {
		n := aup.Notice{ID: "1-" + aup.NoticeID(who), Consumer: "guide", Contact: who, Kind: aup.Welcome, Sent: ledgertest.Day1}
		ledgertest.Append(t, l, "guide", "sent "+string(who), &ledger.Entry{Fact: aup.NoticeSent{Notice: n.ID, Contact: who}, Notice: &n, Email: []byte("as sent")})
	}
	ledgertest.Append(t, l, "guide", "accept", &ledger.Entry{Fact: aup.Accepted{Version: 1}, Acceptor: &aup.Acceptor{Version: 1, Contact: "ann", Name: "Ann Lee"}})
	ledgertest.Append(t, l, "guide", "ask", &ledger.Entry{Fact: aup.Asked{Case: "question-5"}, Case: &aup.Case{ID: "question-5", State: aup.CaseAnswered,
		Answers: []aup.Answer{{Contact: "ann", Text: "Call me on 555"}, {Contact: "bob", Text: "No, me"}}}})

	d := admin.Desk{Ledger: l, Now: func() time.Time { return ledgertest.Day1 }}
	call := json.RawMessage(`{"request":"erase-1","action":"erase-contact","consumer":"guide","contact":"ann"}`)
	first, err := d.ManageConsumer(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.ManageConsumer(t.Context(), call); err != nil || string(again) != string(first) {
		t.Errorf("again: %s, %v", again, err)
	}
	contacts, _ := l.Contacts(t.Context(), "guide")
	acceptors, _ := l.Acceptors(t.Context(), "guide")
	if len(contacts) != 1 || contacts[0].ID != "bob" || len(acceptors) != 0 {
		t.Errorf("left: %+v, %+v", contacts, acceptors)
	}
	if _, err := l.Email(t.Context(), "guide", "1-ann"); !errors.Is(err, ledger.ErrUnknown) {
		t.Errorf("ann's email: %v", err)
	}
	if _, err := l.Email(t.Context(), "guide", "1-bob"); err != nil {
		t.Errorf("bob's email: %v", err)
	}
	c, err := l.Case(t.Context(), "guide", "question-5")
	if err != nil || c.Answers[0].Text != "(erased)" || c.Answers[1].Text != "No, me" {
		t.Errorf("%+v, %v", c.Answers, err)
	}
	if err := l.Verify(t.Context(), "guide"); err != nil {
		t.Error(err)
	}
}
