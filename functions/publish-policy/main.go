// Command publish-policy is the Lambda function that checks a policy document, stores it as a version and
// starts its distribution; a dry run judges stored usage by it. An admin invokes it; see admin.PublishCall.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/admin"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable)
	record, measured := tables.Open(c)
	desk := admin.Desk{Ledger: ledger.New(record).Keep(c.Retention), Meter: tables.Meter(c, measured), Now: time.Now}
	lambda.Start(desk.PublishPolicy)
}
