// Package edge takes Lambda's events apart: what started a function, and what it says.
//
// A function may be started in more than one way; which one it was is told by the fields that AWS documents
// for each kind of event, never by trying. Requests from API Gateway become plain HTTP, so that pages and
// admin calls are net/http handlers that know nothing of Lambda. The mains of functions/ call it.
package edge

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

// What can start a function.
const (
	Direct   Kind = "direct"   // somebody's own event: sam remote invoke, or a test
	Stream   Kind = "stream"   // records of a DynamoDB stream
	Queue    Kind = "queue"    // messages of an SQS queue
	Request  Kind = "request"  // a call to the REST API
	Event    Kind = "event"    // an event from an EventBridge bus
	Schedule Kind = "schedule" // EventBridge Scheduler
)

// Kind of what started a function.
type Kind string

// Trigger tells what an event is.
func Trigger(raw []byte) Kind {
	var e struct {
		Records []struct {
			EventSource string `json:"eventSource"`
		} `json:"Records"`
		HTTPMethod     string          `json:"httpMethod"`
		RequestContext json.RawMessage `json:"requestContext"`
		DetailType     string          `json:"detail-type"`
		Source         string          `json:"source"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return Direct
	}
	switch {
	case len(e.Records) > 0 && e.Records[0].EventSource == "aws:dynamodb":
		return Stream
	case len(e.Records) > 0 && e.Records[0].EventSource == "aws:sqs":
		return Queue
	case e.HTTPMethod != "" && len(e.RequestContext) > 0:
		return Request
	case e.DetailType == "Scheduled Event" && (e.Source == "aws.scheduler" || e.Source == "aws.events"):
		return Schedule
	case e.DetailType != "" && e.Source != "":
		return Event
	}
	return Direct
}

// Handlers is a function that is started in more than one way: a handler for each of them. A kind of event
// without a handler is an error, so that a trigger wired to the wrong function shows.
type Handlers struct {
	Direct   func(ctx context.Context, raw json.RawMessage) (any, error)
	Stream   func(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error)
	Queue    func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error)
	Request  func(ctx context.Context, r events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error)
	Schedule func(ctx context.Context) (any, error)
}

// Handle is the Lambda handler.
func (h Handlers) Handle(ctx context.Context, raw json.RawMessage) (any, error) {
	switch kind := Trigger(raw); {
	case kind == Direct && h.Direct != nil:
		return h.Direct(ctx, raw)
	case kind == Schedule && h.Schedule != nil:
		return h.Schedule(ctx)
	case kind == Stream && h.Stream != nil:
		return typed(ctx, raw, h.Stream)
	case kind == Queue && h.Queue != nil:
		return typed(ctx, raw, h.Queue)
	case kind == Request && h.Request != nil:
		return typed(ctx, raw, h.Request)
	default:
		return nil, fmt.Errorf("this function is not started by an event of kind %q: see its Events in template.yaml", kind)
	}
}

func typed[In, Out any](ctx context.Context, raw []byte, handle func(context.Context, In) (Out, error)) (any, error) {
	var in In
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("the event cannot be read: %w", err)
	}
	return handle(ctx, in)
}
