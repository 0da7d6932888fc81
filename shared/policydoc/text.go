package policydoc

import (
	stdhtml "html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"accord/shared/aup"
)

// In characters: the width plain text is wrapped at, and the one below which nesting is not shown any more.
const (
	textWidth = 72
	narrowest = 20
)

// Text puts Markdown into plain text for emails: wrapped at 72 columns, links as `words <address>`, HTML left
// out. It ends without a line break.
func Text(markdown string) string { return textOf(markdown, textWidth) }

// TextClauses puts clauses into plain text, each under its heading.
func TextClauses(clauses []aup.Clause) string {
	var parts []string
	for _, c := range clauses {
		underline := "-"
		if c.Level == 1 {
			underline = "="
		}
		parts = append(parts, c.Heading+"\n"+strings.Repeat(underline, min(textWidth, utf8.RuneCountInString(c.Heading))))
		if t := Text(c.Markdown); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, "\n\n")
}

func textOf(markdown string, width int) string {
	src := []byte(strings.ReplaceAll(markdown, "\r\n", "\n"))
	t := texter{src}
	return t.blocks(markdownParser().Parse(text.NewReader(src)), width, "\n\n")
}

// texter renders the blocks of one source.
type texter struct{ src []byte }

// blocks renders a node's children, with sep between them.
func (t texter) blocks(n ast.Node, width int, sep string) string {
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := t.block(c, width); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, sep)
}

func (t texter) block(n ast.Node, width int) string {
	switch n := n.(type) {
	case *ast.Heading, *ast.Paragraph, *ast.TextBlock:
		return wrap(plain(n, t.src), width)
	case *ast.List:
		return t.list(n, width)
	case *ast.Blockquote:
		if width < narrowest {
			return t.blocks(n, width, "\n\n")
		}
		return indent(t.blocks(n, width-2, "\n\n"), "> ", "> ")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		code := strings.TrimRight(string(n.Lines().Value(t.src)), "\n")
		return indent(code, "    ", "    ")
	case *ast.ThematicBreak:
		return strings.Repeat("-", max(3, min(width, textWidth)))
	}
	return ""
}

func (t texter) list(l *ast.List, width int) string {
	var items []string
	number := l.Start
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		sep := "\n\n"
		if l.IsTight {
			sep = "\n"
		}
		if width < narrowest {
			items = append(items, t.blocks(c, width, sep))
			continue
		}
		items = append(items, indent(t.blocks(c, width-len(mark), sep), mark, strings.Repeat(" ", len(mark))))
	}
	return strings.Join(items, "\n")
}

// indent puts first before the first line and rest before the others.
func indent(s, first, rest string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(rest+l, " ")
		if i == 0 {
			lines[i] = strings.TrimRight(first+l, " ")
		}
	}
	return strings.Join(lines, "\n")
}

// wrap breaks lines at spaces; a word longer than the width, such as an address, stays whole.
func wrap(s string, width int) string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		var b strings.Builder
		used := 0
		for _, word := range strings.Fields(line) {
			n := utf8.RuneCountInString(word)
			switch {
			case used == 0:
			case used+1+n > width:
				b.WriteByte('\n')
				used = 0
			default:
				b.WriteByte(' ')
				used++
			}
			b.WriteString(word)
			used += n
		}
		if b.Len() > 0 {
			out = append(out, b.String())
		}
	}
	return strings.Join(out, "\n")
}

// plain is the text of a node's inline children, with line breaks only where the author forced them.
func plain(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(unescape(c.Segment.Value(src)))
			if c.HardLineBreak() {
				b.WriteByte('\n')
			} else if c.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.WriteString(string(c.Value))
		case *ast.CodeSpan:
			b.WriteString(codeText(c, src))
		case *ast.Link:
			b.WriteString(linkText(plain(c, src), c.Destination))
		case *ast.Image:
			b.WriteString(linkText(plain(c, src), c.Destination))
		case *ast.AutoLink:
			b.WriteString(string(c.Label(src)))
		case *ast.RawHTML:
		default:
			b.WriteString(plain(c, src))
		}
	}
	return b.String()
}

// unescape resolves Markdown's backslashes and entities the way HTML output does.
func unescape(raw []byte) string {
	var b strings.Builder
	w := buffered{&b}
	html.DefaultWriter.Write(w, raw)
	return stdhtml.UnescapeString(b.String())
}

func codeText(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

func linkText(words string, destination []byte) string {
	address := unescape(destination)
	switch {
	case html.IsDangerousURL(destination), html.IsDangerousURL([]byte(address)), address == "":
		return words
	case words == "" || words == address || "mailto:"+words == address:
		return strings.TrimPrefix(address, "mailto:")
	}
	return words + " <" + address + ">"
}

// buffered gives a strings.Builder the methods goldmark asks of a writer.
type buffered struct{ *strings.Builder }

func (buffered) Available() int { return 0 }
func (buffered) Buffered() int  { return 0 }
func (buffered) Flush() error   { return nil }
