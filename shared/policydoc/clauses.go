package policydoc

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"accord/shared/aup"
)

// The clause made of the text before the first heading.
const (
	introID      aup.ClauseID = "introduction"
	introHeading string       = "Introduction"
)

var (
	explicitID = regexp.MustCompile(`(?:^|[^\\])\{#([^{}]*)\}$`)
	idSuffix   = regexp.MustCompile(`\s*\{#[^{}]*\}$`)
)

// heading is where a clause begins.
type heading struct {
	clause     aup.Clause
	explicit   bool
	start, end int // of the heading's own lines, in the text
}

// markdownParser reads CommonMark, and nothing beyond it.
var markdownParser = sync.OnceValue(goldmark.DefaultParser)

// clauses parts the text at its headings. A heading inside a list, a quotation or code is not a clause.
func (r *reader) clauses(p *aup.Policy, body []byte, bodyLine int) {
	if body == nil {
		return
	}
	context := parser.NewContext()
	doc := markdownParser().Parse(text.NewReader(body), parser.WithContext(context))
	line := func(at int) int { return bodyLine + bytes.Count(body[:min(at, len(body))], []byte("\n")) }
	r.rawHTML(doc, line)
	headings := r.headings(doc, body, line)
	if len(headings) > maxClauses {
		r.errorf(line(headings[maxClauses].start), 1, "more than %d headings: a policy nobody could read", maxClauses)
		return
	}
	r.nameClauses(headings, line)

	intro := body
	if len(headings) > 0 {
		intro = body[:headings[0].start]
	}
	if hasWords(intro) {
		p.Clauses = append(p.Clauses, aup.Clause{ID: introID, Heading: introHeading, Level: 2, Markdown: trimBlank(intro)})
	}
	for i, h := range headings {
		end := len(body)
		if i+1 < len(headings) {
			end = headings[i+1].start
		}
		h.clause.Markdown = trimBlank(body[h.end:end])
		p.Clauses = append(p.Clauses, h.clause)
	}
	if len(p.Clauses) == 0 {
		r.errorf(bodyLine, 1, "the document has no text: write the policy under its front matter")
	}
	withReferences(p.Clauses, context)
}

func hasWords(markdown []byte) bool { return Text(string(markdown)) != "" }

func trimBlank(markdown []byte) string {
	s := strings.TrimRightFunc(string(markdown), unicode.IsSpace)
	for {
		first, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(first) != "" {
			return s
		}
		s = rest
	}
}

func (r *reader) headings(doc ast.Node, body []byte, line func(int) int) []*heading {
	var all []*heading
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		found := extent(h, body)
		found.clause.Level = h.Level
		raw := ""
		if k := h.Lines().Len(); k > 0 {
			last := h.Lines().At(k - 1)
			raw = strings.TrimSpace(string(last.Value(body)))
		}
		found.clause.Heading = strings.Join(strings.Fields(plain(h, body)), " ")
		if m := explicitID.FindStringSubmatch(raw); m != nil {
			found.explicit, found.clause.ID = true, aup.ClauseID(m[1])
			found.clause.Heading = idSuffix.ReplaceAllString(found.clause.Heading, "")
		} else if strings.Contains(raw, "{#") && !strings.Contains(raw, `\{#`) {
			r.errorf(line(found.start), 1, "the heading's id is not closed, or not at its end: write it as ## Heading {#some-id}")
		}
		if found.clause.Heading == "" {
			r.errorf(line(found.start), 1, "a heading without words: give it some, or remove it")
		}
		all = append(all, found)
	}
	return all
}

// extent finds the lines that a heading takes: one of `## words`, or words underlined by === or ---.
func extent(h *ast.Heading, body []byte) *heading {
	at, last := h.Pos(), h.Pos()
	if k := h.Lines().Len(); k > 0 {
		at, last = h.Lines().At(0).Start, h.Lines().At(k-1).Stop
	}
	start := bytes.LastIndexByte(body[:at], '\n') + 1
	end := lineEnd(body, max(start, last-1))
	marks := bytes.TrimLeft(body[start:end], " ")
	hashes := len(marks) - len(bytes.TrimLeft(marks, "#"))
	if hashes < 1 || hashes > 6 || hashes < len(marks) && !unicode.IsSpace(rune(marks[hashes])) {
		end = lineEnd(body, end) // the underline
	}
	return &heading{start: start, end: end}
}

