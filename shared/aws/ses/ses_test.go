package ses

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aws/boot"
	"accord/shared/aws/fake"
	"accord/shared/delivery"
	"accord/shared/notice"
)

func open(t *testing.T) (*fake.SES, *Sender) {
	t.Helper()
	server := fake.NewSES(t)
	server.SetRate(10000)
	return server, at(t, server.URL)
}

func at(t *testing.T, url string) *Sender {
	t.Helper()
	env := map[string]string{"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL_SESV2": url, "CONFIGURATION_SET": "accord"}
	c, err := boot.Read(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	return New(c)
}

var (
	letter = notice.Email{
		From: "Places <aup@example.org>", To: "jo@example.org", ReplyTo: "help@example.org",
		Subject: "Règles", HTML: "<p>é</p>", Text: "é",
		Headers:     []notice.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
		Attachments: []notice.Attachment{{Name: "policy.md", Type: "text/markdown", Body: []byte("# A")}},
	}
	tags = map[string]string{delivery.TagConsumer: "city-guide", delivery.TagNotice: "n-7"}
)

func TestAnEmailArrivesWhole(t *testing.T) {
	server, s := open(t)
	id, err := s.Send(t.Context(), letter, tags)
	if err != nil {
		t.Fatal(err)
	}
	want := []fake.Mail{{
		MessageID: id, From: "Places <aup@example.org>", To: []string{"jo@example.org"}, ReplyTo: []string{"help@example.org"},
		Subject: "Règles", HTML: "<p>é</p>", Text: "é", Headers: map[string]string{"Auto-Submitted": "auto-generated"},
		Tags:        map[string]string{"consumer": "city-guide", "notice": "n-7"},
		Attachments: []fake.Attachment{{Name: "policy.md", Type: "text/markdown", Body: []byte("# A")}}, ConfigurationSet: "accord",
	}}
	if diff := cmp.Diff(want, server.Sent()); diff != "" || id == "" {
		t.Error(diff)
	}
}

func TestWhatAFailureMeans(t *testing.T) {
	for _, tc := range []struct {
		what  string
		fault fake.Fault
		want  Kind
	}{
		{"too many at once", fake.Fault{Status: 429, Code: "TooManyRequestsException"}, Throttled},
		{"the quota, as the model says", fake.Fault{Status: 400, Code: "LimitExceededException"}, Quota},
		{"the quota, as the manual says", fake.Fault{Status: 400, Code: "ThrottlingException", Message: "Daily message quota exceeded"}, Quota},
		{"the rate under another name", fake.Fault{Status: 454, Code: "Unknown", Message: "Maximum sending rate exceeded"}, Throttled},
		{"the account is paused", fake.Fault{Status: 400, Code: "SendingPausedException"}, Held},
		{"no configuration set", fake.Fault{Status: 404, Code: "NotFoundException"}, Held},
		{"no permission", fake.Fault{Status: 403, Code: "AccessDeniedException"}, Held},
		{"the sandbox", fake.Fault{Status: 400, Code: "MessageRejected", Message: "Email address is not verified: jo@example.org"}, Held},
		{"the email itself", fake.Fault{Status: 400, Code: "MessageRejected", Message: "Illegal content for jo@example.org"}, Rejected},
		{"a field of it", fake.Fault{Status: 400, Code: "BadRequestException"}, Rejected},
		{"SES failed", fake.Fault{Status: 500, Code: "InternalServiceErrorException"}, Lost},
		{"something before SES failed", fake.Fault{Status: 502, Code: "BadGateway"}, Lost},
		{"the answer was lost", fake.Fault{Lose: true}, Lost},
	} {
		t.Run(tc.what, func(t *testing.T) {
			server, s := open(t)
			times := 1
			if tc.want == Throttled {
				times = turns
			}
			for range times {
				server.Fail("SendEmail", tc.fault)
			}
			_, err := s.Send(t.Context(), letter, tags)
			var e *Error
			if !errors.As(err, &e) || e.Kind != tc.want {
				t.Fatalf("got %v, want kind %s", err, tc.want)
			}
			if strings.Contains(err.Error()+e.Reason(), "@") {
				t.Errorf("the error holds an address: %v", err)
			}
			if e.RetryAfter() < time.Minute || (e.Kind == Lost) != (e.Reason() == delivery.AnswerLost) {
				t.Errorf("retry after %s, because %s", e.RetryAfter(), e.Reason())
			}
			if n := server.Calls("SendEmail"); n != times {
				t.Errorf("asked %d times: nothing may be asked twice that was not refused for being too fast", n)
			}
		})
	}
}

func TestALostAnswerMayHaveSent(t *testing.T) {
	server, s := open(t)
	server.Fail("SendEmail", fake.Fault{Lose: true})
	if _, err := s.Send(t.Context(), letter, tags); err == nil || len(server.Sent()) != 1 {
		t.Errorf("%v, %d sent", err, len(server.Sent()))
	}
}

func TestNobodyThereIsNotALostAnswer(t *testing.T) {
	s := at(t, "http://127.0.0.1:1")
	_, err := s.Send(t.Context(), letter, tags)
	var e *Error
	if !errors.As(err, &e) || e.Kind != Held {
		t.Errorf("got %v: what was never connected was never sent", err)
	}
}

func TestNoCredentialsIsNotALostAnswer(t *testing.T) {
	c, err := boot.Read(func(k string) string { return map[string]string{"AWS_REGION": "eu-west-2"}[k] })
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(c).Send(t.Context(), letter, tags)
	var e *Error
	if !errors.As(err, &e) || e.Kind != Held {
		t.Errorf("got %v", err)
	}
}

func TestAnEmailWaitsForItsTurn(t *testing.T) {
	server, s := open(t)
	server.SetRate(2 * workers / (1 - urgentShare)) // two a second for this instance
	if _, err := s.Send(t.Context(), letter, tags); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := s.Send(ctx, letter, tags)
	var e *Error
	if !errors.As(err, &e) || e.Kind != Throttled || len(server.Sent()) != 1 {
		t.Errorf("got %v, %d sent; the turn was half a second away", err, len(server.Sent()))
	}
}

func TestAnUnknownRateIsAskedForAgain(t *testing.T) {
	server, s := open(t)
	server.Fail("GetAccount", fake.Fault{Status: 429, Code: "TooManyRequestsException"})
	if _, err := s.Send(t.Context(), letter, tags); err != nil || s.urgent.Limit() != slowest*urgentShare/workers {
		t.Errorf("%v, pace %v", err, s.bulk.Limit())
	}
	if _, err := s.Send(t.Context(), letter, tags); err != nil || s.bulk.Limit() != 10000*(1-urgentShare)/workers {
		t.Errorf("%v, pace %v", err, s.bulk.Limit())
	}
}

func TestTheRateIsTheAccounts(t *testing.T) {
	server, s := open(t)
	server.SetRate(40)
	if got, err := s.Rate(t.Context()); err != nil || got != 40 {
		t.Errorf("%v, %v", got, err)
	}
	server.SetRate(0)
	if got, err := s.Rate(t.Context()); err != nil || got != slowest {
		t.Errorf("an account that tells no rate: %v, %v", got, err)
	}
}
