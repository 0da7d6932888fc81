package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/metering"
	"accord/shared/table"
)

// Catalogue is how many places the local API knows: /places/1 to /places/5000.
const Catalogue = 5000

// Gateway is a small API gateway with a small API behind it: keys that can be disabled, an access log in
// the format docs/deploy.md asks for, and the counts that GetUsage would give.
type Gateway struct {
	Log  *os.File    // the access log as a file, one JSON object a line; nil: none
	Keys table.Table // where the keys are kept, enabled or not
	Now  func() time.Time

	// Capacity is how many requests a minute the API behind it can answer, of all keys together; it answers the
	// others 503. 0: any number.
	Capacity int

	Outage error // what every call to switch a key fails with, to imitate an outage; nil: none

	mu    sync.Mutex
	keys  map[aup.KeyID]bool
	used  map[aup.KeyID]map[string]int64 // by UTC date
	lines []metering.Event
	calls int

	minute int64 // since 1970, of the last call
	busy   int   // requests in it

	plans  map[aup.KeyID]string // of the keys that were moved
	slowed time.Time            // the minute that made counts
	made   map[aup.KeyID]int    // requests under the slow plan
}

// keysPK is the partition of the keys; the sort key is the key's id.
const keysPK = "keys"

// load reads the keys as they were kept.
func (g *Gateway) load(ctx context.Context) error {
	g.keys, g.used = map[aup.KeyID]bool{}, map[aup.KeyID]map[string]int64{}
	err := table.Each(ctx, g.Keys, table.Query{PK: keysPK}, func(it table.Item) error {
		g.keys[aup.KeyID(it.SK)], g.used[aup.KeyID(it.SK)] = string(it.Body) == "true", map[string]int64{}
		return nil
	})
	return errors.Join(err, g.loadPlans(ctx))
}

// Create makes a key, enabled, unless it is there.
func (g *Gateway) Create(ctx context.Context, key aup.KeyID) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, there := g.keys[key]; there {
		return nil
	}
	g.used[key] = map[string]int64{}
	return g.keep(ctx, key, true)
}

func (g *Gateway) keep(ctx context.Context, key aup.KeyID, on bool) error {
	g.keys[key] = on
	return g.Keys.Write(ctx, table.Put(table.Item{Key: table.Key{PK: keysPK, SK: string(key)}, V: 1, Body: strconv.AppendBool(nil, on)}, table.Any))
}

// Enabled says whether a key is enabled.
func (g *Gateway) Enabled(_ context.Context, key aup.KeyID) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	on, there := g.keys[key]
	if !there {
		return false, enforce.ErrNoKey
	}
	return on, nil
}

// AllKeys lists every key, and whether it is enabled.
func (g *Gateway) AllKeys(context.Context) (map[aup.KeyID]bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.keys), g.Outage
}

// SetEnabled enables or disables a key.
func (g *Gateway) SetEnabled(ctx context.Context, key aup.KeyID, on bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.Outage != nil {
		return g.Outage
	}
	if _, there := g.keys[key]; !there {
		return enforce.ErrNoKey
	}
	return g.keep(ctx, key, on)
}

// Remove deletes a key, as a person can in API Gateway.
func (g *Gateway) Remove(ctx context.Context, key aup.KeyID) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.keys, key)
	return g.Keys.Write(ctx, table.Delete(table.Key{PK: keysPK, SK: string(key)}, table.Any))
}

// Call is one request by a key. It answers with the status: 403 when the key is disabled, unknown or in no usage plan,
// 429 when its plan is slow.
func (g *Gateway) Call(key aup.KeyID, method, path, source string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	template, status := route(method, path)
	if !g.keys[key] {
		status = http.StatusForbidden
	} else if refused := g.let(key); refused != 0 {
		status = refused
	} else {
		g.used[key][aup.Date(g.Now())]++
		if g.full() {
			status = http.StatusServiceUnavailable
		}
	}
	g.log(line{Key: string(key), Method: method, Template: template, Path: "/local" + path, Status: strconv.Itoa(status), IP: source})
	return status
}

// full counts a request that came through, and says whether it is one too many.
func (g *Gateway) full() bool {
	if now := g.Now().Unix() / 60; now != g.minute {
		g.minute, g.busy = now, 0
	}
	g.busy++
	return g.Capacity > 0 && g.busy > g.Capacity
}

var place = regexp.MustCompile(`^/places/(\d+)$`)

// route is the API itself: GET /places/{id} and GET /places.
func route(method, path string) (template string, status int) {
	if method != http.MethodGet {
		return "-", http.StatusMethodNotAllowed
	}
	if path == "/places" {
		return "/places", http.StatusOK
	}
	m := place.FindStringSubmatch(path)
	if m == nil {
		return "-", http.StatusNotFound
	}
	if id, err := strconv.Atoi(m[1]); err != nil || id < 1 || id > Catalogue {
		return "/places/{id}", http.StatusNotFound
	}
	return "/places/{id}", http.StatusOK
}

// line is one access-log line, in the order of docs/deploy.md. Values are strings, as API Gateway writes
// them.
type line struct {
	RequestID string `json:"requestId"`
	Extended  string `json:"extendedRequestId"`
	Key       string `json:"apiKeyId"`
	Time      string `json:"requestTimeEpoch"`
	Method    string `json:"httpMethod"`
	Template  string `json:"resourcePath"`
	Status    string `json:"status"`
	Length    string `json:"responseLength"`
	Latency   string `json:"responseLatency"`
	IP        string `json:"ip"`
	Path      string `json:"path"`
}

func (g *Gateway) log(l line) {
	g.calls++
	at := g.Now()
	l.RequestID = fmt.Sprintf("local-%08d", g.calls)
	l.Extended = l.RequestID + "-x"
	l.Time, l.Length, l.Latency = strconv.FormatInt(at.UnixMilli(), 10), "512", "12"
	b, err := json.Marshal(l)
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	g.lines = append(g.lines, metering.Event{ID: fmt.Sprintf("%020d", g.calls), At: at, Message: b})
	if g.Log != nil {
		g.Log.Write(append(b, '\n')) //nolint:errcheck // the log file is for looking at; the lines are kept
	}
}

// Lines takes the log lines that have not been taken yet.
func (g *Gateway) Lines() []metering.Event {
	g.mu.Lock()
	defer g.mu.Unlock()
	lines := g.lines
	g.lines = nil
	return lines
}

// ServeHTTP is the API over HTTP, with the key's id in x-api-key. The local gateway has no secret values.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	source, _, _ := strings.Cut(r.RemoteAddr, ":")
	status := g.Call(aup.KeyID(r.Header.Get("X-Api-Key")), r.Method, r.URL.Path, source)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, "{\"status\":%d,\"path\":%q}\n", status, r.URL.Path)
}

// Plans returns the one usage plan.
func (g *Gateway) Plans(context.Context) ([]metering.Plan, error) {
	return []metering.Plan{{ID: Plan, Name: "everyone"}}, nil
}

// Usage returns what each key used on each day from from to until.
func (g *Gateway) Usage(_ context.Context, _ string, from, until time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	used := map[aup.KeyID][]metering.DayUsage{}
	for key, days := range g.used {
		for at := from; !at.After(until); at = at.AddDate(0, 0, 1) {
			used[key] = append(used[key], metering.DayUsage{Used: days[aup.Date(at)]})
		}
	}
	return used, nil
}
