// Command onboard-consumer is the Lambda function that makes a consumer of an API key that nobody
// registered. CloudTrail's event about a key added to a usage plan starts it, through EventBridge.
package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aup"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/edge"
	"accord/shared/ledger"
	"accord/shared/onboard"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.DefaultPolicy)
	record, _ := tables.Open(c)
	onboarder := onboard.Onboarder{Ledger: ledger.New(record).Keep(c.Retention), Policy: aup.PolicyID(c.DefaultPolicy), Now: time.Now}
	lambda.Start(func(ctx context.Context, event json.RawMessage) error {
		added, ok, err := edge.KeyAdded(event)
		if err != nil || !ok {
			return err
		}
		return onboarder.Key(ctx, added.Key)
	})
}
