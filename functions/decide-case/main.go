// Command decide-case is the Lambda function that carries out a person's decision: suspend, reinstate,
// approve, close, report. An admin invokes it (admin.DecideCall), or calls POST /admin/decisions, where
// IAM says who it is.
package main

import (
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/admin"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/edge"
	"accord/shared/ledger"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable)
	record, measured := tables.Open(c)
	desk := admin.Desk{Ledger: ledger.New(record).Keep(c.Retention), Meter: tables.Meter(c, measured), Approvals: c.ApprovalsNeeded, Now: time.Now}
	api := desk.HTTP(nil, func(r *http.Request) string { return edge.Caller(r.Context()) })
	lambda.Start(edge.Handlers{Request: edge.HTTP(api), Direct: edge.Answer(desk.DecideCase)}.Handle)
}
