package notice

import (
	"fmt"

	"accord/shared/aup"
)

// reminder asks again for a version that nobody has accepted yet.
func reminder(l Letter) (body, error) {
	f, err := told[aup.AcceptanceReminded](l)
	if err != nil {
		return body{}, err
	}
	b := body{title: fmt.Sprintf("Version %d is still to be accepted", f.Version), attach: true}
	if f.Mode == aup.Explicit {
		b.subject = fmt.Sprintf("Please accept by %s: %s", Day(f.By), l.title())
		b.p("We sent you %s. Nobody has accepted it for %s yet.", l.version(), l.org())
		b.h("What you need to do")
		b.accept(l, " by "+Day(f.By))
		b.p("If nobody accepts by then, we talk. Nothing is switched off because of that alone.")
	} else {
		b.subject, b.title = fmt.Sprintf("Please read: the %s changes on %s", l.title(), Day(f.By)), "Our rules change on "+Day(f.By)
		b.p("We sent you %s. It applies to %s from %s.", l.version(), l.org(), from(f.By))
		b.h("What you need to do")
		b.p("Please read it. If you go on using the API from then, version %d applies to you.", f.Version)
	}
	b.p("If you do not agree, tell us: reply to this email, or say so on your page.")
	b.button("Read it on your page")
	b.fullText(l)
	b.questions(l)
	return b, nil
}

// notAccepted asks the consumer about a version that nobody accepted in time.
func notAccepted(l Letter) (body, error) {
	f, err := told[aup.NotAccepted](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please answer by %s: nobody has accepted version %d", Day(f.Deadline), f.Version),
		title: fmt.Sprintf("Nobody has accepted version %d", f.Version), attach: true}
	b.p("We asked you to accept %s for %s. Nobody has, and the time for it is over.", l.version(), l.org())
	b.p("Your access stays as it is. We would like to know what is in the way.")
	b.h("What you need to do")
	b.accept(l, " by "+Day(f.Deadline))
	b.p("If you do not agree, say so on your page, or reply to this email. We look for an answer together.")
	b.button("Accept or answer on your page")
	b.fullText(l)
	b.questions(l)
	return b, nil
}

// withdrawn tells that a version does not come into force.
func withdrawn(l Letter) (body, error) {
	f, err := told[aup.VersionWithdrawn](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Nothing to do: version %d of our rules does not come into force", f.Version),
		title: fmt.Sprintf("Version %d is withdrawn", f.Version)}
	b.p("We had told %s of version %d of our rules. It is withdrawn, and will not apply to you.", l.org(), f.Version)
	b.rows("Reason", f.Reason)
	if l.Policy.Version.Number > 0 {
		b.p("What applies to you is %s, as before.", l.version())
	}
	b.p("There is nothing to do.")
	b.button("See what applies on your page")
	b.questions(l)
	return b, nil
}

// adminAcceptance tells that a consumer does not agree with a version.
func adminAcceptance(l Letter) (body, error) {
	f, err := told[aup.Disagreed](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please read and decide: %s does not agree with version %d", l.org(), f.Version), title: "A consumer does not agree"}
	b.p("%s told you on their page that they do not agree with %s.", l.org(), l.version())
	b.rows("Consumer", string(l.Notice.Consumer), "Contact", string(f.Contact), "Case", string(f.Case), "When", Moment(l.Event.At))
	if text := answer(l.Case, f.Hash); text != "" {
		b.words(text, "")
	}
	b.h("What you can do")
	b.p("Call them, or answer. Your text goes to them by email:")
	b.call(manage("answer", l.Notice.Consumer, "case", f.Case, "text", yourText))
	b.settle(l, f.Case)
	b.p("Nothing is switched off because of this.")
	return b, nil
}
