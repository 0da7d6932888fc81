package notice

import (
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// contact asks to agree a way forward.
func contact(l Letter) (body, error) {
	f, err := told[aup.CaseOpened](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please answer by %s: your use of our API%s", Day(f.Deadline), l.heading(f.Clause, " and “", "”")),
		title: "Please talk to us about how you use the API"}
	b.p("Some of what %s does with our API does not seem to fit what we agreed. We do not see an immediate risk, so nothing is switched off. We would like to agree a way forward with you.", l.org())
	b.seen(l, f.Assessment)
	if err := b.against(l, f.Clause, f.Assessment); err != nil {
		return b, err
	}
	b.h("What we ask of you")
	b.p("Please answer by %s. Tell us what it was, and what you need. Together we can change how you use the API, or agree on something else for you.", Moment(f.Deadline))
	b.h("What happens next")
	b.list(l.next(f, l.times())...)
	b.h("How to answer")
	b.button("Answer on your page")
	b.reply(l)
	return b, nil
}

// times are how much time people have, by the policy that the letter quotes.
func (l Letter) times() aup.CaseTimes { return l.Policy.Version.Policy.Cases.OrDefault() }

// next is what happens after a contact, and by when.
func (l Letter) next(f aup.CaseOpened, t aup.CaseTimes) []string {
	steps := []string{fmt.Sprintf("When you answer, we answer you within %s.", policydoc.Period(t.Reply))}
	var days []string
	for _, before := range t.Remind {
		if at := f.Deadline.Add(-before); at.After(l.Event.At) {
			days = append(days, Day(at))
		}
	}
	if len(days) > 0 {
		steps = append(steps, "Until then we remind you on "+strings.Join(days, " and on ")+".")
	}
	if worst, _ := f.Assessment.Worst(); worst.Detector != "person" {
		steps = append(steps, fmt.Sprintf("Does your use come back within what we agreed, and stay there for %s? Then we close this and tell you.", policydoc.Period(t.Settled)))
	}
	return append(steps, fmt.Sprintf("If there is no answer by %s, a person here tries to reach you and decides what to do. No machine switches you off for that alone.", Day(f.Deadline)),
		"If it puts the service at risk before then, we may have to suspend your access at once.")
}

// caseReminder asks again for an answer.
func caseReminder(l Letter) (body, error) {
	f, err := told[aup.CaseReminded](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please answer by %s: we have not heard from you yet", Day(f.Deadline)),
		title: "We have not heard from you yet"}
	if f.Clause == "" {
		b.p("We asked %s about our rules, and have no answer yet. Your access stays as it is.", l.org())
	} else {
		b.p("We wrote to %s about your use of our API%s, and have no answer yet. Nothing is switched off.", l.org(), l.heading(f.Clause, " and “", "”"))
	}
	if l.Case != nil && f.Clause != "" {
		b.rows("We wrote to you", Moment(l.Case.Opened))
		b.seen(l, l.Case.Assessment)
	}
	b.h("What you need to do")
	b.p("Please answer by %s. A few words are enough to begin with. Did you answer already, by email or phone? Then tell us, so that we can look for it.", Moment(f.Deadline))
	b.p("If there is no answer by then, a person here tries to reach you and decides what to do.")
	b.h("How to answer")
	b.button("Answer on your page")
	b.reply(l)
	return b, nil
}

// answered brings what the provider answers.
func answered(l Letter) (body, error) {
	f, err := told[aup.CaseAnsweredBack](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Please read: our answer to what you wrote to us", title: "Our answer to you"}
	if l.Case != nil && l.Case.Clause != "" {
		b.subject = fmt.Sprintf("Please read: our answer about your use of our API%s", l.heading(l.Case.Clause, " and “", "”"))
	}
	b.p("Thank you for writing to us. A person at %s answers %s:", l.Provider.name(), l.org())
	if text := answer(l.Case, f.Hash); text != "" {
		b.words(text, "")
	}
	b.button("See it on your page")
	b.questions(l)
	return b, nil
}

// adminEscalated asks the admins to decide about a contact that was not answered.
func adminEscalated(l Letter) (body, error) {
	f, err := told[aup.Escalated](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please decide: %s has not answered", l.org()), title: "A consumer has not answered"}
	b.p("%s was asked to answer by %s. There is no answer on their page, and nobody recorded another one. Nothing is switched off.", l.org(), Moment(f.Deadline))
	arrived := "It arrived on " + Moment(f.Told) + "."
	if f.Told.IsZero() {
		arrived = "None of our emails about it arrived."
	}
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Our email", arrived, "If access stops", l.Consumer.Serves)
	if l.Case != nil {
		b.seen(l, l.Case.Assessment)
	}
	b.h("What you can do")
	b.escalated(l, f)
	return b, nil
}

// escalated is what the admins can do about a contact that was not answered. Who never got it was not silent.
func (b *body) escalated(l Letter, f aup.Escalated) {
	id := l.Notice.Consumer
	b.do("Look for an answer by email or phone. Is there one? Record it:",
		manage("reply", id, "case", f.Case, "channel", "email", "text", "WHAT THEY SAID"))
	if f.Told.IsZero() {
		b.p("Is there none? They have ignored nothing, since nothing reached them. Call them. Find an address that works, and record it with manage-consumer, action contacts.")
	} else {
		b.p("Is there none? Call them. Their contacts are on record.")
		b.do("Is there still none? Say so. Only then does it count as ignored:", decide("confirm-silence", id, "case", f.Case))
	}
	b.p("Then decide: decide-case with action close, agree or suspend.")
}

// adminOverdue tells the admins that a consumer waits for them.
func adminOverdue(l Letter) (body, error) {
	f, err := told[aup.ReplyOverdue](l)
	if err != nil {
		return body{}, err
	}
	again := l.times().Reply
	b := body{subject: fmt.Sprintf("Please answer today: %s has waited since %s", l.org(), Day(f.Since)), title: "A consumer waits for your answer"}
	if l.Case != nil && l.Case.State == aup.CaseSuspended {
		again = l.times().Review
		b = body{subject: fmt.Sprintf("Please review today: %s is suspended, and has waited since %s", l.org(), Day(f.Since)), title: "A suspended consumer waits for a review"}
		b.p("We promised that a person looks at the suspension of %s if they ask for it. They wrote on %s, and nobody has answered.", l.org(), Moment(f.Since))
	} else {
		b.p("The policy promises an answer within %s. %s wrote on %s, and has had none.", policydoc.Period(again), l.org(), Moment(f.Since))
	}
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Promised by", Moment(f.Deadline))
	if l.Case != nil {
		if first, waits := l.Case.Waiting(); waits {
			b.words(first.Text, "")
		}
	}
	b.h("What you can do")
	b.do("Answer. Your text goes to them by email:", manage("answer", l.Notice.Consumer, "case", f.Case, "text", yourText))
	b.settle(l, f.Case)
	b.p("If nobody has answered or decided in %s, you are told again.", policydoc.Period(again/time.Hour*time.Hour))
	return b, nil
}
