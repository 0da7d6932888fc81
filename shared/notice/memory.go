package notice

import (
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"sync"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// memory keeps what is the same in thousands of emails of one campaign: rendered clauses, the changes
// between two versions, the attached text. It forgets everything when it is full.
type memory[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

// mostKept bounds a memory: 64 entries of at most one document each.
const mostKept = 64

func (m *memory[K, V]) get(key K, compute func() (V, error)) (V, error) {
	m.mu.Lock()
	v, ok := m.kept[key]
	m.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= mostKept {
		m.kept = make(map[K]V, mostKept)
	}
	m.kept[key] = v
	return v, nil
}

// words in both forms.
type words struct {
	html  template.HTML
	plain string
}

var clauses memory[string, words]

// rendered puts a clause's Markdown into both forms.
func rendered(markdown string) (words, error) {
	return clauses.get(markdown, func() (words, error) {
		markdown := Lines(markdown)
		h, err := policydoc.Render(markdown)
		return words{withoutImages(h), policydoc.Text(markdown)}, err
	})
}

var image = regexp.MustCompile(`<img\b[^>]*>`)
var alternative = regexp.MustCompile(`\balt="([^"]*)"`)

// withoutImages puts their descriptions in the place of images: nothing in an email is fetched from
// elsewhere, since fetching would tell that and when it was read.
func withoutImages(h template.HTML) template.HTML {
	if !strings.Contains(string(h), "<img") {
		return h
	}
	return template.HTML(image.ReplaceAllStringFunc(string(h), func(tag string) string { //nolint:gosec // takes tags out of sanitized HTML
		m := alternative.FindStringSubmatch(tag)
		if m == nil {
			return ""
		}
		return html.EscapeString(html.UnescapeString(m[1]))
	}))
}

// changes is what differs between two versions, in both forms.
type changes struct {
	html  template.HTML
	plain string
}

// mostChanges is the longest account of changes that an email tells in full, in bytes of HTML; a longer
// one is told by its headings, and in full on the page.
const mostChanges = 40 << 10

var compared memory[[2]string, *changes]

// compare tells what differs between two versions; nil when nothing that people read does.
func compare(before, after aup.Version) *changes {
	c, _ := compared.get([2]string{before.Hash, after.Hash}, func() (*changes, error) {
		d := policydoc.Diff(before.Policy, after.Policy)
		if d.Empty() {
			return nil, nil
		}
		c := inBoth(d)
		if len(c.html) > mostChanges {
			for i := range d.Clauses {
				d.Clauses[i].Words = nil
			}
			c = inBoth(d)
		}
		return c, nil
	})
	return c
}

func inBoth(d policydoc.Changes) *changes {
	return &changes{template.HTML(Lines(string(d.HTML()))), Lines(d.Text())} //nolint:gosec // policydoc's, less what does not show
}

var limits memory[string, []string]

// limitsOf puts the terms of a policy into sentences.
func limitsOf(t aup.Tailored) []string {
	items, _ := limits.get(t.Hash, func() (items []string, _ error) {
		for _, line := range policydoc.Terms(t.Terms) {
			items = append(items, Clean(line.Name+": "+line.Sentence))
		}
		return items, nil
	})
	return items
}

var attached memory[string, []byte]

// tailoredText is the policy as it reads for one consumer, as a text file.
func tailoredText(l Letter) []byte {
	b, _ := attached.get(l.Policy.Hash+"\x00"+l.org(), func() ([]byte, error) {
		var b strings.Builder
		b.WriteString(underlined(Clean(l.Policy.Version.Policy.Title), "="))
		b.WriteString("\n\n" + wrap("Version "+policydoc.Number(int64(l.Policy.Version.Number))+" as it applies to "+l.org()+" with "+l.agreements()+".", "", ""))
		b.WriteString("\n" + l.Policy.Hash + "\n\n")
		for _, item := range slices.Concat(limitsOf(l.Policy), granted(l.Policy)) {
			b.WriteString(wrap(Clean(item), "- ", "  ") + "\n")
		}
		b.WriteString("\n" + Lines(policydoc.TextClauses(l.Policy.Clauses)) + "\n")
		return []byte(b.String()), nil
	})
	return b
}
