package admin

import (
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
)

// happened is what an event of a case says, in a sentence; empty for what is only bookkeeping.
func happened(f aup.Fact) string {
	switch f := f.(type) {
	case aup.CaseOpened:
		return fmt.Sprintf("The consumer was written to, and asked to answer by %s. %s", moment(f.Deadline), f.Assessment.Reason)
	case aup.CaseReassessed:
		return "It was weighed again. " + f.Assessment.Reason
	case aup.CaseReminded:
		return "The consumer was reminded."
	case aup.CaseReplied:
		return "The consumer answered, by " + f.Channel + "."
	case aup.CaseAnsweredBack:
		return "The provider answered."
	case aup.ReplyOverdue:
		return fmt.Sprintf("The provider's answer was due on %s, and is late.", moment(f.Deadline))
	case aup.Escalated:
		return "The day to answer by passed without an answer; people decide."
	case aup.SilenceConfirmed:
		return "A person confirmed that no reply came by email or phone: " + f.Reason
	case aup.Disagreed:
		return fmt.Sprintf("The consumer does not agree with version %d.", f.Version)
	case aup.NotAccepted:
		return fmt.Sprintf("Version %d was not accepted in time.", f.Version)
	case aup.Asked:
		return "The consumer asked a question."
	case aup.Reported:
		return fmt.Sprintf("The case was reported to %s.", f.To)
	}
	return access(f)
}

// access is what an event says of the consumer's access.
func access(f aup.Fact) string {
	switch f := f.(type) {
	case aup.Suspended:
		who := "a machine"
		if f.ByPerson {
			who = "a person"
		}
		return fmt.Sprintf("Access was suspended, decided by %s: %s", who, f.Reason)
	case aup.SuspensionHeld:
		said := fmt.Sprintf("A suspension waits for people until %s (%s).", moment(f.Deadline), f.Why)
		if f.Slow != "" {
			said += fmt.Sprintf(" Until they decide, the keys are in the slow usage plan %s.", f.Slow)
		}
		return said
	case aup.SuspensionApproved:
		return fmt.Sprintf("A person approved the suspension, %d of %d.", f.Count, f.Needs)
	case aup.Reinstated:
		return givenBack(f)
	case aup.KeySet:
		return keySet(f)
	case aup.KeyStillWorks:
		return fmt.Sprintf("Key %s had been read back as disabled on %s, and a call with it was answered on %s: it was disabled again.", f.Key, moment(f.Off), moment(f.At))
	case aup.KeyDrift:
		return drift(f)
	case aup.CaseEnded:
		if f.Agreement > 0 {
			return fmt.Sprintf("The case ended with agreement %d: %s", f.Agreement, f.Reason)
		}
		return fmt.Sprintf("The case ended (%s): %s", f.Outcome, f.Reason)
	}
	return ""
}

// keySet tells how a key was left.
func keySet(f aup.KeySet) string {
	said := fmt.Sprintf("Key %s was switched, enabled: %t.", f.Key, f.Enabled)
	if f.Slow {
		said += " It is in the slow usage plan."
	}
	if f.Stays != "" {
		said += fmt.Sprintf(" It was not moved to another usage plan (%s).", f.Stays)
	}
	return said
}

// drift tells of a key that somebody changed by hand.
func drift(f aup.KeyDrift) string {
	switch {
	case f.Owed:
		return fmt.Sprintf("Key %s was found enabled on %s, switched on by hand: it was disabled again.", f.Key, moment(f.Seen))
	case f.Over():
		return fmt.Sprintf("Key %s, changed by hand before, was found %s again on %s.", f.Key, f.Found, moment(f.Seen))
	}
	return fmt.Sprintf("Key %s was found %s on %s, changed by hand.", f.Key, f.Found, moment(f.Seen))
}

func givenBack(f aup.Reinstated) string {
	text := "Access was given back: " + f.Reason
	if f.Probation != nil {
		text += fmt.Sprintf(" It is on agreement %d, until %s.", f.Probation.Number, moment(f.Probation.Until))
	}
	if f.Case != "" {
		text += fmt.Sprintf(" The case goes on, with an answer due by %s.", moment(f.Deadline))
	}
	return text
}

