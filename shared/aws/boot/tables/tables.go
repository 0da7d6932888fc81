// Package tables opens the two tables of a deployment on DynamoDB.
//
// It stands apart from package boot so that a function that stores nothing does not carry DynamoDB's client.
package tables

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"accord/shared/aws/boot"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/table/dynamo"
)

// Open returns the ledger and the usage table, over one client. Using one whose name the function was not
// given fails in DynamoDB, by name.
func Open(c boot.Config) (ledger, usage table.Table) {
	client := dynamodb.NewFromConfig(c.AWS)
	return dynamo.New(client, c.LedgerTable), dynamo.New(client, c.UsageTable)
}

// Meter is what the usage table means in this deployment.
func Meter(c boot.Config, usage table.Table) *metering.Meter {
	m := metering.Split(usage, c.WindowParts)
	m.Unlogged = c.Unlogged
	return m
}
