package notice

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/mail"
	"strings"
	"sync"

	"accord/shared/aup"
)

// page is what the HTML template and the text are made from.
type page struct {
	Title    string
	Greeting string
	Blocks   []block
	Link     string
	Binds    string // in the footer: the text that applies
	Policy   string // and where it is
	Sender   string // who wrote, and why to this person
}

//go:embed letter.tmpl
var letterTemplate string

// parsed once, when the first email is rendered: not every function sends any.
var parsed = sync.OnceValues(func() (*template.Template, error) { return template.New("letter").Parse(letterTemplate) })

// tellers find the words for each kind of notice.
var tellers = map[aup.NoticeKind]func(Letter) (body, error){
	aup.Welcome:         welcome,
	aup.NewVersion:      newVersion,
	aup.Receipt:         receipt,
	aup.AgreementNotice: agreementMade,
	aup.UsageNoticeKind: usageNotice,
	aup.ContactNotice:   contact,
	aup.SuspendedNotice: suspended,
	aup.SlowedNotice:    slowed,
	aup.ReinstateNotice: reinstated,
	aup.ClosedNotice:    caseClosed,
	aup.EndedNotice:     ended,
	aup.OneTimeCode:     oneTimeCode,
	aup.AgreementEnds:   agreementEnding,
	aup.AgreementOver:   agreementEnded,
	aup.Reminder:        reminder,
	aup.NotAcceptedKind: notAccepted,
	aup.WithdrawnNotice: withdrawn,
	aup.AdminAcceptance: adminAcceptance,
	aup.CaseReminder:    caseReminder,
	aup.AnswerNotice:    answered,
	aup.AdminEscalated:  adminEscalated,
	aup.AdminOverdue:    adminOverdue,
	aup.AdminHeld:       adminHeld,
	aup.AdminFailed:     adminFailed,
	aup.AdminAnswer:     adminAnswer,
	aup.AdminSuspended:  adminSuspended,
	aup.AdminKeyStays:   adminKeyStays,
	aup.AdminKeyWorks:   adminKeyWorks,
	aup.AdminLogStopped: adminLogStopped,
	aup.AdminDigest:     adminDigest,
}

// Render makes the email of a letter. It fails when the event is not one that this kind of notice tells,
// or when there is no address to send to; the error never holds the address.
func Render(l Letter) (Email, error) {
	tell, ok := tellers[l.Notice.Kind]
	if !ok {
		return Email{}, fmt.Errorf("notice %s: there are no words for the kind %q", l.Notice.ID, l.Notice.Kind)
	}
	b, err := tell(l)
	if err != nil {
		return Email{}, fmt.Errorf("notice %s: %w", l.Notice.ID, err)
	}
	if l.Notice.Contact.OfProvider() {
		b.look(l)
	}
	e := Email{Subject: Short(b.subject, maxSubject)}
	if err := e.address(l); err != nil {
		return Email{}, fmt.Errorf("notice %s: %w", l.Notice.ID, err)
	}
	p := page{Title: Clean(b.title), Greeting: l.greeting(), Blocks: b.blocks, Link: l.Link, Sender: l.sender()}
	if v := l.Policy.Version; v.Number > 0 {
		p.Binds, p.Policy = l.binds(), l.Provider.PolicyURL(v.Policy.ID)
	}
	if e.HTML, err = p.html(); err != nil {
		return Email{}, fmt.Errorf("notice %s: %w", l.Notice.ID, err)
	}
	e.Text = p.text()
	if b.attach {
		e.Attachments = l.attachments()
	}
	return e, nil
}

// maxSubject is the longest subject, in characters. Its first 60 or so are what a telephone shows.
const maxSubject = 150

func (p page) html() (string, error) {
	t, err := parsed()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(16 << 10)
	err = t.Execute(&b, p)
	return b.String(), err
}

