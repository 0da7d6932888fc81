package notice

import (
	"fmt"
	"testing"
	"time"

	"accord/events/policies"
	"accord/shared/aup"
	"accord/shared/policydoc"
)

// The fixed moment of every letter.
var at = time.Date(2027, 6, 3, 9, 30, 0, 0, time.UTC)

var provider = Provider{Name: "Places team", From: "places@example.org", ReplyTo: "Places team <help@example.org>",
	Phone: "+44 20 7946 0000", BaseURL: "https://aup.example.org", Admins: "admins@example.org"}

// sample is a letter of a kind that could have happened, under a name.
type sample struct {
	name   string
	letter Letter
}

// samples are letters of every kind, in the ways that their words differ.
func samples(t testing.TB) []sample {
	v1, v2 := version(t, "places-api.md", 1), version(t, "places-api-v2.md", 2)
	plain := letter(v2)
	journey := letter(v2, agreement(t, "agreement-journey-planner.yaml"))
	journey.Consumer = aup.Consumer{ID: "journey-planner", Name: "Journey Planner", Policy: "places-api",
		Serves: "200,000 people who plan a trip", Protected: true, Keys: []aup.KeyID{"kjourney1"}}
	issued := aup.PolicyIssued{Policy: "places-api", Version: 2, Hash: v2.Hash, Applies: v2.Applies, Mode: aup.ByUse, ReAccept: true}
	explicit, minor := issued, issued
	explicit.Mode, minor.ReAccept = aup.Explicit, false
	changed := func(l Letter, f aup.PolicyIssued) Letter {
		f.Previous, l.Previous = 1, &v1
		return l.of(aup.NewVersion, f)
	}
	technical := plain
	technical.Contact.Role = aup.Technical
	accepted := aup.Accepted{Policy: "places-api", Version: 2, Hash: v2.Hash, How: aup.Explicit, At: at, Contact: "jo"}
	byUse := aup.Accepted{Policy: "places-api", Version: 2, Hash: v2.Hash, How: aup.ByUse, At: at, Key: "kharbour1", RequestID: "c6af9ac6-7b61"}
	all := append([]sample{
		{"welcome", plain.of(aup.Welcome, issued)},
		{"welcome-explicit", plain.of(aup.Welcome, explicit)},
		{"welcome-tailored", journey.of(aup.Welcome, issued)},
		{"new-version", changed(plain, issued)},
		{"new-version-explicit", changed(technical, explicit)},
		{"new-version-minor", changed(journey, minor)},
		{"receipt-explicit", plain.of(aup.Receipt, accepted)},
		{"receipt-explicit-colleague", technical.from("sam").of(aup.Receipt, accepted)},
		{"receipt-by-use", plain.of(aup.Receipt, byUse)},
		{"agreement-made", agreed(t, journey)},
		{"agreement-made-over", agreed(t, journey).since(at.AddDate(2, 0, 0))},
		{"reminder", technical.of(aup.Reminder, aup.AcceptanceReminded{Version: 2, Mode: aup.Explicit, By: at.Add(48 * time.Hour)})},
		{"reminder-by-use", plain.of(aup.Reminder, aup.AcceptanceReminded{Version: 2, Mode: aup.ByUse, By: at.Add(48 * time.Hour)})},
		{"not-accepted", plain.of(aup.NotAcceptedKind, aup.NotAccepted{Version: 2, Case: "not-accepted-2", Deadline: at.Add(14 * 24 * time.Hour)})},
		{"withdrawn", plain.of(aup.WithdrawnNotice, aup.VersionWithdrawn{Version: 3, Reason: "The limits in it were not the ones we meant."})},
		{"agreement-ending", agreed(t, journey).of(aup.AgreementEnds, aup.AgreementEnding{Number: 3, Until: at.Add(30 * 24 * time.Hour)})},
		{"agreement-ended", agreed(t, journey).standard().of(aup.AgreementOver, aup.AgreementEnded{Number: 3, Until: at})},
		{"agreement-ending-early", agreed(t, journey).of(aup.AgreementEnds, aup.AgreementEnding{Number: 3, Until: at.Truncate(24*time.Hour).AddDate(0, 0, 14), Instead: at.AddDate(0, 7, 0), Reason: early})},
		{"agreement-ended-early", agreed(t, journey).standard().of(aup.AgreementOver, aup.AgreementEnded{Number: 3, Until: at, Instead: at.AddDate(0, 7, 0), Reason: early})},
		{"one-time-code", plain.withCode("042917").of(aup.OneTimeCode, aup.CodeAsked{Contact: "jo", Notice: "n-41"})},
	}, conductSamples(plain, journey)...)
	return append(all, adminSamples(plain, journey, issued)...)
}

