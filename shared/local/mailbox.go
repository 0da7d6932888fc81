package local

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/notice"
)

// Mailbox is a folder of .eml files in place of SES. An address whose local part starts with "bounce"
// bounces, one whose local part starts with "slow" is delayed until Report says more, every other one is delivered at once.
type Mailbox struct {
	Dir string
	Now func() time.Time

	Outage error // what every send fails with, to imitate an outage; nil: none

	mu     sync.Mutex
	sent   int
	events []delivery.Event
	mails  []Mail
}

// Mail is one email in the mailbox.
type Mail struct {
	File  string // within Dir
	Email notice.Email
	Event delivery.Event // what was said of it at once
}

// Send writes an email, and has the event of its delivery ready.
func (m *Mailbox) Send(_ context.Context, e notice.Email, tags map[string]string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Outage != nil {
		return "", refused{m.Outage}
	}
	m.sent++
	id := fmt.Sprintf("local-%06d", m.sent)
	at := m.Now()
	file := fmt.Sprintf("%06d-%s-%s.eml", m.sent, tags[delivery.TagConsumer], tags[delivery.TagNotice])
	if err := os.WriteFile(filepath.Join(m.Dir, file), e.MIME(id, at), 0o600); err != nil {
		return "", err
	}
	event := delivery.Event{Consumer: aup.ConsumerID(tags[delivery.TagConsumer]), Notice: aup.NoticeID(tags[delivery.TagNotice]),
		MessageID: id, Outcome: delivery.Delivered, At: at}
	if strings.HasPrefix(e.To, "bounce") {
		event.Outcome, event.Why = delivery.Bounced, "Permanent/General"
	}
	if strings.HasPrefix(e.To, "slow") {
		event.Outcome, event.Why = delivery.Delayed, "MailboxFull"
	}
	m.mails = append(m.mails, Mail{file, e, event})
	m.events = append(m.events, event)
	return id, nil
}

// refused is an email that was certainly not sent.
type refused struct{ error }

func (refused) Reason() string { return "the mailbox takes no mail at the moment" }

// Report has one more event of an email ready.
func (m *Mailbox) Report(e delivery.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, e)
}

// Events takes the delivery events that have not been taken yet.
func (m *Mailbox) Events() []delivery.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events
	m.events = nil
	return events
}

// Mails lists what was sent since the mailbox was opened, oldest first.
func (m *Mailbox) Mails() []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Mail(nil), m.mails...)
}
