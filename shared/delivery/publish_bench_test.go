package delivery_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/notice"
	"accord/shared/table"
)

// mirror is a table in which any number of consumers stand as one consumer does, and in which what is written
// about them is encoded and dropped. It holds nothing that grows with their number, so that what does grow is the
// worker's; took is the time spent in here, which is not the worker's.
type mirror struct {
	table.Table
	consumers int
	took      time.Duration
}

var anyConsumer = regexp.MustCompile(`c\d{6}`)

const mirrored = "c000000"

// original is where the mirrored consumer has what the key names, and who was asked for.
func original(k table.Key) (table.Key, string) {
	id := anyConsumer.FindString(k.PK + k.SK)
	if id == "" {
		return k, ""
	}
	if strings.HasPrefix(k.PK, ledger.DuePrefix) {
		k.PK = fmt.Sprintf("%s%02d", ledger.DuePrefix, shardOf(anyConsumer.ReplaceAllString(k.SK[strings.LastIndex(k.SK, "#")+1:], mirrored)))
	}
	return table.Key{PK: strings.ReplaceAll(k.PK, id, mirrored), SK: strings.ReplaceAll(k.SK, id, mirrored)}, id
}

func shardOf(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % ledger.Shards)
}

func reflected(it table.Item, id string) table.Item {
	it.PK, it.SK = strings.ReplaceAll(it.PK, mirrored, id), strings.ReplaceAll(it.SK, mirrored, id)
	it.Body = bytes.ReplaceAll(it.Body, []byte(mirrored), []byte(id))
	return it
}

func (m *mirror) Get(ctx context.Context, k table.Key) (table.Item, error) {
	defer m.timed()()
	k, id := original(k)
	it, err := m.Table.Get(ctx, k)
	if id == "" {
		return it, err
	}
	return reflected(it, id), err
}

func (m *mirror) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	defer m.timed()()
	if strings.HasPrefix(q.PK, "directory#") {
		return m.directory(q), nil
	}
	k, id := original(table.Key{PK: q.PK})
	q.PK = k.PK
	page, err = m.Table.Query(ctx, q)
	for i := range page.Items {
		page.Items[i] = reflected(page.Items[i], id)
	}
	return page, err
}

func (m *mirror) directory(q table.Query) (page table.Page) {
	next := 0
	if q.After != "" {
		fmt.Sscanf(q.After, "c%d", &next)
		next++
	}
	for ; next < m.consumers; next++ {
		id := string(consumer(next))
		if q.PK != fmt.Sprintf("directory#%02d", shardOf(id)) {
			continue
		}
		if page.Items = append(page.Items, table.Item{Key: table.Key{PK: q.PK, SK: id}, V: 1, Body: []byte("{}")}); len(page.Items) == q.Limit {
			page.Next = id
			break
		}
	}
	return page
}

func (m *mirror) Write(ctx context.Context, ops ...table.Op) error {
	defer m.timed()()
	if anyConsumer.MatchString(ops[0].Item.PK + ops[0].Item.SK) {
		return nil
	}
	return m.Table.Write(ctx, ops...)
}

func (m *mirror) timed() func() {
	start := time.Now()
	return func() { m.took += time.Since(start) }
}

// worked is what the workers of a campaign took, the engine aside.
type worked struct {
	cpu  time.Duration
	heap uint64 // most bytes that were in use after an invocation, its garbage collected
}

// during runs some invocations: do does the next one, until it returns false.
func (m *mirror) during(b testing.TB, do func() bool) (w worked) {
	b.Helper()
	runtime.GC()
	m.took = 0
	start, aside := cpu(b), time.Duration(0)
	for n := 0; do(); n++ {
		if n%20 != 0 {
			continue
		}
		before := cpu(b)
		var s runtime.MemStats
		runtime.GC()
		runtime.GC() // what pools hold goes with the second
		runtime.ReadMemStats(&s)
		w.heap = max(w.heap, s.HeapAlloc)
		aside += cpu(b) - before
	}
	w.cpu = cpu(b) - start - aside - m.took
	return w
}

