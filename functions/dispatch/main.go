// Command dispatch is the Lambda function that brings new dues to their queues. The ledger's stream starts
// it, filtered to dues that were just put.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"accord/shared/aws/boot"
	"accord/shared/aws/queue"
	"accord/shared/aws/stream"
	"accord/shared/dispatch"
)

func main() {
	c := boot.Must(boot.QueueDistribute, boot.QueueMailUrgent, boot.QueueMailBulk, boot.QueueKeys, boot.QueueAudits)
	d := dispatch.Dispatcher{Queues: queue.New(c)}
	lambda.Start(stream.Handler(d.Changes))
}
