// Package delivery takes a notice on its way: rendered, sent, delivered or come back.
//
// A notice is owed by an event, and has a due of kind email until it was sent. The deliver function works
// on such a due: it makes the link, renders the words, hands the email to SES (or to the mailbox folder of
// the local stack), and appends notice-sent with the due's removal in one write, together with the email
// as it was sent. What becomes of it then comes back as SES events, which Record appends. A notice's state
// is a set of facts, since those events come in any order.
package delivery

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/notice"
)

// Lease of an email due, longer than the function's time-out.
const Lease = 3 * time.Minute

// LinkLife is for how long the link in an email opens its page.
const LinkLife = 90 * 24 * time.Hour

// Sender hands an email over. Tags come back with the events about it. An error that is a
// ledger.Reasoned says why without personal data.
type Sender interface {
	Send(ctx context.Context, e notice.Email, tags map[string]string) (messageID string, err error)
}

// The tags of every email.
const (
	TagConsumer = "consumer"
	TagNotice   = "notice"
)

// Deliverer sends notices.
type Deliverer struct {
	Ledger   *ledger.Ledger
	Sender   Sender
	Provider notice.Provider
	Now      func() time.Time
}

// Do works on one due of kind email.
func (d Deliverer) Do(ctx context.Context, ref ledger.Ref) error {
	return d.Ledger.Work(ctx, ref, d.Now(), Lease, d.deliver)
}

func (d Deliverer) deliver(ctx context.Context, due aup.Due) error {
	n, err := d.Ledger.Notice(ctx, due.Consumer, due.Notice)
	if err != nil {
		return err
	}
	if n.Sent.IsZero() && n.MessageID != "" {
		return d.confirmed(ctx, due)
	}
	if n.Contact == aup.AdminsOutOfHours && d.Provider.OutOfHours == "" {
		return d.Ledger.Done(ctx, due)
	}
	if due.Doubt && !due.Waited {
		due.Waited = true
		return d.Ledger.Later(ctx, due, d.Now().Add(hearing), "waits for word of an earlier attempt")
	}
	letter, err := d.letter(ctx, n)
	if errors.Is(err, errNowhere) {
		return errors.Join(err, d.undeliverable(ctx, n))
	}
	if err != nil {
		return err
	}
	email, err := notice.Render(letter)
	if err != nil {
		return err
	}
	email.Urgent = n.Kind.Urgent()
	id, err := d.Sender.Send(ctx, email, map[string]string{TagConsumer: string(n.Consumer), TagNotice: string(n.ID)})
	if err != nil {
		return doubtful(err)
	}
	if err := d.sent(ctx, due, id, without(letter.Code, email)); err != nil {
		return lost{err}
	}
	return nil
}

// lost is a send of which it is not known how it ended. SES's event about it may still come, and says that
// it was done: it is not sent again before that has had its time.
type lost struct{ error }

func (l lost) Unwrap() error             { return l.error }
func (l lost) Reason() string            { return AnswerLost }
func (l lost) RetryAfter() time.Duration { return waitForEvent }

// waitForEvent is within what time SES's first event about an email usually comes.
const waitForEvent = 15 * time.Minute

// hearing is how long an email in doubt is kept back once it could be sent again: an outage's end lets
// SES's event and the next attempt loose at the same moment.
const hearing = 4 * time.Minute

// doubtful is an error of Send: one that does not say that nothing was sent leaves a doubt.
func doubtful(err error) error {
	var known ledger.Reasoned
	if errors.As(err, &known) && known.Reason() != AnswerLost {
		return err
	}
	return lost{err}
}

// confirmed records a send whose answer was lost, and which SES's event has told of since. Where it was not
// the first attempt, an earlier one may have been sent as well.
func (d Deliverer) confirmed(ctx context.Context, due aup.Due) error {
	now := d.Now()
	_, err := d.Ledger.Append(ctx, due.Consumer, "confirmed#"+string(due.Notice), now, func(aup.Standing) (*ledger.Entry, error) {
		n, err := d.Ledger.Notice(ctx, due.Consumer, due.Notice)
		if err != nil {
			return nil, err
		}
		n.Sent, n.Attempts = now.UTC(), begun(due)-1
		return &ledger.Entry{Notice: &n, Done: &due, Fact: aup.NoticeSent{Notice: n.ID, Contact: n.Contact, About: n.Kind, Version: n.Version,
			MessageID: n.MessageID, Attempt: n.Attempts, Repeat: n.Attempts > 1}}, nil
	})
	return err
}

// begun is how many attempts at a send a due has seen, this one included. The one that waited sent nothing.
func begun(due aup.Due) int {
	if due.Waited {
		return int(due.Attempts) - 1
	}
	return int(due.Attempts)
}

// without covers a one-time code in what is kept of its email.
func without(code string, e notice.Email) notice.Email {
	if code != "" {
		e.Text, e.HTML = strings.ReplaceAll(e.Text, code, covered), strings.ReplaceAll(e.HTML, code, covered)
	}
	return e
}

const covered = "------"

// errNowhere says that a notice has no address. The notice stays owed; the admins are told.
var errNowhere error = nowhere{}

type nowhere struct{}

func (nowhere) Error() string             { return ledger.NoAddress }
func (n nowhere) Reason() string          { return n.Error() }
func (nowhere) RetryAfter() time.Duration { return 24 * time.Hour }

func (d Deliverer) undeliverable(ctx context.Context, n aup.Notice) error {
	if n.Contact.OfProvider() {
		return nil
	}
	_, err := d.Ledger.Append(ctx, n.Consumer, "nowhere#"+string(n.ID), d.Now(), func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{
			Fact:    aup.NoticeFailed{Notice: n.ID, Contact: n.Contact, About: n.Kind, How: "no address"},
			Notices: failedNotices(n),
		}, nil
	})
	return err
}

// sent records that SES took the email. When an attempt before this one left no trace of how it ended,
// its email may have been delivered as well: the event says so.
func (d Deliverer) sent(ctx context.Context, due aup.Due, messageID string, email notice.Email) error {
	body, err := compress(email)
	if err != nil {
		return err
	}
	now := d.Now()
	_, err = d.Ledger.Append(ctx, due.Consumer, "sent#"+messageID, now, func(aup.Standing) (*ledger.Entry, error) {
		n, err := d.Ledger.Notice(ctx, due.Consumer, due.Notice)
		if err != nil {
			return nil, err
		}
		n.MessageID, n.Sent, n.Attempts = messageID, now.UTC(), begun(due)
		fact := aup.NoticeSent{Notice: n.ID, Contact: n.Contact, About: n.Kind, Version: n.Version, MessageID: messageID,
			Body: aup.Hash(body), Attempt: n.Attempts, Repeat: due.Doubt}
		return &ledger.Entry{Fact: fact, Notice: &n, Email: body, Done: &due}, nil
	})
	return err
}

// AnswerLost is the reason of a send of which it is unknown whether it was done.
const AnswerLost = ledger.AnswerLost

// writers are those of compress: a new one allocates a megabyte, many times what an email is.
var writers = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

func compress(e notice.Email) ([]byte, error) {
	var b bytes.Buffer
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(&b)
	if _, err := z.Write(e.MIME("", time.Time{})); err != nil {
		return nil, fmt.Errorf("compress the email: %w", err)
	}
	err := z.Close()
	return b.Bytes(), err
}
