package queue

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
)

// Handler is a Lambda handler that gives each message of a batch to receive. A message that fails, or that
// the function has no time left for, goes back to its queue alone: SQS delivers it again, and after some
// times puts it with the dead letters. The failure is logged with the message's id, not its content.
func Handler(log *slog.Logger, receive func(ctx context.Context, message []byte) error) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
		for _, m := range batch.Records {
			err := ctx.Err()
			if err == nil {
				err = receive(ctx, []byte(m.Body))
			}
			if err != nil {
				log.ErrorContext(ctx, "a message failed", "message", m.MessageId, "queue", m.EventSourceARN, "error", err.Error())
				response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			}
		}
		return response, nil
	}
}
