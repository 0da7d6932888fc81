package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"accord/shared/admin"
)

// publish FILE [dry]: a part of the story's file, or one of events/policies.
func (s *stage) publish(a []string) error {
	doc, err := s.document(a[0])
	if err != nil {
		return err
	}
	answer, err := s.invoke("publish-policy", map[string]any{"document": string(doc), "policy": "places-api", "dryRun": len(a) > 1})
	if err != nil {
		return err
	}
	var p struct {
		Version int
		New     bool
		Tell    int
		Usage   *struct {
			From, To          string
			Judged, NotJudged int
			Changes           []struct{ Consumer, Change, Before, After, Date, Clause, Reason string }
		}
		Decide []struct {
			Consumer   string
			Agreements []int
			Clauses    []string
			Never      []string
		}
	}
	s.say("version %d, new: %t, to tell: %d", read(answer, &p).Version, p.New, p.Tell)
	if u := p.Usage; u != nil && len(a) > 1 {
		s.say("usage from %s to %s: %d judged, %d not", u.From, u.To, u.Judged, u.NotJudged)
		for _, c := range u.Changes {
			s.say("%s: %s (%s before, %s after), on %s over %s: %s", c.Consumer, c.Change, c.Before, c.After, c.Date, c.Clause, c.Reason)
		}
	}
	for _, d := range p.Decide {
		never := ""
		if len(d.Never) > 0 {
			never = fmt.Sprintf("; never granted any more: %v", d.Never)
		}
		s.say("to decide: %s, agreements %v, about %v%s", d.Consumer, d.Agreements, d.Clauses, never)
	}
	return nil
}

func (s *stage) document(name string) ([]byte, error) {
	if doc, ok := s.documents[name]; ok {
		return doc, nil
	}
	return os.ReadFile(filepath.Join("../../events/policies", name))
}

// withdraw VERSION REASON...: takes a version back.
func (s *stage) withdraw(a []string) error {
	version, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	_, err = s.invoke("publish-policy", map[string]any{"action": "withdraw", "policy": "places-api", "version": version, "reason": strings.Join(a[1:], " ")})
	return err
}

// versions: every version of the policy, and where each is in its life.
func (s *stage) versions([]string) error {
	answer, err := s.invoke("publish-policy", map[string]any{"action": "versions", "policy": "places-api"})
	if err != nil {
		return err
	}
	for _, v := range read(answer, &admin.Versions{}).Versions {
		s.say("version %d: %s, applies %s %s", v.Version, v.State, v.Applies.Format("2 Jan"), v.Reason)
	}
	return nil
}

// keep ID VERSION: an admin decides that the agreements stay as they are beside a version.
func (s *stage) keep(a []string) error { return s.decideVersion("keep", a) }

// defer ID VERSION REASON...: an admin decides to renegotiate first.
func (s *stage) deferred(a []string) error { return s.decideVersion("renegotiate", a) }

func (s *stage) decideVersion(decision string, a []string) error {
	version, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	_, err = s.invoke("manage-consumer", map[string]any{"action": "decide-version", "consumer": a[0], "version": version,
		"decision": decision, "reason": strings.Join(a[2:], " ")})
	return err
}

// progress VERSION: how far a version has come with everyone, as CSV without the times.
func (s *stage) progress(a []string) error {
	version, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	answer, err := s.invoke("publish-policy", map[string]any{"action": "progress", "policy": "places-api", "version": version, "format": "csv"})
	if err != nil {
		return err
	}
	var p struct {
		Counts map[string]int
		CSV    string
	}
	s.say("%v", read(answer, &p).Counts)
	for line := range strings.SplitSeq(strings.TrimSpace(p.CSV), "\r\n") {
		cells := strings.Split(line, ",")
		s.say("%s", strings.Join([]string{cells[0], cells[1], cells[2], cells[len(cells)-2], cells[len(cells)-1]}, ","))
	}
	return nil
}

// resend ID VERSION: the email of a version, again.
func (s *stage) resend(a []string) error {
	version, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	_, err = s.invoke("manage-consumer", map[string]any{"action": "resend", "consumer": a[0], "version": version})
	return err
}

// resend-to not-received|not-accepted VERSION [again]: the email of a version again to all whom it did not reach;
// again repeats the call of before.
func (s *stage) resendTo(a []string) error {
	version, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	event := map[string]any{"action": "resend", "policy": "places-api", "version": version, "to": a[0]}
	if len(a) > 2 {
		event["request"] = fmt.Sprintf("story-%d", s.requests)
	}
	_, err = s.invoke("publish-policy", event)
	return err
}

// decisionsMailed are the decisions that the admins were asked for, as the emails name them.
func (s *stage) decisionsMailed(id string) (all []string) {
	for _, m := range s.open().Mailbox.Mails() {
		if found := decisionMailed.FindStringSubmatch(m.Email.Text); found != nil && strings.Contains(m.Email.Text, id) {
			all = append(all, found[1])
		}
	}
	return all
}
