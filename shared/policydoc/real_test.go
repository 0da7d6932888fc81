package policydoc

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"accord/shared/aup"
	"accord/shared/needtest"
)

// redrafted is the real policy and a draft made from it by hand-like edits: terms for two clauses, one clause
// moved to the end, one taken out, one added, one with its heading and a word in its middle replaced.
func redrafted(t *testing.T) (before, after aup.Policy, moved, removed, reworded aup.ClauseID) {
	t.Helper()
	doc, err := os.ReadFile(needtest.Real(t, "acceptable_usage_policy.md"))
	if err != nil {
		t.Fatal(err)
	}
	before, problems := Parse("real", doc, "real")
	if err := Refused(problems); err != nil || len(before.Clauses) < 5 {
		t.Fatalf("%d clauses, %v", len(before.Clauses), err)
	}
	after = before
	c := slices.Clone(before.Clauses)
	last := len(c) - 1
	moved, reworded, removed = c[1].ID, c[2].ID, c[last].ID
	words := strings.Fields(c[2].Markdown)
	words[len(words)/2] = "otherwise"
	c[2].Heading, c[2].Markdown = "Another heading", strings.Join(words, " ")
	c = append(slices.Delete(c[:last], 1, 2), before.Clauses[1], aup.Clause{ID: "new-clause", Level: 2, Heading: "A new clause", Markdown: "Two words.\n\nA second paragraph."})
	after.Clauses = c
	after.Terms.PerDay = &aup.Limit{Clause: reworded, Limit: 50_000, Significant: 3}
	after.Acceptance = aup.Explicit
	return before, after, moved, removed, reworded
}

// TestTheRealPolicyRedrafted: what changed in a document of real size, as text, HTML and JSON of one model.
func TestTheRealPolicyRedrafted(t *testing.T) {
	before, after, moved, removed, reworded := redrafted(t)
	c := Diff(before, after)
	kinds := map[aup.ClauseID]ChangeKind{}
	for _, ch := range c.Clauses {
		kinds[ch.ID] = ch.Kind
	}
	want := map[aup.ClauseID]ChangeKind{moved: Moved, removed: Removed, reworded: Reworded, "new-clause": Added}
	for id, kind := range want {
		if kinds[id] != kind {
			t.Errorf("%s was %q, want %q", id, kinds[id], kind)
		}
	}
	if len(kinds) != len(want) {
		t.Errorf("%v changed, want %v", kinds, want)
	}
	text, page := c.Text(), string(c.HTML())
	for _, ch := range c.Clauses {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), ch.title()) {
			t.Errorf("the text has no %q", ch.title())
		}
	}
	if n := strings.Count(page, "<h3>"); n != len(c.Clauses) {
		t.Errorf("%d headings in HTML, %d changes", n, len(c.Clauses))
	}
	if n := strings.Count(page, "<tr>"); n != len(c.Terms)+1 || len(c.Terms) < 2 {
		t.Errorf("%d rows in HTML, %d terms", n, len(c.Terms))
	}
	if !strings.Contains(text, "{+otherwise+}") || !strings.Contains(page, "<ins>otherwise</ins>") {
		t.Error("the one word that was replaced is not marked by itself")
	}
	stands := "It now stands after “" + after.Clauses[len(after.Clauses)-3].Heading + "”. Its words are the same."
	if !strings.Contains(strings.Join(strings.Fields(text), " "), stands) {
		t.Errorf("the text does not say %q", stands)
	}
	stored, err := json.Marshal(c)
	var read Changes
	if err == nil {
		err = json.Unmarshal(stored, &read)
	}
	if err != nil || read.Text() != text || string(read.HTML()) != page {
		t.Errorf("what is read from JSON tells something else (%v)", err)
	}
}
