// Command deliver is the Lambda function that sends the emails that are owed. The queues of urgent and of
// bulk mail start it.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/provider"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/queue"
	"accord/shared/aws/ses"
	"accord/shared/delivery"
	"accord/shared/dispatch"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.BaseURL, boot.ProviderName, boot.MailFrom, boot.AdminEmail)
	record, _ := tables.Open(c)
	d := delivery.Deliverer{Ledger: ledger.New(record).Keep(c.Retention), Sender: ses.New(c), Provider: provider.Of(c), Now: time.Now}
	lambda.Start(queue.Handler(boot.Log(), dispatch.Work(d.Do).Receive))
}
