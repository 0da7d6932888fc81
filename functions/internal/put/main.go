// Command put is a function that puts one item into DynamoDB: what the first batch of a cold start is measured
// against.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"accord/shared/aws/boot"
)

type putter struct {
	client *dynamodb.Client
	table  string
}

func (p putter) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	_, err := p.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &p.table, Item: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "pk"}, "sk": &types.AttributeValueMemberS{Value: "sk"},
		"body": &types.AttributeValueMemberB{Value: event}}})
	return nil, err
}

func main() {
	c := boot.Must(boot.UsageTable)
	lambda.Start(putter{dynamodb.NewFromConfig(c.AWS), c.UsageTable})
}
