// Package functions_test runs the functions as Lambda would: each bootstrap a process of its own against a
// Lambda Runtime API, with DynamoDB Local behind it, and servers that speak SES, SQS and API Gateway.
// What happens between the functions on AWS (streams, queues, events) the deployment here does in a loop.
package functions_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"accord/shared/aws/fake"
	"accord/shared/ledger"
	"accord/shared/table"
	"accord/shared/table/dynamo"
	"accord/shared/table/dynamo/dynamolocal"
)

// build builds every function once, as `make build` does, for this machine.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "accord-functions-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", dir+"/", "./...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := build(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// patience is how long one invocation may take, on a machine that is busy with other things.
const patience = 2 * time.Minute

// deployment is the whole of Accord with its real functions.
type deployment struct {
	*testing.T
	ses       *fake.SES
	sqs       *fake.SQS
	gateway   *fake.Gateway
	env       map[string]string
	functions map[string]*fake.Function
	ledger    *ledger.Ledger
	usage     table.Table
	streams   map[string]*dynamolocal.Stream
	delivered int
}

// The queues, as template.yaml names their variables, and the function that reads each.
var queues = []struct{ name, variable, function string }{
	{"keys", "QUEUE_KEYS", "enforce"},
	{"mail-urgent", "QUEUE_MAIL_URGENT", "deliver"},
	{"audits", "QUEUE_AUDITS", "collect-usage"},
	{"distribute", "QUEUE_DISTRIBUTE", "distribute"},
	{"mail-bulk", "QUEUE_MAIL_BULK", "deliver"},
}

func deploy(t *testing.T) *deployment {
	client := dynamolocal.Start(t)
	record, measured := dynamolocal.NewTable(t, client), dynamolocal.NewTable(t, client)
	d := &deployment{T: t, ses: fake.NewSES(t), sqs: fake.NewSQS(t), gateway: fake.NewGateway(t), functions: map[string]*fake.Function{},
		ledger: ledger.New(dynamo.New(client, record)), usage: dynamo.New(client, measured),
		streams: map[string]*dynamolocal.Stream{"dispatch": dynamolocal.NewStream(t, client, record), "audit-usage": dynamolocal.NewStream(t, client, measured)}}
	d.env = map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": dynamolocal.Endpoint(t), "AWS_ENDPOINT_URL_SESV2": d.ses.URL,
		"AWS_ENDPOINT_URL_SQS": d.sqs.URL, "AWS_ENDPOINT_URL_API_GATEWAY": d.gateway.URL,
		"LEDGER_TABLE": record, "USAGE_TABLE": measured, "MODE": "enforce", "WINDOW_PARTS": "1", "APPROVALS_NEEDED": "2",
		"BASE_URL": "https://aup.example.org", "PROVIDER_NAME": "Places API team", "MAIL_FROM": "places@example.org",
		"MAIL_REPLY_TO": "people@example.org", "ADMIN_EMAIL": "admins@example.org", "CONFIGURATION_SET": "accord", "DIGEST_AT": "06:00",
		"DEFAULT_POLICY": "places-api", "SLOW_PLAN": "slow01",
	}
	for _, q := range queues {
		d.env[q.variable] = d.sqs.QueueURL(q.name)
	}
	return d
}

// function starts a function at its first use.
func (d *deployment) function(name string) *fake.Function {
	d.Helper()
	if f := d.functions[name]; f != nil {
		return f
	}
	dir, err := build()
	if err != nil {
		d.Fatal(err)
	}
	f, err := fake.StartFunction(d.Context(), filepath.Join(dir, name), d.environment(name))
	if err != nil {
		d.Fatal(err)
	}
	f.Timeout = patience
	d.Cleanup(func() {
		if d.Failed() {
			d.Logf("log of %s:\n%s", name, f.Log())
		}
		f.Stop()
	})
	d.functions[name] = f
	return f
}

