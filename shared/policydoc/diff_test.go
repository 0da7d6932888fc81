package policydoc

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accord/shared/aup"
)

func TestDiff(t *testing.T) {
	golden(t, "diff", []string{"old.md", "new.md"}, func(in map[string]string) map[string]string {
		var p [2]aup.Policy
		for i, name := range []string{"old.md", "new.md"} {
			var problems []Problem
			if p[i], problems = Parse(name, []byte(in[name]), "demo"); Refused(problems) != nil {
				t.Fatal(Refused(problems))
			}
		}
		c := Diff(p[0], p[1])
		return map[string]string{"text": c.Text() + "\n", "html": string(c.HTML())}
	}, "text", "html")
}

func TestTermsInWords(t *testing.T) {
	p, _ := Parse("d", []byte(valid), "")
	want := []TermLine{
		{"requests-per-day", "Requests a day", "volume", "At most 50,000 requests a day (UTC), over all keys together. We write to you at 80 % and 100 % of that. From 150,000 (300 %) the risk to the service may be significant."},
		{"requests-per-minute", "Requests a minute", "volume", "At most 600 requests a minute, over all keys together. From 6,000 (1,000 %) the risk to the service may be significant."},
		{"crawling", "Crawling", "crawl", "The catalogue of 150,000 resources may not be read systematically. From 3,000 of them (2 %) the risk to the service may be significant."},
		{"caching", "Caching", "fresh", "Ask for data when it is needed; keep no copies of it."},
		{"operations", "Operations", "volume", "Only these operations: GET /services/*."},
		{"errors", "Errors", "volume", "At most 20 % of a day's requests may fail through the caller's own errors (4xx other than 429)."},
		{"sources", "Networks", "volume", "A key is used from at most 8 networks in a day."},
		{"permissions", "Permissions", "public", "Use for public display needs the permission of each of these: provider, leads."},
	}
	if diff := cmp.Diff(want, Terms(p.Terms)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	p.Terms.Crawling.Of = []string{"/services/{id}", "/v2/services/{id}"}
	if got, said := Terms(p.Terms)[2].Sentence, "The catalogue of 150,000 resources (/services/{id} and /v2/services/{id}) may not be read"; !strings.Contains(got, said) {
		t.Errorf("%q does not say %q", got, said)
	}
}

func TestNumbersInWords(t *testing.T) {
	for got, want := range map[string]string{
		Number(0): "0", Number(999): "999", Number(1000): "1,000", Number(-123456): "-123,456", Number(1234567): "1,234,567",
		Count(1, "request"): "1 request", Count(2, "request"): "2 requests",
		Percent(0.8): "80 %", Percent(0.125): "12.5 %", Percent(10): "1,000 %", Percent(0.07): "7 %",
		Period(0): "none", Period(24 * time.Hour): "1 day", Period(36 * time.Hour): "36 hours",
		TermName("sources"): "Networks", TermName("else"): "else",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// policies draws small policies whose clauses and words often coincide.
func policies() *rapid.Generator[aup.Policy] {
	word := rapid.SampledFrom([]string{"you", "may", "not", "ask", "*all*", "[us](https://e.org)", "day.\n\n", "\n- item", "`GET`", "\\*", "&amp;"})
	return rapid.Custom(func(t *rapid.T) aup.Policy {
		p := aup.Policy{ID: "p", Title: "T"}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), 1, 5, rapid.ID).Draw(t, "ids") {
			text := strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "words"), " ")
			p.Clauses = append(p.Clauses, aup.Clause{ID: aup.ClauseID(id), Heading: strings.ToUpper(id), Level: 2, Markdown: text})
		}
		if limit := rapid.Int64Range(0, 3).Draw(t, "limit"); limit > 0 {
			p.Terms.PerDay = &aup.Limit{Clause: p.Clauses[0].ID, Limit: limit, Significant: float64(limit)}
		}
		return p
	})
}

func TestNothingChangesInTheSamePolicy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := policies().Draw(t, "policy")
		if c := Diff(p, p); !c.Empty() || c.Text() != "" || c.HTML() != "" {
			t.Fatalf("%+v", c)
		}
	})
}

// TestWhatIsNotDeletedIsTheNewText holds every marked text against what people will read, and the clauses
// named against the ones that differ.
func TestWhatIsNotDeletedIsTheNewText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := policies().Draw(t, "before"), policies().Draw(t, "after")
		changed := map[aup.ClauseID]ClauseChange{}
		for _, c := range Diff(before, after).Clauses {
			changed[c.ID] = c
		}
		for _, now := range after.Clauses {
			was, had := before.Clause(now.ID)
			c, ok := changed[now.ID]
			same := had && words(was.Markdown) == words(now.Markdown)
			if had && !same && c.Kind != Reworded || !had && c.Kind != Added || same && ok && c.Kind != Moved {
				t.Fatalf("%s: %q, then %q: %+v", now.ID, was.Markdown, now.Markdown, c)
			}
			if len(c.Words) > 0 && (marked(c.Words, Delete) != words(now.Markdown) || had && marked(c.Words, Insert) != words(was.Markdown)) {
				t.Fatalf("%s: %q, then %q: %+v", now.ID, was.Markdown, now.Markdown, c.Words)
			}
		}
		for _, was := range before.Clauses {
			if _, still := after.Clause(was.ID); !still && changed[was.ID].Kind != Removed {
				t.Fatalf("%s went unnoticed", was.ID)
			}
		}
	})
}

func words(markdown string) string { return strings.Join(strings.Fields(Text(markdown)), " ") }

// marked joins the words that do not have the mark.
func marked(all []Words, not Mark) string {
	var b strings.Builder
	for _, w := range all {
		if w.Mark != not {
			b.WriteString(w.Text + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestAnExcerptKeepsTheChanges(t *testing.T) {
	long := strings.Repeat("word ", 100)
	got := Excerpt([]Words{{Same, long}, {Delete, "old "}, {Insert, "new "}, {Same, long}, {Insert, "more "}})
	near := strings.TrimSpace(strings.Repeat("word ", margin))
	want := []Words{{Same, "... " + near + " "}, {Delete, "old "}, {Insert, "new "}, {Same, near + " ... " + near + " "}, {Insert, "more "}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestChangedClausesLeaveOutTheMoved(t *testing.T) {
	before := aup.Policy{Clauses: []aup.Clause{{ID: "a"}, {ID: "b"}, {ID: "c", Markdown: "x"}}}
	after := aup.Policy{Clauses: []aup.Clause{{ID: "b"}, {ID: "a"}, {ID: "c", Markdown: "y"}, {ID: "d"}}}
	if diff := cmp.Diff([]aup.ClauseID{"c", "d"}, Diff(before, after).ClauseIDs()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
