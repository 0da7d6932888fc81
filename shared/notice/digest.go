package notice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// sections are how a digest tells of each kind: its heading, and what to do about it.
var sections = map[aup.DigestKind]struct{ heading, hint string }{
	aup.ToldHeld:         {"Suspensions that were held", "Nothing was switched off. You were told of each at once, or once of all where the sensor may be broken."},
	aup.ToldIssueHeld:    {"New versions that wait because of an agreement", "What you have not decided yet stands at the top."},
	aup.ToldSuspended:    {"Consumers suspended", "You were told of each at once."},
	aup.ToldKeyWorks:     {"Switched-off keys with which a call was answered", "You were told of each at once. Each was switched off again."},
	aup.ToldDrift:        {"Keys that somebody changed by hand in API Gateway", "CloudTrail says who. A key that was switched on though they have no access is switched off again. The others are left alone."},
	aup.ToldReinstated:   {"Consumers that have their access back", ""},
	aup.ToldDisagreed:    {"Consumers that do not agree with a version", "Write to them or call them."},
	aup.ToldNotAccepted:  {"Versions that nobody accepted in time", "Write to them or call them. Their access stays as it is."},
	aup.ToldOpened:       {"Cases opened", "Their contacts were asked to answer."},
	aup.ToldEscalated:    {"Cases that nobody answered in time", "You were told of each at once. Nothing happens by itself."},
	aup.ToldAnswered:     {"Cases answered", ""},
	aup.ToldAsked:        {"Questions asked", ""},
	aup.ToldClosed:       {"Cases closed", ""},
	aup.ToldUndelivered:  {"Emails that did not arrive", "Find an address that works, and record it. For %s:"},
	aup.ToldNobody:       {"Consumers without contacts", "Find out who uses their keys, and record a contact. That sends the policy. For %s:"},
	aup.ToldGap:          {"Days on which the access log and API Gateway count differently", "Look at the log subscription and at ingest-logs. Lines up to 48 hours old are still taken."},
	aup.ToldGapClosed:    {"Days on which the access log and API Gateway agree again", ""},
	aup.ToldAccepted:     {"Versions accepted by a person", ""},
	aup.ToldByUse:        {"Versions that now apply by use", "Their first call after it came into force counts. Every contact is sent a receipt."},
	aup.ToldAgreed:       {"Agreements made", ""},
	aup.ToldAgreeEnding:  {"Agreements that end soon", "Should one go on? Record a new one in time, with manage-consumer, action agreement."},
	aup.ToldAgreeEnded:   {"Agreements that have ended", "The standard text applies to them again."},
	aup.ToldRelationOver: {"Consumers whose access has ended", ""},
}

// owedWords name what is overdue.
var owedWords = map[aup.DueKind]string{
	aup.DueEmail: "Emails not sent yet", aup.DueKey: "API keys not switched yet", aup.DueDistribute: "Lists of consumers not told of a version yet",
	aup.DueAudit: "Audits not made yet", aup.DueDeadline: "Deadlines that came and were not dealt with yet",
}

// adminDigest tells what happened since the last one.
func adminDigest(l Letter) (body, error) {
	f, err := told[aup.DigestMade](l)
	if err != nil {
		return body{}, err
	}
	b := body{title: "What happened up to " + Moment(f.Until)}
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
	b.p("This is what happened since %s. What was urgent reached you at once.", Moment(f.From))
	b.waiting(f.Waiting)
	b.overdue(f)
	for _, s := range f.Sections {
		b.section(s)
	}
	b.unserved(f.Unserved)
	return b, nil
}

// unserved counts the consumers of whom it is not known what stops if their access stops: no machine knows that it is to ask
// people before it switches one of them off.
func (b *body) unserved(n int) {
	if n == 0 {
		return
	}
	b.h("Not on record what stops if their access stops: " + policydoc.Number(int64(n)))
	b.do("Ask them, and record it with manage-consumer, action uses: then people decide before anybody is switched off on whom others depend. Who they are:", overview())
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
		lines = append(lines, fmt.Sprintf("%s: %s. The oldest has waited since %s", owedWords[kind], policydoc.Number(int64(o.Count)), Moment(o.Oldest)))
	}
	if len(lines) == 0 {
		return
	}
	slices.Sort(lines)
	b.h("Overdue for more than an hour")
	b.list(lines...)
	b.p("Each is tried again by itself. If a number does not fall, look at the alarms and the functions' logs.")
}

func (b *body) section(s aup.DigestSection) {
	words := sections[s.Kind]
	b.h(fmt.Sprintf("%s: %s", words.heading, policydoc.Number(int64(s.Count))))
	lines := digestLines(s.Lines)
	if more := s.Count - len(lines); more > 0 && len(lines) > 0 {
		lines = append(lines, fmt.Sprintf("and %s more", policydoc.Number(int64(more))))
	}
	b.list(lines...)
	b.hint(s, words.hint)
}

// hint is what to do about a section, with the call that does it for the first in it.
func (b *body) hint(s aup.DigestSection, hint string) {
	if hint == "" {
		return
	}
	if !strings.Contains(hint, "%s") {
		b.p("%s", hint)
		return
	}
	for _, first := range s.Lines[:min(1, len(s.Lines))] {
		b.do(fmt.Sprintf(hint, first.Consumer), addressOf(first.Consumer, cmp.Or(first.Contact, "AN ID FOR THEM")))
	}
}

// digestLines are the lines in words: "city-guide, case fair-volume-7".
func digestLines(lines []aup.DigestLine) (all []string) {
	for _, l := range lines {
		words := []string{string(l.Consumer)}
		switch {
		case l.Kind == aup.ToldKeyWorks:
			words = append(words, "key "+string(l.Key))
		case l.Kind == aup.ToldDrift:
			words = append(words, changed(l))
		case l.Key != "":
			words = append(words, counted(l))
		}
		if l.Kind == aup.ToldUndelivered {
			words = append(words, "contact "+string(l.Contact), subjects[l.About], came(l.How))
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

// changed tells how a key was found: "key a1b2 switched off", "key a1b2 switched on again, as it should be".
func changed(l aup.DigestLine) string {
	text := fmt.Sprintf("key %s %s", l.Key, map[string]string{string(aup.KeyEnabled): "switched on", string(aup.KeyDisabled): "switched off", string(aup.KeyDeleted): "deleted"}[l.How])
	switch {
	case l.Owed:
		text += ", we switch it off again"
	case l.Over:
		text += " again, as it should be"
	}
	return text
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
		b.do("Where one consumer stands, and what it used:", lookAt("NAME"))
		f, _ := l.Event.Fact.(aup.DigestMade)
		if f.Version == 0 {
			return
		}
		b.do(fmt.Sprintf("Whom version %d of %s has reached, and who accepted it:", f.Version, f.Policy), progressOf(f.Policy, f.Version))
		if slices.ContainsFunc(f.Sections, func(s aup.DigestSection) bool { return s.Kind == aup.ToldUndelivered }) {
			b.do("To send it again to all whom it has not reached:", resendAll(f.Policy, f.Version))
		}
		return
	}
	b.do("Where they stand, their open cases and what they used:", lookAt(l.Notice.Consumer))
}
