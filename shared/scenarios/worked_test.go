package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"accord/shared/aup"
)

// asks ID N METHOD PATH [ADDRESS]: N calls within a minute, all settled at its end. {n} in the path and the
// address is the call's number, from 1.
func (s *stage) asks(a []string) error {
	n, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	address := "192.0.2.1"
	if len(a) > 4 {
		address = a[4]
	}
	statuses := map[int]int{}
	for i := range n {
		numbered := strings.NewReplacer("{n}", strconv.Itoa(i+1))
		statuses[s.open().Gateway.Call(aup.KeyID(a[0]+"-key"), a[2], numbered.Replace(a[3]), numbered.Replace(address))]++
	}
	s.clock.Advance(time.Minute)
	err = s.stack.Settle(s.t.Context())
	s.say("%v", statuses)
	return err
}

// weighed ID: the last assessment of a consumer, as its event holds it: findings, level, every factor
// whose value is not 0.
func (s *stage) weighed(a []string) error {
	events, err := s.stack.Ledger.Events(s.t.Context(), aup.ConsumerID(a[0]))
	if err != nil {
		return err
	}
	var last *aup.Assessment
	for _, e := range events {
		switch f := e.Fact.(type) {
		case aup.CaseOpened:
			last = &f.Assessment
		case aup.SuspensionConsidered:
			last = &f.Assessment
		case aup.Suspended:
			last = &f.Assessment
		}
	}
	if last == nil {
		s.say("nothing was weighed")
		return nil
	}
	for _, f := range last.Findings {
		s.say("%s, clause %s of version %d, agreement %d: %s", f.Detector, f.Clause, f.Version, f.Agreement, amount(f))
	}
	s.say("%s, score %.1f", last.Level, last.Score)
	for _, f := range last.Factors {
		if f.Value == 0 {
			continue
		}
		s.say("%s, weight %d, %.3g points: %s", f.Name, f.Weight, f.Points, f.Sentence)
	}
	return nil
}

func amount(f aup.Finding) string {
	if f.Allowed == 0 {
		return fmt.Sprintf("%.4g %s", f.Measured, f.Unit)
	}
	return fmt.Sprintf("%.4g %s, %.4g allowed", f.Measured, f.Unit, f.Allowed)
}

// seen ADDRESS: what the last email to an address about its use says of that: the finding and the clause.
func (s *stage) seen(a []string) error {
	for _, m := range slices.Backward(s.stack.Mailbox.Mails()) {
		_, after, about := strings.Cut(m.Email.Text, "\nWhat we saw\n")
		if m.Email.To != a[0] || !about {
			continue
		}
		s.say("| %s", m.Email.Subject)
		for line := range strings.Lines(after) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "(From the ") {
				return nil
			}
			if line != "" && strings.Trim(line, "-=") != "" {
				s.say("| %s", line)
			}
		}
	}
	return fmt.Errorf("nothing about its use was sent to %s", a[0])
}
