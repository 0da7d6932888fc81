package policydoc

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/needtest"
)

// valid uses every term, and every key but reminders and cases.
const valid = `---
policy: demo-api
title: Demo API acceptable use policy
summary: One line about it.
changes: What changed.
effective: 2027-01-15
notice-period: 14d
acceptance: by-use
re-accept: true
terms:
  requests-per-day:    {clause: volume, limit: 50000, notify: [80%, 100%], significant: 300%}
  requests-per-minute: {clause: volume, limit: 600, significant: 1000%}
  crawling:            {clause: crawl, catalogue: 150000, significant: 2%}
  caching:             {clause: fresh}
  operations:          {clause: volume, allow: ["GET /services/*"]}
  errors:              {clause: volume, limit: 20%}
  sources:             {clause: volume, networks: 8}
  permissions:         {clause: public, when: public-display, needs: [provider, leads]}
---
Some words before the first heading.

# The rules {#rules}

## Fair volume {#volume}
Not too much.

## No crawling {#crawl}
Not everything.

## Fresh data {#fresh}
No copies.

## To the public {#public}
With permission.
`

func TestParseReadsEveryKey(t *testing.T) {
	got, problems := Parse("demo.md", []byte(valid), "")
	want := aup.Policy{
		ID: "demo-api", Title: "Demo API acceptable use policy", Summary: "One line about it.", Changes: "What changed.",
		Effective: time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC), NoticePeriod: 14 * 24 * time.Hour, Acceptance: aup.ByUse, ReAccept: true,
		Terms: aup.Terms{
			PerDay:      &aup.Limit{Clause: "volume", Limit: 50000, Notify: []float64{0.8, 1}, Significant: 3},
			PerMinute:   &aup.Limit{Clause: "volume", Limit: 600, Significant: 10},
			Crawling:    &aup.Crawling{Clause: "crawl", Catalogue: 150000, Significant: 0.02},
			Caching:     &aup.Caching{Clause: "fresh"},
			Operations:  &aup.Operations{Clause: "volume", Allow: []string{"GET /services/*"}},
			Errors:      &aup.ErrorShare{Clause: "volume", Limit: 0.2},
			Sources:     &aup.Sources{Clause: "volume", Networks: 8},
			Permissions: &aup.Permissions{Clause: "public", When: "public-display", Needs: []string{"provider", "leads"}},
		},
		Clauses: []aup.Clause{
			{ID: "introduction", Heading: "Introduction", Level: 2, Markdown: "Some words before the first heading."},
			{ID: "rules", Heading: "The rules", Level: 1},
			{ID: "volume", Heading: "Fair volume", Level: 2, Markdown: "Not too much."},
			{ID: "crawl", Heading: "No crawling", Level: 2, Markdown: "Not everything."},
			{ID: "fresh", Heading: "Fresh data", Level: 2, Markdown: "No copies."},
			{ID: "public", Heading: "To the public", Level: 2, Markdown: "With permission."},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Errorf("(-want +got)\n%s\nproblems: %v", diff, problems)
	}
}

