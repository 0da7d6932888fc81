package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
)

// commands of the stories.
var commands = map[string]func(*stage, []string) error{
	"mode":      (*stage).setMode,
	"publish":   (*stage).publish,
	"register":  (*stage).register,
	"contact":   (*stage).contact,
	"erase":     (*stage).erase,
	"agree":     (*stage).agree,
	"crowd":     (*stage).crowd,
	"shorten":   (*stage).shorten,
	"advance":   (*stage).advance,
	"calls":     (*stage).calls,
	"capacity":  (*stage).capacity,
	"asks":      (*stage).asks,
	"weighed":   (*stage).weighed,
	"seen":      (*stage).seen,
	"accept":    (*stage).accept,
	"answer":    (*stage).answer,
	"disagree":  (*stage).disagree,
	"withdraw":  (*stage).withdraw,
	"versions":  (*stage).versions,
	"page":      (*stage).page,
	"progress":  (*stage).progress,
	"binding":   (*stage).binding,
	"resend":    (*stage).resend,
	"resend-to": (*stage).resendTo,
	"keep":      (*stage).keep,
	"defer":     (*stage).deferred,
	"code":      (*stage).code,
	"letter":    (*stage).letter,
	"history":   (*stage).history,
	"ses":       (*stage).ses,
	"retention": (*stage).retention,
	"expire":    (*stage).expire,
	"enter":     (*stage).enter,
	"decide":    (*stage).decide,
	"open-case": (*stage).openCase,
	"reply":     (*stage).reply,
	"write":     (*stage).write,
	"ignored":   (*stage).ignored,
	"report":    (*stage).report,
	"approve":   (*stage).approve,
	"audit":     (*stage).audit,
	"standing":  (*stage).standing,
	"sweep":     (*stage).sweep,
	"owed":      (*stage).owed,

	"out-of-hours": (*stage).reachable,
	"outage":       (*stage).outage,
}

// deployment are the commands that say how it is deployed: they come before all others.
var deployment = map[string]bool{"mode": true, "out-of-hours": true, "retention": true, "no-log": true, "slow-plan": true}

// mode MODE: what the deployment may do by itself; enforce when left out.
func (s *stage) setMode(a []string) error {
	s.mode = assess.Mode(a[0])
	return nil
}

func read[T any](b []byte, v *T) *T {
	if err := json.Unmarshal(b, v); err != nil {
		panic(err) // an answer of our own that cannot be read: the test is at an end
	}
	return v
}

// register ID [protected] [use=USE] [CONTACT@ADDRESS ...]: the key is ID with "-key".
func (s *stage) register(a []string) error {
	key := a[0] + "-key"
	profile := map[string]any{"name": a[0], "policy": "places-api", "keys": []string{key}}
	var contacts []map[string]any
	for _, word := range a[1:] {
		if use, is := strings.CutPrefix(word, "use="); is {
			profile["uses"] = []string{use}
			continue
		}
		if word == "protected" {
			profile["protected"], profile["serves"] = true, "people who depend on it"
			continue
		}
		contacts = append(contacts, person(word))
	}
	s.cast[a[0]] = aup.ConsumerID(a[0])
	_, err := s.invoke("manage-consumer", map[string]any{"action": "register", "consumer": a[0], "profile": profile, "contacts": contacts})
	return err
}

func person(address string) map[string]any {
	name, _, _ := strings.Cut(address, "@")
	return map[string]any{"id": name, "name": name, "email": address, "role": "authority"}
}

// contact ID CONTACT@ADDRESS: adds a contact.
func (s *stage) contact(a []string) error {
	_, err := s.invoke("manage-consumer", map[string]any{"action": "contacts", "consumer": a[0], "contacts": []any{person(a[1])}})
	return err
}

// erase ID CONTACT: everything personal that is kept of a contact.
func (s *stage) erase(a []string) error {
	_, err := s.invoke("manage-consumer", map[string]any{"action": "erase-contact", "consumer": a[0], "contact": a[1]})
	return err
}

