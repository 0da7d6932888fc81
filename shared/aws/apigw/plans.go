package apigw

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"accord/shared/aup"
	"accord/shared/enforce"
)

var _ enforce.Plans = (*Gateway)(nil)

// PlansOf lists the usage plans that a key is in, whichever this Gateway was told to speak of.
func (g *Gateway) PlansOf(ctx context.Context, key aup.KeyID) ([]enforce.Plan, error) {
	var plans []enforce.Plan
	pages := apigateway.NewGetUsagePlansPaginator(g.client, &apigateway.GetUsagePlansInput{KeyId: aws.String(string(key)), Limit: aws.Int32(page)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the usage plans of API key %s: %w", key, plain(err))
		}
		for _, p := range out.Items {
			plans = append(plans, planOf(p.Id, p.ApiStages))
		}
	}
	return plans, nil
}

// Plan reads a usage plan; enforce.ErrNoPlan when there is none of that id.
func (g *Gateway) Plan(ctx context.Context, id string) (enforce.Plan, error) {
	out, err := g.client.GetUsagePlan(ctx, &apigateway.GetUsagePlanInput{UsagePlanId: &id})
	if err != nil {
		return enforce.Plan{}, planError("read", id, err)
	}
	return planOf(out.Id, out.ApiStages), nil
}

// SetPlan puts a key into a usage plan or takes it out; enforce.ErrNoPlan when there is no such plan, or no such key
// in it. The answer may hold the key's value, and is dropped.
func (g *Gateway) SetPlan(ctx context.Context, key aup.KeyID, plan string, in bool) (err error) {
	id := aws.String(string(key))
	if in {
		_, err = g.client.CreateUsagePlanKey(ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: &plan, KeyId: id, KeyType: aws.String("API_KEY")})
	} else {
		_, err = g.client.DeleteUsagePlanKey(ctx, &apigateway.DeleteUsagePlanKeyInput{UsagePlanId: &plan, KeyId: id})
	}
	if err != nil {
		return planError(fmt.Sprintf("API key %s, in or out of", key), plan, err)
	}
	return nil
}

func planOf(id *string, stages []types.ApiStage) enforce.Plan {
	p := enforce.Plan{ID: aws.ToString(id)}
	for _, s := range stages {
		p.Stages = append(p.Stages, aws.ToString(s.ApiId)+":"+aws.ToString(s.Stage))
	}
	return p
}

func planError(verb, plan string, err error) error {
	var missing *types.NotFoundException
	if errors.As(err, &missing) {
		return fmt.Errorf("%s usage plan %s: %w", verb, plan, enforce.ErrNoPlan)
	}
	return fmt.Errorf("%s usage plan %s: %w", verb, plan, plain(err))
}
