package notice

import (
	"html/template"
	"strings"
)

// Body is the blocks as letter.tmpl sets them. They are written here and not in the template because that
// takes a third of the time for an email, and a campaign is 100,000 of them. Every text passes escape;
// what is HTML already was made so by package policydoc.
func (p page) Body() template.HTML {
	var b strings.Builder
	b.Grow(4 << 10)
	for _, k := range p.Blocks {
		k.write(&b, p.Link)
	}
	return template.HTML(b.String()) //nolint:gosec // every text is escaped, the rest is policydoc's
}

func (k block) write(b *strings.Builder, link string) {
	switch {
	case k.Heading != "":
		element(b, "h2", k.Heading)
	case k.Para != "" && k.URL != "":
		b.WriteString("<p>")
		escape(b, k.Para+" ")
		anchor(b, k.URL, k.URL)
		b.WriteString("</p>\n")
	case k.Para != "":
		element(b, "p", k.Para)
	case k.List != nil:
		b.WriteString("<ul>\n")
		for _, item := range k.List {
			element(b, "li", item)
		}
		b.WriteString("</ul>\n")
	case k.Rows != nil:
		b.WriteString("<dl>\n")
		for _, r := range k.Rows {
			element(b, "dt", r.Name)
			element(b, "dd", r.Value)
		}
		b.WriteString("</dl>\n")
	case k.Quote != nil:
		k.Quote.write(b)
	case k.Changes != nil:
		b.WriteString(string(k.Changes.html))
	case k.Call != "":
		b.WriteString("<p class=\"call\"><code>")
		escape(b, k.Call)
		b.WriteString("</code></p>\n")
	case k.Button != "":
		b.WriteString("<p class=\"go\">")
		anchor(b, link, k.Button)
		b.WriteString("</p>\n")
	}
}

// anchor writes a link, or the words alone where it leads to no web page.
func anchor(b *strings.Builder, link, words string) {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		escape(b, words)
		return
	}
	b.WriteString("<a href=\"")
	escape(b, link)
	b.WriteString("\">")
	escape(b, words)
	b.WriteString("</a>")
}

func (q quote) write(b *strings.Builder) {
	b.WriteString("<blockquote dir=\"auto\">\n")
	if q.Heading != "" {
		element(b, "h3", q.Heading)
	}
	if q.HTML != "" {
		b.WriteString(string(q.HTML))
	} else {
		b.WriteString("<p class=\"said\">")
		escape(b, q.Text)
		b.WriteString("</p>\n")
	}
	if q.Source != "" {
		b.WriteString("<p class=\"source\">")
		escape(b, q.Source)
		b.WriteString("</p>\n")
	}
	b.WriteString("</blockquote>\n")
}

func element(b *strings.Builder, name, text string) {
	b.WriteString("<" + name + ">")
	escape(b, text)
	b.WriteString("</" + name + ">\n")
}

// escape writes a text into HTML, between tags or into a quoted attribute.
func escape(b *strings.Builder, text string) {
	if !strings.ContainsAny(text, "&<>\"'\x00") {
		b.WriteString(text)
		return
	}
	b.WriteString(template.HTMLEscapeString(text))
}
