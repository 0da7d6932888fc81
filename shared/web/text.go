package web

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"accord/shared/aup"
	"accord/shared/notice"
	"accord/shared/policydoc"
)

// document is a policy as a page shows it.
type document struct {
	Title, Summary string
	Number         int
	Hash           string
	Limits         []policydoc.TermLine
	Granted        []string
	Agreements     []int
	Since          int // the version that Changed compares with; 0: the first
	Intro          string
	Changed        template.HTML
	Text           template.HTML
}

// documentOf puts a tailored policy on a page, below headings of level 2.
func documentOf(t aup.Tailored, previous *aup.Version) (document, error) {
	p := t.Version.Policy
	d := document{Title: notice.Clean(p.Title), Summary: notice.Clean(p.Summary), Number: t.Version.Number, Hash: t.Hash,
		Limits: policydoc.Terms(t.Terms), Granted: granted(t), Agreements: t.Agreements, Intro: notice.Clean(p.Changes)}
	if previous != nil {
		d.Since = previous.Number
		d.Changed = visible(policydoc.Diff(previous.Policy, p).HTML())
	}
	text, err := policydoc.RenderClauses(below(t.Clauses, 3))
	d.Text = visible(text)
	return d, err
}

// visible takes characters out of HTML that turn or hide what stands beside them.
func visible(h template.HTML) template.HTML { return template.HTML(notice.Lines(string(h))) } //nolint:gosec // only takes away

// below moves headings so that the highest is of a level, for the page has headings above them.
func below(clauses []aup.Clause, level int) []aup.Clause {
	top := 6
	for _, c := range clauses {
		top = min(top, max(1, c.Level))
	}
	moved := slices.Clone(clauses)
	for i := range moved {
		moved[i].Level = min(6, max(1, moved[i].Level)-top+level)
	}
	return moved
}

func granted(t aup.Tailored) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(t.Permissions)) {
		g := t.Permissions[name]
		s := fmt.Sprintf("%s: granted by %s (%s) in agreement %d", name, g.Issuer, g.Reference, g.Agreement)
		if !g.Expires.IsZero() {
			s += ", until " + notice.Day(g.Expires)
		}
		all = append(all, notice.Clean(s))
	}
	return all
}

// shown is the part of the page that is accepted, and its SHA-256. It holds nothing that changes from one
// visit to the next unless the policy does.
func shown(v Visit) (part template.HTML, hash string, err error) {
	d, err := documentOf(v.Policy, v.Previous)
	if err != nil {
		return "", "", err
	}
	var b bytes.Buffer
	if err := render(&b, "document", d); err != nil {
		return "", "", err
	}
	return template.HTML(b.String()), aup.Hash(b.Bytes()), nil //nolint:gosec // rendered by html/template
}
