package notice

import (
	"strings"
	"unicode/utf8"
)

// width of the text body, in characters.
const width = 72

// text is the body as plain text: headings underlined, lines wrapped, addresses and calls whole on lines of their own.
func (p page) text() string {
	var b strings.Builder
	b.Grow(4096)
	b.WriteString(underlined(p.Title, "="))
	b.WriteString("\n\n" + p.Greeting)
	for _, k := range p.Blocks {
		b.WriteString("\n\n")
		k.text(&b, p.Link)
	}
	b.WriteString("\n\n--")
	if p.Policy != "" {
		b.WriteString("\n" + wrap(p.Binds, "", "") + "\n" + p.Policy)
	}
	b.WriteString("\n" + wrap(p.Sender, "", ""))
	b.WriteString("\n")
	return b.String()
}

func (k block) text(b *strings.Builder, link string) {
	switch {
	case k.Heading != "":
		b.WriteString(underlined(k.Heading, "-"))
	case k.Para != "":
		b.WriteString(wrap(k.Para, "", ""))
		if k.URL != "" {
			b.WriteString("\n" + k.URL)
		}
	case k.List != nil:
		for i, item := range k.List {
			b.WriteString(newline(i) + wrap(item, "- ", "  "))
		}
	case k.Rows != nil:
		for i, r := range k.Rows {
			b.WriteString(newline(i) + wrap(r.Name+": "+r.Value, "  ", "    "))
		}
	case k.Quote != nil:
		b.WriteString(k.Quote.text())
	case k.Changes != nil:
		b.WriteString(k.Changes.plain)
	case k.Call != "":
		b.WriteString("  " + k.Call)
	case k.Button != "":
		b.WriteString(k.Button + ":\n" + link)
	}
}

func (q quote) text() string {
	var parts []string
	if q.Heading != "" {
		parts = append(parts, q.Heading, "")
	}
	for line := range strings.SplitSeq(q.Text, "\n") {
		parts = append(parts, line)
	}
	for i, line := range parts {
		if len(line) > width {
			line = wrap(line, "", "\x00")
		}
		parts[i] = strings.ReplaceAll(strings.TrimRight("> "+line, " "), "\x00", "> ")
	}
	if q.Source != "" {
		parts = append(parts, wrap("("+q.Source+")", "", ""))
	}
	return strings.Join(parts, "\n")
}

func newline(i int) string {
	if i == 0 {
		return ""
	}
	return "\n"
}

func underlined(s, with string) string {
	s = wrap(s, "", "")
	last := s[strings.LastIndexByte(s, '\n')+1:]
	return s + "\n" + strings.Repeat(with, utf8.RuneCountInString(last))
}

// wrap breaks a line at spaces, first before the first line and rest before the others. A line that fits
// stays as it is; a word longer than a line, such as an address, stays whole.
func wrap(s, first, rest string) string {
	if len(first)+len(s) <= width {
		return first + s
	}
	var b strings.Builder
	b.WriteString(first)
	used, start := len(first), true
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case start:
		case used+1+n > width:
			b.WriteString("\n" + rest)
			used = len(rest)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
		start = false
	}
	return b.String()
}