// aboutAccess says whether a fact belongs to the case over which access is suspended, without naming it.
func aboutAccess(f aup.Fact) bool {
	switch f.(type) {
	case aup.KeySet, aup.Reinstated:
		return true
	}
	return false
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Markdown is the report to be read. What others wrote stands in it as quotations without markup.
func (r Report) Markdown() string {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	p("# Report of case %s\n", r.Case)
	p("- About: %s (%s)\n- To: %s\n- Why: %s", plain(r.Name), r.Consumer, plain(r.To), plain(r.Reason))
	if r.Policy != "" {
		p("- Held against: %s (SHA-256 %s), clause %s, \"%s\"", r.Policy, r.Hash, r.Clause, plain(r.Heading))
	}
	for _, n := range r.Agreements {
		p("- Agreement %d was in force and was asked first", n)
	}
	p("- History: %d events, head %s", r.Events, r.Head)
	if r.Text != "" {
		p("\n## The clause\n\n%s", quoted(r.Text))
	}
	r.evidence(p)
	p("\n## What happened\n\n| event | when | what | SHA-256 |\n|---|---|---|---|")
	for _, h := range r.Course {
		p("| %d | %s | %s | %s |", h.Seq, moment(h.At), plain(h.What), h.Hash)
	}
	if r.Refused != nil {
		p("\n%s", refusedCalls(*r.Refused))
	}
	p("\n## What was mailed\n\n| to | about | sent | delivered | SHA-256 of the email |\n|---|---|---|---|---|")
	for _, m := range r.Emails {
		p("| %s | %s | %s | %s | %s |", m.Contact, m.Kind, orNot(m.Sent), arrival(m), m.Body)
	}
	p("\n## What was said\n")
	for _, a := range r.Answers {
		p("%s, by %s:\n\n%s", moment(a.At), a.Channel, quoted(a.Text))
	}
	p("## Contacts named\n")
	for _, d := range r.Disclosed {
		p("- %s: %s, %s (%s). Why: %s", d.Contact, plain(d.Name), plain(d.Email), d.Role, plain(d.Why))
	}
	if len(r.Disclosed) == 0 {
		p("None: contacts stand here under their ids.")
	}
	return b.String()
}

// refusedCalls says how many calls were refused. None may mean that the log does not name the key of such a call.
func refusedCalls(f aup.Refusals) string {
	span := fmt.Sprintf("between %s, when access was suspended, and %s", moment(f.Since), moment(f.Until))
	if f.Calls == 0 {
		return "The access log names the consumer's keys in no call that was refused " + span + "."
	}
	return fmt.Sprintf("Calls with the consumer's keys that were refused %s: %d.", span, f.Calls)
}

func (r Report) evidence(p func(string, ...any)) {
	p("\n## The evidence\n\nLevel: %s. %s\n", r.Assessment.Level, plain(r.Assessment.Reason))
	for _, f := range r.Assessment.Findings {
		p("- %s, %s to %s: %s", f.Detector, moment(f.From), moment(f.Until), plain(f.Reason))
		for _, e := range f.Examples {
			p("  - %s", plain(e))
		}
	}
	for _, f := range r.Assessment.Factors {
		p("- %s: %s", f.Name, plain(f.Sentence))
	}
}

func arrival(m Mailed) string {
	if m.Failed != "" {
		return m.Failed
	}
	return orNot(m.Delivered)
}

func orNot(t time.Time) string {
	if t.IsZero() {
		return "no"
	}
	return moment(t)
}

// marks are what Markdown would read as markup, or a table as the end of a cell.
var marks = strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", "*", "\\*", "_", "\\_", "[", "\\[", "`", "\\`", "#", "\\#", "\r", " ", "\n", " ")

// plain is text of others in one line, without markup.
func plain(s string) string { return marks.Replace(strings.TrimSpace(s)) }

// quoted is text of others as a quotation, line by line, without markup.
func quoted(s string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(s) + "\n") {
		b.WriteString("> " + plain(line) + "\n")
	}
	return b.String()
}