// spoiled is the valid document, spoiled in one way: what the checker says of it, and where.
var spoiled = []struct {
	desc, old, new string
	want           string // "line:column: severity: message", shortened at will; empty: no problem
}{
	{"the front matter is never closed", "leads]}\n---\n", "leads]}\n", "1:1: error: the front matter is not closed"},
	{"blank lines before the front matter would hide it", "---\npolicy", "\n---\npolicy", "2:1: error: the front matter begins after blank lines"},
	{"a bracket is missing", "[80%, 100%]", "[80%, 100%", "11:1: error: the front matter cannot be read: did not find expected"},
	{"a tab indents", "  crawling:", "\tcrawling:", "13:1: error: the front matter cannot be read: found character that cannot start any token"},
	{"a second YAML document hides in the front matter", "terms:", "...\nterms:", "2:1: error: the front matter holds more than one YAML document"},
	{"a list is no front matter", valid[4:strings.Index(valid, "Some words")], "- a\n- b\n---\n", "2:1: error: the front matter is not a list of keys"},
	{"a key twice", "changes:", "title:", "5:1: error: \"title\": given twice, first on line 3"},
	{"a key of a term twice", "limit: 600,", "limit: 600, limit: 700,", `12:53: error: "limit": given twice, first on line 12`},
	{"an anchor", "limit: 600", "limit: &x 600", "12:48: error: &x names a value for reference elsewhere"},
	{"an alias", "requests-per-day:    {clause: volume, limit: 50000", "requests-per-day:    {clause: &n volume, limit: *n", "11:51: error: *n refers to another value"},
	{"a merge key", "{clause: fresh}", "{<<: {clause: fresh}}", "14:25: error: a key must be a plain word"},
	{"a tag", "limit: 600", "limit: !!int 600", "12:48: error: the tag \"!!int\" is refused"},
	{"deep nesting", "networks: 8", "networks: [[[[[[[[[8]]]]]]]]]", "17:57: error: nested more than 8 deep"},
	{"a misspelt key", "acceptance:", "accpetance:", "8:1: error: \"accpetance\": unknown key; did you mean acceptance?"},
	{"an underscore for a hyphen", "notice-period:", "notice_period:", "7:1: error: \"notice_period\": unknown key; did you mean notice-period?"},
	{"a capital", "title:", "Title:", "3:1: error: \"Title\": unknown key; did you mean title?"},
	{"a site generator's key", "title:", "sidebar: left\ntitle:", "3:1: note: \"sidebar\" is not one of Accord's keys and is ignored"},
	{"an unknown term", "caching:", "cacheing:", "14:3: error: terms.cacheing: unknown key; did you mean caching?"},
	{"an unknown key of a term", "limit: 600", "max: 600", "12:41: error: terms.requests-per-minute.max: unknown key; known are limit, clause, notify, significant"},
	{"a comma in a number", "limit: 50000", "limit: 50,000", "11:51: error: terms.requests-per-day.000: unknown key; write numbers without commas"},
	{"a blank term", "{clause: fresh}", "", "14:11: error: terms.caching: blank"},
	{"a term that is a number", "{clause: fresh}", "5", "14:24: error: terms.caching: not a list of keys"},
	{"blank terms", valid[strings.Index(valid, "terms:"):strings.Index(valid, "---\nSome")], "terms:\n", "10:7: error: terms: blank"},
	{"no terms", valid[strings.Index(valid, "terms:"):strings.Index(valid, "---\nSome")], "", "1:1: note: the document sets no terms"},
	{"a blank limit", "limit: 600", "limit: ~", "12:48: error: terms.requests-per-minute.limit: blank"},
	{"a limit that is not there", "limit: 600, ", "", "12:24: error: terms.requests-per-minute.limit: missing"},
	{"a limit of none", "limit: 600", "limit: 0", "12:48: error: terms.requests-per-minute.limit: \"0\" is out of range"},
	{"a negative limit", "limit: 600", "limit: -600", "12:48: error: terms.requests-per-minute.limit: \"-600\" is not a whole number"},
	{"a limit that overflows", "limit: 600", "limit: 99999999999999999999", "12:48: error: terms.requests-per-minute.limit: \"99999999999999999999\" is out of range"},
	{"NaN for a limit", "limit: 600", "limit: .nan", "12:48: error: terms.requests-per-minute.limit: \".nan\" is not a whole number"},
	{"infinity for a limit", "limit: 600", "limit: .inf", "12:48: error: terms.requests-per-minute.limit: \".inf\" is not a whole number"},
	{"a limit in octal", "limit: 600", "limit: 0600", "12:48: error: terms.requests-per-minute.limit: \"0600\" is not a whole number"},
	{"a limit with a point", "limit: 600", "limit: 600.5", "12:48: error: terms.requests-per-minute.limit: \"600.5\" is not a whole number"},
	{"significant below the limit", "300%", "30%", "11:89: error: terms.requests-per-day.significant: 30% is out of range: give 100% to 100000% of the limit"},
	{"significant at the limit is as low as it goes", "300%", "100%", ""},
	{"significant without its sign", "300%", "300", "11:89: error: terms.requests-per-day.significant: \"300\" is not a percentage; its sign is missing: write 300%"},
	{"NaN for a percentage", "300%", ".nan", "11:89: error: terms.requests-per-day.significant: \".nan\" is not a percentage; write it with its sign"},
	{"NaN with a sign", "300%", "NaN%", "11:89: error: terms.requests-per-day.significant: \"NaN%\" is not a percentage"},
	{"a negative percentage", "limit: 20%", "limit: -20%", "16:48: error: terms.errors.limit: \"-20%\" is not a percentage"},
	{"no errors allowed at all", "limit: 20%", "limit: 0%", "16:48: error: terms.errors.limit: 0% is out of range: give more than 0% and at most 100%"},
	{"more errors than requests", "limit: 20%", "limit: 120%", "16:48: error: terms.errors.limit: 120% is out of range"},
	{"steps that fall", "[80%, 100%]", "[100%, 80%]", "11:70: error: terms.requests-per-day.notify[2]: 80% does not rise above 100%"},
	{"a step twice", "[80%, 100%]", "[80%, 80%]", "11:69: error: terms.requests-per-day.notify[2]: 80% does not rise above 80%"},
	{"a step of nothing", "[80%, 100%]", "[0%, 100%]", "11:64: error: terms.requests-per-day.notify[1]: 0% is out of range: give more than 0% and at most 1000%"},
	{"a step beyond ten times", "[80%, 100%]", "[80%, 1001%]", "11:69: error: terms.requests-per-day.notify[2]: 1001% is out of range"},
	{"no steps in the list", "[80%, 100%]", "[]", "11:63: error: terms.requests-per-day.notify: an empty list"},
	{"one step, not a list", "[80%, 100%]", "80%", "11:63: error: terms.requests-per-day.notify: not a list"},
	{"what the catalogue counts", "catalogue: 150000", "catalogue: 150000, of: [\"/services/{id}\", \"/services/{id}/hours\"]", ""},
	{"two values, which no catalogue counts", "catalogue: 150000", "catalogue: 150000, of: [\"/a/{id}/b/{day}\"]", "13:64: error: terms.crawling.of[1]: \"/a/{id}/b/{day}\" is not a resource template"},
	{"a path without a parameter", "catalogue: 150000", "catalogue: 150000, of: [/services]", "13:64: error: terms.crawling.of[1]: \"/services\" is not a resource template"},
	{"what an unknown catalogue counts", "catalogue: 150000, significant: 2%", "of: [\"/services/{id}\"]", "13:44: error: terms.crawling.of: says what the catalogue counts: add catalogue"},
	{"a share of an unknown catalogue", "catalogue: 150000, ", "", "13:53: error: terms.crawling.significant: is a share of the catalogue"},
	{"a share of less than one resource", "catalogue: 150000", "catalogue: 10", "13:68: error: terms.crawling.significant: 2% of 10 is less than one resource"},
	{"a share of a few resources", "catalogue: 150000", "catalogue: 1000", "13:70: note: terms.crawling.significant: 2% of 1000 is only 20 resources"},
	{"more than the whole catalogue", "significant: 2%", "significant: 101%", "13:72: error: terms.crawling.significant: 101% is out of range"},
	{"an operation without a method", `"GET /services/*"`, `"/services/*"`, "15:49: error: terms.operations.allow[1]: \"/services/*\" is not an operation"},
	{"an operation twice", `"GET /services/*"`, `"GET /a", "GET /a"`, "15:59: error: terms.operations.allow[2]: \"GET /a\" is named twice"},
	{"a permission twice", "[provider, leads]", "[leads, leads]", "18:78: error: terms.permissions.needs[2]: \"leads\" is named twice"},
	{"a clause that does not exist", "clause: fresh", "clause: frehs", "14:33: error: terms.caching.clause: the document has no clause frehs; did you mean fresh?"},
	{"a clause that was never there", "clause: fresh", "clause: storage", "14:33: error: terms.caching.clause: the document has no clause storage; add {#storage} to the heading"},
	{"a term without its clause", "{clause: fresh}", "{}", "14:24: error: terms.caching.clause: missing"},
	{"a clause id twice", "{#fresh}", "{#crawl}", "30:1: error: the clause id crawl is already that of the heading on line 27"},
	{"a clause id with a space", "{#rules}", "{#the rules}", "22:1: error: clause id: \"the rules\" is not an id"},
	{"a clause id in capitals", "{#rules}", "{#Rules}", "22:1: error: clause id: \"Rules\" is not an id"},
	{"a clause id that is not closed", "{#rules}", "{#rules", "22:1: error: the heading's id is not closed"},
	{"a clause id before the words", "# The rules {#rules}", "# {#rules} The rules", "22:1: error: the heading's id is not closed, or not at its end"},
	{"the introduction's id", "{#rules}", "{#introduction}", "22:1: error: the clause id introduction is kept"},
	{"a heading without words", "# The rules {#rules}", "# {#rules}", "22:1: error: a heading without words"},
	{"a heading without an id", "# The rules {#rules}", "# The rules", "22:1: note: the heading has no id of its own and is known as the-rules"},
	{"HTML in the text", "No copies.", "<b>No</b> copies.", "31:1: note: HTML is left out"},
	{"a policy id in capitals", "policy: demo-api", "policy: Demo", "2:9: error: policy: \"Demo\" is not an id"},
	{"a blank title", "title: Demo API acceptable use policy", "title:", "3:7: error: title: blank"},
	{"a title of two lines", "title: Demo API acceptable use policy", `title: "Demo\nBcc: all"`, "3:8: error: title: must be one line"},
	{"a character that does not show in a title", "title: Demo API acceptable use policy", `title: "Demo\x07"`, "3:8: error: title: holds a character that does not show"},
	{"a title that is too long", "title: Demo", "title: " + strings.Repeat("x", 200), "3:8: error: title: longer than 200 characters"},
	{"a title that is a list", "title: Demo API acceptable use policy", "title: [a]", "3:8: error: title: write a single value"},
	{"a date that does not exist", "2027-01-15", "2027-02-30", "6:12: error: effective: \"2027-02-30\" is not a date"},
	{"a date the other way round", "2027-01-15", "15.01.2027", "6:12: error: effective: \"15.01.2027\" is not a date: write it as 2027-01-15"},
	{"a date of another age", "2027-01-15", "0027-01-15", "6:12: error: effective: \"0027-01-15\" is not a date"},
	{"two weeks", "14d", "2w", "7:16: error: notice-period: \"2w\" is not a length of time: write days or hours, such as 14d or 36h"},
	{"no unit", "14d", "14", "7:16: error: notice-period: \"14\" is not a length of time"},
	{"hours", "14d", "36h", ""},
	{"no notice at all", "14d", "0d", ""},
	{"years of notice", "14d", "99999d", "7:16: error: notice-period: 99999d is longer than 366d"},
	{"another way to accept", "by-use", "implied", "8:13: error: acceptance: \"implied\" is not a way to accept: write by-use or explicit"},
	{"yes for true", "re-accept: true", "re-accept: yes", "9:12: error: re-accept: \"yes\" is not an answer: write true or false"},
	{"bytes that are not UTF-8", "No copies.", "No \xffcopies.", "31:4: error: not UTF-8"},
	{"a NUL", "No copies.", "No \x00copies.", "31:4: error: the character U+0000 does not show"},
	{"text that reads backwards", "No copies.", "No \u202ecopies.", "31:4: error: the character U+202E does not show"},
	{"Windows line ends and a byte order mark", valid, "\ufeff" + strings.ReplaceAll(valid, "\n", "\r\n"), ""},
	{"more than 200 KB", "No copies.", strings.Repeat("No copies.\n\n", 20000), "1:1: error: the document has "},
	{"a paragraph without end", "No copies.", strings.Repeat("words ", 3000), "31:1: error: more than 16384 bytes without a blank line"},
	{"emphasis and links without end", "No copies.", strings.Repeat("*a [b](", 300), "31:1: error: more than 500 of the marks"},
	{"quotations in lists in quotations", "No copies.", strings.Repeat("> - ", 20) + "x", "31:1: error: a list or quotation nested more than 30 deep"},
	{"a long rule across the page", "No copies.", "No copies.\n\n" + strings.Repeat("- ", 100), ""},
	{"more headings than anybody reads", "No copies.", strings.Repeat("## a\n\n", 500), "1023:1: error: more than 500 headings"},
	{"nothing", valid, " \n\n", "1:1: error: the document is empty"},
	{"no text", valid[strings.Index(valid, "Some words"):], "", "20:1: error: the document has no text"},
}

