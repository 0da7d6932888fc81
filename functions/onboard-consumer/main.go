// Command onboard-consumer is the Lambda function that makes a consumer of an API key that nobody registered, and
// has one looked at that was changed. CloudTrail's events about keys start it, through EventBridge.
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
	"accord/shared/enforce"
	"accord/shared/ledger"
	"accord/shared/onboard"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.DefaultPolicy)
	record, _ := tables.Open(c)
	l := ledger.New(record).Keep(c.Retention)
	onboarder, watch := onboard.Onboarder{Ledger: l, Policy: aup.PolicyID(c.DefaultPolicy), Now: time.Now}, enforce.Watch{Ledger: l, Now: time.Now}
	lambda.Start(func(ctx context.Context, event json.RawMessage) error {
		added, ok, err := edge.KeyAdded(event)
		if ok {
			err = onboarder.Key(ctx, added.Key)
		}
		if ok || err != nil {
			return err
		}
		changed, ok, err := edge.KeyChanged(event)
		if err != nil || !ok {
			return err
		}
		return watch.Changed(ctx, changed)
	})
}
