package delivery

import (
	"context"
	"errors"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/notice"
)

// letter gathers what an email says: the event that owes it, to whom, and the policy that binds them. A
// one-time code is made here, with the email: between the two it is nowhere. Sent again, it is another code,
// and the former opens nothing.
func (d Deliverer) letter(ctx context.Context, n aup.Notice) (notice.Letter, error) {
	l := notice.Letter{Notice: n, Provider: d.Provider}
	var err error
	if l.Contact, err = d.contact(ctx, n); err != nil {
		return l, err
	}
	if l.Event, err = d.Ledger.Event(ctx, n.Consumer, n.Event); err != nil {
		return l, err
	}
	if n.Consumer == aup.Provider {
		return l, nil
	}
	if l.Consumer, err = d.Ledger.Profile(ctx, n.Consumer); err != nil {
		return l, err
	}
	if id := aup.CaseOf(l.Event.Fact); id != "" {
		c, err := d.Ledger.Case(ctx, n.Consumer, id)
		if err != nil {
			return l, err
		}
		l.Case = &c
	}
	if err := d.policy(ctx, &l); err != nil {
		return l, err
	}
	if n.Kind == aup.OneTimeCode {
		l.Code, err = d.Ledger.NewCode(ctx, n.Link, n.ID, d.Now())
		return l, err
	}
	return l, d.link(ctx, &l)
}

func (d Deliverer) contact(ctx context.Context, n aup.Notice) (aup.Contact, error) {
	if n.Contact.OfProvider() {
		c := aup.Contact{ID: n.Contact, Name: d.Provider.Name, Email: d.Provider.Admins}
		if n.Contact == aup.AdminsOutOfHours {
			c.Email = d.Provider.OutOfHours
		}
		if c.Email == "" {
			return c, errNowhere
		}
		return c, nil
	}
	c, err := d.Ledger.Contact(ctx, n.Consumer, n.Contact)
	if errors.Is(err, ledger.ErrUnknown) || err == nil && c.Email == "" {
		return c, errNowhere
	}
	return c, err
}

// about is the version a letter is about: the one its notice names, the one that the worst finding of the
// event, or of its case, was held against, or the one in force when the event happened. 0: none was issued yet.
func about(l *notice.Letter, s aup.Standing) int {
	if l.Notice.Version > 0 {
		return l.Notice.Version
	}
	a := assessed(l.Event.Fact)
	if len(a.Findings) == 0 && l.Case != nil {
		a = l.Case.Assessment
	}
	if worst, ok := a.Worst(); ok && worst.Version > 0 {
		return worst.Version
	}
	issue, _ := s.InForce(l.Event.At)
	return issue.Version
}

func assessed(f aup.Fact) aup.Assessment {
	switch f := f.(type) {
	case aup.CaseOpened:
		return f.Assessment
	case aup.Suspended:
		return f.Assessment
	case aup.SuspensionHeld:
		return f.Assessment
	}
	return aup.Assessment{}
}

// policy finds the version the notice is about, tailored, and the one issued before it. A consumer to whom
// none was issued has none.
func (d Deliverer) policy(ctx context.Context, l *notice.Letter) error {
	s, err := d.Ledger.Standing(ctx, l.Notice.Consumer)
	if err != nil {
		return err
	}
	number := about(l, s)
	if number == 0 {
		return nil
	}
	v, err := d.Ledger.Version(ctx, s.Policy, number)
	if err != nil {
		return err
	}
	agreements, err := d.Ledger.Agreements(ctx, l.Notice.Consumer)
	if err != nil {
		return err
	}
	l.Policy, l.Agreement = aup.Tailor(v, agreements, l.Event.At), agreementOf(l.Event.Fact, agreements)
	return d.previous(ctx, s.Policy, l)
}

// agreementOf is the agreement that an event is about; nil when it is about none.
func agreementOf(f aup.Fact, agreements []aup.Agreement) *aup.Agreement {
	number := 0
	if made := aup.AgreedIn(f); made != nil {
		number = made.Number
	}
	switch f := f.(type) {
	case aup.AgreementEnding:
		number = f.Number
	case aup.AgreementEnded:
		number = f.Number
	}
	for _, a := range agreements {
		if a.Number == number {
			return &a
		}
	}
	return nil
}

func (d Deliverer) previous(ctx context.Context, id aup.PolicyID, l *notice.Letter) error {
	f, _ := l.Event.Fact.(aup.PolicyIssued)
	if f.Previous == 0 {
		return nil
	}
	v, err := d.Ledger.Version(ctx, id, f.Previous)
	l.Previous = &v
	return err
}

// link makes the contact's own way to the page. The admins have none.
func (d Deliverer) link(ctx context.Context, l *notice.Letter) error {
	if l.Notice.Contact.OfProvider() {
		return nil
	}
	secret, err := d.Ledger.NewLink(ctx, ledger.Token{Consumer: l.Notice.Consumer, Contact: l.Notice.Contact,
		Notice: l.Notice.ID, Expires: d.Now().Add(LinkLife)})
	l.Link = d.Provider.BaseURL + "/p/" + secret
	return err
}
