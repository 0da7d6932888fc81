package apigw_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aws/fake"
	"accord/shared/enforce"
)

func TestAKeyIsMovedBetweenPlans(t *testing.T) {
	server, g := open(t, fast, "abc123") // it speaks of any plan where a key is moved
	server.SetStages("gold", "api1:live", "api2:live")
	server.SetStages("slow", "api1:live")
	server.AddKey("gold", "k1")
	in, err := g.PlansOf(t.Context(), "k1")
	if diff := cmp.Diff([]enforce.Plan{{ID: "gold", Stages: []string{"api1:live", "api2:live"}}}, in); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if slow, err := g.Plan(t.Context(), "slow"); err != nil || !cmp.Equal(slow, enforce.Plan{ID: "slow", Stages: []string{"api1:live"}}) {
		t.Errorf("%v, %v", slow, err)
	}
	if err := g.SetPlan(t.Context(), "k1", "slow", true); err == nil || !strings.Contains(err.Error(), "ConflictException") {
		t.Errorf("a key in two plans of a stage: %v", err)
	}
	if err := errors.Join(g.SetPlan(t.Context(), "k1", "gold", false), g.SetPlan(t.Context(), "k1", "slow", true)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"slow"}, server.PlansOf("k1")); diff != "" {
		t.Error(diff)
	}
}

func TestAPlanThatThereIsNot(t *testing.T) {
	server, g := open(t, fast)
	server.AddKey("gold", "k1")
	_, err := g.Plan(t.Context(), "gone")
	for does, err := range map[string]error{
		"reading it":              err,
		"putting a key into it":   g.SetPlan(t.Context(), "k1", "gone", true),
		"taking a key out of it":  g.SetPlan(t.Context(), "k1", "gone", false),
		"a key that it has not":   g.SetPlan(t.Context(), "k2", "gold", false),
		"a key that there is not": g.SetPlan(t.Context(), "k2", "gold", true),
	} {
		if !errors.Is(err, enforce.ErrNoPlan) || strings.Contains(err.Error(), fake.KeyValue) {
			t.Errorf("%s: %v", does, err)
		}
	}
}