// cpu is the processor time this process has used, its garbage collector included.
func cpu(b testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// distributed issues the second version of the sample policy to so many consumers.
func distributed(b testing.TB, consumers int) worked {
	c := newCampaign(b, 1)
	m := &mirror{Table: c.base, consumers: consumers}
	d := distribute.Distributor{Ledger: ledger.New(m), Now: c.clock}
	var due []aup.Due
	return m.during(b, func() bool {
		took := m.took
		due = ledgertest.Owed(b, ledger.New(c.base), aup.DueDistribute)
		m.took = took
		if len(due) == 0 {
			return false
		}
		if err := d.Do(b.Context(), ledger.RefOf(due[0])); err != nil {
			b.Fatal(err)
		}
		return true
	})
}

// nobody takes emails and forgets them.
type nobody struct{ n int }

func (s *nobody) Send(context.Context, notice.Email, map[string]string) (string, error) {
	s.n++
	return fmt.Sprint("message-", s.n), nil
}

// delivered sends so many consumers the email of the second version.
func delivered(b testing.TB, consumers int) worked {
	c := newCampaign(b, 1)
	for _, due := range ledgertest.Owed(b, ledger.New(c.base), aup.DueDistribute) {
		if err := (distribute.Distributor{Ledger: ledger.New(c.base), Now: c.clock}).Do(b.Context(), ledger.RefOf(due)); err != nil {
			b.Fatal(err)
		}
	}
	m, to := &mirror{Table: c.base, consumers: consumers}, &nobody{}
	d := delivery.Deliverer{Ledger: ledger.New(m), Sender: to, Now: c.clock, Provider: provider}
	due := ledgertest.Owed(b, ledger.New(c.base), aup.DueEmail)[0]
	w := m.during(b, func() bool {
		if to.n == consumers {
			return false
		}
		one := due
		one.ID = strings.Replace(due.ID, mirrored, string(consumer(to.n)), 1)
		if err := d.Do(b.Context(), ledger.RefOf(one)); err != nil {
			b.Fatal(err)
		}
		return true
	})
	return w
}

// TestMemoryIsConstant: ten times the consumers take no more memory of the workers.
func TestMemoryIsConstant(t *testing.T) {
	few := consumersOr(1000) / 10
	for what, run := range map[string]func(testing.TB, int) worked{"distributing": distributed, "delivering": delivered} {
		small, large := run(t, few), run(t, 10*few)
		t.Logf("%-14s %7d consumers: %6d KB in use; %7d: %6d KB", what, few, small.heap>>10, 10*few, large.heap>>10)
		if large.heap > small.heap+256<<10 {
			t.Errorf("%s to %d consumers holds %d bytes, to %d %d", what, few, small.heap, 10*few, large.heap)
		}
	}
}

// BenchmarkPublish reports what telling 100,000 consumers of a version costs the workers.
func BenchmarkPublish(b *testing.B) {
	const consumers = 100_000
	for b.Loop() {
		b.ReportMetric(distributed(b, consumers).cpu.Seconds(), "publish-cpu-s")
		b.ReportMetric(delivered(b, consumers/10).cpu.Seconds()*10, "deliver-cpu-s")
	}
}

// BenchmarkUnits reports what a thousand notices cost in DynamoDB when nothing goes wrong.
func BenchmarkUnits(b *testing.B) {
	const consumers = 500
	for b.Loop() {
		c := newCampaign(b, consumers)
		c.run()
		b.ReportMetric(float64(c.bill.writes)/consumers*1000, "writes/1k")
		b.ReportMetric(float64(c.bill.reads)/consumers*1000, "reads/1k")
		b.ReportMetric(c.bill.dollars()/consumers*1000, "dollars/1k")
	}
}
