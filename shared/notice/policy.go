package notice

import (
	"fmt"
	"maps"
	"slices"

	"accord/shared/aup"
)

// welcome brings the policy to a new consumer.
func welcome(l Letter) (body, error) {
	f, err := told[aup.PolicyIssued](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Please read: " + l.title(), title: "The rules for using our API", attach: true}
	if f.Mode == aup.Explicit {
		b.subject = "Please read and accept: " + l.title()
	}
	b.p("%s has access to our API. These are the rules for using it: version %d of the %s.", l.org(), f.Version, l.title())
	if s := l.Policy.Version.Policy.Summary; s != "" {
		b.p("%s", s)
	}
	b.limits(l)
	b.h("What you need to do")
	if f.Mode == aup.Explicit {
		b.accept(l, "")
	} else {
		b.p("Please read it. By using the API you agree to the latest version. We send you a receipt when that happens.")
		b.p("If something in it does not fit what you do, tell us first: we can agree something else with you.")
	}
	b.button("Read it on your page")
	b.fullText(l)
	b.questions(l)
	return b, nil
}

// newVersion tells what changed, from when, and what there is to do.
func newVersion(l Letter) (body, error) {
	f, err := told[aup.PolicyIssued](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please read: changes to the %s from %s", l.title(), Day(f.Applies)),
		title: "What changes in our rules on " + Day(f.Applies), attach: true}
	switch {
	case !f.ReAccept:
		b.subject = fmt.Sprintf("Nothing to do: small changes to the %s from %s", l.title(), Day(f.Applies))
	case f.Mode == aup.Explicit:
		b.subject = fmt.Sprintf("Please accept by %s: changes to the %s", Day(f.Applies), l.title())
	}
	if c := l.Policy.Version.Policy.Changes; c != "" {
		b.p("%s", c)
	}
	b.p("This is %s. It applies to %s from %s.", l.version(), l.org(), from(f.Applies))
	b.changed(l)
	b.h("What you need to do")
	b.todo(l, f)
	b.button("See the changes on your page")
	b.fullText(l)
	b.questions(l)
	return b, nil
}

func (b *body) todo(l Letter, f aup.PolicyIssued) {
	switch {
	case !f.ReAccept:
		b.p("Nothing. The changes are small, and you do not need to accept them.")
	case f.Mode == aup.Explicit:
		b.accept(l, " by "+Day(f.Applies))
		b.p("If nobody accepts by then, we remind you, and then we talk. Nothing is switched off because of that alone.")
	default:
		b.p("Please read the changes. If you go on using the API from %s, version %d applies to you, and we send you a receipt.", Day(f.Applies), f.Version)
		b.p("If you do not agree, tell us before then. Reply to this email or write to us on your page.")
	}
}

// accept asks a person with authority to accept; another contact learns that one must.
func (b *body) accept(l Letter, by string) {
	if l.Contact.Role == aup.Authority {
		b.p("Please read it and accept it for %s on your page%s. We then send you a receipt.", l.org(), by)
		return
	}
	b.p("Somebody who may sign for %s needs to accept it%s. Your contact who may sign has the same email. If there is no such person, reply and tell us who it is.", l.org(), by)
}

func (b *body) changed(l Letter) {
	if l.Previous == nil {
		return
	}
	c := compare(*l.Previous, l.Policy.Version)
	b.h(fmt.Sprintf("What changed since version %d", l.Previous.Number))
	if c == nil {
		b.p("No wording and no limit changed.")
	} else {
		b.blocks = append(b.blocks, block{Changes: c})
	}
	if a := l.agreements(); a != "" {
		b.p("Your %s still comes before this text while it lasts.", a)
	}
}

// limits puts the terms into sentences, and says what was agreed beside them.
func (b *body) limits(l Letter) {
	if items := limitsOf(l.Policy); len(items) > 0 {
		b.h("The limits in short")
		b.list(items...)
	}
	if a := l.agreements(); a != "" {
		b.h("What we agreed with you")
		b.p("This text is tailored to %s: %s comes before the standard text.", l.org(), a)
		b.list(granted(l.Policy)...)
	}
}

// granted lists the permissions of a tailored policy.
func granted(t aup.Tailored) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(t.Permissions)) {
		g := t.Permissions[name]
		s := fmt.Sprintf("%s: granted by %s (%s, agreement %d)", permits(name), g.Issuer, g.Reference, g.Agreement)
		if !g.Expires.IsZero() {
			s += ", until " + Day(g.Expires)
		}
		all = append(all, s)
	}
	return all
}

// permits says what a permission allows. The policy's own have the names that the policy gives them.
func permits(name string) string {
	switch name {
	case aup.PermitBulkExtraction:
		return "Reading the whole catalogue"
	case aup.PermitCache:
		return "Keeping copies"
	}
	return fmt.Sprintf("Permission “%s”", name)
}

func (b *body) fullText(l Letter) {
	b.blocks = append(b.blocks, block{Para: "The full text is attached. The standard text is always here:", URL: l.Provider.PolicyURL(l.Policy.Version.Policy.ID)})
}

// receipt confirms an explicit acceptance, or tells that a version now applies.
func receipt(l Letter) (body, error) {
	f, err := told[aup.Accepted](l)
	if err != nil {
		return body{}, err
	}
	if f.How == aup.Explicit {
		return accepted(l, f), nil
	}
	return applies(l, f), nil
}

func accepted(l Letter, f aup.Accepted) body {
	b := body{subject: fmt.Sprintf("Receipt, nothing to do: version %d of the %s is accepted", f.Version, l.title()),
		title: fmt.Sprintf("Version %d is accepted", f.Version)}
	who := fmt.Sprintf("your contact “%s”", f.Contact)
	if f.Contact == l.Contact.ID {
		who = "you"
	}
	b.p("On %s, %s accepted %s for %s. Thank you. There is nothing more to do.", Moment(f.At), who, l.version(), l.org())
	b.p("Please keep this email: it is your receipt.")
	b.rows("Version", fmt.Sprint(f.Version), "Accepted", Moment(f.At), "Fingerprint of the text (SHA-256)", f.Hash)
	b.p("If this is a mistake, reply to this email straight away.")
	b.button("See it on your page")
	b.questions(l)
	return b
}

func applies(l Letter, f aup.Accepted) body {
	b := body{subject: fmt.Sprintf("Version %d now applies to you: tell us if you do not agree", f.Version),
		title: fmt.Sprintf("Version %d now applies to you", f.Version)}
	b.p("%s now applies to %s. We told you about it by email, and the API was used after that.", upper(l.version()), l.org())
	b.rows("First use", Moment(f.At), "API key", string(f.Key), "Request", f.RequestID, "Fingerprint of the text (SHA-256)", f.Hash)
	b.h("What this means")
	b.p("The policy says that using the API means agreeing to its latest version. From now on we compare how you use the API with version %d. If that is fine with you, there is nothing to do.", f.Version)
	b.h("If you do not agree")
	b.p("Tell us: reply to this email, or write to us on your page. We look for an answer together. Until we have one, version %d applies while you use the API.", f.Version)
	b.button("Read version " + fmt.Sprint(f.Version) + " on your page")
	b.questions(l)
	return b
}
