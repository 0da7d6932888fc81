// Command sweep is the Lambda function that finds what was forgotten: overdue dues, windows to fold again,
// keys that were changed by hand.
// A schedule starts it every minute.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/apigw"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/judging"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
	"accord/shared/distribute"
	"accord/shared/enforce"
	"accord/shared/sweep"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable, boot.Mode)
	b := judging.Open(c)
	keys := enforce.Watch{Ledger: b.Ledger, Gateway: apigw.New(c.AWS, apigw.OthersShare), Now: time.Now}
	s := sweep.Sweeper{Provider: distribute.Distributor{Ledger: b.Ledger, Now: time.Now}, Dues: b.Ledger,
		Dispatch: dispatch.Dispatcher{Queues: queue.New(c)}, Windows: b.Judge, Keys: keys, Now: time.Now}
	log := boot.Log()
	lambda.Start(func(ctx context.Context) (sweep.Report, error) {
		r, err := s.Sweep(ctx)
		log.InfoContext(ctx, "swept", "overdue", r.Overdue, "windows", r.Windows, "keys", r.Keys) // the dashboard reads it
		return r, err
	})
}
