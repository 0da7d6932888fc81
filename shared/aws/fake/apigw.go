package fake

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Gateway is API Gateway's control plane: usage plans, their keys and usage, and whether a key is enabled.
type Gateway struct {
	server
	page  int
	plans map[string]map[string]map[string]int64 // plan, key, date: requests
	keys  map[string]bool                        // enabled
	log   []KeyCall

	stages map[string][]string // plan: what it opens, as "api:stage"
}

// KeyCall is one change of a key that was asked for.
type KeyCall struct {
	Key     string
	Enabled bool
}

// KeyValue is the secret value that the fake gives to every key, to be searched for where it must not be.
const KeyValue = "SECRET-VALUE-OF-A-KEY"

// NewGateway starts a server without plans and keys, whose pages have two entries.
func NewGateway(t testing.TB) *Gateway {
	g := &Gateway{page: 2, plans: map[string]map[string]map[string]int64{}, keys: map[string]bool{}, stages: map[string][]string{}}
	g.start(t, gatewayOperation, g.do)
	return g
}

// AddKey puts an enabled key into a usage plan; both are made when they are new.
func (g *Gateway) AddKey(plan, key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.plans[plan] == nil {
		g.plans[plan] = map[string]map[string]int64{}
	}
	g.plans[plan][key] = map[string]int64{}
	if _, known := g.keys[key]; !known {
		g.keys[key] = true
	}
}

// SetStages says what a usage plan opens, as "api:stage"; the plan is made when it is new.
func (g *Gateway) SetStages(plan string, stages ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stages[plan] = stages; g.plans[plan] == nil {
		g.plans[plan] = map[string]map[string]int64{}
	}
}

// PlansOf lists the usage plans that a key is in.
func (g *Gateway) PlansOf(key string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.plansOf(key)
}

func (g *Gateway) plansOf(key string) (in []string) {
	for _, plan := range slices.Sorted(maps.Keys(g.plans)) {
		if _, is := g.plans[plan][key]; is || key == "" {
			in = append(in, plan)
		}
	}
	return in
}

// SetUsage says how many requests a key made under a plan on a date, such as "2026-01-15".
func (g *Gateway) SetUsage(plan, key, date string, requests int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.plans[plan][key][date] = requests
}

// SetEnabled changes a key behind Accord's back.
func (g *Gateway) SetEnabled(key string, on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.keys[key] = on
}

// DeleteKey removes a key from every plan.
func (g *Gateway) DeleteKey(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.keys, key)
	for _, keys := range g.plans {
		delete(keys, key)
	}
}

// Enabled says whether a key may call.
func (g *Gateway) Enabled(key string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.keys[key]
}

// KeyCalls is every change of a key that was asked for and done, in order.
func (g *Gateway) KeyCalls() []KeyCall {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.log)
}

var gatewayRoutes = []struct {
	op, method string
	path       *regexp.Regexp
}{
	{"GetUsagePlans", "GET", regexp.MustCompile(`^/usageplans$`)},
	{"GetUsagePlan", "GET", regexp.MustCompile(`^/usageplans/([^/]+)$`)},
	{"CreateUsagePlanKey", "POST", regexp.MustCompile(`^/usageplans/([^/]+)/keys$`)},
	{"DeleteUsagePlanKey", "DELETE", regexp.MustCompile(`^/usageplans/([^/]+)/keys/([^/]+)$`)},
	{"GetUsagePlanKeys", "GET", regexp.MustCompile(`^/usageplans/([^/]+)/keys$`)},
	{"GetUsage", "GET", regexp.MustCompile(`^/usageplans/([^/]+)/usage$`)},
	{"GetApiKeys", "GET", regexp.MustCompile(`^/apikeys$`)},
	{"GetApiKey", "GET", regexp.MustCompile(`^/apikeys/([^/]+)$`)},
	{"UpdateApiKey", "PATCH", regexp.MustCompile(`^/apikeys/([^/]+)$`)},
}

func gatewayOperation(r *http.Request) string {
	for _, route := range gatewayRoutes {
		if m := route.path.FindStringSubmatch(r.URL.Path); m != nil && r.Method == route.method {
			if len(m) > 1 {
				r.SetPathValue("id", m[1])
			}
			if len(m) > 2 {
				r.SetPathValue("key", m[2])
			}
			return route.op
		}
	}
	return r.Method + " " + r.URL.Path
}

func (g *Gateway) do(op string, r *http.Request, body []byte) (any, *problem) {
	id := r.PathValue("id")
	switch op {
	case "GetUsagePlans":
		return g.list(r, g.plansOf(r.URL.Query().Get("keyId")), g.plan), nil
	case "GetApiKeys":
		return g.list(r, slices.Sorted(maps.Keys(g.keys)), func(id string) any { return g.key(r, id) }), nil
	case "GetUsagePlanKeys", "GetUsage", "GetUsagePlan", "CreateUsagePlanKey", "DeleteUsagePlanKey":
		return g.ofPlan(op, r, id, body)
	case "GetApiKey", "UpdateApiKey":
		if _, there := g.keys[id]; !there {
			return nil, &problem{http.StatusNotFound, "NotFoundException", "Invalid API Key identifier specified"}
		}
		if op == "UpdateApiKey" {
			if p := g.patch(id, body); p != nil {
				return nil, p
			}
		}
		return g.key(r, id), nil
	}
	return nil, &problem{http.StatusNotFound, "UnknownOperationException", op}
}

