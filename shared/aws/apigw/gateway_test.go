package apigw_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/aws/apigw"
	"accord/shared/aws/boot"
	"accord/shared/aws/fake"
	"accord/shared/enforce"
	"accord/shared/metering"
)

const fast = 10000 // requests a second

func open(t *testing.T, perSecond float64, plans ...string) (*fake.Gateway, *apigw.Gateway) {
	t.Helper()
	server := fake.NewGateway(t)
	env := map[string]string{"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL_API_GATEWAY": server.URL}
	c, err := boot.Read(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	return server, apigw.New(c.AWS, perSecond, plans...)
}

func day(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }

func TestAllPlansAndKeysAreListedOverPages(t *testing.T) {
	server, g := open(t, fast)
	for _, key := range []string{"k1", "k2", "k3", "k4", "k5"} {
		server.AddKey("plan1", key)
		server.AddKey("plan-of-"+key, key)
	}
	plans, err := g.Plans(t.Context())
	if err != nil || len(plans) != 6 || plans[0] != (metering.Plan{ID: "plan-of-k1", Name: "Plan plan-of-k1"}) {
		t.Errorf("%v, %v", plans, err)
	}
	keys, err := g.PlanKeys(t.Context(), "plan1")
	if diff := cmp.Diff([]aup.KeyID{"k1", "k2", "k3", "k4", "k5"}, keys); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestADeploymentMaySpeakOfSomePlansOnly(t *testing.T) {
	server, g := open(t, fast, "abc123")
	plans, err := g.Plans(t.Context())
	if diff := cmp.Diff([]metering.Plan{{ID: "abc123"}}, plans); diff != "" || err != nil || server.Calls("GetUsagePlans") != 0 {
		t.Error(diff, err)
	}
}

func TestUsageIsReadForAWholePlan(t *testing.T) {
	server, g := open(t, fast)
	for _, key := range []string{"k1", "k2", "k3"} {
		server.AddKey("plan1", key)
	}
	server.SetUsage("plan1", "k1", "2026-01-13", 5)
	server.SetUsage("plan1", "k1", "2026-01-15", 7)
	server.SetUsage("plan1", "k3", "2026-01-14", 9)
	got, err := g.Usage(t.Context(), "plan1", day(13), day(15))
	want := map[aup.KeyID][]metering.DayUsage{
		"k1": {{Used: 5, Remaining: 99995}, {Used: 0, Remaining: 100000}, {Used: 7, Remaining: 99993}},
		"k3": {{Used: 0, Remaining: 100000}, {Used: 9, Remaining: 99991}}, // the list ends with the last day that has any
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestRangesThatGetUsageDoesNotAnswerAreNotAsked(t *testing.T) {
	server, g := open(t, fast)
	for _, until := range []time.Time{day(1).AddDate(0, 0, -1), day(1).AddDate(0, 0, 90)} {
		if _, err := g.Usage(t.Context(), "plan1", day(1), until); err == nil || server.Calls("GetUsage") != 0 {
			t.Errorf("until %s: %v", until, err)
		}
	}
}

func TestAKeyIsSwitchedAndReadBack(t *testing.T) {
	server, g := open(t, fast)
	server.AddKey("plan1", "k1")
	for _, on := range []bool{false, false, true} {
		if err := g.SetEnabled(t.Context(), "k1", on); err != nil {
			t.Fatal(err)
		}
		if got, err := g.Enabled(t.Context(), "k1"); err != nil || got != on || server.Enabled("k1") != on {
			t.Errorf("switched to %v: read %v, %v", on, got, err)
		}
	}
	want := []fake.KeyCall{{Key: "k1"}, {Key: "k1"}, {Key: "k1", Enabled: true}}
	if diff := cmp.Diff(want, server.KeyCalls()); diff != "" {
		t.Error(diff)
	}
}

func TestAKeyThatIsGoneIsSaidToBe(t *testing.T) {
	_, g := open(t, fast)
	if _, err := g.Enabled(t.Context(), "gone"); !errors.Is(err, enforce.ErrNoKey) {
		t.Errorf("read: %v", err)
	}
	if err := g.SetEnabled(t.Context(), "gone", false); !errors.Is(err, enforce.ErrNoKey) {
		t.Errorf("switched: %v", err)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	server, g := open(t, fast)
	server.AddKey("plan1", "k1")
	server.Fail("UpdateApiKey", fake.Fault{Status: 403, Code: "AccessDeniedException", Message: "key " + fake.KeyValue})
	err := g.SetEnabled(t.Context(), "k1", false)
	if err == nil || strings.Contains(err.Error(), fake.KeyValue) || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("got %v", err)
	}
}

func TestALostAnswerIsAskedAgain(t *testing.T) {
	server, g := open(t, fast)
	server.AddKey("plan1", "k1")
	server.Fail("UpdateApiKey", fake.Fault{Lose: true})
	if err := g.SetEnabled(t.Context(), "k1", false); err != nil || server.Enabled("k1") {
		t.Errorf("enabled %v, %v", server.Enabled("k1"), err)
	}
}

func TestEveryRequestWaitsForItsTurn(t *testing.T) {
	server, g := open(t, 2)
	server.AddKey("plan1", "k1")
	if _, err := g.Enabled(t.Context(), "k1"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := g.Enabled(ctx, "k1"); err == nil || server.Calls("GetApiKey") != 1 {
		t.Errorf("%v after %d calls: the turn was half a second away", err, server.Calls("GetApiKey"))
	}
}

func TestAllKeysAreListedOverPagesWithoutTheirValues(t *testing.T) {
	server, g := open(t, fast)
	for _, key := range []string{"k1", "k2", "k3", "k4", "k5"} {
		server.AddKey("plan1", key)
	}
	server.SetEnabled("k4", false)
	got, err := g.AllKeys(t.Context())
	if diff := cmp.Diff(map[aup.KeyID]bool{"k1": true, "k2": true, "k3": true, "k4": false, "k5": true}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if server.Calls("GetApiKeys") != 3 {
		t.Errorf("%d pages", server.Calls("GetApiKeys"))
	}
	server.Fail("GetApiKeys", fake.Fault{Status: 403, Code: "AccessDeniedException", Message: "key " + fake.KeyValue})
	if _, err := g.AllKeys(t.Context()); err == nil || strings.Contains(err.Error(), fake.KeyValue) {
		t.Errorf("got %v", err)
	}
}