// lineEnd is where the line after the one at a position begins.
func lineEnd(body []byte, at int) int {
	at = min(at, len(body))
	if i := bytes.IndexByte(body[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(body)
}

// nameClauses gives each heading its id: its own, or one made of its words.
func (r *reader) nameClauses(headings []*heading, line func(int) int) {
	taken := map[aup.ClauseID]int{}
	for _, h := range headings {
		if !h.explicit {
			continue
		}
		if err := aup.CheckSlug("clause id", string(h.clause.ID)); err != nil {
			r.errorf(line(h.start), 1, "%s", err)
		}
		if first, dup := taken[h.clause.ID]; dup {
			r.errorf(line(h.start), 1, "the clause id %s is already that of the heading on line %d: choose another", h.clause.ID, first)
		}
		if h.clause.ID == introID {
			r.errorf(line(h.start), 1, "the clause id %s is kept for the text before the first heading: choose another", introID)
		}
		taken[h.clause.ID] = line(h.start)
	}
	taken[introID] = 0
	for _, h := range headings {
		if h.explicit {
			continue
		}
		base := slugOf(h.clause.Heading)
		h.clause.ID = aup.ClauseID(base)
		for i := 2; ; i++ {
			if _, dup := taken[h.clause.ID]; !dup {
				break
			}
			suffix := fmt.Sprintf("-%d", i)
			h.clause.ID = aup.ClauseID(strings.TrimRight(base[:min(len(base), aup.MaxSlug-len(suffix))], "-") + suffix)
		}
		taken[h.clause.ID] = line(h.start)
		r.note(line(h.start), 1, "the heading has no id of its own and is known as %s: add {#%s} so that rewording it keeps the id", h.clause.ID, h.clause.ID)
	}
}

// slugOf makes an id of a heading's words: letters and digits of ASCII, with hyphens for what parts them.
func slugOf(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(heading) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case c == '\'', c == '’', b.Len() == 0, strings.HasSuffix(b.String(), "-"):
		default:
			b.WriteByte('-')
		}
	}
	s := b.String()
	if len(s) > aup.MaxSlug {
		s = s[:aup.MaxSlug]
	}
	if s = strings.Trim(s, "-"); s == "" {
		return "clause"
	}
	return s
}

// rawHTML notes what neither emails nor pages will show, once a line.
func (r *reader) rawHTML(doc ast.Node, line func(int) int) {
	noted := map[int]bool{}
	note := func(at int) {
		if l := line(at); !noted[l] {
			noted[l] = true
			r.note(l, 1, "HTML is left out of emails and pages: write Markdown")
		}
	}
	walk(doc, func(n ast.Node) {
		switch h := n.(type) {
		case *ast.HTMLBlock:
			if h.Lines().Len() > 0 {
				note(h.Lines().At(0).Start)
			}
		case *ast.RawHTML:
			if h.Segments.Len() > 0 {
				note(h.Segments.At(0).Start)
			}
		}
	})
}

func walk(n ast.Node, visit func(ast.Node)) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
}

// withReferences repeats link definitions ([label]: address) in each clause that uses one defined in another,
// so that every clause can be read alone.
func withReferences(clauses []aup.Clause, context parser.Context) {
	texts := make([]string, len(clauses))
	for i, c := range clauses {
		texts[i] = folded(c.Markdown)
	}
	for _, ref := range context.References() {
		label := "[" + string(ref.Label()) + "]"
		name := folded(label)
		for i, text := range texts {
			if strings.Contains(text, name) && !strings.Contains(text, name+":") {
				clauses[i].Markdown += fmt.Sprintf("\n\n%s: <%s>", label, ref.Destination())
			}
		}
	}
}

// folded is how labels are compared: without case, any white space being one space.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
