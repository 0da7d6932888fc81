package dynamo_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"accord/shared/table"
	"accord/shared/table/contract"
	"accord/shared/table/dynamo"
	"accord/shared/table/dynamo/dynamolocal"
)

func TestContract(t *testing.T) {
	client := dynamolocal.Start(t)
	contract.Test(t, func(t *testing.T) table.Table { return dynamo.New(client, dynamolocal.NewTable(t, client)) })
}

// The records go through the JSON in which Lambda receives them.
func TestFeedContract(t *testing.T) {
	client := dynamolocal.Start(t)
	contract.TestFeed(t, func(t *testing.T) (table.Table, contract.Next) {
		name := dynamolocal.NewTable(t, client)
		stream := dynamolocal.NewStream(t, client, name)
		return dynamo.New(client, name), func(ctx context.Context) ([]table.Change, error) {
			records, err := stream.Next(ctx)
			if err != nil {
				return nil, err
			}
			wire, err := json.Marshal(events.DynamoDBEvent{Records: records})
			if err != nil {
				return nil, err
			}
			var event events.DynamoDBEvent
			if err := json.Unmarshal(wire, &event); err != nil {
				return nil, err
			}
			return dynamo.Changes(event.Records)
		}
	})
}
