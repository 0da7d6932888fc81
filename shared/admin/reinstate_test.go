package admin_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/shared/act"
	"accord/shared/admin"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
)

// wronged is the desk of a deployment that only observes, with three consumers that are bound by a version: guide,
// shop, which is suspended over case c-1, and gone, whose relation has ended.
func wronged(t *testing.T) (admin.Desk, *ledger.Ledger) {
	t.Helper()
	l, _ := ledgertest.Open(t)
	at := ledgertest.Day1
	v := ledgertest.Version(t, l, "At most 1000 a day.", at, aup.ByUse)
	for _, id := range []aup.ConsumerID{"guide", "shop", "gone"} {
		ledgertest.Register(t, l, id)
		ledgertest.Append(t, l, id, "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: "places-api", Version: v.Number, Hash: v.Hash, Applies: at, Mode: aup.ByUse}})
	}
	s, err := l.Standing(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	c := aup.Case{ID: "c-1", Consumer: "shop", Clause: "fair-volume", Opened: at}
	ledgertest.Append(t, l, "shop", "suspend", act.Suspend(s, c, aup.Suspended{ReviewBy: at.Add(time.Hour)}, nil))
	if s, err = l.Standing(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, l, "gone", "end", act.End(s, "they left"))
	now := func() time.Time { return at.Add(time.Hour) }
	return admin.Desk{Ledger: l, Judge: judge.Judge{Ledger: l, Mode: assess.ModeObserve, Now: now}, Approvals: 2, Now: now}, l
}

// TestSuspendAndReinstateBadInput: each call is refused, says what to do, and changes nothing.
func TestSuspendAndReinstateBadInput(t *testing.T) {
	probation := func(from, until string) string {
		return fmt.Sprintf(`,"probation":"consumer: shop\npolicy: places-api\nfrom: %s\nuntil: %s\nreason: To show it.\nagreed-by: ann\napproved-by: the API team\nterms:\n  requests-per-day: {limit: 300}\n"`, from, until)
	}
	for _, c := range []struct{ says, action, consumer, more, want string }{
		{"suspending nobody that is known", "suspend", "nobody", `,"clause":"fair-volume"`, "register it first"},
		{"suspending who is suspended", "suspend", "shop", `,"clause":"fair-volume"`, "decide that with reinstate"},
		{"suspending what has ended", "suspend", "gone", `,"clause":"fair-volume"`, "nothing to suspend"},
		{"suspending over a clause that is not there", "suspend", "guide", `,"clause":"no-such"`, "has no clause"},
		{"reinstating nobody that is known", "reinstate", "nobody", "", "register it first"},
		{"reinstating who is not suspended", "reinstate", "guide", "", "only keys that were disabled here"},
		{"reinstating what has ended", "reinstate", "gone", "", "register it anew"},
		{"keeping a case with another action", "close", "shop", `,"keepCase":true,"case":"c-1"`, "leave them out"},
		{"a probation that is over", "reinstate", "shop", probation("2027-01-01", "2027-01-10"), "give one that covers today"},
		{"a probation that begins later", "reinstate", "shop", probation("2027-01-20", "2027-02-10"), "give one that covers today"},
		{"a probation that ends before it begins", "reinstate", "shop", probation("2027-01-20", "2027-01-10"), "probation"},
		{"a probation that cannot be read", "reinstate", "shop", `,"probation":"words"`, "probation"},
	} {
		t.Run(c.says, func(t *testing.T) {
			d, l := wronged(t)
			before, _ := l.Standing(t.Context(), aup.ConsumerID(c.consumer))
			_, err := d.DecideCase(t.Context(), json.RawMessage(fmt.Sprintf(`{"request":"r","action":%q,"consumer":%q,"reason":"why"%s}`, c.action, c.consumer, c.more)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a message with %q", err, c.want)
			}
			if after, _ := l.Standing(t.Context(), aup.ConsumerID(c.consumer)); after.Seq != before.Seq {
				t.Error("something was appended")
			}
		})
	}
}

// TestReinstateInObserve: a mode binds machines. What a person gives back is given back.
func TestReinstateInObserve(t *testing.T) {
	d, l := wronged(t)
	if _, err := d.DecideCase(t.Context(), json.RawMessage(`{"request":"r","action":"reinstate","consumer":"shop","reason":"a mistake","keepCase":true}`)); err != nil {
		t.Fatal(err)
	}
	s, err := l.Standing(t.Context(), "shop")
	if err != nil || s.State != aup.Contacted || !s.Keys[0].Enabled || s.Case("fair-volume") == nil {
		t.Errorf("%+v, %v", s, err)
	}
	c, err := l.Case(t.Context(), "shop", "c-1")
	if err != nil || c.State != aup.CaseOpen || !c.Deadline.After(d.Now()) {
		t.Errorf("the case: %+v, %v", c, err)
	}
}

// TestTwoAdminsAtOnce: one of them decides, and the other is told that it is decided.
func TestTwoAdminsAtOnce(t *testing.T) {
	for _, c := range []struct{ action, consumer string }{{"suspend", "guide"}, {"reinstate", "shop"}} {
		d, l := wronged(t)
		before, _ := l.Standing(t.Context(), aup.ConsumerID(c.consumer))
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i := range errs {
			both.Go(func() {
				_, errs[i] = d.DecideCase(t.Context(), json.RawMessage(fmt.Sprintf(`{"request":"r%d","action":%q,"consumer":%q,"clause":"fair-volume","reason":"why"}`, i, c.action, c.consumer)))
			})
		}
		both.Wait()
		after, _ := l.Standing(t.Context(), aup.ConsumerID(c.consumer))
		if (errs[0] == nil) == (errs[1] == nil) || after.Seq != before.Seq+1 || after.Generation != before.Generation+1 {
			t.Errorf("%s: %v, %d events, generation %d", c.action, errs, after.Seq-before.Seq, after.Generation)
		}
	}
}

// TestASharedKeyIsRefused: a key belongs to one consumer, so that no suspension reaches another's.
func TestASharedKeyIsRefused(t *testing.T) {
	d, _ := wronged(t)
	for _, call := range []string{
		`{"request":"r1","action":"register","consumer":"other","profile":{"name":"Other","policy":"places-api","keys":["guide-1"]}}`,
		`{"request":"r2","action":"key","consumer":"shop","key":"guide-1"}`,
	} {
		if _, err := d.ManageConsumer(t.Context(), json.RawMessage(call)); err == nil || !strings.Contains(err.Error(), "belongs to another consumer") {
			t.Errorf("%s: %v", call, err)
		}
	}
}
