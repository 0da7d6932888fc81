package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/local"
	"accord/shared/metering"
	"accord/shared/notice"
)

// stage is where a story is played: one stack, and what was told of it so far.
type stage struct {
	t         *testing.T
	stack     *local.Stack
	dir       string
	mode      assess.Mode
	clock     *local.Clock
	documents map[string][]byte
	cast      map[string]aup.ConsumerID // by consumer, its own id: the order is the alphabet's
	told      map[aup.ConsumerID]int    // events told so far
	mails     int
	requests  int
	held      []metering.Event  // log lines kept back; nil: none are
	late      []metering.Event  // those delivered since, to deliver again
	cookies   map[string]string // by address: of the session

	slowPlan   string        // that the deployment names
	unlogged   bool          // the deployment reads no access log
	kept       time.Duration // of personal data
	outOfHours string        // address of whom the admins can reach out of hours
	out        strings.Builder
}

func newStage(t *testing.T) *stage {
	return &stage{t: t, dir: t.TempDir(), mode: assess.ModeEnforce, clock: local.Story(time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)),
		documents: map[string][]byte{}, cast: map[string]aup.ConsumerID{}, told: map[aup.ConsumerID]int{}, cookies: map[string]string{}}
}

// open starts the stack when the first command needs it, so that `mode` can come before.
func (s *stage) open() *local.Stack {
	if s.stack != nil {
		return s.stack
	}
	stack, err := local.Open(local.Config{Dir: s.dir, Mode: s.mode, DigestAt: 6 * time.Hour, Keep: s.kept, Clock: s.clock, Unlogged: s.unlogged, SlowPlan: s.slowPlan, Volatile: true,
		Provider: notice.Provider{Name: "Places API team", From: "places-api@provider.example", ReplyTo: "people@provider.example",
			Admins: "admins@provider.example", OutOfHours: s.outOfHours, BaseURL: "https://places.example"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { stack.Close() })
	s.stack = stack
	return stack
}

func (s *stage) do(command string) {
	name, rest, _ := strings.Cut(command, " ")
	do, ok := commands[name]
	if !ok {
		s.t.Fatalf("no command %q", name)
	}
	err := do(s, strings.Fields(rest))
	if !deployment[name] {
		err = errors.Join(err, s.open().Settle(s.t.Context()))
	}
	if err != nil {
		s.say("error: %s", strings.ReplaceAll(err.Error(), "\n", "\n  error: "))
	}
}

func (s *stage) say(format string, a ...any) { fmt.Fprintf(&s.out, "  "+format+"\n", a...) }

// tellEvents tells the events since the last command, of each consumer in its own order.
func (s *stage) tellEvents() {
	if s.stack == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.cast)) {
		id := s.cast[name]
		events, err := s.stack.Ledger.Events(context.Background(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range events[s.told[id]:] {
			if said := saying(e.Fact); said != "" {
				s.say("%s %s: %s", e.At.Format("Mon 15:04"), name, said)
			}
		}
		s.told[id] = len(events)
		if err := s.stack.Ledger.Verify(context.Background(), id); err != nil {
			s.t.Errorf("after %s: %v", name, err)
		}
	}
}

func (s *stage) tellMails() {
	if s.stack == nil {
		return
	}
	mails := s.stack.Mailbox.Mails()
	for _, m := range mails[s.mails:] {
		s.say("mail to %s: %s", m.Email.To, m.Email.Subject)
	}
	s.mails = len(mails)
}

// invoke calls an admin's function with an event made of pairs.
func (s *stage) invoke(function string, event map[string]any) (json.RawMessage, error) {
	if _, has := event["request"]; !has {
		s.requests++
		event["request"] = fmt.Sprintf("story-%d", s.requests)
	}
	b, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	return s.open().Invoke(s.t.Context(), function, b)
}

// saying is an event in a few words; what is only bookkeeping is left out.
func saying(f aup.Fact) string {
	switch f := f.(type) {
	case aup.NoticeSent:
		return ""
	case aup.NoticeDelivered:
		return ""
	case aup.PolicyIssued:
		return fmt.Sprintf("%s version %d, applies %s", f.Kind(), f.Version, f.Applies.Format("2 Jan 15:04"))
	case aup.IssueHeld:
		said := fmt.Sprintf("%s: version %d, for agreements %v, over %v", f.Kind(), f.Version, f.Agreements, f.Clauses)
		if len(f.Never) > 0 {
			said += fmt.Sprintf("; never granted any more: %v", f.Never)
		}
		return said
	case aup.IssueDeferred:
		return fmt.Sprintf("%s: version %d: %s", f.Kind(), f.Version, f.Reason)
	case aup.AgreementEnding:
		said := fmt.Sprintf("%s: agreement %d, on %s", f.Kind(), f.Number, f.Until.Format("2 Jan 15:04"))
		if !f.Instead.IsZero() {
			said += fmt.Sprintf(" instead of %s: %s", f.Instead.Format("2 Jan 2006"), f.Reason)
		}
		return said
	case aup.AgreementEnded:
		return fmt.Sprintf("%s: agreement %d", f.Kind(), f.Number)
	case aup.NoticeDelayed:
		return fmt.Sprintf("%s %s: %s", f.Kind(), f.About, f.Why)
	case aup.AcceptanceReminded:
		return fmt.Sprintf("%s of version %d, by %s", f.Kind(), f.Version, f.By.Format("2 Jan 15:04"))
	case aup.NotAccepted:
		return fmt.Sprintf("%s: version %d, an answer by %s", f.Kind(), f.Version, f.Deadline.Format("2 Jan 15:04"))
	case aup.Disagreed:
		return fmt.Sprintf("%s with version %d", f.Kind(), f.Version)
	case aup.VersionWithdrawn:
		return fmt.Sprintf("%s: version %d: %s", f.Kind(), f.Version, f.Reason)
	case aup.Accepted:
		return fmt.Sprintf("%s version %d, %s", f.Kind(), f.Version, f.How)
	case aup.NoticeFailed:
		return fmt.Sprintf("%s %s: %s", f.Kind(), f.About, f.How)
	case aup.UsageNoticed:
		if f.Usage.Reaches != "" {
			return fmt.Sprintf("%s %s at %.0f %%, all of it on %s", f.Kind(), f.Usage.Term, 100*f.Usage.Step, f.Usage.Reaches)
		}
		return fmt.Sprintf("%s %s at %.0f %%", f.Kind(), f.Usage.Term, 100*f.Usage.Step)
	case aup.FindingCovered:
		return fmt.Sprintf("%s %s, agreement %d: %s", f.Kind(), f.Finding.Detector, f.Finding.Agreement, f.Finding.Reason)
	case aup.Observed:
		return fmt.Sprintf("%s, would %s: %s", f.Kind(), f.Would, f.Assessment.Reason)
	case aup.CaseOpened:
		return fmt.Sprintf("%s %s: %s", f.Kind(), f.Clause, f.Assessment.Reason)
	case aup.CaseEnded:
		return fmt.Sprintf("%s %s: %s", f.Kind(), f.Outcome, f.Reason)
	case aup.CaseReminded:
		return fmt.Sprintf("%s %s, by %s", f.Kind(), f.Case, f.Deadline.Format("2 Jan 15:04"))
	case aup.Escalated:
		return fmt.Sprintf("%s %s, told: %t", f.Kind(), f.Case, !f.Told.IsZero())
	case aup.SilenceConfirmed:
		return fmt.Sprintf("%s %s: %s", f.Kind(), f.Case, f.Reason)
	case aup.ReplyOverdue:
		return fmt.Sprintf("%s %s, since %s", f.Kind(), f.Case, f.Since.Format("2 Jan 15:04"))
	case aup.GapNoticed:
		return fmt.Sprintf("%s %s of %s: %d logged, %d by GetUsage (%s)", f.Kind(), f.Key, f.Date, f.Logged, f.Gateway, f.How)
	case aup.GapClosed:
		return fmt.Sprintf("%s %s of %s: %d logged, %d by GetUsage", f.Kind(), f.Key, f.Date, f.Logged, f.Gateway)
	case aup.Reported:
		return fmt.Sprintf("%s %s to %s, disclosed: %v", f.Kind(), f.Case, f.To, f.Disclosed)
	case aup.CaseReplied:
		return fmt.Sprintf("%s %s by %s", f.Kind(), f.Case, f.Channel)
	case aup.Suspended:
		return fmt.Sprintf("%s over %s (by a person: %t): %s", f.Kind(), f.Clause, f.ByPerson, f.Reason)
	case aup.SuspensionHeld:
		said := fmt.Sprintf("%s (%s) over %s, until %s", f.Kind(), f.Why, f.Clause, f.Deadline.Format("2 Jan 15:04"))
		if f.Slow != "" {
			said += "; meanwhile in the plan " + f.Slow
		}
		return said
	case aup.SuspensionConsidered:
		return fmt.Sprintf("%s over %s, again at %s: %s", f.Kind(), f.Clause, f.Again.Format("15:04:05"), f.Assessment.Reason)
	case aup.SuspensionApproved:
		return fmt.Sprintf("%s %d of %d", f.Kind(), f.Count, f.Needs)
	case aup.Reinstated:
		said := fmt.Sprintf("%s: %s", f.Kind(), f.Reason)
		if f.Case != "" {
			said += fmt.Sprintf("; %s goes on until %s", f.Case, f.Deadline.Format("2 Jan 15:04"))
		}
		if f.Probation != nil {
			said += fmt.Sprintf("; on agreement %d until %s", f.Probation.Number, f.Probation.Until.Format("2 Jan 15:04"))
		}
		return said
	case aup.KeySet:
		said := fmt.Sprintf("%s %s enabled: %t", f.Kind(), f.Key, f.Enabled)
		if f.Slow {
			said += fmt.Sprintf(", slow: %t", f.Slow)
		}
		if f.Stays != "" {
			said += fmt.Sprintf(", stays: %s", f.Stays)
		}
		return said
	case aup.KeyMoving:
		return fmt.Sprintf("%s %s from %s to %s", f.Kind(), f.Key, f.From, f.To)
	case aup.KeyStillWorks:
		return fmt.Sprintf("%s %s in %s: off at %s, a call answered at %s", f.Kind(), f.Key, f.Case, f.Off.Format("15:04"), f.At.Format("15:04"))
	case aup.KeyDrift:
		return fmt.Sprintf("%s %s found %s, should be %s; owed again: %t", f.Kind(), f.Key, f.Found, f.Want, f.Owed)
	case aup.Ended:
		return fmt.Sprintf("%s: %s", f.Kind(), f.Reason)
	}
	return f.Kind()
}