func (l Letter) greeting() string {
	if name := Short(l.Contact.Name, 80); name != "" && !l.Notice.Contact.OfProvider() {
		return "Hello " + name + ","
	}
	return "Hello,"
}

// binds names the text that applies, and what it is known by.
func (l Letter) binds() string {
	v := l.Policy.Version
	line := fmt.Sprintf("%s, version %d (%s)", l.title(), v.Number, v.ShortHash())
	if a := l.agreements(); a != "" {
		line += fmt.Sprintf(", with %s (%s)", a, l.Policy.Hash[:min(12, len(l.Policy.Hash))])
	}
	return line
}

// sender says who wrote, and why to this person.
func (l Letter) sender() string {
	if l.Notice.Contact.OfProvider() {
		return fmt.Sprintf("Sent by Accord to the admins of %s. Reference: %s %s", l.Provider.name(), l.Notice.Consumer, l.Notice.ID)
	}
	return fmt.Sprintf("Sent by %s to you as %s %s. Not you? Reply and tell us. Reference: %s",
		l.Provider.name(), roles[l.Contact.Role], l.org(), l.Notice.ID)
}

var roles = map[aup.Role]string{
	aup.Authority:  "a person who may sign for",
	aup.Technical:  "a technical contact of",
	aup.OutOfHours: "an out-of-hours contact of",
	"":             "a contact of",
}

// attachments are the exact bytes that were published, whose SHA-256 is the hash in the footer, and the
// text as tailored where there is an agreement.
func (l Letter) attachments() []Attachment {
	v := l.Policy.Version
	name := fmt.Sprintf("%s-version-%d", v.Policy.ID, v.Number)
	all := []Attachment{{name + ".txt", textFile, v.Document}}
	if len(l.Policy.Agreements) > 0 {
		all = append([]Attachment{{name + "-with-agreement.txt", textFile, tailoredText(l)}}, all...)
	}
	return all
}

const textFile = "text/plain; charset=utf-8"

// automatic asks mail systems not to answer by themselves.
var automatic = []Header{{"Auto-Submitted", "auto-generated"}, {"X-Auto-Response-Suppress", "OOF, AutoReply"}, {"Content-Language", "en"}}

// address fills in who sends to whom.
func (e *Email) address(l Letter) error {
	to, err := mail.ParseAddress(l.Contact.Email)
	if err != nil || to.Address != l.Contact.Email || !plainASCII(to.Address, false) {
		return errors.New("the contact's address is not one that mail can be sent to; record another one")
	}
	e.To, e.Headers = to.Address, automatic
	if e.From, err = sender(l.Provider.From, l.Provider.name()); err != nil {
		return fmt.Errorf("the provider's From: %w", err)
	}
	if e.ReplyTo = e.From; l.Provider.ReplyTo != "" {
		if e.ReplyTo, err = sender(l.Provider.ReplyTo, l.Provider.name()); err != nil {
			return fmt.Errorf("the provider's ReplyTo: %w", err)
		}
	}
	return nil
}

var senders memory[[2]string, string]

// sender is an address of the provider as a header holds it, under its own name or the given one.
func sender(s, name string) (string, error) {
	return senders.get([2]string{s, name}, func() (string, error) {
		a, err := mail.ParseAddress(s)
		if err != nil || !plainASCII(a.Address, false) {
			return "", errors.New("not an address such as team@example.org")
		}
		if a.Name = Short(a.Name, 80); a.Name == "" {
			a.Name = name
		}
		return a.String(), nil
	})
}

// told is the fact of a letter's event as the type that its kind of notice tells.
func told[F aup.Fact](l Letter) (F, error) {
	f, ok := l.Event.Fact.(F)
	if !ok {
		got := "nothing"
		if l.Event.Fact != nil {
			got = l.Event.Fact.Kind()
		}
		return f, fmt.Errorf("an email of kind %s tells of %s, but event %d is %s", l.Notice.Kind, f.Kind(), l.Event.Seq, got)
	}
	return f, nil
}
