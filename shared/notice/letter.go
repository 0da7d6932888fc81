// Package notice holds the words of every email that Accord sends.
//
// A Letter is what an email is made from: the notice that is owed, the event that owes it, the person it
// goes to, the policy that binds them. Render turns it into an Email with an HTML and a text body, which
// say the same because both are made from the same blocks of words. What an email says comes from the
// event's fact, so that it can be made again from the record. Nothing here is stored or sent: package
// delivery gathers the letter and hands the email over; the local mailbox writes Email.MIME to a file.
//
// Emails use the words of the policy, not Accord's own. Names, clauses, reasons and answers come from
// outside: each passes Clean on its way into a body, and is escaped on its way into HTML.
package notice

import (
	"fmt"
	"strings"

	"accord/shared/aup"
)

// Letter is what an email is made from.
type Letter struct {
	Notice    aup.Notice
	Event     aup.Event // its fact is what the email tells
	Consumer  aup.Consumer
	Contact   aup.Contact    // for the admins: ID aup.Admins, and their address
	Policy    aup.Tailored   // zero where none was issued yet
	Previous  *aup.Version   // new-version: the one issued before; without it the changes are not shown
	Case      *aup.Case      // of the event, where it has one
	Agreement *aup.Agreement // agreement-made: without it the email leaves out what the agreement changes
	Code      string         // one-time-code: its six digits
	Link      string         // the contact's own page; empty for the admins
	Provider  Provider
}

// Provider is who sends: the deployment's parameters.
type Provider struct {
	Name    string // as consumers know it
	From    string // an address, or "Name <address>"
	ReplyTo string // where replies are read by people; empty: From
	Phone   string // empty: none
	BaseURL string // of the pages, without a slash at the end
	Admins  string // the address of the admins

	OutOfHours string // of whom they can reach out of hours; empty: nobody
}

// PolicyURL is the public address of a policy's standard text.
func (p Provider) PolicyURL(id aup.PolicyID) string { return p.BaseURL + "/policies/" + string(id) }

func (p Provider) name() string {
	if n := Short(p.Name, 80); n != "" {
		return n
	}
	return "the API team"
}

// org is what the consumer is called.
func (l Letter) org() string {
	if n := Short(l.Consumer.Name, 80); n != "" {
		return n
	}
	return string(l.Notice.Consumer)
}

// title is what the policy is called.
func (l Letter) title() string {
	if t := Short(l.Policy.Version.Policy.Title, 80); t != "" {
		return t
	}
	return "acceptable use policy"
}

// version is "version 2 of the Places API acceptable use policy".
func (l Letter) version() string {
	return fmt.Sprintf("version %d of the %s", l.Policy.Version.Number, l.title())
}

// agreements is "agreement 3" or "agreements 1 and 3"; empty where the standard text applies.
func (l Letter) agreements() string {
	switch len(l.Policy.Agreements) {
	case 0:
		return ""
	case 1:
		return "agreement " + numbers(l.Policy.Agreements)
	}
	return "agreements " + numbers(l.Policy.Agreements)
}

// numbers are "1", "1 and 3" or "1, 2 and 3".
func numbers(all []int) string {
	var words []string
	for _, n := range all {
		words = append(words, fmt.Sprint(n))
	}
	return and(words)
}

// and joins words as a sentence does: "one, two and three".
func and(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// clause finds the clause an email is about, as it reads for this consumer.
func (l Letter) clause(id aup.ClauseID) (aup.Clause, bool) {
	for _, c := range l.Policy.Clauses {
		if c.ID == id {
			return c, true
		}
	}
	return aup.Clause{}, false
}
