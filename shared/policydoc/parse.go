// Package policydoc reads policy documents and agreements, says everything that is wrong with them, and
// puts policies into words: HTML, plain text, sentences for the terms, and what changed between versions.
//
// A policy document is Markdown with a front matter in YAML; docs/policy-format.md is its grammar. Each
// heading of the document's own is a clause. An agreement is a YAML or JSON file whose terms have the same
// syntax. Nothing is stored here: a document is stored by package ledger as the exact bytes that were
// published, with the aup.Policy that Parse made of them. Publishing, the emails, the consumer's pages
// and the command line call this package, so that all of them read a document the same way.
package policydoc

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// DefaultNotice is the notice period of a document that names none.
const DefaultNotice = 14 * 24 * time.Hour

// Parse reads a policy document. The id is the one the publisher asks for: a document without a `policy`
// key gets it, and one that names another is refused; empty when the document is to name itself. The file
// is only for the problems' positions. When Refused(problems) is not nil the policy is as far as it could
// be read, and must not be stored.
func Parse(file string, doc []byte, id aup.PolicyID) (aup.Policy, []Problem) {
	p := aup.Policy{Acceptance: aup.ByUse, ReAccept: true, NoticePeriod: DefaultNotice}
	r := &reader{file: file, clauseNeeded: true}
	doc, ok := r.readable(doc)
	if !ok {
		return p, r.sorted()
	}
	front, body, bodyLine := r.split(doc)
	r.base = 1
	root := r.document(front, "front matter")
	r.frontMatter(&p, root)
	r.clauses(&p, body, bodyLine)
	r.named(&p, id, root)
	r.referred(p)
	r.neverKnown(p)
	if len(p.Terms.Clauses()) == 0 && Refused(r.problems) == nil {
		r.note(1, 1, "the document sets no terms: it is distributed and accepted, and enforces nothing; add terms to the front matter to have usage judged")
	}
	return p, r.sorted()
}

// split parts the front matter from the text. bodyLine is the line the text begins on.
func (r *reader) split(doc []byte) (front, body []byte, bodyLine int) {
	lines := bytes.SplitAfter(doc, []byte("\n"))
	isFence := func(l []byte) bool { return string(bytes.TrimRight(l, " \t\n")) == "---" }
	for i, l := range lines {
		if isFence(l) && i == 0 {
			break
		}
		if len(bytes.TrimSpace(l)) > 0 {
			if isFence(l) {
				r.errorf(i+1, 1, "the front matter begins after blank lines and would not be read: begin the document with its line of ---")
			} else {
				r.note(1, 1, "the document has no front matter: its title is its first heading; begin with a line of ---, the keys, and another line of --- to give it one")
			}
			return nil, doc, 1
		}
	}
	at := len(lines[0])
	for i, l := range lines[1:] {
		if isFence(l) {
			return doc[len(lines[0]):at], doc[at+len(l):], i + 3
		}
		at += len(l)
	}
	r.errorf(1, 1, "the front matter is not closed: end it with a line of ---")
	return nil, nil, 1
}

// known are Accord's keys of the front matter. Only title and summary are a site generator's as well.
func (r *reader) known(p *aup.Policy) []key {
	return []key{
		{"policy", false, r.slug((*string)(&p.ID))},
		{"title", false, r.line(&p.Title, 200)},
		{"summary", false, r.line(&p.Summary, 500)},
		{"changes", false, r.text(&p.Changes, 2000)},
		{"effective", false, r.date(&p.Effective)},
		{"notice-period", false, r.period(&p.NoticePeriod)},
		{"acceptance", false, r.acceptance(&p.Acceptance)},
		{"re-accept", false, r.boolean(&p.ReAccept)},
		{"reminders", false, r.list(maxReminders, r.reminder(&p.Reminders))},
		{"cases", false, r.cases(&p.Cases)},
		{"mode", false, r.mode(&p.Mode)},
		{"terms", false, func(n *yaml.Node, where string) { p.Terms = r.terms(n, where) }},
		{"never", false, r.list(maxItems, r.never(&p.Never))},
		{"assessment", false, func(n *yaml.Node, where string) { p.Assessment = r.weighing(n, where) }},
	}
}

func (r *reader) frontMatter(p *aup.Policy, root *yaml.Node) {
	if root == nil {
		return
	}
	keys := r.known(p)
	ours := false
	for _, k := range keys {
		ours = ours || k.name != "title" && k.name != "summary" && lookup(root, k.name) != nil
	}
	r.fieldsOr(root, "", keys, func(n *yaml.Node) {
		near, ok := nearest(n.Value, names(keys))
		switch {
		case ok && ours:
			r.at(n, "%s: unknown key; did you mean %s?", show(n.Value), near)
		case ok:
			r.noteAt(n, "%s is not one of Accord's keys and is ignored; did you mean %s?", show(n.Value), near)
		default:
			r.noteAt(n, "%s is not one of Accord's keys and is ignored", show(n.Value))
		}
	})
}

// named settles the policy's id and title.
func (r *reader) named(p *aup.Policy, id aup.PolicyID, root *yaml.Node) {
	own := lookup(root, "policy")
	switch {
	case own == nil && id == "" && root == nil && Refused(r.problems) != nil: // the front matter could not be read
	case own == nil && id == "":
		r.errorf(1, 1, "the document names no policy: add `policy: some-id` to its front matter, or give the id when publishing")
	case own == nil:
		if err := aup.CheckSlug("policy", string(id)); err != nil {
			r.errorf(1, 1, "%s", err)
		}
		p.ID = id
	case id != "" && p.ID != "" && p.ID != id:
		r.at(own, "policy: the document is %s, but %s was asked for: correct one of them", p.ID, show(string(id)))
	}
	if p.Title != "" || lookup(root, "title") != nil {
		return
	}
	for _, c := range p.Clauses {
		if c.Heading != introHeading || c.ID != introID {
			p.Title = c.Heading
			return
		}
	}
	if Refused(r.problems) != nil {
		return // there may be one, in what could not be read
	}
	r.errorf(1, 1, "the document has no title: add `title: ...` to its front matter, or a heading")
}

// referred checks that every clause that was referred to exists.
func (r *reader) referred(p aup.Policy) {
	if len(p.Clauses) == 0 {
		return // reported already
	}
	var ids []string
	for _, c := range p.Clauses {
		ids = append(ids, string(c.ID))
	}
	for _, ref := range r.refs {
		if _, ok := p.Clause(ref.id); ok {
			continue
		}
		hint := fmt.Sprintf("add {#%s} to the heading it is about", ref.id)
		if near, ok := nearest(string(ref.id), ids); ok {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		r.at(ref.node, "%s: the document has no clause %s; %s", ref.where, ref.id, hint)
	}
}

// IDFromName makes a policy id of a file's name, for a document that names no policy.
func IDFromName(file string) aup.PolicyID {
	name := filepath.Base(filepath.ToSlash(file))
	return aup.PolicyID(slugOf(strings.TrimSuffix(name, filepath.Ext(name))))
}
