package boot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// awsConfig is the part of the SDK's standard environment that Lambda sets: region, the role's credentials
// and, for tests and gateways of one's own, endpoints.
func awsConfig(get func(string) string) (aws.Config, error) {
	region := get("AWS_REGION")
	if region == "" {
		return aws.Config{}, errors.New("AWS_REGION is not set; Lambda sets it, and elsewhere it is a region such as eu-west-2")
	}
	env := endpoints{get}
	for _, name := range []string{"", "DYNAMODB", "SESV2", "SQS", "API_GATEWAY"} {
		if value := env.url(name); value != "" && !absolute(value) {
			return aws.Config{}, fmt.Errorf("%s: %q is not a URL", env.variable(name), value)
		}
	}
	c := aws.Config{Region: region, Credentials: aws.CredentialsProviderFunc(credentials(get)), ConfigSources: []any{env}}
	if value := env.url(""); value != "" {
		c.BaseEndpoint = &value
	}
	return c, nil
}

// credentials reads the role's keys. Lambda replaces the whole process before they expire.
func credentials(get func(string) string) func(context.Context) (aws.Credentials, error) {
	return func(context.Context) (aws.Credentials, error) {
		c := aws.Credentials{
			AccessKeyID:     get("AWS_ACCESS_KEY_ID"),
			SecretAccessKey: get("AWS_SECRET_ACCESS_KEY"),
			SessionToken:    get("AWS_SESSION_TOKEN"),
			Source:          "environment",
		}
		if !c.HasKeys() {
			return c, errors.New("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set; Lambda sets both from the function's role")
		}
		return c, nil
	}
}

// endpoints answers the SDK's clients when they ask the configuration where their service is: the seam
// through which its own loader, which is not used here, passes AWS_ENDPOINT_URL_<SERVICE>.
type endpoints struct{ get func(string) string }

// GetServiceBaseEndpoint returns the endpoint set for one service, by the SDK's id, such as "API Gateway".
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	value := e.url(strings.ToUpper(strings.ReplaceAll(sdkID, " ", "_")))
	return value, value != "", nil
}

func (e endpoints) url(service string) string { return e.get(e.variable(service)) }

func (e endpoints) variable(service string) string {
	if service == "" {
		return "AWS_ENDPOINT_URL"
	}
	return "AWS_ENDPOINT_URL_" + service
}
