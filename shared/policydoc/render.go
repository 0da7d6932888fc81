package policydoc

import (
	"fmt"
	stdhtml "html"
	"html/template"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"

	"accord/shared/aup"
)

// safe is what agreed wording, which a consumer may have supplied, can become. Building it takes a
// millisecond, so it waits for the first use.
var safe = sync.OnceValue(bluemonday.UGCPolicy)

// Render puts Markdown into HTML that is safe on a page and in an email, whoever wrote it: HTML in it is
// left out, and what remains is held to an allow-list. Text that did not come through Parse or ParseAgreement
// must be short: reading Markdown can take time quadratic in its length.
func Render(markdown string) (template.HTML, error) {
	var b strings.Builder
	if err := goldmark.Convert([]byte(markdown), &b); err != nil {
		return "", fmt.Errorf("rendering Markdown: %w", err)
	}
	return template.HTML(safe().Sanitize(b.String())), nil //nolint:gosec // sanitized
}

// RenderClauses puts clauses into HTML, each under its heading, whose id is the clause's.
func RenderClauses(clauses []aup.Clause) (template.HTML, error) {
	var b strings.Builder
	for _, c := range clauses {
		level := min(max(c.Level, 1), 6)
		fmt.Fprintf(&b, "<h%d id=\"%s\">%s</h%d>\n", level, stdhtml.EscapeString(string(c.ID)), stdhtml.EscapeString(c.Heading), level)
		text, err := Render(c.Markdown)
		if err != nil {
			return "", fmt.Errorf("clause %s: %w", c.ID, err)
		}
		b.WriteString(string(text))
	}
	return template.HTML(b.String()), nil //nolint:gosec // escaped or sanitized above
}
