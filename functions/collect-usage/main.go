// Command collect-usage is the Lambda function that asks API Gateway what each key used, and judges by it.
// A schedule starts it, the queue of audits that were asked for, or an admin.
package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aup"
	"accord/shared/aws/apigw"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/judging"
	"accord/shared/aws/edge"
	"accord/shared/aws/queue"
	"accord/shared/dispatch"
	"accord/shared/onboard"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable, boot.Mode, boot.DefaultPolicy)
	b := judging.Open(c)
	b.Audits.Onboard = onboard.Onboarder{Ledger: b.Ledger, Policy: aup.PolicyID(c.DefaultPolicy), Now: time.Now}.Key
	b.Audits.Gateway = apigw.New(c.AWS, apigw.CollectShare, c.UsagePlans...)
	collect := func(ctx context.Context) (any, error) { return b.Audits.Scheduled(ctx) }
	lambda.Start(edge.Handlers{
		Schedule: collect,
		Direct:   func(ctx context.Context, _ json.RawMessage) (any, error) { return collect(ctx) },
		Queue:    queue.Handler(boot.Log(), dispatch.Work(b.Audits.Do).Receive),
	}.Handle)
}
