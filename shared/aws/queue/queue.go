// Package queue puts messages on SQS queues, and takes them off in a Lambda function.
//
// A message says where a due lies and nothing else, so that losing one loses nothing and seeing one twice
// does no harm. Package dispatch sends them; the distribute, deliver, enforce and collect-usage functions
// receive them through Handler.
package queue

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"accord/shared/aws/boot"
	"accord/shared/dispatch"
)

// maxBatch is how many messages SQS takes in one call.
const maxBatch = 10

// Queues are the queues of a deployment.
type Queues struct {
	client *sqs.Client
	urls   map[dispatch.Queue]string
}

var _ dispatch.Queues = Queues{}

// New returns the queues that the configuration names.
func New(c boot.Config) Queues {
	return Queues{sqs.NewFromConfig(c.AWS), map[dispatch.Queue]string{
		dispatch.Distribution: c.Queues.Distribute,
		dispatch.UrgentMail:   c.Queues.MailUrgent,
		dispatch.BulkMail:     c.Queues.MailBulk,
		dispatch.Keys:         c.Queues.Keys,
		dispatch.Audits:       c.Queues.Audits,
	}}
}

// Send puts messages on a queue, ten to a call. Those that SQS took stay sent when others fail: the error
// is then an *UnsentError, which names the others.
func (q Queues) Send(ctx context.Context, to dispatch.Queue, messages ...[]byte) error {
	url := q.urls[to]
	if url == "" {
		return fmt.Errorf("queue %s: this function was not given its URL", to)
	}
	var unsent []int
	var why error
	for start := 0; start < len(messages); start += maxBatch {
		end := min(start+maxBatch, len(messages))
		failed, err := q.batch(ctx, url, messages[start:end])
		for _, i := range failed {
			unsent = append(unsent, start+i)
		}
		if err != nil {
			why = err
		}
	}
	if len(unsent) > 0 {
		return &UnsentError{Queue: to, Messages: unsent, Why: why}
	}
	return nil
}

// batch returns the indexes of the messages that SQS did not take, and why the last of them was not taken.
func (q Queues) batch(ctx context.Context, url string, messages [][]byte) (failed []int, err error) {
	in := sqs.SendMessageBatchInput{QueueUrl: &url}
	for i, m := range messages {
		in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(m))})
	}
	out, err := q.client.SendMessageBatch(ctx, &in)
	if err != nil {
		for i := range messages {
			failed = append(failed, i)
		}
		return failed, err
	}
	for _, f := range out.Failed {
		i, convErr := strconv.Atoi(aws.ToString(f.Id))
		if convErr != nil || i < 0 || i >= len(messages) {
			continue
		}
		failed = append(failed, i)
		err = fmt.Errorf("%s: %s", aws.ToString(f.Code), aws.ToString(f.Message))
	}
	return failed, err
}

// UnsentError says which messages of a Send were not sent, by their index.
type UnsentError struct {
	Queue    dispatch.Queue
	Messages []int
	Why      error // of the last of them
}

func (e *UnsentError) Error() string {
	return fmt.Sprintf("queue %s: %d messages were not sent: %v", e.Queue, len(e.Messages), e.Why)
}

func (e *UnsentError) Unwrap() error { return e.Why }
