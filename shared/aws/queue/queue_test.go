package queue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"accord/shared/aws/boot"
	"accord/shared/aws/fake"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
)

func open(t *testing.T) (*fake.SQS, queue.Queues) {
	t.Helper()
	server := fake.NewSQS(t)
	env := map[string]string{
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL_SQS": server.URL, "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
		"QUEUE_KEYS": server.QueueURL("keys"), "QUEUE_MAIL_URGENT": server.QueueURL("urgent"),
	}
	c, err := boot.Read(func(k string) string { return env[k] }, boot.QueueKeys)
	if err != nil {
		t.Fatal(err)
	}
	return server, queue.New(c)
}

func TestMessagesArriveInTheirQueue(t *testing.T) {
	server, q := open(t)
	if err := q.Send(t.Context(), dispatch.Keys, []byte(`{"pk":"due#07","sk":"é"}`)); err != nil {
		t.Fatal(err)
	}
	if err := q.Send(t.Context(), dispatch.UrgentMail, []byte("mail")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`{"pk":"due#07","sk":"é"}`}, server.Messages("keys")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"mail"}, server.Messages("urgent")); diff != "" {
		t.Error(diff)
	}
}

func TestManyMessagesGoTenToACall(t *testing.T) {
	server, q := open(t)
	var messages [][]byte
	for i := range 23 {
		messages = append(messages, fmt.Appendf(nil, "m%02d", i))
	}
	if err := q.Send(t.Context(), dispatch.Keys, messages...); err != nil {
		t.Fatal(err)
	}
	if n := server.Calls("SendMessageBatch"); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
	if got := strings.Join(server.Messages("keys"), " "); !strings.HasPrefix(got, "m00 m01") || !strings.HasSuffix(got, "m22") {
		t.Errorf("sent %s", got)
	}
}

func TestWhatWasNotSentIsNamed(t *testing.T) {
	server, q := open(t)
	server.RefuseEntries("bad")
	messages := [][]byte{[]byte("good"), []byte("bad"), []byte("good too")}
	for range 9 {
		messages = append(messages, []byte("filler"))
	}
	messages = append(messages, []byte("bad again"))
	err := q.Send(t.Context(), dispatch.Keys, messages...)
	var unsent *queue.UnsentError
	if !errors.As(err, &unsent) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 12}, unsent.Messages); diff != "" {
		t.Error(diff)
	}
	if n := len(server.Messages("keys")); n != 11 {
		t.Errorf("%d were sent, want the other 11", n)
	}
}

func TestAFailedCallLeavesItsTenUnsent(t *testing.T) {
	server, q := open(t)
	server.Fail("SendMessageBatch", fake.Fault{Status: 400, Code: "QueueDoesNotExist", Message: "no such queue"})
	err := q.Send(t.Context(), dispatch.Keys, make([][]byte, 12)...)
	var unsent *queue.UnsentError
	if !errors.As(err, &unsent) || len(unsent.Messages) != 10 {
		t.Errorf("got %v, want the first ten named", err)
	}
}

func TestALostAnswerIsAskedAgain(t *testing.T) {
	server, q := open(t)
	server.Fail("SendMessageBatch", fake.Fault{Lose: true})
	if err := q.Send(t.Context(), dispatch.Keys, []byte("once or twice")); err != nil {
		t.Fatal(err)
	}
	if n := len(server.Messages("keys")); n != 2 {
		t.Errorf("sent %d times: a message may be doubled, never lost", n)
	}
}

func TestAQueueThatWasNotConfiguredIsAnError(t *testing.T) {
	_, q := open(t)
	if err := q.Send(t.Context(), dispatch.Audits, []byte("x")); err == nil || !strings.Contains(err.Error(), "audits") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTheMessageThatFailedGoesBack(t *testing.T) {
	var log bytes.Buffer
	h := queue.Handler(slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, message []byte) error {
		if string(message) == "two" {
			return errors.New("the gateway is down")
		}
		return nil
	})
	got, err := h(t.Context(), batch("one", "two", "three"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]events.SQSBatchItemFailure{{ItemIdentifier: "id-two"}}, got.BatchItemFailures); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(log.String(), "id-two") || !strings.Contains(log.String(), "the gateway is down") {
		t.Errorf("logged %s", &log)
	}
}

func TestWhatThereIsNoTimeForGoesBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := queue.Handler(slog.New(slog.DiscardHandler), func(context.Context, []byte) error {
		cancel()
		return nil
	})
	got, err := h(ctx, batch("one", "two"))
	if err != nil || len(got.BatchItemFailures) != 1 || got.BatchItemFailures[0].ItemIdentifier != "id-two" {
		t.Errorf("%+v, %v", got, err)
	}
}

func batch(bodies ...string) events.SQSEvent {
	var e events.SQSEvent
	for _, b := range bodies {
		e.Records = append(e.Records, events.SQSMessage{MessageId: "id-" + b, Body: b, EventSource: "aws:sqs"})
	}
	return e
}
