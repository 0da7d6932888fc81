package faults

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/policydoc"
	"accord/shared/usage"
)

// A suspension is wrong when neither document asks for it: neither the policy as its author meant it, nor
// the changed one read with plain arithmetic. The first is the verdict under the document before it was
// changed; the second holds each figure of the usage, which the test knows since it made it, against the
// changed document's limit times its significant figure. A document that is refused, or whose change makes
// no difference, is harmless. One in which a figure was mistyped is not wrong but strict: it says in plain
// words, in the email that announces it, what it then does, and the guard's budget bounds what it can do.

// doings are a consumer's figures of one day: over the whole, in its busiest minute, and how many different
// places it looked at.
type doings struct {
	says                        string
	perMinute, minutes, ofPlace int
}

var consumers = []doings{
	{"within everything", 10, 100, 60},
	{"close to the day's limit", 19, 100, 60},
	{"close to the minute's limit", 115, 10, 60},
	{"over the day's limit, and not significantly", 40, 100, 60},
	{"a reader of much", 17, 100, 700},
	{"a crawler", 110, 10, 1100},
}

var noon = time.Date(2027, 1, 18, 12, 0, 0, 0, time.UTC)

// day is what a consumer did this morning.
func (c doings) day() usage.Day {
	day := usage.Day{Date: usage.DateOf(noon)}
	n, first := 0, noon.Add(-4*time.Hour)
	for m := 0; m < c.minutes; m += 5 {
		var s usage.Summary
		for minute := m; minute < min(m+5, c.minutes); minute++ {
			for range c.perMinute {
				s.Add(usage.Call{At: first.Add(time.Duration(minute) * time.Minute), Key: "k1", RequestID: fmt.Sprint(n), Method: "GET",
					Template: "/places/{id}", Path: fmt.Sprintf("/live/places/%d", n%c.ofPlace+1), Status: 200, Source: "192.0.2.1"})
				n++
			}
		}
		day.Put(first.Add(time.Duration(m)*time.Minute), s)
	}
	return day
}

// suspends says whether a policy suspends a consumer that was told of it, found significant a minute ago,
// over whatever clause it is.
func suspends(p aup.Policy, day usage.Day) bool {
	v := aup.Version{Number: 1, Policy: p}
	for _, clause := range p.Terms.Clauses() {
		verdict := judge.Reach(judge.Input{Mode: assess.ModeEnforce, Circumstances: assess.Circumstances{Now: noon, Told: true},
			Standing: aup.Standing{Consumer: consumer, State: aup.Active, Considered: &aup.Considered{Clause: clause, At: noon.Add(-2 * time.Minute)}},
			Subject:  audit.Subject{Consumer: consumer, Policy: aup.Tailor(v, nil, noon), Now: noon, Keys: map[aup.KeyID][]usage.Day{"k1": {day}}}})
		if verdict.Decision.Action == assess.Suspend {
			return true
		}
	}
	return false
}

// asked says whether a document's own figures, in plain arithmetic, call what a consumer did significant.
func (c doings) asked(t aup.Terms) bool {
	if l := t.PerDay; l != nil && l.Significant > 0 && float64(c.perMinute*c.minutes) >= l.Significant*float64(l.Limit) {
		return true
	}
	if l := t.PerMinute; l != nil && l.Significant > 0 && float64(c.perMinute) >= l.Significant*float64(l.Limit) {
		return true
	}
	looked := float64(min(c.ofPlace, c.perMinute*c.minutes))
	l := t.Crawling
	return l != nil && l.Significant > 0 && l.Catalogue > 0 && 1.3*looked >= l.Significant*float64(l.Catalogue) // it is estimated
}

var nasty = []string{"0", "-1", "1e9", "1e-9", "NaN", ".inf", "-.inf", "0x10", "1_000", "9999999999999999999", "0.0001%", "100", "%", "100%%", "null", "~", "true", "٣", "", "{}", "[]", "\t", "\x00", "\ufeff"}

