package policydoc

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// Text tells the changes in plain text, as an email or a terminal shows it: deleted words stand in [- -],
// inserted ones in {+ +}. It is empty when nothing changed.
func (c Changes) Text() string {
	var parts []string
	for _, ch := range c.Clauses {
		part := wrap(ch.title(), textWidth)
		if ch.Place != "" {
			part += "\n\n" + indent(wrap(ch.moved(), textWidth-2), "  ", "  ")
		}
		if words := markedText(Excerpt(ch.Words), ch.Kind); words != "" {
			part += "\n\n" + indent(words, "  ", "  ")
		}
		parts = append(parts, part)
	}
	if len(c.Terms) > 0 {
		rows := []string{"Limits and terms:"}
		for _, t := range c.Terms {
			rows = append(rows, indent(wrap(t.sentence(), textWidth-4), "  - ", "    "))
		}
		parts = append(parts, strings.Join(rows, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// title is "Reworded and moved: Keep data fresh".
func (c ClauseChange) title() string {
	kind := strings.ToUpper(string(c.Kind[:1])) + string(c.Kind[1:])
	if c.Moved && c.Kind != Moved {
		kind += " and moved"
	}
	s := kind + ": " + c.Heading
	if c.OldHeading != "" {
		s += fmt.Sprintf(", before: %s", c.OldHeading)
	}
	return s
}

// moved says where a clause stands now.
func (c ClauseChange) moved() string {
	if c.Kind == Moved {
		return "It now stands " + c.Place + ". Its words are the same."
	}
	return "It now stands " + c.Place + "."
}

func (t TermChange) sentence() string {
	switch {
	case t.Before == "":
		return fmt.Sprintf("%s: new: %s", t.Name, t.After)
	case t.After == "":
		return fmt.Sprintf("%s: no longer: %s", t.Name, t.Before)
	}
	return fmt.Sprintf("%s: %s, before: %s", t.Name, t.After, t.Before)
}

func markedText(words []Words, kind ChangeKind) string {
	var b strings.Builder
	for _, w := range words {
		before, text, after := w.parted()
		switch {
		case kind != Reworded || w.Mark == Same || text == "":
		case w.Mark == Delete:
			text = "[-" + text + "-]"
		default:
			text = "{+" + text + "+}"
		}
		b.WriteString(before + text + after)
	}
	paragraphs := strings.Split(b.String(), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = wrap(p, textWidth-2)
	}
	return strings.TrimSpace(strings.Join(paragraphs, "\n\n"))
}

// HTML tells the changes as a fragment for an email or a page: headings of level 3, ins and del, a table.
func (c Changes) HTML() template.HTML {
	var b strings.Builder
	esc := html.EscapeString
	for _, ch := range c.Clauses {
		fmt.Fprintf(&b, "<h3>%s</h3>\n", esc(ch.title()))
		if ch.Place != "" {
			fmt.Fprintf(&b, "<p>%s</p>\n", esc(ch.moved()))
		}
		if len(ch.Words) > 0 {
			fmt.Fprintf(&b, "<p>%s</p>\n", markedHTML(ch.Words))
		}
	}
	if len(c.Terms) > 0 {
		b.WriteString("<table>\n<thead><tr><th>Limit or term</th><th>Before</th><th>After</th></tr></thead>\n<tbody>\n")
		for _, t := range c.Terms {
			fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", esc(t.Name), esc(or(t.Before, "none")), esc(or(t.After, "none")))
		}
		b.WriteString("</tbody>\n</table>\n")
	}
	return template.HTML(b.String()) //nolint:gosec // every text is escaped
}

// markedHTML marks the words of paragraphs, which may begin or end within a mark.
func markedHTML(words []Words) string {
	var b strings.Builder
	for _, w := range words {
		before, text, after := w.parted()
		b.WriteString(before)
		for i, part := range strings.Split(text, "\n\n") {
			if i > 0 {
				b.WriteString("\n\n")
			}
			part = html.EscapeString(part)
			switch {
			case part == "" || w.Mark == Same:
			case w.Mark == Delete:
				part = "<del>" + part + "</del>"
			default:
				part = "<ins>" + part + "</ins>"
			}
			b.WriteString(part)
		}
		b.WriteString(after)
	}
	paragraphs := strings.ReplaceAll(strings.TrimSpace(b.String()), "\n\n", "</p>\f<p>")
	return strings.ReplaceAll(strings.ReplaceAll(paragraphs, "\n", "<br>\n"), "\f", "\n")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
