package judge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/table/bolt"
)

// plans is a gateway with a key for each of ten plans; reading one takes a while.
type plans struct {
	used  map[string]int64
	asked []string
	takes time.Duration
	now   *time.Time
}

func (p *plans) Plans(context.Context) (all []metering.Plan, err error) {
	for id := range p.used {
		all = append(all, metering.Plan{ID: id})
	}
	return all, nil
}

func (p *plans) Usage(_ context.Context, plan string, _, _ time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	p.asked = append(p.asked, plan)
	*p.now = p.now.Add(p.takes)
	return map[aup.KeyID][]metering.DayUsage{aup.KeyID(plan + "-1"): {{Used: p.used[plan]}, {}}}, nil
}

// counted counts the reads of each partition.
type counted struct {
	table.Table
	reads map[string]int
}

func (c counted) Get(ctx context.Context, k table.Key) (table.Item, error) {
	c.reads[k.PK]++
	return c.Table.Get(ctx, k)
}

func (c counted) Query(ctx context.Context, q table.Query) (table.Page, error) {
	c.reads[q.PK]++
	return c.Table.Query(ctx, q)
}

type collector struct {
	*testing.T
	now     time.Time
	gateway *plans
	ledger  *ledger.Ledger
	reads   map[string]int
	audits  judge.Audits
}

// newCollector has ten consumers, c0 to c9, with one key each, in a plan of the consumer's name.
func newCollector(t *testing.T) *collector {
	c := &collector{T: t, now: ledgertest.Day1.Add(time.Hour), reads: map[string]int{}}
	_, base := ledgertest.Open(t)
	c.ledger = ledger.New(counted{base, c.reads})
	db, err := bolt.Open(filepath.Join(t.TempDir(), "usage"), bolt.NoSync(), bolt.NoFeed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c.gateway = &plans{used: map[string]int64{}, now: &c.now}
	j := judge.Judge{Ledger: c.ledger, Meter: metering.New(db.Table("usage"), 1), Acceptances: nobody{}, Mode: assess.ModeObserve, Now: func() time.Time { return c.now }}
	c.audits = judge.Audits{Judge: j, Gateway: c.gateway, Usage: db.Table("usage")}
	v, _, err := c.ledger.Publish(t.Context(), aup.Policy{ID: "places-api"}, []byte("p"), ledgertest.Day1)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		id := fmt.Sprint("c", n)
		c.gateway.used[id] = 100
		ledgertest.Register(t, c.ledger, aup.ConsumerID(id))
		ledgertest.Append(t, c.ledger, aup.ConsumerID(id), "issued", &ledger.Entry{Fact: aup.PolicyIssued{Policy: v.Policy.ID, Version: 1, Applies: ledgertest.Day1}})
	}
	return c
}

// scheduled collects, and answers who was judged.
func (c *collector) scheduled(ctx context.Context) string {
	c.Helper()
	clear(c.reads)
	c.gateway.asked = nil
	r, err := c.audits.Scheduled(ctx)
	if err != nil && r.Unread == 0 {
		c.Fatal(err)
	}
	var ids []string
	for _, v := range r.Consumers {
		ids = append(ids, string(v.Consumer))
	}
	return strings.Join(ids, " ")
}

// TestACollectionJudgesWhoseFiguresChanged: the others are not even read.
func TestACollectionJudgesWhoseFiguresChanged(t *testing.T) {
	c := newCollector(t)
	if got := c.scheduled(t.Context()); got != "c0 c1 c2 c3 c4 c5 c6 c7 c8 c9" {
		t.Fatalf("the first collection judged %q", got)
	}
	if got := c.scheduled(t.Context()); got != "" || len(c.reads) != 0 {
		t.Errorf("nothing has changed: judged %q, read %v", got, c.reads)
	}
	c.gateway.used["c7"]++
	got := c.scheduled(t.Context())
	partitions := slices.Sorted(maps.Keys(c.reads))
	partitions = slices.DeleteFunc(partitions, func(pk string) bool { return pk == "guard" || strings.HasPrefix(pk, "policy#") })
	if diff := cmp.Diff([]string{"consumer#c7", "key#c7-1"}, partitions); got != "c7" || diff != "" {
		t.Errorf("judged %q; read (-want +got):\n%s", got, diff)
	}
}

// until is a context with another deadline.
type until struct {
	context.Context
	at time.Time
}

func (u until) Deadline() (time.Time, bool) { return u.at, true }

