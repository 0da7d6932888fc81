package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
)

// SES is Simple Email Service, version 2: SendEmail and GetAccount.
type SES struct {
	server
	rate float64
	sent []Mail
}

// Mail is one email that SES accepted.
type Mail struct {
	MessageID        string
	From             string
	To, ReplyTo      []string
	Subject          string
	HTML, Text       string
	Headers          map[string]string
	Tags             map[string]string
	Attachments      []Attachment
	ConfigurationSet string
}

// Attachment is one file of an email.
type Attachment struct {
	Name, Type string
	Body       []byte
}

// NewSES starts a server whose account may send 14 emails a second.
func NewSES(t testing.TB) *SES {
	s := &SES{rate: 14}
	s.start(t, sesOperation, s.do)
	return s
}

// SetRate changes how many emails a second the account may send. The fake does not hold senders to it.
func (s *SES) SetRate(perSecond float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate = perSecond
}

// Sent is every email accepted so far, in order.
func (s *SES) Sent() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.sent...)
}

func sesOperation(r *http.Request) string {
	switch r.Method + " " + r.URL.Path {
	case "POST /v2/email/outbound-emails":
		return "SendEmail"
	case "GET /v2/email/account":
		return "GetAccount"
	}
	return r.Method + " " + r.URL.Path
}

func (s *SES) do(op string, _ *http.Request, body []byte) (any, *problem) {
	switch op {
	case "SendEmail":
		return s.send(body)
	case "GetAccount":
		return map[string]any{
			"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY",
			"SendQuota": map[string]float64{"Max24HourSend": 50000, "MaxSendRate": s.rate, "SentLast24Hours": float64(len(s.sent))},
		}, nil
	}
	return nil, &problem{http.StatusNotFound, "UnknownOperationException", op}
}

type sendEmail struct {
	FromEmailAddress     string
	ReplyToAddresses     []string
	Destination          struct{ ToAddresses []string }
	ConfigurationSetName string
	EmailTags            []struct{ Name, Value string }
	Content              struct {
		Simple *struct {
			Subject     struct{ Data string }
			Body        struct{ Html, Text struct{ Data string } }
			Headers     []struct{ Name, Value string }
			Attachments []struct {
				FileName, ContentType string
				RawContent            []byte
			}
		}
	}
}

var (
	tagText    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	headerName = regexp.MustCompile(`^[!-9;-~]{1,126}$`)
	headerText = regexp.MustCompile(`^[ -~]{1,870}$`)
)

func (s *SES) send(body []byte) (any, *problem) {
	var in sendEmail
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, badMail("the request is not JSON: " + err.Error())
	}
	simple := in.Content.Simple
	if simple == nil || in.FromEmailAddress == "" || len(in.Destination.ToAddresses) == 0 || simple.Subject.Data == "" {
		return nil, badMail("an email needs simple content, a sender, a recipient and a subject")
	}
	m := Mail{From: in.FromEmailAddress, To: in.Destination.ToAddresses, ReplyTo: in.ReplyToAddresses,
		Subject: simple.Subject.Data, HTML: simple.Body.Html.Data, Text: simple.Body.Text.Data,
		Headers: map[string]string{}, Tags: map[string]string{}, ConfigurationSet: in.ConfigurationSetName}
	for _, tag := range in.EmailTags {
		if !tagText.MatchString(tag.Name) || !tagText.MatchString(tag.Value) {
			return nil, badMail(fmt.Sprintf("tag %q: a character is not allowed", tag.Name))
		}
		m.Tags[tag.Name] = tag.Value
	}
	for _, h := range simple.Headers {
		if !headerName.MatchString(h.Name) || !headerText.MatchString(h.Value) {
			return nil, badMail(fmt.Sprintf("header %q: a character is not allowed, or too long", h.Name))
		}
		m.Headers[h.Name] = h.Value
	}
	for _, a := range simple.Attachments {
		m.Attachments = append(m.Attachments, Attachment{a.FileName, a.ContentType, a.RawContent})
	}
	m.MessageID = fmt.Sprintf("0102019b-%012d", len(s.sent)+1)
	s.sent = append(s.sent, m)
	return map[string]string{"MessageId": m.MessageID}, nil
}

func badMail(why string) *problem { return &problem{http.StatusBadRequest, "BadRequestException", why} }
