// Package dynamolocal runs tests against DynamoDB Local, Amazon's own imitation of DynamoDB.
//
// One process serves a test binary, in memory, and ends with it. `.ci/tools dynamodb-local` fetches it into
// .tools; where it is absent the tests that need it are skipped and say so, or fail with ACCORD_REQUIRE=all.
package dynamolocal

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"accord/shared/needtest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// region is where DynamoDB Local pretends to be; any will do.
const region = "eu-west-2"

// Start returns a client of DynamoDB Local, which is started at the first call.
func Start(t testing.TB) *dynamodb.Client {
	t.Helper()
	return dynamodb.New(dynamodb.Options{Region: region, BaseEndpoint: aws.String(Endpoint(t)), Credentials: credentials})
}

// Streams returns a client of its change feeds.
func Streams(t testing.TB) *dynamodbstreams.Client {
	t.Helper()
	return dynamodbstreams.New(dynamodbstreams.Options{Region: region, BaseEndpoint: aws.String(Endpoint(t)), Credentials: credentials})
}

// Endpoint is the URL of DynamoDB Local, which is started at the first call: what AWS_ENDPOINT_URL_DYNAMODB
// is set to in a process of its own. It takes any credentials.
func Endpoint(t testing.TB) string {
	t.Helper()
	p, err := start()
	if err != nil {
		needtest.Missing(t, err.Error())
	}
	t.Logf("engine: DynamoDB Local %s, in memory, at %s", p.version, p.endpoint)
	return p.endpoint
}

var start = sync.OnceValues(func() (process, error) {
	dir, err := find()
	if err != nil {
		return process{}, err
	}
	return launch(dir)
})

var credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
})

// NewTable makes a table like those of template.yaml, with a stream, and removes it when the test ends.
func NewTable(t testing.TB, client *dynamodb.Client) (name string) {
	t.Helper()
	name = strings.Map(plain, filepath.Base(t.Name())) + "-" + rand.Text()[:8]
	if len(name) > 255 {
		name = name[len(name)-255:]
	}
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:   &name,
		BillingMode: types.BillingModePayPerRequest,
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("sk"), KeyType: types.KeyTypeRange},
		},
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("sk"), AttributeType: types.ScalarAttributeTypeS},
		},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Logf("delete table: %v", err)
		}
	})
	return name
}

// plain replaces what a table's name cannot have.
func plain(r rune) rune {
	if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
		return r
	}
	return '_'
}
