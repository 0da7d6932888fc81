package notice

import (
	"bytes"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/shared/aup"
	"accord/shared/hostiletest"
)

// fields are the places where text from outside enters a letter.
var fields = map[string]func(l *Letter, s string){
	"consumer's name": func(l *Letter, s string) { l.Consumer.Name = s },
	"contact's name":  func(l *Letter, s string) { l.Contact.Name = s },
	"whom it serves":  func(l *Letter, s string) { l.Consumer.Serves = s },
	"provider":        func(l *Letter, s string) { l.Provider.Name, l.Provider.Phone = s, s },
	"title": func(l *Letter, s string) {
		p := &l.Policy.Version.Policy
		p.Title, p.Summary, p.Changes = s, s, s
		l.Policy.Version.Hash, l.Policy.Hash = aup.Hash([]byte("title"+s)), aup.Hash([]byte("tailored title"+s)) // emails are remembered by them
	},
	"clauses": func(l *Letter, s string) {
		cs := slices.Clone(l.Policy.Clauses)
		for i := range cs {
			cs[i].Heading, cs[i].Markdown = s, s
		}
		l.Policy.Clauses, l.Policy.Version.Policy.Clauses = cs, cs
		l.Policy.Version.Hash, l.Policy.Hash = aup.Hash([]byte(s)), aup.Hash([]byte("tailored clauses"+s))
	},
	"permissions": func(l *Letter, s string) {
		l.Policy.Agreements = []int{3}
		l.Policy.Permissions = map[string]aup.Grant{s: {Permission: aup.Permission{Name: s, Reference: s, Issuer: s}, Agreement: 3}}
		l.Policy.Hash = aup.Hash([]byte("tailored" + s))
	},
	"agreement": func(l *Letter, s string) {
		if l.Agreement != nil {
			a := *l.Agreement
			a.Wording = []aup.Wording{{Clause: "fair-volume", Markdown: s}}
			l.Agreement = &a
		}
	},
	"answers": func(l *Letter, s string) {
		if l.Case != nil {
			c := *l.Case
			c.Answers = []aup.Answer{{Text: s}}
			l.Case = &c
		}
	},
	"the event": func(l *Letter, s string) { l.Event.Fact = spoilt(l.Event.Fact, s) },
}

// spoilt puts a text into every free field of a fact.
func spoilt(f aup.Fact, s string) aup.Fact {
	seen := func(a aup.Assessment) aup.Assessment {
		a.Reason, a.Factors = s, []aup.Factor{{Sentence: s}}
		a.Findings = slices.Clone(a.Findings)
		for i := range a.Findings {
			a.Findings[i].Reason, a.Findings[i].Unit, a.Findings[i].Examples = s, s, []string{s, s}
			a.Findings[i].Keys = []aup.KeyID{aup.KeyID(s)}
		}
		return a
	}
	switch f := f.(type) {
	case aup.Accepted:
		f.RequestID, f.Key, f.Contact, f.Hash = s, aup.KeyID(s), aup.ContactID(s), s
		return f
	case aup.AgreementMade:
		f.Reason = s
		return f
	case aup.AgreementEnding:
		f.Instead, f.Reason = at, s
		return f
	case aup.AgreementEnded:
		f.Instead, f.Reason = at, s
		return f
	case aup.UsageNoticed:
		f.Usage.Period = s
		return f
	case aup.CaseOpened:
		f.Assessment = seen(f.Assessment)
		return f
	case aup.Suspended:
		f.Reason, f.Assessment = s, seen(f.Assessment)
		return f
	case aup.SuspensionHeld:
		f.Why, f.Case, f.Slow, f.Assessment = s, aup.CaseID(s), s, seen(f.Assessment)
		return f
	case aup.KeySet:
		f.Key, f.Stays = aup.KeyID(s), aup.Stays(s)
		return f
	case aup.Reinstated:
		f.Reason = s
		return f
	case aup.CaseEnded:
		f.Outcome, f.Reason = s, s
		return f
	case aup.Ended:
		f.Reason = s
		return f
	case aup.NoticeFailed:
		f.How, f.Contact = s, aup.ContactID(s)
		return f
	case aup.DigestMade:
		line := aup.DigestLine{Kind: aup.ToldUndelivered, Consumer: aup.ConsumerID(s), Contact: aup.ContactID(s), Case: aup.CaseID(s), How: s}
		held := aup.DigestLine{Kind: aup.ToldIssueHeld, Consumer: line.Consumer, Policy: aup.PolicyID(s), Version: 2, Agreements: []int{1}, Clauses: []aup.ClauseID{aup.ClauseID(s)}, Never: []string{s}}
		f.Sections, f.Waiting = []aup.DigestSection{{Kind: line.Kind, Count: 1, Lines: []aup.DigestLine{line}}}, []aup.DigestLine{line, held}
		return f
	case aup.CaseReplied:
		f.Case, f.Contact = aup.CaseID(s), aup.ContactID(s)
		return f
	}
	return f
}

