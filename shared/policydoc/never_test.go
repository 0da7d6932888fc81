package policydoc

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/shared/aup"
)

const neverDoc = `---
policy: demo-api
title: Demo
never: %s
terms:
  requests-per-day: {clause: volume, limit: 100}
  caching: {clause: fresh}
  crawling: {clause: fresh, catalogue: 1000}
  permissions: {clause: shown, when: public-display, needs: [owner, team]}
---
## Volume {#volume}
a
## Fresh {#fresh}
b
## Shown {#shown}
c
`

// TestNeverIsKnown: a name that protects nothing is a slip of the pen, told with its place.
func TestNeverIsKnown(t *testing.T) {
	for _, c := range []struct{ never, want string }{
		{"[requests-per-day, owner, cache]", ""},
		{"[sources]", ""}, // a term that agreements could add
		{"[cahce]", `d:4:9: error: never[1]: "cahce" is neither a term nor a permission that this policy asks for; did you mean cache?`},
		{"[owner, owner]", "d:4:16: error: never[2]: owner is named twice; keep one"},
		{"[Owner Of All]", "d:4:9: error: never[1]: "},
	} {
		_, problems := Parse("d", []byte(fmt.Sprintf(neverDoc, c.never)), "")
		err := Refused(problems)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s:\n got %v\nwant %s", c.never, err, c.want)
		}
	}
}

// TestNever: whatever an agreement holds, it is refused exactly when it changes or grants something that is never
// granted, and the sentence names what and where.
func TestNever(t *testing.T) {
	names := []string{aup.TermPerDay, aup.TermCaching, aup.TermCrawling, aup.TermPermissions, aup.PermitCache, aup.PermitBulkExtraction, "owner", "team"}
	lifts := map[string][]string{ // what each name of an agreement is refused by
		aup.TermPerDay: {aup.TermPerDay}, aup.TermCaching: {aup.TermCaching}, aup.PermitCache: {aup.PermitCache, aup.TermCaching},
		aup.PermitBulkExtraction: {aup.PermitBulkExtraction, aup.TermCrawling}, "owner": {"owner", aup.TermPermissions}, "team": {"team", aup.TermPermissions},
	}
	rapid.Check(t, func(t *rapid.T) {
		never := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID[string]).Draw(t, "never")
		p, problems := Parse("d", []byte(fmt.Sprintf(neverDoc, "["+strings.Join(never, ", ")+"]")), "")
		if err := Refused(problems); err != nil {
			t.Fatal(err)
		}
		a := aup.Agreement{Policy: "demo-api"}
		var want []string
		for _, what := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{aup.TermPerDay, aup.TermCaching, aup.PermitCache, aup.PermitBulkExtraction, "owner", "team"}), 0, 4, rapid.ID[string]).Draw(t, "granted") {
			switch what {
			case aup.TermPerDay:
				a.Terms.PerDay = &aup.Limit{Limit: 200}
			case aup.TermCaching:
				a.Terms.Caching = &aup.Caching{}
			default:
				a.Permissions = append(a.Permissions, aup.Permission{Name: what, Reference: "r", Issuer: "i"})
			}
			if slices.ContainsFunc(lifts[what], func(n string) bool { return slices.Contains(never, n) }) {
				want = append(want, what)
			}
		}
		errs := CheckAgreement(p, a)
		if len(errs) != len(want) {
			t.Fatalf("never %v: refused for %v, got %v", never, want, errs)
		}
		for _, err := range errs {
			if !strings.Contains(err.Error(), "demo-api says, under never, that no agreement may grant") {
				t.Error(err)
			}
		}
	})
}

// TestNeverByWords: words in the place of a clause would grant what its term never grants; words beside it do not.
func TestNeverByWords(t *testing.T) {
	p, _ := Parse("d", []byte(fmt.Sprintf(neverDoc, "[requests-per-day]")), "")
	for replace, refused := range map[bool]bool{true: true, false: false} {
		a := aup.Agreement{Policy: "demo-api", Wording: []aup.Wording{{Clause: "volume", Markdown: "As you like.", Replace: replace}}}
		if errs := CheckAgreement(p, a); (len(errs) > 0) != refused {
			t.Errorf("replacing: %t: %v", replace, errs)
		}
	}
}

// TestAnAgreementDoesNotContradictItself: the same thing granted twice, or a clause worded twice with one of the
// two in its place, is refused where it stands.
func TestAnAgreementDoesNotContradictItself(t *testing.T) {
	const head = "consumer: c\npolicy: demo-api\nfrom: 2027-01-01\nuntil: 2027-02-01\nreason: r\nagreed-by: a\napproved-by: b\n"
	for _, c := range []struct{ says, body, want string }{
		{"granted twice", "permissions: [{name: cache, reference: r, issuer: i}, {name: cache, reference: s, issuer: i}]\n", "a:8:"},
		{"worded twice, once in its place", "wording:\n  - {clause: volume, text: Yes.}\n  - {clause: volume, text: No., replace: true}\n", "a:10:5: error: wording[2]: the clause volume is worded twice"},
		{"a term twice", "terms:\n  requests-per-day: {limit: 1}\n  requests-per-day: {limit: 2}\n", "a:10:3:"},
		{"words added twice are two additions", "wording:\n  - {clause: volume, text: Yes.}\n  - {clause: volume, text: Also.}\n", ""},
	} {
		_, problems := ParseAgreement("a", []byte(head+c.body))
		err := Refused(problems)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s:\n got %v\nwant %s", c.says, err, c.want)
		}
	}
}
