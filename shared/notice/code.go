package notice

import (
	"errors"

	"accord/shared/aup"
)

// oneTimeCode brings the code that opens a contact's page. It has no link: who asked for it has the page
// open, and a mail that is made to look like this one gains nothing by having one.
func oneTimeCode(l Letter) (body, error) {
	if _, err := told[aup.CodeAsked](l); err != nil {
		return body{}, err
	}
	if l.Code == "" {
		return body{}, errors.New("an email of kind one-time-code needs the code")
	}
	b := body{subject: "Your code: type it on the page you have open", title: "Your code"}
	b.p("Somebody asked for a code on the page that we made for you at %s. If it was you, type this code there:", l.org())
	b.rows("Code", l.Code)
	b.p("It works once, in the next 10 minutes, and only on that page. Then you can accept, answer and see your usage for an hour.")
	b.p("We never ask for this code by phone or by email. Do not pass it on.")
	b.h("Was it not you?")
	b.p("Then there is nothing to do: without this code nobody gets in. If it happens again, reply and tell us.")
	b.questions(l)
	return b, nil
}
