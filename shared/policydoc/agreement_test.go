package policydoc

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
)

const agreed = `consumer: mirror
policy: demo-api
from: 2027-01-15
until: 2028-01-15T12:00:00+01:00
reason: A copy for bad days.
agreed-by: letter 4
approved-by: the API team
terms:
  requests-per-day: {limit: 90000, notify: [80%], significant: 500%}
  crawling: {clause: crawl}
permissions:
  - {name: bulk-extraction, reference: L-4, issuer: the team}
  - {name: leads, reference: L-5, issuer: the leads, expires: 2027-06-01}
wording:
  - clause: crawl
    text: Once a night.
  - {clause: fresh, text: "**Keep** copies.", replace: true}
`

func TestParseAgreement(t *testing.T) {
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, time.UTC) }
	want := aup.Agreement{
		Consumer: "mirror", Policy: "demo-api", From: day(2027, 1, 15, 0), Until: day(2028, 1, 15, 11),
		Reason: "A copy for bad days.", AgreedBy: "letter 4",
		ApprovedBy: "the API team",
		Terms:      aup.Terms{PerDay: &aup.Limit{Limit: 90000, Notify: []float64{0.8}, Significant: 5}, Crawling: &aup.Crawling{Clause: "crawl"}},
		Permissions: []aup.Permission{{Name: "bulk-extraction", Reference: "L-4", Issuer: "the team"},
			{Name: "leads", Reference: "L-5", Issuer: "the leads", Expires: day(2027, 6, 1, 0)}},
		Wording: []aup.Wording{{Clause: "crawl", Markdown: "Once a night."}, {Clause: "fresh", Markdown: "**Keep** copies.", Replace: true}},
	}
	got, problems := ParseAgreement("a.yaml", []byte(agreed))
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Errorf("(-want +got)\n%s\nproblems: %v", diff, problems)
	}
	p, _ := Parse("d", []byte(valid), "")
	if errs := CheckAgreement(p, got); len(errs) > 0 {
		t.Errorf("it fits the policy, yet %v", errs)
	}
}

func TestAnAgreementMayBeJSON(t *testing.T) {
	a, problems := ParseAgreement("a.json", []byte(`{
	"consumer": "mirror", "policy": "demo-api", "from": "2027-01-15", "until": "2028-01-15", "reason": "why", "agreed-by": "who", "approved-by": "we",
	"terms": {"errors": {"limit": "40%"}}
}`))
	if len(problems) > 0 || a.Consumer != "mirror" || a.Terms.Errors == nil || a.Terms.Errors.Limit != 0.4 {
		t.Errorf("%+v, %v", a, problems)
	}
}

func TestSpoiledAgreements(t *testing.T) {
	for _, c := range []struct{ desc, old, new, want string }{
		{"nothing", agreed, "# only a comment\n", "1:1: error: the agreement is empty"},
		{"no consumer", "consumer: mirror\n", "", "1:1: error: consumer: missing"},
		{"an unknown key", "reason:", "reasons:", "5:1: error: reasons: unknown key; did you mean reason?"},
		{"a key twice", "agreed-by:", "reason:", `6:1: error: "reason": given twice, first on line 5`},
		{"it ends before it begins", "2028-01-15T12:00:00+01:00", "2027-01-15", "4:8: error: until: not after from"},
		{"a date that does not exist", "from: 2027-01-15", "from: 2027-13-15", `3:7: error: from: "2027-13-15" is not a date: write it as 2027-01-15, or with a time`},
		{"a term as strict as the policy's", "500%", "50%", "9:64: error: terms.requests-per-day.significant: 50% is out of range"},
		{"a clause that is no id", "{clause: crawl}", "{clause: Crawl}", "10:22: error: terms.crawling.clause: \"Crawl\" is not an id"},
		{"a permission without evidence", "reference: L-4, ", "", "12:5: error: permissions[1].reference: missing"},
		{"a permission twice", "name: leads", "name: bulk-extraction", "13:5: error: permissions[2]: bulk-extraction is granted twice"},
		{"a permission over before it begins", "expires: 2027-06-01", "expires: 2026-06-01", "13:5: error: permissions[2].expires: not after the agreement's from"},
		{"wording without text", "text: Once a night.", "text:", "16:10: error: wording[1].text: blank"},
		{"wording with more than it says", "replace: true", "replace: maybe", "17:56: error: wording[2].replace: \"maybe\" is not an answer"},
		{"wording nested without end", "text: Once a night.", `text: "x\n\n` + strings.Repeat(">", 50) + `"`, "15:5: error: wording[1].text: a list or quotation nested"},
		{"it changes nothing", agreed[strings.Index(agreed, "terms:"):], "", "1:1: note: the agreement changes nothing"},
		{"a policy by mistake", agreed, valid, "1:1: error: the agreement holds more than one YAML document"},
	} {
		t.Run(c.desc, func(t *testing.T) {
			doc := strings.Replace(agreed, c.old, c.new, 1)
			if doc == agreed {
				t.Fatal("the case spoils nothing")
			}
			_, problems := ParseAgreement("a", []byte(doc))
			if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.HasPrefix(p.String(), "a:"+c.want) }) {
				t.Errorf("want a:%s\n got %v", c.want, problems)
			}
		})
	}
}

func TestCheckAgreement(t *testing.T) {
	p, _ := Parse("d", []byte(valid), "")
	for _, c := range []struct {
		desc  string
		spoil func(*aup.Agreement)
		want  string
	}{
		{"another policy", func(a *aup.Agreement) { a.Policy = "other" }, "policy: the agreement is about other, not about demo-api"},
		{"a term's clause that does not exist", func(a *aup.Agreement) { a.Terms.Crawling.Clause = "x" }, `terms.crawling: the policy demo-api has no clause "x"`},
		{"wording for a clause that does not exist", func(a *aup.Agreement) { a.Wording[1].Clause = "x" }, `wording[2]: the policy demo-api has no clause "x"`},
		{"a permission nothing asks for", func(a *aup.Agreement) { a.Permissions[0].Name = "bulk-extractoin" },
			"permissions[1]: nothing in demo-api asks for the permission bulk-extractoin; did you mean bulk-extraction?"},
	} {
		t.Run(c.desc, func(t *testing.T) {
			a, _ := ParseAgreement("a", []byte(agreed))
			c.spoil(&a)
			if errs := CheckAgreement(p, a); len(errs) != 1 || errs[0].Error() != c.want {
				t.Errorf("want %s\n got %v", c.want, errs)
			}
		})
	}
	t.Run("a term the policy lacks must name its clause", func(t *testing.T) {
		a, _ := ParseAgreement("a", []byte(agreed))
		bare := p
		bare.Terms.PerDay = nil
		if errs := CheckAgreement(bare, a); len(errs) != 1 || !strings.Contains(errs[0].Error(), "must name its clause") {
			t.Errorf("got %v", errs)
		}
	})
}
