package notice

import (
	"fmt"

	"accord/shared/aup"
)

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
	if err := b.whatEnds(l); err != nil {
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
	if err := b.whatEnds(l); err != nil {
		return b, err
	}
	b.h("What you need to do")
	b.p("Please check that what you do fits the standard text. If it does not, tell us: reply to this email.")
	b.button("See your policy on your page")
	b.questions(l)
	return b, nil
}

// whatEnds lists what an agreement changed.
func (b *body) whatEnds(l Letter) error {
	if l.Agreement == nil {
		return nil
	}
	return b.agreed(l, *l.Agreement)
}
