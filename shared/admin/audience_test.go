package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"accord/shared/admin"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/table"
)

// counted counts the requests that read a table.
type counted struct {
	table.Table
	reads int
}

func (c *counted) Get(ctx context.Context, k table.Key) (table.Item, error) {
	c.reads++
	return c.Table.Get(ctx, k)
}

func (c *counted) Query(ctx context.Context, q table.Query) (table.Page, error) {
	c.reads++
	return c.Table.Query(ctx, q)
}

const threeWords = `{"request":"r","policy":"places-api","document":"---\ntitle: T\nsummary: S\n---\n## A {#a}\nWords.\n","dryRun":true}`

// audience registers consumers with the given contacts, lets things happen to each, and publishes.
func audience(t *testing.T, many int, then func(i int, add func(aup.Fact))) (p admin.Published, reads int) {
	t.Helper()
	l, at := ledgertest.Open(t)
	for i := range many {
		id, n := aup.ConsumerID(fmt.Sprintf("c%05d", i)), 0
		add := func(f aup.Fact) {
			n++
			e := &ledger.Entry{Fact: f}
			if made, is := f.(aup.AgreementMade); is {
				e.Agreement = &aup.Agreement{Number: made.Number, Consumer: id, Policy: "places-api", From: made.From, Until: made.Until}
			}
			ledgertest.Append(t, l, id, fmt.Sprint(n), e)
		}
		add(aup.Registered{Policy: "places-api", Contacts: []aup.ContactRef{{ID: "ann", Role: aup.Authority}}})
		if then != nil {
			then(i, add)
		}
	}
	c := &counted{Table: at}
	d := admin.Desk{Ledger: ledger.New(c), Now: func() time.Time { return ledgertest.Day1 }}
	b, err := d.PublishPolicy(t.Context(), json.RawMessage(threeWords))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p, c.reads
}

// TestAudience: who is counted, and who is not ready, after what happened to one consumer.
func TestAudience(t *testing.T) {
	bounced := aup.NoticeFailed{Contact: "ann", About: aup.Welcome, How: "bounced"}
	for _, c := range []struct {
		says string
		then []aup.Fact
		tell int
		why  string
	}{
		{"a contact with authority", nil, 1, ""},
		{"two contacts", []aup.Fact{aup.ContactAdded{Contact: aup.ContactRef{ID: "bob", Role: aup.Technical}}}, 2, ""},
		{"whose email came back", []aup.Fact{bounced}, 1, "the last email to contact ann could not be delivered"},
		{"and arrived later", []aup.Fact{bounced, aup.NoticeDelivered{Contact: "ann"}}, 1, ""},
		{"whose contact was erased", []aup.Fact{aup.ContactErased{Contact: "ann"}}, 0, "it has no contacts"},
		{"whose contact has no authority any more", []aup.Fact{aup.ContactAdded{Contact: aup.ContactRef{ID: "ann", Role: aup.Technical}}}, 1, "none of its contacts may accept for it"},
		{"whose access ended", []aup.Fact{aup.Ended{Reason: "left"}}, 0, ""},
		{"with an agreement that touches nothing", []aup.Fact{aup.AgreementMade{Number: 1, From: ledgertest.Day1, Until: ledgertest.Day1.AddDate(1, 0, 0)}}, 1, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			p, _ := audience(t, 1, func(_ int, add func(aup.Fact)) {
				for _, f := range c.then {
					add(f)
				}
			})
			why := ""
			if len(p.NotReady) > 0 {
				why = p.NotReady[0].Why
			}
			if p.Tell != c.tell || why != c.why {
				t.Errorf("tell %d, not ready %q", p.Tell, why)
			}
		})
	}
}

// TestAnAudienceIsCountedInTheDirectory: the reads that count it do not grow with the consumers, but for those
// with agreements; what is listed stays small enough to be kept.
func TestAnAudienceIsCountedInTheDirectory(t *testing.T) {
	p, reads := audience(t, 1200, func(i int, add func(aup.Fact)) {
		switch {
		case i < 3:
			add(aup.AgreementMade{Number: 1, From: ledgertest.Day1, Until: ledgertest.Day1.AddDate(1, 0, 0)})
		case i < 500:
			add(aup.NoticeFailed{Contact: "ann", About: aup.Welcome, How: "bounced"})
		}
	})
	if p.Tell != 1200 || len(p.NotReady) != 200 || p.MoreNotReady != 297 {
		t.Errorf("tell %d, %d listed as not ready and %d more", p.Tell, len(p.NotReady), p.MoreNotReady)
	}
	if reads > ledger.Shards+3*3+10 {
		t.Errorf("%d reads for 1,200 consumers, 3 of them with agreements", reads)
	}
}

// TestAnOldListingIsReadFromTheStanding: directories written before there was anything in them are counted
// as well.
func TestAnOldListingIsReadFromTheStanding(t *testing.T) {
	l, at := ledgertest.Open(t)
	ledgertest.Register(t, l, "guide")
	var items []table.Item
	for shard := range ledger.Shards {
		page, err := at.Query(t.Context(), table.Query{PK: fmt.Sprintf("directory#%02d", shard)})
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	items[0].Body = []byte("{}")
	if err := at.PutAll(t.Context(), items[:1]); err != nil {
		t.Fatal(err)
	}
	d := admin.Desk{Ledger: l, Now: func() time.Time { return ledgertest.Day1 }}
	b, err := d.PublishPolicy(t.Context(), json.RawMessage(threeWords))
	var p admin.Published
	if err != nil || json.Unmarshal(b, &p) != nil || p.Tell != 2 {
		t.Errorf("%s, %v", b, err)
	}
}
