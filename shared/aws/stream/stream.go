// Package stream takes the records of a DynamoDB stream as changes of a table.
//
// The dispatch function reads the ledger's stream with it, audit-usage the usage table's. Both only wake
// work early, so that a batch which fails is tried again as a whole and does no harm twice.
package stream

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"accord/shared/table"
	"accord/shared/table/dynamo"
)

// Handler is a Lambda handler that gives a batch of changes to do. When do fails, so does the invocation:
// Lambda tries the whole batch again, halved where the function's settings say so.
func Handler(do func(context.Context, []table.Change) error) func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	return func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		none := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
		changes, err := dynamo.Changes(e.Records)
		if err != nil {
			return none, err
		}
		return none, do(ctx, changes)
	}
}