func (g *Gateway) plan(id string) any {
	stages := []any{}
	for _, s := range g.stages[id] {
		api, stage, _ := strings.Cut(s, ":")
		stages = append(stages, map[string]string{"apiId": api, "stage": stage})
	}
	return map[string]any{"id": id, "name": "Plan " + id, "apiStages": stages}
}

// join puts a key into a plan. A key can be in one plan for each stage only.
func (g *Gateway) join(plan string, body []byte) (any, *problem) {
	var in struct{ KeyID, KeyType string }
	if err := json.Unmarshal(body, &in); err != nil || in.KeyType != "API_KEY" {
		return nil, &problem{http.StatusBadRequest, "BadRequestException", "Invalid key type"}
	}
	if _, there := g.keys[in.KeyID]; !there {
		return nil, &problem{http.StatusNotFound, "NotFoundException", "Invalid API Key identifier specified"}
	}
	for _, other := range g.plansOf(in.KeyID) {
		if other == plan || slices.ContainsFunc(g.stages[other], func(s string) bool { return slices.Contains(g.stages[plan], s) }) {
			return nil, &problem{http.StatusConflict, "ConflictException", "The key is in a usage plan of that stage"}
		}
	}
	g.plans[plan][in.KeyID] = map[string]int64{}
	return map[string]string{"id": in.KeyID, "type": "API_KEY", "value": KeyValue}, nil
}

func (g *Gateway) ofPlan(op string, r *http.Request, id string, body []byte) (any, *problem) {
	keys, there := g.plans[id]
	if !there {
		return nil, &problem{http.StatusNotFound, "NotFoundException", "Invalid Usage Plan identifier specified"}
	}
	ids := slices.Sorted(maps.Keys(keys))
	switch op {
	case "GetUsage":
		return g.usage(r, id, ids)
	case "GetUsagePlan":
		return g.plan(id), nil
	case "CreateUsagePlanKey":
		return g.join(id, body)
	case "DeleteUsagePlanKey":
		if _, in := keys[r.PathValue("key")]; !in {
			return nil, &problem{http.StatusNotFound, "NotFoundException", "Invalid Usage Plan Key identifier specified"}
		}
		delete(keys, r.PathValue("key"))
		return nil, nil
	}
	return g.list(r, ids, func(id string) any {
		return map[string]string{"id": id, "type": "API_KEY", "name": "key " + id, "value": KeyValue}
	}), nil
}

// usage answers as the real service was seen to: one pair a day of the range without a date, nothing for a
// key that made no request, and a list that ends with the last day that has any.
func (g *Gateway) usage(r *http.Request, plan string, ids []string) (any, *problem) {
	q := r.URL.Query()
	from, err1 := time.Parse(time.DateOnly, q.Get("startDate"))
	until, err2 := time.Parse(time.DateOnly, q.Get("endDate"))
	if err1 != nil || err2 != nil || until.Before(from) {
		return nil, &problem{http.StatusBadRequest, "BadRequestException", "Invalid date range"}
	}
	values := map[string][][]int64{}
	ids, position := g.cut(r, ids)
	for _, id := range ids {
		var days [][]int64
		last := 0
		for day := from; !day.After(until); day = day.AddDate(0, 0, 1) {
			used := g.plans[plan][id][day.Format(time.DateOnly)]
			days = append(days, []int64{used, 100000 - used})
			if used > 0 {
				last = len(days)
			}
		}
		if last > 0 {
			values[id] = days[:last]
		}
	}
	return withPosition(map[string]any{"usagePlanId": plan, "startDate": q.Get("startDate"),
		"endDate": q.Get("endDate"), "values": values}, position), nil
}

func (g *Gateway) key(r *http.Request, id string) map[string]any {
	k := map[string]any{"id": id, "name": "key " + id, "enabled": g.keys[id]}
	if r.Method == http.MethodPatch || r.URL.Query().Get("includeValue") == "true" {
		k["value"] = KeyValue
	}
	return k
}

func (g *Gateway) patch(id string, body []byte) *problem {
	var in struct {
		PatchOperations []struct{ Op, Path, Value string }
	}
	if err := json.Unmarshal(body, &in); err != nil || len(in.PatchOperations) == 0 {
		return &problem{http.StatusBadRequest, "BadRequestException", "Invalid patch"}
	}
	for _, p := range in.PatchOperations {
		on, err := strconv.ParseBool(p.Value)
		if p.Op != "replace" || p.Path != "/enabled" || err != nil {
			return &problem{http.StatusBadRequest, "BadRequestException", "Invalid patch path or value"}
		}
		g.keys[id] = on
		g.log = append(g.log, KeyCall{id, on})
	}
	return nil
}

func (g *Gateway) list(r *http.Request, ids []string, item func(string) any) any {
	ids, position := g.cut(r, ids)
	items := []any{}
	for _, id := range ids {
		items = append(items, item(id))
	}
	return withPosition(map[string]any{"item": items}, position)
}

// cut takes the page of ids that the request asks for, and says where the next one starts.
func (g *Gateway) cut(r *http.Request, ids []string) (page []string, position string) {
	start, _ := strconv.Atoi(r.URL.Query().Get("position"))
	end := min(start+g.page, len(ids))
	if end < len(ids) {
		position = strconv.Itoa(end)
	}
	return ids[min(start, end):end], position
}

func withPosition(m map[string]any, position string) map[string]any {
	if position != "" {
		m["position"] = position
	}
	return m
}
