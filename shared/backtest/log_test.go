package backtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
)

var start = time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC)

// entry is one call that a test puts into a log.
type entry struct {
	key    string
	at     time.Time
	id     any
	status int
}

func (e entry) line() []byte {
	b, err := json.Marshal(map[string]any{"extendedRequestId": fmt.Sprint(e.at.UnixNano()), "apiKeyId": e.key, "requestTimeEpoch": e.at.UnixMilli(),
		"httpMethod": "GET", "resourcePath": "/services/{id}", "path": fmt.Sprintf("/prod/services/%v", e.id), "status": max(200, e.status),
		"responseLength": 100, "responseLatency": "-", "ip": "198.18.0.1"})
	if err != nil {
		panic(err)
	}
	return b
}

// calls are n calls of a key, one every so often, for the ids that next gives.
func calls(key string, from time.Time, every time.Duration, n int, next func(i int) any) []entry {
	es := make([]entry, n)
	for i := range es {
		es[i] = entry{key: key, at: from.Add(time.Duration(i) * every), id: next(i)}
	}
	return es
}

// together puts logs into one, in the order of time.
func together(parts ...[]entry) []entry {
	all := slices.Concat(parts...)
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	return all
}

// memory is a log in memory.
type memory struct{ left [][]byte }

func (m *memory) Next() ([]byte, error) {
	if len(m.left) == 0 {
		return nil, io.EOF
	}
	line := m.left[0]
	m.left = m.left[1:]
	return line, nil
}

func lines(es []entry) *memory {
	m := &memory{}
	for _, e := range es {
		m.left = append(m.left, e.line())
	}
	return m
}

func run(t testing.TB, cfg backtest.Config, es []entry) backtest.Report {
	t.Helper()
	r, err := backtest.Run(t.Context(), cfg, lines(es), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judged is a policy whose catalogue has a size, of which 2 % is significant; 0: unknown.
func judged(catalogue int64) backtest.Config {
	share := 0.0
	if catalogue > 0 {
		share = .02
	}
	return backtest.Config{Policy: aup.Version{Number: 1, Policy: aup.Policy{ID: "dos-api", Terms: aup.Terms{
		PerDay:    &aup.Limit{Clause: "fair-volume", Limit: 50000, Significant: 3},
		PerMinute: &aup.Limit{Clause: "fair-volume", Limit: 600, Significant: 10},
		Crawling:  &aup.Crawling{Clause: "dont-crawl", Catalogue: catalogue, Significant: share},
	}}}}
}

func ordered(first int) func(int) any { return func(i int) any { return first + i } }

func shuffled(n int) func(int) any {
	order := rand.New(rand.NewPCG(1, 2)).Perm(n)
	return func(i int) any { return fmt.Sprintf("place-%d", order[i%n]) }
}

func popular(n uint64) func(int) any {
	z := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 4, n-1)
	return func(int) any { return z.Uint64() }
}

func uniform(n int64) func(int) any {
	r := rand.New(rand.NewPCG(5, 6))
	return func(int) any { return r.Int64N(n) }
}
