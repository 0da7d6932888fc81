// Command distribute is the Lambda function that issues a version to the consumers of one directory shard.
// Its queue starts it.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
	"accord/shared/distribute"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.DigestAt)
	record, _ := tables.Open(c)
	d := distribute.Distributor{Ledger: ledger.New(record).Keep(c.Retention), Now: time.Now, DigestAt: c.DigestAt}
	lambda.Start(queue.Handler(boot.Log(), dispatch.Work(d.Do).Receive))
}
