// Command enforce is the Lambda function that makes API keys as their consumers' standing says. Its queue
// starts it.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/apigw"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
	"accord/shared/enforce"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable)
	record, _ := tables.Open(c)
	gateway := apigw.New(c.AWS, apigw.EnforceShare)
	e := enforce.Enforcer{Ledger: ledger.New(record).Keep(c.Retention), Gateway: gateway, Plans: gateway, Now: time.Now}
	lambda.Start(queue.Handler(boot.Log(), dispatch.Work(e.Do).Receive))
}
