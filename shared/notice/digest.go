package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// sections are how a digest tells of each kind: its heading, and what to do about it.
var sections = map[aup.DigestKind]struct{ heading, hint string }{
	aup.ToldHeld:         {"Suspensions that were held", "You were told of each at once, or once of all where the sensor may be broken. Nothing is switched off."},
	aup.ToldIssueHeld:    {"New versions that wait because of an agreement", "What you have not decided yet stands at the top."},
	aup.ToldSuspended:    {"Consumers suspended", "You were told of each at once."},
	aup.ToldReinstated:   {"Consumers that have their access back", ""},
	aup.ToldDisagreed:    {"Consumers that do not agree with a version", "Write to them or call them."},
	aup.ToldNotAccepted:  {"Versions that nobody accepted in time", "Write to them or call them. Their access stays as it is."},
	aup.ToldOpened:       {"Cases opened", "Their contacts were asked to answer."},
	aup.ToldEscalated:    {"Cases that nobody answered in time", "Look whether an answer came by email or phone. Nothing happens by itself."},
	aup.ToldAnswered:     {"Cases answered", ""},
	aup.ToldAsked:        {"Questions asked", ""},
	aup.ToldClosed:       {"Cases closed", ""},
	aup.ToldUndelivered:  {"Emails that did not arrive", "Find an address that works. Record it with manage-consumer. Then send a version again to all whom it did not reach: publish-policy, action resend."},
	aup.ToldNobody:       {"Consumers without contacts", "Find out who uses their keys. Record a contact with manage-consumer: that sends the policy."},
	aup.ToldGap:          {"Days on which the access log and API Gateway count differently", "Look at the log subscription and at ingest-logs. Lines up to 48 hours old are still taken."},
	aup.ToldGapClosed:    {"Days on which the access log and API Gateway agree again", ""},
	aup.ToldAccepted:     {"Versions accepted by a person", ""},
	aup.ToldByUse:        {"Versions that now apply by use", ""},
	aup.ToldAgreed:       {"Agreements made", ""},
	aup.ToldAgreeEnding:  {"Agreements that end soon", "Record a new one in time if it should go on."},
	aup.ToldAgreeEnded:   {"Agreements that have ended", "The standard text applies to them again."},
	aup.ToldRelationOver: {"Consumers whose access has ended", ""},
}

// owedWords name what is overdue.
var owedWords = map[aup.DueKind]string{
	aup.DueEmail: "emails not sent yet", aup.DueKey: "API keys not switched yet", aup.DueDistribute: "lists of consumers not told of a version yet",
	aup.DueAudit: "audits not made yet", aup.DueDeadline: "days that came and were not dealt with yet",
}

// adminDigest tells what happened since the last one.
func adminDigest(l Letter) (body, error) {
	f, err := told[aup.DigestMade](l)
	if err != nil {
		return body{}, err
	}
	b := body{title: "What happened until " + Moment(f.Until)}
	late := 0
	for _, o := range f.Overdue {
		late += o.Count
	}
	switch waiting := len(f.Waiting); {
	case waiting > 0:
		b.subject = fmt.Sprintf("Please decide: %s in your digest of %s", things(waiting, "waits", "wait"), Day(f.Until))
	case late > 0:
		b.subject = fmt.Sprintf("Please look: %s overdue in your digest of %s", things(late, "is", "are"), Day(f.Until))
	default:
		b.subject = "Please look through: your digest of " + Day(f.Until)
	}
	b.p("This is what happened from %s on. What was urgent reached you at once.", Moment(f.From))
	b.waiting(f.Waiting)
	b.overdue(f)
	for _, s := range f.Sections {
		b.section(s)
	}
	return b, nil
}

func things(n int, one, many string) string {
	if n == 1 {
		return "1 thing " + one
	}
	return policydoc.Number(int64(n)) + " things " + many
}

func (b *body) overdue(f aup.DigestMade) {
	var lines []string
	for kind, o := range f.Overdue {
		lines = append(lines, fmt.Sprintf("%s %s, the oldest since %s", policydoc.Number(int64(o.Count)), owedWords[kind], Moment(o.Oldest)))
	}
	if len(lines) == 0 {
		return
	}
	slices.Sort(lines)
	b.h("Overdue for more than an hour")
	b.list(lines...)
	b.p("Each is tried again by itself. If the number does not fall, look at the alarms and the functions' logs.")
}

func (b *body) section(s aup.DigestSection) {
	words := sections[s.Kind]
	b.h(fmt.Sprintf("%s: %s", words.heading, policydoc.Number(int64(s.Count))))
	lines := digestLines(s.Lines)
	if more := s.Count - len(lines); more > 0 && len(lines) > 0 {
		lines = append(lines, fmt.Sprintf("and %s more", policydoc.Number(int64(more))))
	}
	b.list(lines...)
	if words.hint != "" {
		b.p("%s", words.hint)
	}
}

// digestLines are the lines in words: "city-guide, case fair-volume-7".
func digestLines(lines []aup.DigestLine) (all []string) {
	for _, l := range lines {
		words := []string{string(l.Consumer)}
		if l.Key != "" {
			words = append(words, counted(l))
		}
		if l.Kind == aup.ToldUndelivered {
			words = append(words, "contact "+string(l.Contact), subjects[l.About], l.How)
		} else if l.Contact != "" {
			words = append(words, "by contact "+string(l.Contact))
		}
		if l.Version > 0 {
			words = append(words, fmt.Sprintf("version %d", l.Version))
		}
		if l.Number > 0 {
			words = append(words, fmt.Sprintf("agreement %d", l.Number))
		}
		if l.Case != "" {
			words = append(words, "case "+string(l.Case))
		}
		all = append(all, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", "))
	}
	return all
}

// counted tells of a key's day: "key a1b2, 14 January 2027: 940 calls logged, 1,000 by API Gateway".
func counted(l aup.DigestLine) string {
	day := l.Date
	if t, err := time.Parse(time.DateOnly, l.Date); err == nil {
		day = Day(t)
	}
	return fmt.Sprintf("key %s, %s: %s calls logged, %s by API Gateway", l.Key, day, policydoc.Number(l.Logged), policydoc.Number(l.Gateway))
}

// look says to the admins where to find out more: the end of every email to them.
func (b *body) look(l Letter) {
	b.h("Where to look")
	if l.Notice.Consumer == aup.Provider {
		b.list("One consumer: invoke audit-usage with its name. It answers with where they stand and what they used.",
			"Who was told of a version, and who accepted: invoke publish-policy with action progress.")
		return
	}
	b.p("Invoke audit-usage with consumer %s. It answers with where they stand, their open cases and what they used.", l.Notice.Consumer)
}