// TestNothingFromOutsideBecomesMore: in every field of every kind, every payload stays text: no header is
// added, no tag that was not meant, nothing fetched from elsewhere, no line that reads the other way round.
func TestNothingFromOutsideBecomesMore(t *testing.T) {
	n := 0
	for _, s := range samples(t) {
		for field, put := range fields {
			for what, payload := range hostiletest.Named {
				l := s.letter
				put(&l, payload)
				e, err := Render(l)
				if err != nil {
					t.Fatalf("%s, %s in %s: %v", s.name, what, field, err)
				}
				if wrong := hostile(e); wrong != "" {
					t.Errorf("%s, %s in %s: %s", s.name, what, field, wrong)
				}
				n++
			}
		}
	}
	t.Logf("%d letters", n)
}

// TestFiveHundredTexts: five hundred texts in every field, each in a kind of email that the next one is not in.
func TestFiveHundredTexts(t *testing.T) {
	kinds, n := samples(t), 0
	all := hostiletest.Texts()
	if len(all) < 500 {
		t.Errorf("only %d texts", len(all))
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		for _, text := range all {
			s := kinds[n%len(kinds)]
			n++
			l := s.letter
			fields[field](&l, text)
			e, err := Render(l)
			if err != nil {
				t.Fatalf("%s, %.60q in %s: %v", s.name, text, field, err)
			}
			if wrong := hostile(e); wrong != "" {
				t.Errorf("%s, %.60q in %s: %s", s.name, text, field, wrong)
			}
		}
	}
	t.Logf("%d letters", n)
}

var (
	anyTag  = regexp.MustCompile(`<(!?/?[a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)>`)
	attr    = regexp.MustCompile(`\s([a-zA-Z-]+)="([^"]*)"`)
	address = regexp.MustCompile(`^(https?:|mailto:|#)`)
	tags    = strings.Fields("!doctype html head meta title style body main h1 h2 h3 p a ul ol li dl dt dd blockquote footer em strong code pre br ins del table thead tbody tr th td hr")
	attrs   = strings.Fields("lang charset name content class dir href rel id title align start")
	turning = regexp.MustCompile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\U000e0001-\U000e007f\x00-\x08\x0b-\x1f\x7f]")
)

// hostile says what of an email is more than text; "" when nothing is.
func hostile(e Email) string {
	for name, v := range map[string]string{"Subject": e.Subject, "From": e.From, "To": e.To, "Reply-To": e.ReplyTo} {
		if strings.ContainsAny(v, "\r\n\x00") || turning.MatchString(v) || len(v) > 900 {
			return "the header " + name + " is " + v
		}
	}
	if m := turning.FindString(e.Text + e.HTML); m != "" {
		return "a body holds " + strings.ToUpper(strings.Trim(strings.ToValidUTF8(m, "?"), " ")) + " which does not show"
	}
	if len(e.HTML) > 100_000+len(e.Text) {
		return "the HTML is out of proportion"
	}
	style := regexp.MustCompile(`(?s)<style>.*?</style>`)
	html := style.ReplaceAllString(e.HTML, "")
	found := anyTag.FindAllStringSubmatch(html, -1)
	if strings.Count(html, "<") != len(found) {
		return "a < is not part of a tag"
	}
	for _, m := range found {
		if !slices.Contains(tags, strings.ToLower(strings.TrimPrefix(m[1], "/"))) {
			return "there is a tag " + m[0]
		}
		for _, a := range attr.FindAllStringSubmatch(m[2], -1) {
			if !slices.Contains(attrs, a[1]) || a[1] == "href" && !address.MatchString(a[2]) {
				return "there is an attribute " + a[0]
			}
		}
	}
	return smuggled(e)
}

// smuggled parses the MIME form and compares its headers with what they must be.
func smuggled(e Email) string {
	raw := e.MIME("local-1", at)
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
		return "a line of the MIME form ends without a carriage return"
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 {
			return "a line of the MIME form is too long"
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "the MIME form cannot be read: " + err.Error()
	}
	want := strings.Fields("Auto-Submitted Content-Language Content-Type Date From Message-Id Mime-Version Reply-To Subject To X-Auto-Response-Suppress")
	if got := slices.Sorted(maps.Keys(m.Header)); !slices.Equal(got, want) {
		return "the headers are " + strings.Join(got, " ")
	}
	for name, values := range m.Header {
		if len(values) != 1 || strings.ContainsFunc(values[0], func(r rune) bool { return r < ' ' || r > '~' }) {
			return "the header " + name + " is doubled or not ASCII"
		}
	}
	return ""
}

// TestReadableStays: what is merely foreign is kept as it is.
func TestReadableStays(t *testing.T) {
	l := find(t, "contact")
	l.Consumer.Name, l.Contact.Name = hostiletest.Named["Arabic"], hostiletest.Named["emoji and joiners"]
	e := render(t, l)
	for _, want := range []string{hostiletest.Named["Arabic"], hostiletest.Named["emoji and joiners"]} {
		if !strings.Contains(e.Text, want) || !strings.Contains(e.HTML, want) {
			t.Errorf("%q was changed", want)
		}
	}
}
