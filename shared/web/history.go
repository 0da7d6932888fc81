package web

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/notice"
	"accord/shared/policydoc"
)

// shownEvents is how many entries of the history the page shows, the latest.
const shownEvents = 100

// entry is one thing that happened, in words.
type entry struct {
	At   time.Time
	Text string
}

// historyOf puts what happened into words, newest first, and counts what it leaves out for length. What
// the provider's people weigh among themselves is not the consumer's history and is not told.
func historyOf(events []aup.Event, t aup.Tailored) (all []entry, earlier int) {
	for _, e := range slices.Backward(events) {
		text := notice.Clean(told(e.Fact, t))
		switch {
		case text == "":
		case len(all) == shownEvents:
			earlier++
		default:
			all = append(all, entry{e.At, text})
		}
	}
	return all, earlier
}

// told is a fact in words; empty where it is not for the page.
func told(f aup.Fact, t aup.Tailored) string {
	switch f := f.(type) {
	case aup.Registered:
		return "You were registered for the API."
	case aup.KeyAttached:
		return fmt.Sprintf("The API key %s was added.", f.Key)
	case aup.KeySet:
		return keySet(f)
	case aup.KeyDrift:
		return keyDrift(f)
	case aup.ContactAdded:
		return fmt.Sprintf("The contact “%s” was recorded.", f.Contact.ID)
	case aup.ContactErased:
		return fmt.Sprintf("The details of the contact “%s” were erased.", f.Contact)
	case aup.UsesRecorded:
		return "What you use the API for was recorded."
	case aup.Ended:
		return "Your access ended. " + f.Reason
	}
	if s := ofPolicy(f); s != "" {
		return s
	}
	return ofConduct(f, t)
}

func keySet(f aup.KeySet) string {
	switch {
	case f.Missing:
		return fmt.Sprintf("The API key %s no longer exists.", f.Key)
	case f.Enabled && f.Slow:
		return fmt.Sprintf("The API key %s is slow.", f.Key)
	case f.Enabled:
		return fmt.Sprintf("The API key %s is switched on.", f.Key)
	}
	return fmt.Sprintf("The API key %s is switched off.", f.Key)
}

// keyDrift tells of a key that was changed past us; of one that is switched off again nothing but that it is.
func keyDrift(f aup.KeyDrift) string {
	switch {
	case f.Owed:
		return ""
	case f.Found == aup.KeyDeleted:
		return fmt.Sprintf("The API key %s no longer exists.", f.Key)
	case f.Found == aup.KeyEnabled:
		return fmt.Sprintf("The API key %s was found switched on again.", f.Key)
	case !f.Over():
		return fmt.Sprintf("The API key %s was found switched off. Please ask us why.", f.Key)
	}
	return ""
}

// emails name what an email was about.
var emails = map[aup.NoticeKind]string{
	aup.Welcome:         "the policy",
	aup.NewVersion:      "a new version of the policy",
	aup.Receipt:         "a receipt",
	aup.AgreementNotice: "what we agreed",
	aup.UsageNoticeKind: "your usage",
	aup.ContactNotice:   "a question about your use",
	aup.SuspendedNotice: "the suspension",
	aup.SlowedNotice:    "your access being slowed",
	aup.ReinstateNotice: "your access being back",
	aup.ClosedNotice:    "a matter that was closed",
	aup.EndedNotice:     "the end of your access",
	aup.OneTimeCode:     "a one-time code",
	aup.AgreementEnds:   "an agreement that ends soon",
	aup.AgreementOver:   "an agreement that ended",
	aup.Reminder:        "a version you had not accepted yet",
	aup.NotAcceptedKind: "a version that nobody accepted",
	aup.WithdrawnNotice: "a version that was withdrawn",
}

