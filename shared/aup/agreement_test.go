package aup

import (
	"strings"
	"testing"
	"time"
)

func sample() Version {
	return Version{Number: 3, Hash: "h", Policy: Policy{ID: "places-api",
		Terms:   Terms{PerDay: &Limit{Clause: "fair-volume", Limit: 2000}, Crawling: &Crawling{Clause: "dont-crawl"}},
		Clauses: []Clause{{ID: "fair-volume", Markdown: "At most 2,000."}, {ID: "dont-crawl", Markdown: "Do not."}}}}
}

func agreed(number int, limit int64) Agreement {
	return Agreement{Number: number, Policy: "places-api", From: day1, Until: day1.AddDate(1, 0, 0), Reason: "r",
		Terms: Terms{PerDay: &Limit{Limit: limit}}}
}

func TestTailor(t *testing.T) {
	over := agreed(1, 9000)
	over.Until = day1.Add(time.Hour)
	foreign := agreed(1, 9000)
	foreign.Policy = "other"
	worded := agreed(1, 9000)
	worded.Wording = []Wording{{Clause: "fair-volume", Markdown: "You: 9,000."}, {Clause: "dont-crawl", Markdown: "You may.", Replace: true}}
	granted := agreed(1, 9000)
	granted.Permissions = []Permission{{Name: PermitBulkExtraction, Reference: "r", Issuer: "i", Expires: day1.Add(time.Hour)}}
	for _, c := range []struct {
		says  string
		with  []Agreement
		at    time.Time
		holds func(Tailored) bool
	}{
		{"without agreements it is the version", nil, day1,
			func(g Tailored) bool { return g.Hash == "h" && g.Terms.PerDay.Limit == 2000 }},
		{"an agreement's term replaces the policy's and keeps its clause", []Agreement{agreed(1, 9000)}, day1,
			func(g Tailored) bool {
				return g.Terms.PerDay.Limit == 9000 && g.Terms.PerDay.Clause == "fair-volume" && g.Hash != "h"
			}},
		{"other terms stay", []Agreement{agreed(1, 9000)}, day1,
			func(g Tailored) bool { return g.Terms.Crawling != nil }},
		{"the later agreement wins", []Agreement{agreed(1, 9000), agreed(2, 7000)}, day1,
			func(g Tailored) bool { return g.Terms.PerDay.Limit == 7000 && len(g.Agreements) == 2 }},
		{"one that is over falls back to the standard text", []Agreement{over}, day1.Add(time.Hour),
			func(g Tailored) bool { return g.Hash == "h" && g.Terms.PerDay.Limit == 2000 }},
		{"one about another policy says nothing", []Agreement{foreign}, day1,
			func(g Tailored) bool { return g.Hash == "h" }},
		{"wording is added to a clause, or replaces it", []Agreement{worded}, day1,
			func(g Tailored) bool {
				return g.Clauses[0].Markdown == "At most 2,000.\n\nYou: 9,000." && g.Clauses[1].Markdown == "You may."
			}},
		{"a permission holds until it expires", []Agreement{granted}, day1,
			func(g Tailored) bool { return g.Permissions[PermitBulkExtraction].Agreement == 1 }},
		{"and not after", []Agreement{granted}, day1.Add(time.Hour),
			func(g Tailored) bool { return len(g.Permissions) == 0 }},
	} {
		v := sample()
		if !c.holds(Tailor(v, c.with, c.at)) {
			t.Errorf("%s: it does not hold", c.says)
		}
		if v.Policy.Terms.PerDay.Limit != 2000 || v.Policy.Clauses[0].Markdown != "At most 2,000." {
			t.Errorf("%s: the version itself was changed", c.says)
		}
	}
}

// TestCounts: what a catalogue counts is what its templates stand for, and the parts of each.
func TestCounts(t *testing.T) {
	of := []string{"/services/{id}", "/v2/services/{id}"}
	for _, c := range []struct {
		says, template string
		of             []string
		counts         bool
	}{
		{"any, where nothing is said", "/changes/{n}", nil, true},
		{"one that is named", "/services/{id}", of, true},
		{"another that is named", "/v2/services/{id}", of, true},
		{"a part of each", "/services/{id}/hours", of, true},
		{"two values are more", "/services/{id}/slots/{day}", of, false},
		{"a name that begins alike", "/services/{id}s", of, false},
		{"what they are part of", "/services", of, false},
		{"something else", "/changes/{n}", of, false},
	} {
		if got := (Crawling{Of: c.of}).Counts(c.template); got != c.counts {
			t.Errorf("%s: %s: %t", c.says, c.template, got)
		}
	}
}

func TestAgreementCheck(t *testing.T) {
	for _, c := range []struct {
		says  string
		spoil func(*Agreement)
		want  string
	}{
		{"a whole agreement is stored", func(*Agreement) {}, ""},
		{"it must end after it begins", func(a *Agreement) { a.Until = a.From }, "until:"},
		{"it needs a reason", func(a *Agreement) { a.Reason = "" }, "reason:"},
		{"a permission needs its evidence", func(a *Agreement) { a.Permissions = []Permission{{Name: "cache"}} }, "permissions[0]:"},
		{"a permission is granted once", func(a *Agreement) {
			a.Permissions = []Permission{{Name: "cache", Reference: "r", Issuer: "i"}, {Name: "cache", Reference: "r", Issuer: "i"}}
		}, "granted twice"},
	} {
		a := agreed(1, 9000)
		c.spoil(&a)
		err := a.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.says, err, c.want)
		}
	}
}

func TestContactCheck(t *testing.T) {
	good := Contact{ID: "ann", Name: "Ann Example", Email: "ann@example.org", Role: Authority}
	for _, c := range []struct {
		says  string
		spoil func(*Contact)
		ok    bool
	}{
		{"a whole contact", func(*Contact) {}, true},
		{"an address with a name in it is not an address", func(c *Contact) { c.Email = "Ann <ann@example.org>" }, false},
		{"a line break cannot reach a header", func(c *Contact) { c.Email = "ann@example.org\r\nBcc: all@example.org" }, false},
		{"nor through a name", func(c *Contact) { c.Name = "Ann\r\nBcc: all@example.org" }, false},
		{"an unknown role", func(c *Contact) { c.Role = "boss" }, false},
		{"an id with a slash", func(c *Contact) { c.ID = "a/b" }, false},
		{"no id", func(c *Contact) { c.ID = "" }, false},
	} {
		contact := good
		c.spoil(&contact)
		if err := contact.Check(); (err == nil) != c.ok {
			t.Errorf("%s: error %v", c.says, err)
		}
	}
}

// TestCommitment: an event's reference shows nothing of a contact, and cannot be guessed without the salt.
func TestCommitment(t *testing.T) {
	a := Contact{ID: "ann", Name: "Ann", Email: "ann@example.org"}.Salted()
	b := Contact{ID: "ann", Name: "Ann", Email: "ann@example.org"}.Salted()
	if a.Ref().Commitment == b.Ref().Commitment {
		t.Error("the same person gives the same commitment twice: the salt does nothing")
	}
	if a.Salted().Ref() != a.Ref() {
		t.Error("a contact's own commitment changes")
	}
	a.Email = "eve@example.org"
	if a.Ref() == b.Ref() {
		t.Error("the address is not part of the commitment")
	}
}
