package apigw

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"accord/shared/aup"
	"accord/shared/metering"
)

var _ metering.Gateway = (*Gateway)(nil)

const (
	// page is the most entries that one answer holds.
	page = 500

	// longest is the longest range of days that GetUsage answers for.
	longest = 90
)

// Plans lists the usage plans.
func (g *Gateway) Plans(ctx context.Context) ([]metering.Plan, error) {
	var plans []metering.Plan
	if len(g.plans) > 0 {
		for _, id := range g.plans {
			plans = append(plans, metering.Plan{ID: id})
		}
		return plans, nil
	}
	pages := apigateway.NewGetUsagePlansPaginator(g.client, &apigateway.GetUsagePlansInput{Limit: aws.Int32(page)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the usage plans: %w", plain(err))
		}
		for _, p := range out.Items {
			plans = append(plans, metering.Plan{ID: aws.ToString(p.Id), Name: aws.ToString(p.Name)})
		}
	}
	return plans, nil
}

// PlanKeys lists the keys of a usage plan.
func (g *Gateway) PlanKeys(ctx context.Context, plan string) ([]aup.KeyID, error) {
	var keys []aup.KeyID
	pages := apigateway.NewGetUsagePlanKeysPaginator(g.client, &apigateway.GetUsagePlanKeysInput{UsagePlanId: &plan, Limit: aws.Int32(page)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the keys of usage plan %s: %w", plan, plain(err))
		}
		for _, k := range out.Items {
			keys = append(keys, aup.KeyID(aws.ToString(k.Id)))
		}
	}
	return keys, nil
}

// Usage is what GetUsage says of a whole plan, as metering.Gateway describes it: the answer's days have no
// dates, so that a key's list counts from the first day asked for; it may be short, and a key that made no
// request may be missing. A day is a pair, used and remaining; one of another form ends the list, since the
// days after it could not be told.
func (g *Gateway) Usage(ctx context.Context, plan string, from, until time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	from, until = from.UTC(), until.UTC()
	if until.Before(from) || until.Sub(from) >= longest*24*time.Hour {
		return nil, fmt.Errorf("usage of plan %s from %s to %s: GetUsage answers for 1 to %d days",
			plan, from.Format(time.DateOnly), until.Format(time.DateOnly), longest)
	}
	used := map[aup.KeyID][]metering.DayUsage{}
	pages := apigateway.NewGetUsagePaginator(g.client, &apigateway.GetUsageInput{UsagePlanId: &plan, Limit: aws.Int32(page),
		StartDate: aws.String(from.Format(time.DateOnly)), EndDate: aws.String(until.Format(time.DateOnly))})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("usage of plan %s: %w", plan, plain(err))
		}
		for key, days := range out.Items {
			if aup.CheckKey("key", aup.KeyID(key)) != nil {
				continue // the key's value, or nothing we know: not to be kept
			}
			used[aup.KeyID(key)] = pairs(days)
		}
	}
	return used, nil
}

func pairs(days [][]int64) []metering.DayUsage {
	list := make([]metering.DayUsage, 0, len(days))
	for _, d := range days {
		if len(d) != 2 {
			break
		}
		list = append(list, metering.DayUsage{Used: d[0], Remaining: d[1]})
	}
	return list
}