func conductSamples(plain, journey Letter) []sample {
	step := aup.UsageNotice{Term: aup.TermPerDay, Clause: "fair-volume", Step: 0.8, Period: "2027-06-03", Measured: 1612, Allowed: 2000, At: at}
	grows, beyond := step, step
	grows.Reaches, grows.Days = "2027-06-10", 9
	beyond.Step, beyond.Measured = 1.5, 3014
	full := step
	full.Step, full.Measured = 1, 2011
	opened := aup.CaseOpened{Case: "fair-volume-7", Clause: "fair-volume", Deadline: at.Add(14 * 24 * time.Hour), Assessment: volume}
	person := opened
	person.Clause, person.Assessment = "public-display", observed
	suspended := aup.Suspended{Case: "no-copying-9", Clause: "no-copying", Version: 2, Reason: "Significant: ...", ReviewBy: at.Add(24 * time.Hour), Assessment: crawled}
	byPerson := suspended
	byPerson.ByPerson, byPerson.Reason = true, "the pages carry places that asked not to be shown"
	closed := plain
	closed.Case = &aup.Case{ID: "fair-volume-7", Clause: "fair-volume"}
	settled := plain
	settled.Case = &aup.Case{ID: "disagree-2"}
	open := plain
	open.Case = &aup.Case{ID: "fair-volume-7", Clause: "fair-volume", Opened: at.Add(-7 * 24 * time.Hour), Assessment: volume,
		Answers: []aup.Answer{{Channel: "page", Text: "We were on television."}, {Channel: aup.ChannelProvider, Text: ourWords}}}
	return []sample{
		{"usage-notice", plain.of(aup.UsageNoticeKind, aup.UsageNoticed{Usage: step})},
		{"usage-notice-forecast", plain.of(aup.UsageNoticeKind, aup.UsageNoticed{Usage: grows})},
		{"usage-notice-beyond", plain.of(aup.UsageNoticeKind, aup.UsageNoticed{Usage: beyond})},
		{"usage-notice-full", plain.of(aup.UsageNoticeKind, aup.UsageNoticed{Usage: full})},
		{"contact", plain.of(aup.ContactNotice, opened)},
		{"contact-person", journey.of(aup.ContactNotice, person)},
		{"case-reminder", open.of(aup.CaseReminder, aup.CaseReminded{Case: "fair-volume-7", Clause: "fair-volume", Deadline: at.Add(7 * 24 * time.Hour)})},
		{"case-reminder-policy", settled.of(aup.CaseReminder, aup.CaseReminded{Case: "not-accepted-2", Deadline: at.Add(7 * 24 * time.Hour)})},
		{"answer", open.of(aup.AnswerNotice, aup.CaseAnsweredBack{Case: "fair-volume-7", Hash: aup.Hash([]byte(ourWords))})},
		{"suspended", plain.of(aup.SuspendedNotice, suspended)},
		{"suspended-by-person", plain.of(aup.SuspendedNotice, byPerson)},
		{"slowed", journey.of(aup.SlowedNotice, aup.SuspensionHeld{Case: "no-copying-9", Clause: "no-copying", Why: "protected", Slow: "slow01", Deadline: at.Add(24 * time.Hour), Assessment: crawled})},
		{"reinstated", plain.of(aup.ReinstateNotice, aup.Reinstated{Reason: "The program that walked through the catalogue was removed."})},
		{"reinstated-on-probation", closed.of(aup.ReinstateNotice, aup.Reinstated{Reason: "They have stopped the program.", Case: "fair-volume-7", Deadline: at.Add(14 * 24 * time.Hour),
			Probation: &aup.AgreementMade{Number: 3, From: at, Until: at.Add(30 * 24 * time.Hour)}})},
		{"case-closed", closed.of(aup.ClosedNotice, aup.CaseEnded{Case: "fair-volume-7", Outcome: "agreed", Reason: "Fewer requests since 5 June."})},
		{"case-closed-slowed", closed.of(aup.ClosedNotice, aup.CaseEnded{Case: "fair-volume-7", Outcome: "dropped", Reason: "They have stopped the program.", Slowed: true})},
		{"case-closed-policy", settled.of(aup.ClosedNotice, aup.CaseEnded{Case: "disagree-2", Outcome: "dropped", Reason: "We raised the limit for you."})},
		{"case-closed-agreed", closed.of(aup.ClosedNotice, aup.CaseEnded{Case: "fair-volume-7", Outcome: aup.OutcomeAgreed, Reason: "A higher limit until the end of June.", Agreement: 3})},
		{"case-closed-by-itself", closed.of(aup.ClosedNotice, aup.CaseEnded{Case: "fair-volume-7", Outcome: aup.OutcomeWithinTerms, Reason: "Within the terms on each of the 14 days up to 2 June 2027 (UTC)."})},
		{"ended", plain.of(aup.EndedNotice, aup.Ended{Reason: "Harbour Bikes closed its route finder."})},
	}
}

