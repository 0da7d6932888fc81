// Command consumer-pages is the Lambda function behind the consumer's pages: the policy, what changed,
// accept, answer, own usage. API Gateway starts it.
package main

import (
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/boot/provider"
	"accord/shared/aws/boot/tables"
	"accord/shared/aws/edge"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/pages"
	"accord/shared/web"
)

func main() {
	c := boot.Must(boot.LedgerTable, boot.UsageTable, boot.ProviderName, boot.MailReplyTo)
	record, measured := tables.Open(c)
	l := ledger.New(record).Keep(c.Retention)
	desk := pages.Desk{Ledger: l, Meter: tables.Meter(c, measured),
		Distributor: distribute.Distributor{Ledger: l, Now: time.Now}, Now: time.Now}
	lambda.Start(edge.HTTP(web.New(desk, provider.Of(c), time.Now)))
}
