// Package apigw reads and switches API keys on API Gateway's control plane.
//
// Every management call of an account and region shares ten requests a second, so each function has a fixed
// share of them, and every request of a Gateway, repeats by the SDK included, waits for its turn. An answer
// about a key may hold the key's value, which is the consumer's secret: no answer is logged or kept, and no
// error carries more than a code. Packages metering (usage) and enforce (keys) call it.
package apigw

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/smithy-go"
	"golang.org/x/time/rate"

	"accord/shared/aup"
	"accord/shared/enforce"
)

// What one instance of a function may ask for: template.yaml bounds how many instances there are.
const (
	EnforceShare = 2       // enforce: two instances at once, four requests a second
	CollectShare = 4.0 / 3 // collect-usage: two for its queue and one for its schedule, four together
	OthersShare  = 2       // all the rest
)

// Gateway is one function's access to the control plane.
type Gateway struct {
	client *apigateway.Client
	plans  []string // the plans to speak of; empty: all of them
}

// New returns a Gateway that makes at most perSecond requests a second and speaks of the usage plans given,
// or of all of them.
func New(cfg aws.Config, perSecond float64, plans ...string) *Gateway {
	paced := pacedClient{rate.NewLimiter(rate.Limit(perSecond), 1), awshttp.NewBuildableClient()}
	return &Gateway{apigateway.NewFromConfig(cfg, func(o *apigateway.Options) { o.HTTPClient = paced }), plans}
}

// pacedClient lets each request wait for its turn.
type pacedClient struct {
	pace *rate.Limiter
	http *awshttp.BuildableClient
}

func (c pacedClient) Do(r *http.Request) (*http.Response, error) {
	if err := c.pace.Wait(r.Context()); err != nil {
		return nil, fmt.Errorf("no turn within the time left: %w", err)
	}
	return c.http.Do(r)
}

// Enabled says whether calls with the key are let through; enforce.ErrNoKey when there is no such key.
func (g *Gateway) Enabled(ctx context.Context, key aup.KeyID) (bool, error) {
	out, err := g.client.GetApiKey(ctx, &apigateway.GetApiKeyInput{ApiKey: aws.String(string(key)), IncludeValue: aws.Bool(false)})
	if err != nil {
		return false, keyError("read", key, err)
	}
	return out.Enabled, nil
}

// AllKeys lists every key of the account, and whether calls with it are let through.
func (g *Gateway) AllKeys(ctx context.Context) (map[aup.KeyID]bool, error) {
	keys := map[aup.KeyID]bool{}
	pages := apigateway.NewGetApiKeysPaginator(g.client, &apigateway.GetApiKeysInput{Limit: aws.Int32(page), IncludeValues: aws.Bool(false)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the API keys: %w", plain(err))
		}
		for _, k := range out.Items {
			keys[aup.KeyID(aws.ToString(k.Id))] = k.Enabled
		}
	}
	return keys, nil
}

// SetEnabled lets calls with the key through or not; enforce.ErrNoKey when there is no such key. API Gateway
// takes some seconds until every call sees it.
func (g *Gateway) SetEnabled(ctx context.Context, key aup.KeyID, on bool) error {
	_, err := g.client.UpdateApiKey(ctx, &apigateway.UpdateApiKeyInput{ApiKey: aws.String(string(key)),
		PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/enabled"), Value: aws.String(fmt.Sprint(on))}}})
	if err != nil {
		return keyError("switch", key, err)
	}
	return nil
}

func keyError(verb string, key aup.KeyID, err error) error {
	var missing *types.NotFoundException
	if errors.As(err, &missing) {
		return fmt.Errorf("%s API key %s: %w", verb, key, enforce.ErrNoKey)
	}
	return fmt.Errorf("%s API key %s: %w", verb, key, plain(err))
}

// plain keeps of an error what may be logged: API Gateway's code, or why there was no answer.
func plain(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		return fmt.Errorf("API Gateway refused: %s", api.ErrorCode())
	}
	return err
}
