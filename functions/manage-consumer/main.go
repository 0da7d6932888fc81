// Command manage-consumer is the Lambda function that registers consumers and keeps what is known of them:
// contacts, keys, uses, agreements, replies. An admin invokes it; see admin.ConsumerCall.
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
	c := boot.Must(boot.LedgerTable)
	record, _ := tables.Open(c)
	desk := admin.Desk{Ledger: ledger.New(record).Keep(c.Retention), Now: time.Now}
	lambda.Start(desk.ManageConsumer)
}
