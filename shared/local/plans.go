package local

import (
	"context"
	"net/http"
	"time"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/table"
)

// The usage plans of the local gateway. Every key is in Plan until it is moved.
const (
	Plan     = "local"
	SlowPlan = "slow"
)

// SlowRate is how many requests a minute the slow plan lets a key make; the others are answered 429.
const SlowRate = 10

var _ enforce.Plans = (*Gateway)(nil)

// plansPK is the partition of the keys that were moved: the body is the plan that a key is in, empty for none.
const plansPK = "plans"

func (g *Gateway) loadPlans(ctx context.Context) error {
	g.plans = map[aup.KeyID]string{}
	return table.Each(ctx, g.Keys, table.Query{PK: plansPK}, func(it table.Item) error {
		g.plans[aup.KeyID(it.SK)] = string(it.Body)
		return nil
	})
}

func (g *Gateway) planOf(key aup.KeyID) string {
	if plan, moved := g.plans[key]; moved {
		return plan
	}
	return Plan
}

// PlansOf lists the usage plan that a key is in.
func (g *Gateway) PlansOf(ctx context.Context, key aup.KeyID) ([]enforce.Plan, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p, err := g.Plan(ctx, g.planOf(key))
	if err != nil { // in none
		return nil, g.Outage
	}
	return []enforce.Plan{p}, g.Outage
}

// Plan is one of the two plans. Both open the same stage.
func (g *Gateway) Plan(_ context.Context, id string) (enforce.Plan, error) {
	if id != Plan && id != SlowPlan {
		return enforce.Plan{}, enforce.ErrNoPlan
	}
	return enforce.Plan{ID: id, Stages: []string{"local:local"}}, nil
}

// SetPlan puts a key into a usage plan or takes it out.
func (g *Gateway) SetPlan(ctx context.Context, key aup.KeyID, plan string, in bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Outage != nil {
		return g.Outage
	}
	if _, err := g.Plan(ctx, plan); err != nil {
		return err
	}
	if !in && g.planOf(key) != plan {
		return enforce.ErrNoPlan
	}
	if !in {
		plan = ""
	}
	g.plans[key] = plan
	return g.Keys.Write(ctx, table.Put(table.Item{Key: table.Key{PK: plansPK, SK: string(key)}, V: 1, Body: []byte(plan)}, table.Any))
}

// let says what the key's plan has a call answered with before it comes to the API: 0 when it lets it through.
func (g *Gateway) let(key aup.KeyID) int {
	switch g.planOf(key) {
	case "":
		return http.StatusForbidden
	case SlowPlan:
		minute := g.Now().Truncate(time.Minute)
		if g.slowed != minute {
			g.slowed, g.made = minute, map[aup.KeyID]int{}
		}
		if g.made[key]++; g.made[key] > SlowRate {
			return http.StatusTooManyRequests
		}
	}
	return 0
}
