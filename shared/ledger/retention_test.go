package ledger_test

import (
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/table"
)

// TestPersonalDataHasItsTime: what is personal is written with the moment from which it may go, as the retention
// setting says; what is not has none. When it has gone, the chain verifies as before.
func TestPersonalDataHasItsTime(t *testing.T) {
	const days = 30 * 24 * time.Hour
	for _, retention := range []time.Duration{days, 0} {
		l, at := ledgertest.Open(t)
		l.Keep(retention)
		ledgertest.Register(t, l, "guide")
		n := aup.Notice{ID: "2-ann", Consumer: "guide", Contact: "ann", Kind: aup.Receipt, Sent: ledgertest.Day1}
		answers := []aup.Answer{{Contact: "ann", Text: "Hello"}}
		for cause, e := range map[string]*ledger.Entry{
			"sent":   {Fact: aup.NoticeSent{Notice: n.ID}, Notice: &n, Email: []byte("as sent")},
			"accept": {Fact: aup.Accepted{Version: 1}, Acceptor: &aup.Acceptor{Version: 1, Contact: "ann", Name: "Ann"}},
			"ask":    {Fact: aup.Asked{Case: "question-9"}, Case: &aup.Case{ID: "question-9", State: aup.CaseAnswered, Answers: answers}},
			"open":   {Fact: aup.Reported{}, Case: &aup.Case{ID: "open", State: aup.CaseOpen, Answers: answers}},
			"close":  {Fact: aup.Reported{}, Cases: []aup.Case{{ID: "closed", State: aup.CaseClosed, Answers: answers}}},
		} {
			ledgertest.Append(t, l, "guide", cause, e)
		}
		ledgertest.Append(t, l, "guide", "end", &ledger.Entry{Fact: aup.Ended{Reason: "left"}})
		gone := map[string]bool{"email#guide.2-ann/body": true, "acceptor#guide/v#00001": true, "consumer#guide/case#question-9": true,
			"consumer#guide/case#closed": true, "contact#guide/ann": true, "contact#guide/bob": true}
		for _, pk := range []string{"email#guide.2-ann", "acceptor#guide", "consumer#guide", "contact#guide"} {
			page, err := at.Query(t.Context(), table.Query{PK: pk})
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range page.Items {
				want := int64(0)
				if gone[it.String()] && retention > 0 {
					want = ledgertest.Day1.Add(days).Unix()
				}
				if delete(gone, it.String()); it.TTL != want {
					t.Errorf("%s has TTL %d, want %d", it.Key, it.TTL, want)
				}
				if it.TTL > 0 {
					if err := at.Write(t.Context(), table.Delete(it.Key, table.Any)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if len(gone) > 0 {
			t.Errorf("not there: %v", gone)
		}
		if err := l.Verify(t.Context(), "guide"); err != nil {
			t.Error(err)
		}
	}
}

// TestNothingPersonalIsInTheChain: nothing that retention takes away is also in an event.
func TestNothingPersonalIsInTheChain(t *testing.T) {
	l, at := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	page, err := at.Query(t.Context(), table.Query{PK: "consumer#guide", Prefix: "event#"})
	if err != nil || len(page.Items) == 0 {
		t.Fatal(err)
	}
	for _, it := range page.Items {
		if strings.Contains(string(it.Body), "@") || strings.Contains(string(it.Body), "Ann") {
			t.Errorf("%s: %s", it.Key, it.Body)
		}
	}
}