// mutated spoils a document in one to three ways, most of them in its front matter.
func mutated(rng *rand.Rand, doc []byte) []byte {
	doc = bytes.Clone(doc)
	for range 1 + rng.IntN(3) {
		end := len(doc)
		if front := bytes.Index(doc, []byte("\n---\n")); front > 0 && rng.IntN(8) > 0 {
			end = front
		}
		if end == 0 {
			break
		}
		at := rng.IntN(end)
		lines := bytes.SplitAfter(doc, []byte("\n"))
		i, j := rng.IntN(min(len(lines), 20)), rng.IntN(min(len(lines), 20))
		switch rng.IntN(9) {
		case 0:
			doc[at] ^= 1 << rng.IntN(8)
		case 1:
			doc = append(doc[:at], doc[at+1:]...)
		case 2:
			const some = "0123456789%{}[]:,.-+eE_ \n\t\"'#&*!|>"
			doc = append(doc[:at], append([]byte{some[rng.IntN(len(some))]}, doc[at:]...)...)
		case 3:
			lines[i], lines[j] = lines[j], lines[i]
			doc = bytes.Join(lines, nil)
		case 4:
			doc = bytes.Join(append(lines[:i:i], lines[i+1:]...), nil)
		case 5:
			doc = bytes.Join(append(lines[:i+1:i+1], lines[i:]...), nil)
		case 6:
			doc = without(rng, doc)
		default:
			doc = number(rng, doc, at)
		}
	}
	return doc
}

// without leaves out a key of a term with its value: what is not said then must not be taken for a figure.
func without(rng *rand.Rand, doc []byte) []byte {
	said := regexp.MustCompile(`, [a-z]+: [^,{}\[\]\n]+`).FindAllIndex(doc, -1)
	if len(said) == 0 {
		return doc
	}
	is := said[rng.IntN(len(said))]
	return slices.Delete(doc, is[0], is[1])
}

// number puts something else in place of the next number.
func number(rng *rand.Rand, doc []byte, at int) []byte {
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	for at < len(doc) && !digit(doc[at]) {
		at++
	}
	end := at
	for end < len(doc) && digit(doc[end]) {
		end++
	}
	other := nasty[rng.IntN(len(nasty))]
	if rng.IntN(2) == 0 {
		other = fmt.Sprint(rng.Int64N(1 << rng.IntN(40)))
	}
	return append(doc[:at:at], append([]byte(other), doc[end:]...)...)
}

// TestMutatedPolicies: of ten thousand spoiled policies none suspends a consumer wrongly.
func TestMutatedPolicies(t *testing.T) {
	const documents = 10_000
	doc, err := os.ReadFile("../../events/policies/places-api.md")
	if err != nil {
		t.Fatal(err)
	}
	meant, problems := policydoc.Parse("places-api.md", doc, "places-api")
	if err := policydoc.Refused(problems); err != nil {
		t.Fatal(err)
	}
	days, meantToSuspend := make([]usage.Day, len(consumers)), make([]bool, len(consumers))
	for i, c := range consumers {
		days[i] = c.day()
		if meantToSuspend[i] = suspends(meant, days[i]); meantToSuspend[i] != (c.says == "a crawler") {
			t.Fatalf("the policy as it was meant suspends %s: %t", c.says, meantToSuspend[i])
		}
	}
	refused, harmless, strict := 0, 0, 0
	for seed := range uint64(documents) {
		spoiled := mutated(rand.New(rand.NewPCG(seed, 7)), doc)
		p, problems := policydoc.Parse("places-api.md", spoiled, "places-api")
		if policydoc.Refused(problems) != nil {
			refused++
			continue
		}
		hit := false
		for i, c := range consumers {
			if meantToSuspend[i] || !suspends(p, days[i]) {
				continue
			}
			if hit = true; !c.asked(p.Terms) {
				t.Errorf("document %d suspends a consumer %s, and does not say so: %+v", seed, c.says, p.Terms)
			}
		}
		if hit {
			strict++
		} else {
			harmless++
		}
	}
	t.Logf("%d documents: %d refused, %d harmless, %d strict in what they say, 0 wrong", documents, refused, harmless, strict)
	if refused < documents/10 || harmless < documents/10 {
		t.Error("the changes are all of one kind: they show nothing")
	}
}
