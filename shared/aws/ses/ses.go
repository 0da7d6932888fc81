// Package ses sends emails with SES, version 2.
//
// SES has no way to ask twice for the same email, so nothing here asks twice: the SDK's own repeats are off,
// and an Error says whether the email was refused, may be tried later, or may have been sent although the
// answer was lost. Only one that SES says it did not take, since it was too fast, takes another turn. Sends are paced at this instance's share of the account's rate. The deliver function
// calls it, as delivery.Sender.
package ses

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"golang.org/x/time/rate"

	"accord/shared/aws/boot"
	"accord/shared/delivery"
	"accord/shared/notice"
)

const (
	// workers is how many instances of deliver work on each of the two mail queues, as template.yaml says.
	workers = 2

	// urgentShare of the account's rate is kept for urgent mail, whatever a campaign sends.
	urgentShare = 0.25

	// turns an email takes at the most, where each time others were faster.
	turns = 3

	// patience is how long one send may take. It ends well before the function, so that there is time to
	// record that the answer was lost.
	patience = 10 * time.Second

	// slowest is the rate of an account that would not tell its own: that of the sandbox.
	slowest = 1.0
)

// Sender sends emails from one instance of a function.
type Sender struct {
	client   *sesv2.Client
	set      *string
	patience time.Duration

	urgent, bulk *rate.Limiter

	mu    sync.Mutex
	known bool // whether they follow the account's rate
}

var _ delivery.Sender = (*Sender)(nil)

// New returns a Sender that sends with the configuration set of c.
func New(c boot.Config) *Sender {
	s := &Sender{patience: patience, urgent: rate.NewLimiter(slowest, 1), bulk: rate.NewLimiter(slowest, 1),
		client: sesv2.NewFromConfig(c.AWS, func(o *sesv2.Options) { o.Retryer = aws.NopRetryer{} })}
	if c.ConfigurationSet != "" {
		s.set = &c.ConfigurationSet
	}
	return s
}

// Send hands one email to SES and returns the id it was accepted under: accepted, not yet sent. The tags come
// back with every event about it; their names and values are letters, digits, hyphens and underscores. Every
// error is an *Error.
func (s *Sender) Send(ctx context.Context, e notice.Email, tags map[string]string) (messageID string, err error) {
	for range turns {
		if err = s.turn(ctx, e.Urgent); err != nil {
			return "", err
		}
		var failed *Error
		if messageID, err = s.send(ctx, e, tags); !errors.As(err, &failed) || failed.Kind != Throttled {
			break
		}
	}
	return messageID, err
}

func (s *Sender) send(ctx context.Context, e notice.Email, tags map[string]string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	out, err := s.client.SendEmail(ctx, s.request(e, tags))
	if err != nil {
		return "", classify(err)
	}
	if aws.ToString(out.MessageId) == "" {
		return "", &Error{Kind: Lost, Code: "NoMessageId"}
	}
	return *out.MessageId, nil
}

// Rate is how many emails a second the account may send.
func (s *Sender) Rate(ctx context.Context) (float64, error) {
	out, err := s.client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return 0, classify(err)
	}
	if out.SendQuota == nil || out.SendQuota.MaxSendRate <= 0 {
		return slowest, nil
	}
	return out.SendQuota.MaxSendRate, nil
}

// turn waits until this instance may send. It learns the account's rate at the first send and keeps it for as
// long as the instance lives; while SES does not tell the rate, it is slow and asks again at every send.
func (s *Sender) turn(ctx context.Context, urgent bool) error {
	s.learn(ctx)
	pace := s.bulk
	if urgent {
		pace = s.urgent
	}
	if err := pace.Wait(ctx); err != nil {
		return &Error{Kind: Throttled, Code: "NoTurn"}
	}
	return nil
}

func (s *Sender) learn(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known {
		return
	}
	perSecond, err := s.Rate(ctx)
	if s.known = err == nil; !s.known {
		perSecond = slowest
	}
	s.urgent.SetLimit(rate.Limit(perSecond * urgentShare / workers))
	s.bulk.SetLimit(rate.Limit(perSecond * (1 - urgentShare) / workers))
}

func (s *Sender) request(e notice.Email, tags map[string]string) *sesv2.SendEmailInput {
	m := &types.Message{Subject: content(e.Subject), Body: &types.Body{Html: content(e.HTML), Text: content(e.Text)}}
	for _, h := range e.Headers {
		m.Headers = append(m.Headers, types.MessageHeader{Name: aws.String(h.Name), Value: aws.String(h.Value)})
	}
	for _, a := range e.Attachments {
		m.Attachments = append(m.Attachments, types.Attachment{FileName: aws.String(a.Name), ContentType: aws.String(a.Type),
			RawContent: a.Body, ContentDisposition: types.AttachmentContentDispositionAttachment})
	}
	in := &sesv2.SendEmailInput{
		FromEmailAddress:     aws.String(e.From),
		Destination:          &types.Destination{ToAddresses: []string{e.To}},
		Content:              &types.EmailContent{Simple: m},
		ConfigurationSetName: s.set,
	}
	if e.ReplyTo != "" {
		in.ReplyToAddresses = []string{e.ReplyTo}
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		in.EmailTags = append(in.EmailTags, types.MessageTag{Name: aws.String(name), Value: aws.String(tags[name])})
	}
	return in
}

func content(text string) *types.Content {
	if text == "" {
		return nil
	}
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}
