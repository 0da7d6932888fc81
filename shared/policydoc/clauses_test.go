package policydoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
)

func TestClauses(t *testing.T) {
	for _, c := range []struct {
		desc, text string
		want       []aup.Clause
	}{
		{"each heading is a clause with the text under it", "# A {#a}\none\n\ntwo\n## B {#b}\n\nthree\n", []aup.Clause{
			{ID: "a", Heading: "A", Level: 1, Markdown: "one\n\ntwo"}, {ID: "b", Heading: "B", Level: 2, Markdown: "three"}}},
		{"fenced code is not a heading", "# A {#a}\n```\n# not one {#b}\n```\n", []aup.Clause{
			{ID: "a", Heading: "A", Level: 1, Markdown: "```\n# not one {#b}\n```"}}},
		{"indented code keeps its indentation", "# A {#a}\n\n    # not one\n", []aup.Clause{
			{ID: "a", Heading: "A", Level: 1, Markdown: "    # not one"}}},
		{"a heading in a list or a quotation is not a clause", "# A {#a}\n- # x\n\n> ## y\n", []aup.Clause{
			{ID: "a", Heading: "A", Level: 1, Markdown: "- # x\n\n> ## y"}}},
		{"underlined headings", "A *b* {#a}\n===\none\n\nC\nd {#c}\n---\ntwo\n", []aup.Clause{
			{ID: "a", Heading: "A b", Level: 1, Markdown: "one"}, {ID: "c", Heading: "C d", Level: 2, Markdown: "two"}}},
		{"an underlined heading that begins with a hash", "#a {#a}\n===\none\n", []aup.Clause{
			{ID: "a", Heading: "#a", Level: 1, Markdown: "one"}}},
		{"closing hashes, entities, code and links in a heading", "## Don&#39;t `GET /x` [all](https://e.org) {#a} ##\n", []aup.Clause{
			{ID: "a", Heading: "Don't GET /x all <https://e.org>", Level: 2}}},
		{"ids made of words are free of punctuation and never repeat", "## Don't crawl!\n## Don’t crawl\n## dont-crawl-2\n## §\n", []aup.Clause{
			{ID: "dont-crawl", Heading: "Don't crawl!", Level: 2}, {ID: "dont-crawl-2", Heading: "Don’t crawl", Level: 2},
			{ID: "dont-crawl-2-2", Heading: "dont-crawl-2", Level: 2}, {ID: "clause", Heading: "§", Level: 2}}},
		{"an explicit id goes before one made of words", "## Volume\n## Other {#volume}\n", []aup.Clause{
			{ID: "volume-2", Heading: "Volume", Level: 2}, {ID: "volume", Heading: "Other", Level: 2}}},
		{"an escaped brace is no id", "## Use \\{#x}\n", []aup.Clause{{ID: "use-x", Heading: "Use {#x}", Level: 2}}},
		{"text before the first heading is the introduction", "Hello.\n\n## Introduction\nx\n", []aup.Clause{
			{ID: "introduction", Heading: "Introduction", Level: 2, Markdown: "Hello."},
			{ID: "introduction-2", Heading: "Introduction", Level: 2, Markdown: "x"}}},
		{"a comment before the first heading is not text", "<!-- x -->\n\n## A {#a}\nx\n", []aup.Clause{{ID: "a", Heading: "A", Level: 2, Markdown: "x"}}},
		{"a link's address that stands elsewhere goes with the clause", "## A {#a}\nSee [us][Home].\n\n## B {#b}\nx\n\n[home]: https://e.org\n", []aup.Clause{
			{ID: "a", Heading: "A", Level: 2, Markdown: "See [us][Home].\n\n[home]: <https://e.org>"},
			{ID: "b", Heading: "B", Level: 2, Markdown: "x\n\n[home]: https://e.org"}}},
	} {
		t.Run(c.desc, func(t *testing.T) {
			p, problems := Parse("d", []byte(c.text), "p")
			if err := Refused(problems); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, p.Clauses); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAnIDMadeOfWordsIsShortEnough(t *testing.T) {
	long := "## " + strings.Repeat("very long ", 20) + "\n"
	p, problems := Parse("d", []byte(strings.Repeat(long, 3)), "p")
	if err := Refused(problems); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Clauses {
		if err := aup.CheckSlug("clause id", string(c.ID)); err != nil {
			t.Error(err)
		}
	}
}

func TestIDFromName(t *testing.T) {
	for file, want := range map[string]aup.PolicyID{"a/Acceptable_use policy.md": "acceptable-use-policy", "..": "clause", "x.tar.md": "x-tar"} {
		if got := IDFromName(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}
