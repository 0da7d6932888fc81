package notice

import (
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// usageNotice is information: so much of what was agreed is used.
func usageNotice(l Letter) (body, error) {
	f, err := told[aup.UsageNoticed](l)
	if err != nil {
		return body{}, err
	}
	u := f.Usage
	agreed := Figure(u.Allowed, "requests a day")
	b := body{subject: fmt.Sprintf("You have used %s of the %s we agreed: please check that it is enough", Percent(u.Step), agreed),
		title: fmt.Sprintf("You have used %s of what we agreed", Percent(u.Step))}
	switch {
	case u.Step > 1:
		b.subject = fmt.Sprintf("You have used %s of the %s we agreed: please talk to us", Percent(u.Step), agreed)
	case u.Step == 1:
		b.subject = fmt.Sprintf("You have used all of the %s we agreed: talk to us if you need more", agreed)
		b.title = "You have used all of what we agreed for one day"
	}
	b.p("This is for your information. Nothing is switched off.")
	b.rows("Used", fmt.Sprintf("%s on %s (UTC)", Figure(u.Measured, "requests"), date(u.Period)), "Agreed", agreed, "As of", Moment(u.At))
	if day, err := time.Parse(time.DateOnly, u.Reaches); err == nil {
		b.p("On the last %d complete days your use grew. At this pace you reach the limit on %s, %s (UTC).", u.Days, day.Weekday(), Day(day))
	}
	b.p("We count the requests of all your API keys together. A day starts at 00:00 UTC.")
	b.h("What you can do")
	ordinary := "Is this an ordinary day for you? Then there is nothing to do."
	if u.Step >= 1 {
		ordinary = "Is this an ordinary day for you? Then the number is too small. Talk to us: we can agree a higher one with you."
	}
	b.list(ordinary,
		"Is it more than you expected? Look for a program that repeats its requests.",
		"Will you need more? Tell us before you do: we can agree a higher number with you.")
	b.button("See your usage on your page")
	if err := b.clause(l, u.Clause); err != nil {
		return b, err
	}
	b.questions(l)
	return b, nil
}

// suspended tells that access is suspended, why, who decided it, and how to come back.
func suspended(l Letter) (body, error) {
	f, err := told[aup.Suspended](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Your access to our API is suspended: answer us to get it back",
		title: "Your access is suspended"}
	b.p("On %s we suspended the access of %s. All its API keys are being switched off. What we saw is a significant risk to the service, and we protect the service first.", Moment(l.Event.At), l.org())
	b.seen(l, f.Assessment)
	if err := b.against(l, f.Clause, f.Assessment); err != nil {
		return b, err
	}
	b.h("Who decided this")
	if f.ByPerson {
		b.p("A person at %s decided this. The reason: %s", l.Provider.name(), sentence(f.Reason))
		b.p("If you ask for it, a person reviews the decision by %s.", Moment(f.ReviewBy))
	} else {
		b.p("A machine decided this, by the limits in the policy. No person has looked at it yet.")
		b.p("If you ask for it, a person looks at it by %s.", Moment(f.ReviewBy))
	}
	b.h("How to come back")
	b.list("Stop what caused it.", "Answer us: what happened, and what you have changed.",
		"When we agree, we switch the same keys on again. You do not need new ones.")
	b.p("Your access stays suspended until a person here decides otherwise.")
	b.button("Answer or ask for a review on your page")
	b.reply(l)
	return b, nil
}

// seen is what was seen, the worst first.
func (b *body) seen(l Letter, a aup.Assessment) {
	worst, ok := a.Worst()
	if !ok {
		return
	}
	b.h("What we saw")
	if worst.Detector == "person" {
		b.p("A person at %s noticed this: %s", l.Provider.name(), sentence(worst.Reason))
	} else {
		b.p("%s", sentence(worst.Reason))
	}
	measured, agreed := "", ""
	if worst.Unit != "" {
		measured, agreed = Figure(worst.Measured, worst.Unit), "none of this kind"
		if worst.Allowed > 0 {
			agreed = Figure(worst.Allowed, worst.Unit)
		}
	}
	b.rows("Seen", measured, "Agreed", agreed, "When", Span(worst.From, worst.Until), "API keys", join(worst.Keys),
		"For example", strings.Join(worst.Examples[:min(5, len(worst.Examples))], ", "))
	if worst.Suspected {
		b.p("From outside we can only suspect this. You know better what your programs do: please tell us.")
	}
	var more []string
	for _, f := range a.Findings {
		if f.Reason != worst.Reason {
			more = append(more, sentence(f.Reason))
		}
	}
	if len(more) > 0 {
		b.p("We also saw:")
		b.list(more[:min(10, len(more))]...)
	}
}

// against is the clause that it is held against, and which agreement was looked at first.
func (b *body) against(l Letter, clause aup.ClauseID, a aup.Assessment) error {
	b.h("What the policy says")
	if err := b.clause(l, clause); err != nil {
		return err
	}
	worst, _ := a.Worst()
	switch all := l.agreements(); {
	case l.Notice.Contact.OfProvider() && all != "":
		b.p("Looked at first: %s.", all)
	case l.Notice.Contact.OfProvider():
		b.p("There is no agreement with them that applies.")
	case worst.Agreement > 0:
		b.p("We looked at what we agreed with you first. The limit here is the one of agreement %d.", worst.Agreement)
	case all != "":
		b.p("We looked at your %s first. It does not cover this.", all)
	default:
		b.p("We looked for an agreement with you that covers this. There is none.")
	}
	return nil
}

// reply is the other way to answer.
func (b *body) reply(l Letter) {
	if phone := Short(l.Provider.Phone, 40); phone != "" {
		b.p("You can also reply to this email or call %s. People read the replies.", phone)
		return
	}
	b.p("You can also reply to this email. People read the replies.")
}

// reinstated tells that access is back.
func reinstated(l Letter) (body, error) {
	f, err := told[aup.Reinstated](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Your access to our API is back: please check that it works", title: "Your access is back"}
	if f.Case != "" {
		b.subject = fmt.Sprintf("Your access to our API is back: please answer us by %s", Day(f.Deadline))
	}
	b.p("On %s we decided that %s can use the API again. The same keys are being switched on now. That takes a few minutes.", Moment(l.Event.At), l.org())
	b.rows("Reason", f.Reason)
	if a := f.Probation; a != nil {
		b.p("Your access is back on terms that we agreed with you. They are in agreement %d, which ends on %s. Another email brings its words.", a.Number, Moment(a.Until))
	}
	if f.Case != "" {
		b.h("One thing is still open")
		b.p("We still need your answer%s by %s. Tell us what you have changed.", l.about(l.Case), Moment(f.Deadline))
	}
	b.p("A key that had been switched off before, for another reason, stays off. If a key does not work in an hour, reply to this email.")
	b.button("See how things stand on your page")
	b.questions(l)
	return b, nil
}

// about is the heading of a case's clause, as a part of a sentence.
func (l Letter) about(c *aup.Case) string {
	if c == nil {
		return ""
	}
	return l.heading(c.Clause, " about “", "”")
}

var outcomes = map[string]string{
	aup.OutcomeAgreed:      "We agreed a way forward with you.",
	aup.OutcomeWithinTerms: "Your use is back within what we agreed. Thank you.",
	aup.OutcomeDropped:     "We do not need anything more from you.",
	aup.OutcomeReinstated:  "Your access is back.",
}

func outcome(f aup.CaseEnded) string {
	if f.Agreement > 0 {
		return fmt.Sprintf("We agreed a way forward with you. It is agreement %d, which we sent you.", f.Agreement)
	}
	return outcomes[f.Outcome]
}

// caseClosed tells that there is nothing left to answer.
func caseClosed(l Letter) (body, error) {
	f, err := told[aup.CaseEnded](l)
	if err != nil {
		return body{}, err
	}
	var clause aup.ClauseID
	if l.Case != nil {
		clause = l.Case.Clause
	}
	b := body{subject: "Closed, nothing to do: what we asked you about your use of our API", title: "This matter is closed"}
	if l.Case != nil && l.Case.Question() {
		b.subject = "Closed, nothing to do: the question that you asked us"
		b.p("We have closed the question that %s asked us. There is nothing more to do.", l.org())
		b.rows("Closed", Moment(l.Event.At), "Reason", f.Reason)
		b.questions(l)
		return b, nil
	}
	if l.Case != nil && clause == "" {
		b.subject = "Closed, nothing to do: what we talked about with you, about our rules"
		b.p("We had talked with %s about whether you accept our rules. This is closed now. There is nothing more to do.", l.org())
		b.rows("Closed", Moment(l.Event.At), "Reason", f.Reason)
		b.questions(l)
		return b, nil
	}
	b.p("We had written to %s about your use of the API%s. This is closed now. %s There is nothing more to do.", l.org(), l.heading(clause, " and “", "”"), outcome(f))
	if f.Slowed {
		b.p("Your API keys were slowed because of it. They are being made as fast as before. That takes a few minutes.")
	}
	b.rows("Closed", Moment(l.Event.At), "Reason", f.Reason)
	b.questions(l)
	return b, nil
}

// ended tells that access has ended.
func ended(l Letter) (body, error) {
	f, err := told[aup.Ended](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Your access to our API has ended: reply if this is a mistake", title: "Your access has ended"}
	b.p("The access of %s to our API ended on %s. Your API keys are being switched off, and will not be switched on again.", l.org(), Moment(l.Event.At))
	b.rows("Reason", f.Reason)
	b.p("We keep the record of what we told you and what we agreed. If this is a mistake, or if you want to start again, reply to this email.")
	b.questions(l)
	return b, nil
}

// heading is a clause's heading between two strings; empty when there is no such clause.
func (l Letter) heading(id aup.ClauseID, before, after string) string {
	c, ok := l.clause(id)
	if !ok {
		return ""
	}
	return before + Short(c.Heading, 60) + after
}

func join(keys []aup.KeyID) string {
	var s []string
	for _, k := range keys[:min(5, len(keys))] {
		s = append(s, string(k))
	}
	if more := len(keys) - len(s); more > 0 {
		s = append(s, "and "+policydoc.Number(int64(more))+" more")
	}
	return strings.Join(s, ", ")
}

// sentence ends a text that others wrote with a full stop, if nothing ends it.
func sentence(s string) string {
	s = strings.TrimSpace(Clean(s))
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// upper writes the first letter as a capital.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