func TestSpoiled(t *testing.T) {
	for _, c := range spoiled {
		t.Run(c.desc, func(t *testing.T) {
			doc := strings.Replace(valid, c.old, c.new, 1)
			if doc == valid {
				t.Fatal("the case spoils nothing")
			}
			_, problems := Parse("d", []byte(doc), "")
			if c.want == "" {
				if len(problems) > 0 {
					t.Errorf("unexpected: %v", problems)
				}
				return
			}
			if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.HasPrefix(p.String(), "d:"+c.want) }) {
				t.Errorf("want d:%s\n got %v", c.want, problems)
			}
		})
	}
}

func TestAllProblemsAreCollected(t *testing.T) {
	doc := strings.NewReplacer("acceptance: by-use", "acceptance: maybe", "limit: 600", "limit: -1", "{#fresh}", "{#Fresh}").Replace(valid)
	_, problems := Parse("d", []byte(doc), "")
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{8, 12, 14, 30}, lines); diff != "" {
		t.Errorf("lines (-want +got)\n%s\n%v", diff, problems)
	}
}

func TestThePublisherGivesTheID(t *testing.T) {
	plain := "## One\ntext\n"
	for _, c := range []struct {
		desc, doc string
		id, want  aup.PolicyID
		refused   string
	}{
		{"a document without a policy key gets the id", plain, "given", "given", ""},
		{"a document without a policy key needs an id", plain, "", "", "names no policy"},
		{"an id that is none is refused", plain, "Not one", "Not one", "is not an id"},
		{"a document names itself", valid, "", "demo-api", ""},
		{"both agree", valid, "demo-api", "demo-api", ""},
		{"both disagree", valid, "other", "demo-api", "the document is demo-api, but \"other\" was asked for"},
	} {
		t.Run(c.desc, func(t *testing.T) {
			p, problems := Parse("d", []byte(c.doc), c.id)
			err := Refused(problems)
			if p.ID != c.want || (err != nil) != (c.refused != "") || err != nil && !strings.Contains(err.Error(), c.refused) {
				t.Errorf("id %q, %v", p.ID, err)
			}
		})
	}
}

