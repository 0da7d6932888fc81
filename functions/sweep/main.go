// Command sweep is the Lambda function that finds what was forgotten: overdue dues, windows to fold again.
// A schedule starts it every minute.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/judging"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
	"accord/shared/distribute"
	"accord/shared/sweep"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable, boot.Mode)
	b := judging.Open(c)
	s := sweep.Sweeper{Provider: distribute.Distributor{Ledger: b.Ledger, Now: time.Now}, Dues: b.Ledger, Dispatch: dispatch.Dispatcher{Queues: queue.New(c)}, Windows: b.Judge, Now: time.Now}
	lambda.Start(s.Sweep)
}
