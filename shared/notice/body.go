package notice

import (
	"fmt"
	"html/template"

	"accord/shared/aup"
)

// body is the words of one email: what both of its forms are made from.
type body struct {
	subject string
	title   string
	blocks  []block
	attach  bool // the policy's text goes with it
}

// block is one piece of a body. One field is set.
type block struct {
	Heading string
	Para    string
	URL     string // after Para
	List    []string
	Rows    []row
	Quote   *quote
	Changes *changes
	Call    string // to be copied
	Button  string // its words; it leads to the contact's page
}

// row is one figure with its name.
type row struct{ Name, Value string }

// quote is text of somebody else: a clause, an answer.
type quote struct {
	Heading string
	HTML    template.HTML
	Text    string
	Source  string
}

func (b *body) p(format string, args ...any) {
	b.blocks = append(b.blocks, block{Para: Clean(fmt.Sprintf(format, args...))})
}

func (b *body) h(heading string) { b.blocks = append(b.blocks, block{Heading: Clean(heading)}) }

func (b *body) list(items ...string) {
	var all []string
	for _, i := range items {
		if i = Clean(i); i != "" {
			all = append(all, i)
		}
	}
	if len(all) > 0 {
		b.blocks = append(b.blocks, block{List: all})
	}
}

// rows takes names and values in turn, and leaves out those without a value.
func (b *body) rows(pairs ...string) {
	var all []row
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := Clean(pairs[i+1]); v != "" {
			all = append(all, row{Clean(pairs[i]), v})
		}
	}
	if len(all) > 0 {
		b.blocks = append(b.blocks, block{Rows: all})
	}
}

func (b *body) button(words string) { b.blocks = append(b.blocks, block{Button: words}) }

// clause quotes a clause as it reads for this consumer; a clause that is not there is left out.
func (b *body) clause(l Letter, id aup.ClauseID) error {
	c, ok := l.clause(id)
	if !ok {
		return nil
	}
	text, err := rendered(c.Markdown)
	if err != nil {
		return fmt.Errorf("clause %s: %w", id, err)
	}
	source := fmt.Sprintf("From the %s, version %d", l.title(), l.Policy.Version.Number)
	if a := l.agreements(); a != "" {
		source += ", with " + a
	}
	b.blocks = append(b.blocks, block{Quote: &quote{Heading: Clean(c.Heading), HTML: text.html, Text: Lines(text.plain), Source: source}})
	return nil
}

// words quotes what a person wrote.
func (b *body) words(text, source string) {
	b.blocks = append(b.blocks, block{Quote: &quote{Text: Lines(text), Source: Clean(source)}})
}

// questions says how to reach people: the end of every email to a consumer.
func (b *body) questions(l Letter) {
	b.h("Questions?")
	if phone := Short(l.Provider.Phone, 40); phone != "" {
		b.p("Reply to this email or call %s. People read the replies. Asking never counts against you.", phone)
		return
	}
	b.p("Reply to this email. People read the replies. Asking never counts against you.")
}
