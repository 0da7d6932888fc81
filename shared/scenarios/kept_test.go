package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"accord/shared/delivery"
	"accord/shared/local"
)

// ses ADDRESS delivered|bounced: what SES says next of the first email to an address.
func (s *stage) ses(a []string) error {
	mails := s.open().Mailbox.Mails()
	i := slices.IndexFunc(mails, func(m local.Mail) bool { return m.Email.To == a[0] })
	if i < 0 {
		return fmt.Errorf("nothing was sent to %s", a[0])
	}
	e := mails[i].Event
	e.Outcome, e.Why, e.At = delivery.Outcome(a[1]), "", s.clock.Now()
	if e.Outcome == delivery.Bounced {
		e.Why = "Transient/MailboxFull"
	}
	s.stack.Mailbox.Report(e)
	return nil
}

// retention DAYS: for how long personal data is kept; comes first, for ever when left out.
func (s *stage) retention(a []string) error {
	days, err := strconv.Atoi(a[0])
	s.kept = time.Duration(days) * 24 * time.Hour
	return err
}

// expire: DynamoDB removes what has had its time.
func (s *stage) expire([]string) error {
	n, err := s.open().Expire(s.t.Context())
	s.say("gone: %d", n)
	return err
}