// TestACollectionGoesOnWhereItStopped: a plan takes 50 seconds and the function has 300, so that one run
// reads five of the ten plans, and the next the others.
func TestACollectionGoesOnWhereItStopped(t *testing.T) {
	c := newCollector(t)
	c.gateway.takes = 50 * time.Second
	for _, want := range []string{"c0 c1 c2 c3 c4", "c5 c6 c7 c8 c9", ""} {
		got := c.scheduled(until{t.Context(), c.now.Add(300 * time.Second)})
		if got != want {
			t.Errorf("judged %q, want %q", got, want)
		}
		if asked := strings.Join(c.gateway.asked, " "); want != "" && asked != want {
			t.Errorf("asked for %q, want %q", asked, want)
		}
	}
}

// TestADeadCollectionForgetsNobody: the process dies when a plan's figures are stored and its consumers not judged
// yet; the next run judges them, although the figures are the same.
func TestADeadCollectionForgetsNobody(t *testing.T) {
	c := newCollector(t)
	c.audits.Onboard = func(_ context.Context, key aup.KeyID) error {
		if key == "c3-1" {
			panic("the process dies")
		}
		return nil
	}
	func() {
		defer func() { recover() }() // it is the panic above
		c.scheduled(t.Context())
	}()
	c.audits.Onboard = nil
	if got := c.scheduled(t.Context()); got != "c3 c4 c5 c6 c7 c8 c9" {
		t.Errorf("judged %q", got)
	}
}

// TestAnAuditOfOnePlan: it is the only one asked for, and whose keys it has are judged.
func TestAnAuditOfOnePlan(t *testing.T) {
	c := newCollector(t)
	due := aup.Due{ID: "audit.a1", Kind: aup.DueAudit, Audit: "a1", Plan: "c4"}
	if err := c.ledger.Answer(t.Context(), "audit#a1", "h", []byte("{}"), c.now, due); err != nil {
		t.Fatal(err)
	}
	owed := ledgertest.Owed(t, c.ledger, aup.DueAudit)
	if err := c.audits.Do(t.Context(), ledger.RefOf(owed[0])); err != nil {
		t.Fatal(err)
	}
	stored, err := c.audits.Result(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	var r judge.Result
	if err := json.Unmarshal(stored, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Consumers) != 1 || r.Consumers[0].Consumer != "c4" || r.Keys != 1 || strings.Join(c.gateway.asked, " ") != "c4" {
		t.Errorf("%+v; asked %v", r, c.gateway.asked)
	}
}

// TestWhatBelongsToNobodyIsListed: keys that GetUsage tells of and nobody has, those that only the log tells of, calls
// without a key, and in an audit of all the consumers without a key. A key that was nobody's when it called, and was
// registered since, is not among them.
func TestWhatBelongsToNobodyIsListed(t *testing.T) {
	c := newCollector(t)
	c.gateway.used["stray"] = 12
	var calls []metering.Event
	for n, id := range []aup.ConsumerID{"logged", "logged", "logged", "since", "c1"} {
		calls = append(calls, visitor(n+1, id, c.now, n))
	}
	calls = append(calls, metering.Event{ID: "00000000000000000009", At: c.now, Message: bytes.Replace(visitor(9, "x", c.now, 9).Message, []byte(`"x-1"`), []byte(`"-"`), 1)})
	report, err := c.audits.Judge.Meter.Ingest(t.Context(), metering.Source{Group: "g", Stream: "s", Events: calls}, c.now)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.audits.Judge.Windows(t.Context(), report.Windows); err != nil {
			t.Fatal(err)
		}
	}
	ledgertest.Register(t, c.ledger, "since")
	ledgertest.Append(t, c.ledger, "keyless", "registered", &ledger.Entry{Fact: aup.Registered{Policy: "places-api"}, Profile: &aup.Consumer{ID: "keyless", Policy: "places-api"}})
	if err := c.ledger.Answer(t.Context(), "audit#a1", "h", []byte("{}"), c.now, aup.Due{ID: "audit.a1", Kind: aup.DueAudit, Audit: "a1"}); err != nil {
		t.Fatal(err)
	}
	if err := c.audits.Do(t.Context(), ledger.RefOf(ledgertest.Owed(t, c.ledger, aup.DueAudit)[0])); err != nil {
		t.Fatal(err)
	}
	stored, err := c.audits.Result(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	var r judge.Result
	if err := json.Unmarshal(stored, &r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]judge.KeyTraffic{{Key: "stray-1", Gateway: 12}, {Key: "logged-1", Logged: 3}, {Key: "", Logged: 1}}, r.Nobodys); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]aup.ConsumerID{"keyless"}, r.WithoutKeys); diff != "" {
		t.Error(diff)
	}
}
