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

// Handler is a Lambda handler that gives a batch of changes to do. When do fails, the batch is reported
// from its first record on: Lambda tries it again, halved where the function's settings say so.
func Handler(do func(context.Context, []table.Change) error) func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	return func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		changes, err := dynamo.Changes(e.Records)
		if err == nil {
			err = do(ctx, changes)
		}
		return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, err
	}
}
