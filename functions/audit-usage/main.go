// Command audit-usage is the Lambda function that folds the windows that were touched and judges whose
// usage changed. The usage table's stream starts it; POST /audits and GET /audits/{id} ask for an audit and
// its result; an admin who invokes it gets a consumer's figures (admin.FiguresCall).
package main

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/judging"
	"accord/shared/aws/edge"
	"accord/shared/aws/stream"
	"accord/shared/metering"
	"accord/shared/table"
)

func main() {
	b := judging.Open(boot.Must(boot.LedgerTable, boot.UsageTable, boot.Mode))
	api := b.Desk.HTTP(b.Audits, func(r *http.Request) string { return edge.Caller(r.Context()) })
	windows := func(ctx context.Context, changes []table.Change) error {
		return b.Judge.Windows(ctx, metering.Touched(changes))
	}
	lambda.Start(edge.Handlers{Stream: stream.Handler(windows), Request: edge.HTTP(api), Direct: edge.Answer(b.Desk.Figures)}.Handle)
}
