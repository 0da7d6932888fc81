// Command record-delivery is the Lambda function that keeps what became of an email. SES's events start it,
// through EventBridge.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/sesevent"
	"accord/shared/delivery"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable)
	record, _ := tables.Open(c)
	r := delivery.Recorder{Ledger: ledger.New(record).Keep(c.Retention), Now: time.Now}
	lambda.Start(func(ctx context.Context, event json.RawMessage) error {
		e, ok, err := sesevent.Decode(event)
		if err != nil || !ok {
			return err
		}
		if err = r.Record(ctx, e); errors.Is(err, ledger.ErrUnknown) {
			boot.Log().WarnContext(ctx, "an email that is not in the ledger", "message", e.MessageID)
			return nil
		}
		return err
	})
}