// agree ID FILE: an agreement.
func (s *stage) agree(a []string) error {
	doc, err := s.document(a[1])
	if err != nil {
		return err
	}
	_, err = s.invoke("manage-consumer", map[string]any{"action": "agreement", "consumer": a[0], "agreement": string(doc)})
	return err
}

// shorten ID NUMBER DATE|- WORDS...: an agreement ends before its day, on a date, or on the next day.
func (s *stage) shorten(a []string) error {
	number, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	event := map[string]any{"action": "end-agreement", "consumer": a[0], "number": number, "reason": strings.Join(a[3:], " ")}
	if a[2] != "-" {
		event["on"] = a[2]
	}
	_, err = s.invoke("manage-consumer", event)
	return err
}

// crowd NUMBER NAME FILE: so many consumers, NAME-1 and on, each with the agreement in FILE, which names no consumer. Nothing
// of them is told.
func (s *stage) crowd(a []string) error {
	n, err := strconv.Atoi(a[0])
	doc, errDoc := s.document(a[2])
	if err = errors.Join(err, errDoc); err != nil {
		return err
	}
	for i := range n {
		id := fmt.Sprintf("%s-%d", a[1], i+1)
		s.documents[id] = fmt.Appendf(nil, "consumer: %s\n%s", id, doc)
		err = errors.Join(err, s.register([]string{id, "ops@" + id + ".example"}), s.agree([]string{id, id}))
		delete(s.cast, id)
	}
	err = errors.Join(err, s.open().Settle(s.t.Context()))
	s.mails = len(s.stack.Mailbox.Mails())
	return err
}

// advance DURATION
func (s *stage) advance(a []string) error {
	d, err := time.ParseDuration(a[0])
	s.clock.Advance(d)
	return err
}

// calls ID RATE MINUTES [walk|sweep FIRST]: RATE calls a minute, for so many minutes. Each asks for one of
// twenty places, or with walk for the next one from FIRST on, with sweep for another one of all. Everything is settled
// after each minute.
func (s *stage) calls(a []string) error {
	rate, errRate := strconv.Atoi(a[1])
	minutes, errMinutes := strconv.Atoi(a[2])
	if errRate != nil || errMinutes != nil {
		return fmt.Errorf("calls: want numbers, have %v", a)
	}
	next := func(n int) int { return n*7%20 + 1 }
	if len(a) == 5 {
		first, err := strconv.Atoi(a[4])
		if err != nil {
			return err
		}
		next = func(n int) int { return first + n }
		if a[3] == "sweep" {
			order := rand.New(rand.NewPCG(1, 2)).Perm(4999)
			next = func(n int) int { return 1 + order[(first+n)%len(order)] }
		}
	}
	statuses := map[int]int{}
	for m := range minutes {
		for n := range rate {
			statuses[s.open().Gateway.Call(aup.KeyID(a[0]+"-key"), "GET", fmt.Sprintf("/places/%d", next(m*rate+n)), "192.0.2.1")]++
		}
		s.clock.Advance(time.Minute)
		s.keepBack()
		if err := s.stack.Settle(s.t.Context()); err != nil {
			return err
		}
	}
	failed := ""
	if n := statuses[503]; n > 0 {
		failed = fmt.Sprintf(", %d failed", n)
	}
	if n := statuses[429]; n > 0 {
		failed += fmt.Sprintf(", %d too fast", n)
	}
	s.say("%d answered, %d refused%s", statuses[200], statuses[403], failed)
	return nil
}

// capacity N: how many requests a minute the API can answer from now on.
func (s *stage) capacity(a []string) (err error) {
	s.open().Gateway.Capacity, err = strconv.Atoi(a[0])
	return err
}

// accept ADDRESS: opens the page of an address (see page_test.go) and accepts with the button.
func (s *stage) accept(a []string) error {
	status, err := s.form(a[0], "/accept", url.Values{"name": {"A. Person"}, "role": {"Head of product"}, "may-bind": {"yes"}})
	if err == nil {
		s.say("the page answers %d", status)
	}
	return err
}

// answer ADDRESS WORDS...: answers the case that the page of the last email shows, or asks.
func (s *stage) answer(a []string) error {
	status, err := s.form(a[0], "/answer", url.Values{"text": {strings.Join(a[1:], " ")}})
	if err == nil {
		s.say("the page answers %d", status)
	}
	return err
}