// TestADocumentOfASiteGenerator has none of Accord's keys: even a near miss is only a note.
func TestADocumentOfASiteGenerator(t *testing.T) {
	p, problems := Parse("d", []byte("---\ntitle: Rules\nterm: 3\ntags: [a]\n---\n# Be kind\nto all\n"), "rules")
	if err := Refused(problems); err != nil {
		t.Fatal(err)
	}
	if p.Title != "Rules" || p.Acceptance != aup.ByUse || !p.ReAccept || p.NoticePeriod != DefaultNotice || len(p.Terms.Clauses()) != 0 {
		t.Errorf("not the defaults: %+v", p)
	}
	if len(problems) != 4 {
		t.Errorf("want notes of no terms, term, tags and the heading's id; got %v", problems)
	}
}

func TestTheTitleMayBeTheFirstHeading(t *testing.T) {
	p, problems := Parse("d", []byte("Words first.\n\n# Be *kind* {#kind}\nto all\n"), "rules")
	if err := Refused(problems); err != nil || p.Title != "Be kind" {
		t.Errorf("title %q, %v", p.Title, err)
	}
}

// TestTheRealPolicy reads the document this project is modelled on, as its site generator has it.
func TestTheRealPolicy(t *testing.T) {
	file := needtest.Real(t, "acceptable_usage_policy.md")
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := Parse(file, doc, "dos-api")
	if err := Refused(problems); err != nil {
		t.Fatal(err)
	}
	var ids []aup.ClauseID
	for _, c := range p.Clauses {
		ids = append(ids, c.ID)
	}
	want := []aup.ClauseID{"introduction", "the-policy", "be-responsible-when-displaying-information-publicly", "keep-data-fresh",
		"dont-crawl-the-api", "monitoring-and-enforcement", "how-we-will-respond-if-your-activity-contravenes-the-policy"}
	if diff := cmp.Diff(want, ids); diff != "" || p.Title != "Acceptable Usage Policy" || len(p.Terms.Clauses()) != 0 {
		t.Errorf("title %q, clauses (-want +got)\n%s", p.Title, diff)
	}
	for _, part := range []string{"Ultimately,", "Clinical Safety Case", "agree a way forward."} {
		if !strings.Contains(strings.Join(strings.Fields(TextClauses(p.Clauses)), " "), part) {
			t.Errorf("the text lost %q", part)
		}
	}
}
