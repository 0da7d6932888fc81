package scenarios

import (
	"fmt"
	"strings"
	"time"

	"accord/shared/admin"
)

// binding ID [DAY]: what bound a consumer on a day, and what is on record of it.
func (s *stage) binding(a []string) error {
	event := map[string]any{"action": "binding", "consumer": a[0], "on": strings.Join(a[1:], "")}
	answer, err := s.invoke("manage-consumer", event)
	if err != nil {
		return err
	}
	b := read(answer, &admin.Binding{})
	s.say("%s on %s: %s, %d events", b.Name, b.At.Format("2 Jan 2006 15:04"), b.State, b.Events)
	if b.Version == 0 {
		s.say("no version bound it")
		return nil
	}
	s.say("version %d bound it, issued %s, applying from %s, in %d clauses", b.Version, short(b.Issued), short(b.Applies), len(b.Clauses))
	for _, g := range b.Agreements {
		s.say("with agreement %d, from %s until %s (tailored: %t)", g.Number, g.From.Format(time.DateOnly), g.Until.Format(time.DateOnly), b.Tailored != b.Hash)
	}
	if b.Changes != nil {
		s.say("it changed %v and %d terms of version %d", b.Changes.ClauseIDs(), len(b.Changes.Terms), b.Previous)
	}
	s.emails(b.Told)
	if acc := b.Accepted; acc != nil {
		who := fmt.Sprintf("by a call with %s", acc.Key)
		if acc.Contact != "" && acc.Name == "" {
			who = fmt.Sprintf("by somebody whose record was erased, by %s", acc.Method)
		} else if acc.Contact != "" {
			who = fmt.Sprintf("by %s, %s, may bind: %t, by %s", acc.Name, acc.Role, acc.MayBind, acc.Method)
		}
		s.say("accepted %s, %s, %s", short(acc.At), acc.How, who)
	}
	s.emails(b.Receipts)
	return nil
}

func (s *stage) emails(all []admin.Mailed) {
	for _, m := range all {
		line := fmt.Sprintf("%s to %s: sent %s, delivered %s", m.Kind, m.Contact, short(m.Sent), short(m.Delivered))
		if !m.Delayed.IsZero() {
			line += ", delayed " + short(m.Delayed)
		}
		if m.Failed != "" {
			line += ", " + m.Failed
		}
		s.say("%s", line)
	}
}

func short(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format("2 Jan 15:04")
}