const early = "The mirror is not needed any more, as Ines told us by phone."

const ourWords = "Thank you for the explanation.\n\nShall we agree on 8,000 requests a day until the end of June?"

func adminSamples(plain, journey Letter, issued aup.PolicyIssued) []sample {
	text := "The requests came from a test that ran by mistake.\n\nIt is switched off now."
	answered := plain
	answered.Case = &aup.Case{ID: "fair-volume-7", Clause: "fair-volume", Answers: []aup.Answer{{Text: "first"}, {Text: text}}}
	asked := plain
	asked.Case = &aup.Case{ID: "question-12", Answers: []aup.Answer{{Text: "May we show opening times on our shop's screen?"}}}
	waiting := plain
	waiting.Case = &aup.Case{ID: "fair-volume-7", Clause: "fair-volume", Assessment: volume, Answers: []aup.Answer{{At: at.Add(-4 * 24 * time.Hour), Channel: "page", Text: text}}}
	reviewed := waiting
	suspendedCase := *waiting.Case
	suspendedCase.State, reviewed.Case = aup.CaseSuspended, &suspendedCase
	day := digest()
	held := aup.SuspensionHeld{Case: "no-copying-9", Clause: "no-copying", Why: "protected", Deadline: at.Add(24 * time.Hour), Assessment: crawled}
	slow := held
	slow.Slow = "slow01"
	return []sample{
		{"admin-held", journey.toAdmins(aup.AdminHeld, held)},
		{"admin-held-slowed", journey.toAdmins(aup.AdminHeld, slow)},
		{"admin-key-stays", journey.toAdmins(aup.AdminKeyStays, aup.KeySet{Key: "kjourney1", Enabled: true, Stays: aup.StaysOpen})},
		{"admin-key-stays-slow", journey.toAdmins(aup.AdminKeyStays, aup.KeySet{Key: "kjourney1", Enabled: true, Slow: true, Stays: aup.StaysNoPlan})},
		{"admin-escalated", waiting.toAdmins(aup.AdminEscalated, aup.Escalated{Case: "fair-volume-7", Clause: "fair-volume", Deadline: at, Told: at.Add(-13 * 24 * time.Hour)})},
		{"admin-escalated-unread", waiting.toAdmins(aup.AdminEscalated, aup.Escalated{Case: "fair-volume-7", Clause: "fair-volume", Deadline: at})},
		{"admin-overdue", waiting.toAdmins(aup.AdminOverdue, aup.ReplyOverdue{Case: "fair-volume-7", Since: at.Add(-4 * 24 * time.Hour), Deadline: at.Add(-24 * time.Hour)})},
		{"admin-overdue-review", reviewed.toAdmins(aup.AdminOverdue, aup.ReplyOverdue{Case: "fair-volume-7", Since: at.Add(-2 * 24 * time.Hour), Deadline: at})},
		{"admin-suspended", plain.toAdmins(aup.AdminSuspended, aup.Suspended{Case: "no-copying-9", Clause: "no-copying", ReviewBy: at.Add(24 * time.Hour), Assessment: crawled})},
		{"admin-key-works", plain.toAdmins(aup.AdminKeyWorks, aup.KeyStillWorks{Key: "kharbour1", Case: "no-copying-9", Off: at.Add(-20 * time.Minute), At: at.Add(-3 * time.Minute), RequestID: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"})},
		{"admin-log-stopped", provided(plain).toAdmins(aup.AdminLogStopped, aup.LogStopped{Last: at.Add(-3 * time.Hour), Calls: 12400})},
		{"admin-key-drift", plain.toAdmins(aup.AdminKeyWorks, aup.KeyDrift{Key: "kharbour1", Found: aup.KeyEnabled, Want: aup.KeyDisabled, Owed: true, Case: "no-copying-9", Seen: at.Add(-time.Minute), Trail: "5b2c7b0e-3f0e-4a53-9d3a-5f0c9b5f1f11"})},
		{"admin-failed", plain.toAdmins(aup.AdminFailed, aup.NoticeFailed{Notice: "n-7", Contact: "jo", About: aup.SuspendedNotice, How: "bounced"})},
		{"admin-failed-out-of-hours", plain.toAdmins(aup.AdminFailed, aup.NoticeFailed{Notice: "n-8", Contact: aup.AdminsOutOfHours, About: aup.AdminHeld, How: "bounced"})},
		{"admin-answer", answered.toAdmins(aup.AdminAnswer, aup.CaseReplied{Case: "fair-volume-7", Contact: "jo", Channel: "page", Hash: aup.Hash([]byte(text))})},
		{"admin-question", asked.toAdmins(aup.AdminAnswer, aup.Asked{Case: "question-12", Contact: "jo"})},
		{"case-closed-question", asked.of(aup.ClosedNotice, aup.CaseEnded{Case: "question-12", Outcome: "dropped", Reason: "We talked about it on the phone."})},
		{"admin-disagreed", answered.toAdmins(aup.AdminAcceptance, aup.Disagreed{Version: 2, Case: "disagree-2", Contact: "jo", Hash: aup.Hash([]byte(text))})},
		{"admin-digest", provided(plain).toAdmins(aup.AdminDigest, day)},
		{"admin-digest-quiet", provided(plain).toAdmins(aup.AdminDigest, aup.DigestMade{From: day.From, Until: day.Until, Sections: day.Sections[6:7]})},
		{"admin-digest-late", provided(plain).toAdmins(aup.AdminDigest, aup.DigestMade{From: day.From, Until: day.Until, Overdue: day.Overdue})},
	}
}

// provided makes the letter the provider's own, which has no consumer and no policy.
func provided(l Letter) Letter {
	l.Consumer, l.Policy = aup.Consumer{ID: aup.Provider}, aup.Tailored{}
	return l
}

// digest is a day on which each kind of thing happened.
func digest() aup.DigestMade {
	f := aup.DigestMade{Policy: "places-api", Version: 2, Unserved: 1204, From: at.Add(-24 * time.Hour), Until: at, Overdue: map[aup.DueKind]aup.Overdue{
		aup.DueEmail: {Count: 1204, Oldest: at.Add(-3 * time.Hour)}, aup.DueKey: {Count: 1, Oldest: at.Add(-2 * time.Hour)}}}
	for i, kind := range aup.DigestKinds {
		s := aup.DigestSection{Kind: kind, Count: 1 + i*i*i}
		line := aup.DigestLine{Kind: kind, Consumer: "harbour-bikes", Seq: 17}
		switch kind {
		case aup.ToldHeld, aup.ToldSuspended, aup.ToldOpened, aup.ToldEscalated, aup.ToldAnswered, aup.ToldClosed:
			line.Case = "fair-volume-7"
		case aup.ToldUndelivered:
			line.Contact, line.About, line.How = "jo", aup.NewVersion, "bounced"
		case aup.ToldGap, aup.ToldGapClosed:
			line.Key, line.Date, line.Logged, line.Gateway = "kharbour1", "2027-06-02", 1940, 3005
		case aup.ToldKeyWorks:
			line.Key, line.Case = "kharbour1", "fair-volume-7"
		case aup.ToldDrift:
			line.Key, line.How, line.Owed, line.Case = "kharbour1", string(aup.KeyEnabled), true, "fair-volume-7"
			s.Lines = []aup.DigestLine{{Kind: kind, Consumer: "journey-planner", Seq: 9, Key: "kjourney1", How: string(aup.KeyDisabled)},
				{Kind: kind, Consumer: "journey-planner", Seq: 11, Key: "kjourney1", How: string(aup.KeyEnabled), Over: true}}
		case aup.ToldAccepted:
			line.Contact, line.Version = "jo", 2
		case aup.ToldAgreed, aup.ToldAgreeEnding, aup.ToldAgreeEnded:
			line.Number = 3
		case aup.ToldIssueHeld:
			line.Policy, line.Version, line.Agreements, line.Clauses = "places-api", 2, []int{1, 3}, []aup.ClauseID{"fair-volume", "public-display"}
		case aup.ToldDisagreed, aup.ToldNotAccepted, aup.ToldNobody:
			line.Version = 2
		}
		if s.Lines = append(s.Lines, line); kind.OnlyCounted() {
			s.Lines = nil
		}
		if kind == aup.ToldHeld || kind == aup.ToldIssueHeld {
			f.Waiting = append(f.Waiting, line)
		}
		f.Sections = append(f.Sections, s)
	}
	f.Waiting = append(f.Waiting, aup.DigestLine{Kind: aup.ToldIssueHeld, Consumer: "city-mirror", Policy: "places-api", Version: 2, Agreements: []int{1},
		Clauses: []aup.ClauseID{"no-copying"}, Never: []string{aup.PermitBulkExtraction, aup.PermitCache}})
	return f
}

var (
	volume = aup.Assessment{Level: aup.NonUrgent, Reason: "Not urgent: there is time to agree a way forward.", Findings: []aup.Finding{
		{Detector: "volume", Clause: "fair-volume", Term: aup.TermPerDay, Version: 2, Measured: 6234, Allowed: 2000, Unit: "requests a day",
			From: at.Truncate(24 * time.Hour), Until: at, Keys: []aup.KeyID{"kharbour1", "kharbour2"},
			Reason: "6,234 requests on 3 June 2027 (UTC) over 2 keys: 312 % of the 2,000 a day that places-api version 2 allows."},
		{Detector: "caching", Clause: "ask-when-needed", Reason: "The same 800 places were fetched on three days in a row", Suspected: true},
	}}
	crawled = aup.Assessment{Level: aup.Significant, Reason: "Significant: the policy says at which share of the catalogue.", Findings: []aup.Finding{
		{Detector: "crawling", Clause: "no-copying", Term: aup.TermCrawling, Version: 2, Measured: 1250, Unit: "resources", Extreme: true,
			From: at.Add(-26 * time.Hour), Until: at, Keys: []aup.KeyID{"kharbour1"}, Examples: []string{"/places/17", "/places/18", "/places/19"},
			Reason: "1,250 different resources of \"GET /places/{id}\" in 1,252 looks: that is 25 % of the 5,000 there are."},
	}, Factors: []aup.Factor{{Name: "told", Value: 1, Sentence: "The consumer was delivered this version of the policy."}}}
	observed = aup.Assessment{Level: aup.NonUrgent, Findings: []aup.Finding{{Detector: "person", Clause: "public-display", Version: 2, From: at, Until: at,
		Reason: "Your new app shows places that only see visitors with an appointment"}}}
)

func version(t testing.TB, file string, number int) aup.Version {
	t.Helper()
	doc := policies.Read(file)
	p, problems := policydoc.Parse(file, []byte(doc), "")
	if err := policydoc.Refused(problems); err != nil {
		t.Fatal(err)
	}
	return aup.Version{Policy: p, Number: number, Hash: aup.Hash([]byte(doc)), Document: []byte(doc),
		Published: p.Effective.Add(-14 * 24 * time.Hour), Applies: p.Effective}
}

func agreement(t testing.TB, file string) aup.Agreement {
	t.Helper()
	a, problems := policydoc.ParseAgreement(file, []byte(policies.Read(file)))
	if err := policydoc.Refused(problems); err != nil {
		t.Fatal(err)
	}
	a.Number = 3
	return a
}

// letter is one to Jo of Harbour Bikes, who may sign, under a version and agreements.
func letter(v aup.Version, agreements ...aup.Agreement) Letter {
	return Letter{
		Consumer: aup.Consumer{ID: "harbour-bikes", Name: "Harbour Bikes", Policy: "places-api", Keys: []aup.KeyID{"kharbour1", "kharbour2"}},
		Contact:  aup.Contact{ID: "jo", Name: "Jo Marsh", Email: "jo@harbour.example", Role: aup.Authority},
		Policy:   aup.Tailor(v, agreements, at),
		Link:     "https://aup.example.org/p/4Zr0dUuQmC2sYtq1nB7wXh9kLpVeAoGiJfRcTyN5xM8",
		Provider: provider,
	}
}

// standard makes the letter's policy the standard text.
func (l Letter) standard() Letter {
	l.Policy = aup.Tailor(l.Policy.Version, nil, at)
	return l
}

// of makes the letter tell a fact.
func (l Letter) of(kind aup.NoticeKind, f aup.Fact) Letter {
	l.Notice = aup.Notice{ID: "n-42", Consumer: l.Consumer.ID, Contact: l.Contact.ID, Kind: kind, Event: 17}
	l.Event = aup.Event{Seq: 17, Consumer: l.Consumer.ID, At: at, Fact: f}
	return l
}

func (l Letter) withCode(code string) Letter {
	l.Code, l.Link = code, ""
	return l
}

func (l Letter) from(id aup.ContactID) Letter {
	l.Contact.ID, l.Contact.Name, l.Contact.Email = id, "Sam Reed", "sam@harbour.example"
	return l
}

func (l Letter) toAdmins(kind aup.NoticeKind, f aup.Fact) Letter {
	l.Contact, l.Link = aup.Contact{ID: aup.Admins, Email: provider.Admins}, ""
	return l.of(kind, f)
}

// since makes the letter tell what happened at another time, under the standard text.
func (l Letter) since(then time.Time) Letter {
	l = l.standard()
	l.Event.At = then
	return l
}

func agreed(t testing.TB, l Letter) Letter {
	a := agreement(t, "agreement-mirror.yaml")
	l.Consumer = aup.Consumer{ID: "regional-mirror", Name: "Regional Mirror"}
	l.Policy = aup.Tailor(l.Policy.Version, []aup.Agreement{a}, at)
	l.Agreement = &a
	return l.of(aup.AgreementNotice, aup.AgreementMade{Number: 3, Policy: a.Policy, From: a.From, Until: a.Until, Reason: a.Reason, Hash: fmt.Sprint(a.Number)})
}
