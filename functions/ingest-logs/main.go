// Command ingest-logs is the Lambda function that turns access-log lines into parts of windows. A CloudWatch
// Logs subscription starts it. It takes the event's raw bytes: reading them with encoding/json first
// would cost half of the unpacking again.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/cwlogs"
	"accord/shared/metering"
)

type handler struct {
	meter *metering.Meter
	logs  *cwlogs.Reader // Lambda gives a process one event at a time
}

func (h handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	batch, kind, err := h.logs.Read(event, cwlogs.MaxUnpacked, time.Now())
	if err != nil || kind != cwlogs.Data {
		return nil, err
	}
	r, err := h.meter.Store(ctx, batch, h.logs.Lines())
	boot.Log().InfoContext(ctx, "batch", "lines", r.Lines, "rejected", r.Rejected, "late", r.Late, "future", r.Future, "windows", len(r.Windows))
	return nil, err
}

func main() {
	c := boot.Must(boot.UsageTable)
	_, measured := tables.Open(c)
	lambda.Start(handler{tables.Meter(c, measured), new(cwlogs.Reader)})
}