// disagree ADDRESS [WORDS...]: the button of that name on the page of an address.
func (s *stage) disagree(a []string) error {
	status, err := s.form(a[0], "/disagree", url.Values{"text": {strings.Join(a[1:], " ")}})
	if err == nil {
		s.say("the page answers %d", status)
	}
	return err
}

var decisionMailed = regexp.MustCompile(`Decision:?\s+([0-9a-f]{64})`)

// reply ID email|phone case=C WORDS...: an admin records a reply that came elsewhere.
func (s *stage) reply(a []string) error {
	event := s.decision(append([]string{"reply", a[0]}, a[2:]...))
	event["channel"], event["text"] = a[1], event["reason"]
	delete(event, "reason")
	_, err := s.invoke("manage-consumer", event)
	return err
}

// write ID case=C WORDS...: the provider answers.
func (s *stage) write(a []string) error {
	event := s.decision(append([]string{"answer"}, a...))
	event["text"] = event["reason"]
	delete(event, "reason")
	_, err := s.invoke("manage-consumer", event)
	return err
}

// ignored ID: whether a contact of it counts as ignored.
func (s *stage) ignored(a []string) error {
	st, err := s.stack.Ledger.Standing(s.t.Context(), aup.ConsumerID(a[0]))
	s.say("%t", st.Ignored())
	return err
}

// report ID CASE TO [CONTACT=WHY]: the report of a case to a third party, asked for twice with one request's id.
func (s *stage) report(a []string) error {
	event := map[string]any{"action": "report", "consumer": a[0], "case": a[1], "to": a[2], "reason": "They asked for it."}
	if len(a) > 3 {
		contact, why, _ := strings.Cut(a[3], "=")
		event["disclose"] = []map[string]string{{"contact": contact, "why": why}}
	}
	var first, again struct {
		Event                   int64
		Hash, Changed, Markdown string
		Report                  json.RawMessage
	}
	for _, to := range []any{&first, &again} {
		answer, err := s.invoke("decide-case", event)
		if err != nil {
			return err
		}
		read(answer, &to)
	}
	s.say("event %d, hash of the report kept: %t, changed: %q, the same again: %t", first.Event, aup.Hash(first.Report) == first.Hash, first.Changed,
		string(first.Report) == string(again.Report))
	for line := range strings.SplitSeq(strings.TrimSpace(hashes.ReplaceAllString(first.Markdown, "…")), "\n") {
		s.say("| %s", line)
	}
	return nil
}

// hashes of events and emails depend on when a message got its id.
var hashes = regexp.MustCompile(`[0-9a-f]{64}`)

// standing ID: where it stands.
func (s *stage) standing(a []string) error {
	st, err := s.stack.Ledger.Standing(s.t.Context(), aup.ConsumerID(a[0]))
	if err != nil {
		return err
	}
	issue, _ := st.InForce(s.clock.Now())
	s.say("%s; version %d in force, told: %t, accepted: %q; open cases: %d", st.State, issue.Version, !issue.Told.IsZero(), issue.How, len(st.Cases))
	return nil
}

// sweep: what the schedule does every minute.
func (s *stage) sweep([]string) error {
	r, err := s.open().Sweep(s.t.Context())
	s.say("overdue: %d", r.Overdue)
	return err
}

// owed: how many dues are open.
func (s *stage) owed([]string) error {
	n, err := s.stack.Ledger.Open(s.t.Context())
	s.say("%d", n)
	return err
}

// outage mail|gateway|over: every send, or every switching of a key, fails from now on; or no more.
func (s *stage) outage(a []string) error {
	down := fmt.Errorf("%s is down", a[0])
	s.open().Mailbox.Outage, s.stack.Gateway.Outage = nil, nil
	switch a[0] {
	case "mail":
		s.stack.Mailbox.Outage = down
	case "gateway":
		s.stack.Gateway.Outage = down
	}
	return nil
}

// out-of-hours ADDRESS: whom the deployment names; comes first, nobody when left out.
func (s *stage) reachable(a []string) error {
	s.outOfHours = a[0]
	return nil
}
