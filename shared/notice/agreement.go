package notice

import (
	"fmt"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// agreementMade confirms what was agreed; also of one that is over already and is kept on record.
func agreementMade(l Letter) (body, error) {
	f := aup.AgreedIn(l.Event.Fact)
	if f == nil {
		_, err := told[aup.AgreementMade](l)
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please check: what we agreed with you from %s", Day(f.From)),
		title: "What we agreed with you"}
	applies := "While it lasts, it comes before the standard text of the %s. When it ends, that text applies again."
	if !l.Event.At.Before(f.Until) {
		b.subject = fmt.Sprintf("Please check: what we had agreed with you until %s", Day(f.Until))
		b.title = "What we had agreed with you"
		applies = "It is over: we keep it so that all know what came before the standard text of the %s then. Nothing changes now."
	}
	b.p("We have recorded agreement %d with %s. "+applies, f.Number, l.org(), l.title())
	b.rows("From", from(f.From), "Until", from(f.Until), "Reason", f.Reason)
	if err := b.agreed(l); err != nil {
		return b, err
	}
	b.h("What you need to do")
	b.p("Please check that this is what we agreed. If something is wrong, reply to this email.")
	b.button("See your policy on your page")
	b.questions(l)
	return b, nil
}

// agreementEnding tells that an agreement ends soon.
func agreementEnding(l Letter) (body, error) {
	f, err := told[aup.AgreementEnding](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please read: what we agreed with you ends on %s", Day(f.Until)),
		title: "What we agreed with you ends soon"}
	b.p("Agreement %d with %s ends on %s. From then on the standard text of the %s applies to you.", f.Number, l.org(), from(f.Until), l.title())
	if !f.Instead.IsZero() {
		b.subject, b.title = fmt.Sprintf("Please read: what we agreed with you ends early, on %s", Day(f.Until)), "What we agreed with you ends early"
		b.rows("It was to end", from(f.Instead), "Reason", f.Reason)
	}
	if err := b.agreed(l); err != nil {
		return b, err
	}
	b.h("What you need to do")
	b.p("If you still need it, tell us now: reply to this email. We look at it with you before it ends.")
	b.p("If you do not need it any more, there is nothing to do.")
	b.button("See your policy on your page")
	b.questions(l)
	return b, nil
}

// agreementEnded tells that an agreement is over.
func agreementEnded(l Letter) (body, error) {
	f, err := told[aup.AgreementEnded](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Please check: what we agreed with you has ended", title: "What we agreed with you has ended", attach: true}
	b.p("Agreement %d with %s ended on %s. The standard text of the %s applies to you now.", f.Number, l.org(), from(f.Until), l.title())
	if !f.Instead.IsZero() {
		b.title = "What we agreed with you has ended early"
		b.rows("It was to end", from(f.Instead), "Reason", f.Reason)
	}
	if err := b.agreed(l); err != nil {
		return b, err
	}
	b.h("What you need to do")
	b.p("Please check that what you do fits the standard text. If it does not, tell us: reply to this email.")
	b.button("See your policy on your page")
	b.questions(l)
	return b, nil
}

// agreed lists what an agreement allows, or allowed, and its wording.
func (b *body) agreed(l Letter) error {
	if l.Agreement == nil {
		return nil
	}
	a := *l.Agreement
	items := granted(aup.Tailor(l.Policy.Version, []aup.Agreement{a}, a.From))
	for _, t := range policydoc.Terms(l.Policy.Version.Policy.Terms.With(a.Terms)) {
		if policydoc.TermName(t.Term) == t.Name && touched(a.Terms, t.Term) {
			items = append(items, t.Name+": "+t.Sentence)
		}
	}
	if len(items) > 0 {
		heading := "What it allows"
		if l.Notice.Kind == aup.AgreementOver || !l.Event.At.Before(a.Over()) {
			heading = "What it allowed"
		}
		b.h(heading)
		b.list(items...)
	}
	for _, w := range a.Wording {
		text, err := rendered(w.Markdown)
		if err != nil {
			return fmt.Errorf("agreement %d: %w", a.Number, err)
		}
		how := "Added to"
		if w.Replace {
			how = "In place of"
		}
		c, _ := l.Policy.Version.Policy.Clause(w.Clause)
		b.blocks = append(b.blocks, block{Quote: &quote{HTML: text.html, Text: Lines(text.plain), Source: Clean(how + ": " + c.Heading)}})
	}
	return nil
}

func touched(t aup.Terms, term string) bool {
	_, set := t.Clauses()[term]
	return set
}