// ofPolicy tells what happened with versions, emails and agreements. Emails to the admins have no name
// above, and are left out.
func ofPolicy(f aup.Fact) string {
	switch f := f.(type) {
	case aup.PolicyIssued:
		return fmt.Sprintf("Version %d of the policy was issued to you. It applies from %s.", f.Version, notice.Moment(f.Applies))
	case aup.NoticeSent:
		return email("We sent an email about %s to your contact “%s”.", f.About, f.Contact)
	case aup.NoticeDelivered:
		return email("The email about %s reached the mail system of your contact “%s”.", f.About, f.Contact)
	case aup.NoticeDelayed:
		return email("The mail system of your contact “%[2]s” has not taken the email about %[1]s yet.", f.About, f.Contact)
	case aup.NoticeFailed:
		return email("The email about %s to your contact “%s” did not arrive.", f.About, f.Contact)
	case aup.Accepted:
		if f.How == aup.Explicit {
			return fmt.Sprintf("Your contact “%s” accepted version %d.", f.Contact, f.Version)
		}
		return fmt.Sprintf("Version %d applies to you by use, since a call on %s.", f.Version, notice.Moment(f.At))
	case aup.AcceptanceReminded:
		return fmt.Sprintf("We reminded you of version %d.", f.Version)
	case aup.NotAccepted:
		return fmt.Sprintf("Nobody had accepted version %d. We asked you about it.", f.Version)
	case aup.Disagreed:
		return fmt.Sprintf("Your contact “%s” told us that you do not agree with version %d.", f.Contact, f.Version)
	case aup.VersionWithdrawn:
		return fmt.Sprintf("Version %d was withdrawn: it does not apply to you. %s", f.Version, f.Reason)
	case aup.NoticeResent:
		return fmt.Sprintf("Version %d was sent to you again.", f.Version)
	case aup.AgreementEnding:
		if !f.Instead.IsZero() {
			return fmt.Sprintf("We told you that agreement %d ends early, on %s. %s", f.Number, notice.Day(f.Until), f.Reason)
		}
		return fmt.Sprintf("We told you that agreement %d ends on %s.", f.Number, notice.Day(f.Until))
	case aup.AgreementEnded:
		if !f.Instead.IsZero() {
			return fmt.Sprintf("Agreement %d ended early. The standard text applies to you again. %s", f.Number, f.Reason)
		}
		return fmt.Sprintf("Agreement %d ended. The standard text applies to you again.", f.Number)
	case aup.CodeAsked:
		return fmt.Sprintf("A one-time code for your contact “%s” was asked for.", f.Contact)
	case aup.AgreementMade:
		return fmt.Sprintf("Agreement %d was recorded, from %s until %s. %s", f.Number, notice.Day(f.From), notice.Day(f.Until), f.Reason)
	}
	return ""
}

func email(format string, about aup.NoticeKind, contact aup.ContactID) string {
	if emails[about] == "" || contact.OfProvider() {
		return ""
	}
	return fmt.Sprintf(format, emails[about], contact)
}

// ofConduct tells what happened about the consumer's use.
func ofConduct(f aup.Fact, t aup.Tailored) string {
	switch f := f.(type) {
	case aup.UsageNoticed:
		return fmt.Sprintf("You had used %s of the %s a day we agreed.", notice.Percent(f.Usage.Step), policydoc.Count(int64(f.Usage.Allowed), "request"))
	case aup.FindingCovered:
		return fmt.Sprintf("Your agreement %d covers this: %s", f.Finding.Agreement, f.Finding.Reason)
	case aup.CaseOpened:
		return fmt.Sprintf("We asked you about “%s”, for an answer by %s.", heading(t, f.Clause), notice.Moment(f.Deadline))
	case aup.CaseReplied:
		return "You answered us."
	case aup.CaseReminded:
		return fmt.Sprintf("We reminded you to answer by %s.", notice.Moment(f.Deadline))
	case aup.Escalated:
		return fmt.Sprintf("We had no answer by %s. A person here looks at it.", notice.Moment(f.Deadline))
	case aup.CaseAnsweredBack:
		return "We answered you."
	case aup.Asked:
		return "You asked us a question."
	case aup.CaseEnded:
		return "A matter was closed. " + f.Reason
	case aup.Suspended:
		who := "A machine decided it."
		if f.ByPerson {
			who = "A person decided it."
		}
		return fmt.Sprintf("Your access was suspended, about “%s”. %s", heading(t, f.Clause), who)
	case aup.SuspensionHeld:
		switch {
		case f.Slow == "":
			return ""
		case f.Why == "deadline":
			return fmt.Sprintf("Nobody here had decided in time. Your access stays slowed. A person decides by %s what to do.", notice.Moment(f.Deadline))
		}
		return fmt.Sprintf("Your access was slowed, about “%s”. A machine decided it. A person decides by %s what to do.", heading(t, f.Clause), notice.Moment(f.Deadline))
	case aup.Reinstated:
		return givenBack(f)
	}
	return ""
}

func givenBack(f aup.Reinstated) string {
	text := "Your access was given back. " + f.Reason
	if f.Probation != nil {
		text += " " + ofPolicy(*f.Probation)
	}
	if f.Case != "" {
		text += fmt.Sprintf(" We still need your answer by %s.", notice.Moment(f.Deadline))
	}
	return text
}
