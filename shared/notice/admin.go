package notice

import (
	"cmp"
	"fmt"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// heldFor says why a suspension waits for people.
var heldFor = map[string]string{
	"mode":      "The mode is warn: no machine suspends anybody. The deployment, the policy or the limit says so.",
	"deadline":  "The deadline passed, and nobody decided.",
	"sensor":    "Within an hour more consumers look like a risk than is plausible. What looks at them may be broken. Please look at it first. Others are held as well, and you are not mailed about each.",
	"budget":    "The last hour saw as many suspensions as a machine may make.",
	"protected": "Others depend on their access, so they are protected. People must approve it.",
}

// adminHeld asks the admins to decide a suspension.
func adminHeld(l Letter) (body, error) {
	f, err := told[aup.SuspensionHeld](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please decide by %s: suspend %s?", Moment(f.Deadline), l.org()),
		title: "A suspension waits for you"}
	if f.Why == "sensor" {
		b.subject, b.title = "Is the sensor broken? Too many consumers look like a risk at once", "More suspensions wait than is plausible"
	}
	b.p("What %s does looks like a significant risk to the service. Nothing is switched off. %s", l.org(), heldFor[f.Why])
	if f.Slow != "" {
		b.p("Until you decide, their keys are in the slow usage plan %s. Their contacts are being told.", f.Slow)
	}
	decision, err := l.Event.Hash()
	if err != nil {
		return b, err
	}
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Decision", decision, "Decide by", Moment(f.Deadline), "If access stops", l.Consumer.Serves)
	if err := b.judged(l, f.Clause, f.Assessment); err != nil {
		return b, err
	}
	b.h("What you can do")
	b.p("Write to them first, if there is time. Their contacts are on record.")
	b.do("Approve it, each of you with your own signature:", approve(l.Notice.Consumer, f.Case, decision))
	b.do("Or drop it:", decide("close", l.Notice.Consumer, "case", f.Case))
	b.p("At the deadline you are told again. That email names a new decision, and approvals of this one no longer count. Nothing is switched off by itself.")
	return b, nil
}

// adminSuspended asks the admins to look at a suspension that was made.
func adminSuspended(l Letter) (body, error) {
	f, err := told[aup.Suspended](l)
	if err != nil {
		return body{}, err
	}
	who := "A machine decided this."
	if f.ByPerson {
		who = "A person decided this: " + sentence(f.Reason)
	}
	b := body{subject: fmt.Sprintf("Please review by %s: %s is suspended", Moment(f.ReviewBy), l.org()),
		title: "A consumer is suspended"}
	b.p("All keys of %s are being switched off. This was decided on %s. %s Their contacts are being told.", l.org(), Moment(l.Event.At), who)
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Review by", Moment(f.ReviewBy), "If access stops", l.Consumer.Serves)
	if err := b.judged(l, f.Clause, f.Assessment); err != nil {
		return b, err
	}
	b.h("What you can do")
	b.do("Give access back:", decide("reinstate", l.Notice.Consumer))
	b.p("Otherwise it stays suspended, and you are told when they answer.")
	return b, nil
}

// adminKeyWorks tells that a disabled key works.
func adminKeyWorks(l Letter) (body, error) {
	if f, is := l.Event.Fact.(aup.KeyDrift); is {
		return adminKeyDrift(l, f), nil
	}
	f, err := told[aup.KeyStillWorks](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please check now: a key of %s works although it is switched off", l.org()),
		title: "A switched-off key still works"}
	b.p("We switched this key off and looked: it was off. More than a minute later a call with it was answered. We are switching it off again now.")
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Key", string(f.Key), "Seen as off", Moment(f.Off), "Call answered", Moment(f.At), "Request", f.RequestID)
	b.h("What you can do")
	b.list("Look at the key in API Gateway. Did somebody switch it on by hand? CloudTrail says who.",
		"Is the key off, and calls are still answered? Ask AWS, and block them at the API.")
	b.do("Should they have access? Give it back:", decide("reinstate", l.Notice.Consumer))
	b.p("You are told this once for each key and suspension. So please look again tomorrow.")
	return b, nil
}

// adminLogStopped tells that no log comes although calls are made.
func adminLogStopped(l Letter) (body, error) {
	f, err := told[aup.LogStopped](l)
	if err != nil {
		return body{}, err
	}
	last := "none today or yesterday"
	if !f.Last.IsZero() {
		last = Moment(f.Last)
	}
	b := body{subject: "Please check now: the access log has stopped", title: "The access log has stopped"}
	b.p("API Gateway counts calls, and no line of the access log has reached us for more than an hour. Until it does, we see how much is used and nothing else. Nobody is judged on what we cannot see.")
	b.rows("Last logged call", last, "Calls since then", "at least "+policydoc.Number(f.Calls), "Seen", Moment(l.Event.At))
	b.h("What you can do")
	b.list("Look at the API's stage. Does it still write its access log, in the format we read?",
		"Look at the log group. Does its subscription still lead to ingest-logs?",
		"Look at the logs of ingest-logs and audit-usage. Do they fail?")
	b.p("Lines up to 48 hours old are still taken. If you took the log away on purpose, deploy with an empty LogGroupName. You are told once a day while this lasts.")
	return b, nil
}

// adminKeyDrift tells that somebody switched a key on that may not be used.
func adminKeyDrift(l Letter, f aup.KeyDrift) body {
	b := body{subject: fmt.Sprintf("Please check now: somebody switched a key of %s on by hand", l.org()),
		title: "A switched-off key was switched on by hand"}
	b.p("We switched this key off. Now it is on, and it was not us. We are switching it off again now, because they have no access.")
	b.rows("Consumer", string(l.Notice.Consumer), "Case", string(f.Case), "Key", string(f.Key), "Seen as on", Moment(f.Seen), "CloudTrail event", f.Trail)
	b.h("What you can do")
	who := "Find out who did it: CloudTrail has the change. Search for UpdateApiKey."
	if f.Trail != "" {
		who = "Find out who did it: look for the event above in CloudTrail."
	}
	b.list(who,
		"Does a program of yours set keys? Let it leave this one alone.")
	if f.Case == "" {
		b.p("Their access has ended. Should they come back? Register them anew, with a new key.")
		return b
	}
	b.do("Should they have access? Give it back, not by hand but with this call:", decide("reinstate", l.Notice.Consumer))
	return b
}

// judged is what was seen and how it was weighed, every factor.
func (b *body) judged(l Letter, clause aup.ClauseID, a aup.Assessment) error {
	b.seen(l, a)
	var factors []string
	for _, f := range a.Factors {
		factors = append(factors, f.Sentence)
	}
	if len(factors) > 0 {
		b.h("How it was weighed")
		b.p("%s", a.Reason)
		b.list(factors...)
	}
	return b.against(l, clause, a)
}

// subjects name a kind of email where another one is about it.
var subjects = map[aup.NoticeKind]string{
	aup.Welcome:         "their first copy of the policy",
	aup.NewVersion:      "a new version of the policy",
	aup.Receipt:         "a receipt",
	aup.AgreementNotice: "what was agreed",
	aup.UsageNoticeKind: "how much they have used of what was agreed",
	aup.ContactNotice:   "a question about their use, with a deadline",
	aup.CaseReminder:    "that we wait for their answer",
	aup.AnswerNotice:    "our answer to them",
	aup.SuspendedNotice: "that their access is suspended",
	aup.SlowedNotice:    "that their access is slowed",
	aup.ReinstateNotice: "that their access is back",
	aup.ClosedNotice:    "that a matter is closed",
	aup.EndedNotice:     "that their access has ended",
	aup.OneTimeCode:     "a code to open their page",
	aup.AgreementEnds:   "that an agreement ends soon",
	aup.AgreementOver:   "that an agreement has ended",
	aup.Reminder:        "a reminder of a version",
	aup.NotAcceptedKind: "that nobody accepted a version",
	aup.WithdrawnNotice: "that a version was withdrawn",
}

// ways are what became of an email that did not arrive.
var ways = map[string]string{
	"bounced":    "it came back (bounced)",
	"suppressed": "SES did not try (suppressed)",
	"complained": "it was reported as spam (complained)",
	"rejected":   "SES did not take it (rejected)",
	"no address": "there is no address",
}

func came(how string) string { return cmp.Or(ways[how], how) }

// adminFailed tells that an email did not arrive.
func adminFailed(l Letter) (body, error) {
	f, err := told[aup.NoticeFailed](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please find another address: an email to %s did not arrive", l.org()),
		title: "An email did not arrive"}
	if f.Contact == aup.AdminsOutOfHours {
		return outOfHoursFailed(l, f), nil
	}
	b.p("An email to the contact “%s” of %s did not arrive. They may not know what it said.", f.Contact, l.org())
	b.rows("Consumer", string(l.Notice.Consumer), "Contact", string(f.Contact), "About", subjects[f.About], "What happened", came(f.How), "Seen", Moment(l.Event.At))
	b.h("What you can do")
	b.do("Find an address that works, and record it:", addressOf(l.Notice.Consumer, f.Contact))
	b.p("Then call them or write to them: they need to know what it said.")
	if f.How == "suppressed" {
		b.p("SES did not try: the address is on your account's suppression list, because it bounced or complained before. If it works now, take it off the list first.")
	}
	b.p("Until then they are not held to what they were not told, unless the service itself is at risk.")
	return b, nil
}

// outOfHoursFailed tells that whoever was to be reached out of hours was not.
func outOfHoursFailed(l Letter, f aup.NoticeFailed) body {
	b := body{subject: "Please decide and find another address: nobody was reached out of hours", title: "Nobody was reached out of hours"}
	b.p("We wrote to the address that you named for out of hours, about %s. The email did not arrive. Perhaps only you know that a decision waits.", l.org())
	b.rows("Consumer", string(l.Notice.Consumer), "What happened", came(f.How), "Seen", Moment(l.Event.At))
	b.h("What you can do")
	b.list("Decide. The email before this one says what, and how.", "Find an address that works, and deploy with it as OutOfHoursEmail.")
	return b
}

// adminAnswer brings what a consumer said.
func adminAnswer(l Letter) (body, error) {
	var id aup.CaseID
	var who aup.ContactID
	var hash string
	b := body{subject: fmt.Sprintf("Please read and decide: %s has answered", l.org()), title: "A consumer has answered"}
	switch f := l.Event.Fact.(type) {
	case aup.CaseReplied:
		id, who, hash = f.Case, f.Contact, f.Hash
	case aup.Asked:
		id, who, hash = f.Case, f.Contact, f.Hash
		b.subject, b.title = fmt.Sprintf("Please answer: %s has a question", l.org()), "A consumer has a question"
	default:
		_, err := told[aup.CaseReplied](l)
		return b, err
	}
	b.p("%s wrote to you on their page.", l.org())
	b.rows("Consumer", string(l.Notice.Consumer), "Contact", string(who), "Case", string(id), "When", Moment(l.Event.At))
	if text := answer(l.Case, hash); text != "" {
		b.words(text, "")
	}
	b.h("What you can do")
	b.do("Answer. Your text goes to them by email:", manage("answer", l.Notice.Consumer, "case", id, "text", yourText))
	if _, question := l.Event.Fact.(aup.Asked); question {
		b.p("If it needs an agreement, record one with manage-consumer, action agreement.")
		b.do("If it is settled, for example by phone, close it:", decide("close", l.Notice.Consumer, "case", id))
	} else {
		b.settle(l, id)
	}
	if l.Case == nil || l.Case.Clause == "" {
		return b, nil
	}
	return b, b.clause(l, l.Case.Clause)
}

// settle is how a case comes to an end.
func (b *body) settle(l Letter, id aup.CaseID) {
	if l.Case != nil && l.Case.State == aup.CaseSuspended {
		b.do("If it is settled, give access back:", decide("reinstate", l.Notice.Consumer))
		b.p("If access is to come back on terms, put the agreement into the same call, as “probation”.")
		return
	}
	b.p("If it needs an agreement, record one with manage-consumer, action agreement. Then end the case with decide-case, action agree, and its number.")
	b.do("If it is settled:", decide("close", l.Notice.Consumer, "case", id))
}

// answer finds the words whose hash the event keeps; the last ones where none match.
func answer(c *aup.Case, hash string) string {
	if c == nil || len(c.Answers) == 0 {
		return ""
	}
	for _, a := range c.Answers {
		if aup.Hash([]byte(a.Text)) == hash {
			return a.Text
		}
	}
	return c.Answers[len(c.Answers)-1].Text
}