// environment is what template.yaml gives a function, and the ways to what stands for AWS.
func (d *deployment) environment(name string) map[string]string {
	d.Helper()
	r := rightsOf(d.T, name)
	gate := newGate(d.T, name, d.env["AWS_ENDPOINT_URL_DYNAMODB"], r, map[string]string{d.env["LEDGER_TABLE"]: "Ledger", d.env["USAGE_TABLE"]: "Usage"})
	env := map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": gate.URL}
	for _, s := range services {
		env[s.variable] = newServiceGate(d.T, name, d.env[s.variable], r, s.asks).URL
	}
	for variable, value := range d.env {
		if strings.HasPrefix(variable, "AWS_") && env[variable] == "" || slices.Contains(r.variables, variable) {
			env[variable] = value
		}
	}
	return env
}

// invoke gives a function an event that has to succeed.
func (d *deployment) invoke(name string, event any) []byte {
	d.Helper()
	answer, err := d.try(name, event)
	if err != nil {
		d.Fatalf("%s: %v", name, err)
	}
	return answer
}

func (d *deployment) try(name string, event any) ([]byte, error) {
	d.Helper()
	raw, ok := event.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(event); err != nil {
			d.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(d.Context(), patience)
	defer cancel()
	return d.function(name).Invoke(ctx, raw)
}

// sample reads an event of events/, with words replaced: pairs of what stands there and what is to.
func (d *deployment) sample(name string, replace ...string) []byte {
	d.Helper()
	b, err := os.ReadFile(filepath.Join("..", "events", name+".json"))
	if err != nil {
		d.Fatal(err)
	}
	return []byte(strings.NewReplacer(replace...).Replace(string(b)))
}

// settle does what AWS does between the functions, until nothing is left to do.
func (d *deployment) settle() {
	d.Helper()
	for round := 0; ; round++ {
		if round > 100 {
			d.Fatal("it does not come to rest")
		}
		if d.streamed()+d.queued()+d.mailed() == 0 {
			return
		}
	}
}

// streamed hands the tables' streams over, filtered as in template.yaml.
func (d *deployment) streamed() (n int) {
	d.Helper()
	for function, stream := range d.streams {
		records, err := stream.Next(d.Context())
		if err != nil {
			d.Fatal(err)
		}
		var batch events.DynamoDBEvent
		for _, r := range records {
			pk := r.Change.Keys["pk"].String()
			fresh := r.EventName == "INSERT" && strings.HasPrefix(pk, "due#") && r.Change.NewImage["v"].Number() == "1"
			window := r.EventName != "REMOVE" && strings.HasPrefix(pk, "window#")
			if function == "dispatch" && fresh || function == "audit-usage" && window {
				batch.Records = append(batch.Records, r)
			}
		}
		if len(batch.Records) > 0 {
			d.invoke(function, batch)
		}
		n += len(batch.Records)
	}
	return n
}

// queued hands each queue's messages to its function, ten at a time.
func (d *deployment) queued() (n int) {
	d.Helper()
	for _, q := range queues {
		messages := d.sqs.Take(q.name)
		n += len(messages)
		for len(messages) > 0 {
			var batch events.SQSEvent
			for i, body := range messages[:min(10, len(messages))] {
				batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: body, EventSource: "aws:sqs",
					EventSourceARN: "arn:aws:sqs:eu-west-2:123456789012:" + q.name})
			}
			messages = messages[len(batch.Records):]
			d.invoke(q.function, batch)
		}
	}
	return n
}

// mailed hands over SES's events about the emails sent since the last time: all are delivered.
func (d *deployment) mailed() int {
	d.Helper()
	sent := d.ses.Sent()[d.delivered:]
	d.delivered += len(sent)
	for _, m := range sent {
		d.invoke("record-delivery", map[string]any{"version": "0", "id": m.MessageID, "detail-type": "Email Delivered", "source": "aws.ses",
			"account": "123456789012", "time": time.Now().UTC(), "region": "eu-west-2", "resources": []string{},
			"detail": map[string]any{"eventType": "Delivery",
				"mail": map[string]any{"timestamp": time.Now().UTC(), "messageId": m.MessageID, "source": m.From, "destination": m.To,
					"tags": map[string][]string{"consumer": {m.Tags["consumer"]}, "notice": {m.Tags["notice"]}}},
				"delivery": map[string]any{"timestamp": time.Now().UTC(), "recipients": m.To}}})
	}
	return len(sent)
}

func query(pk string) table.Query { return table.Query{PK: pk} }
