package metering_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
)

// BenchmarkFold folds one window of 100 parts of 200 keys, all of them new to it, and reports the median of the
// processor time, which neighbours on the machine disturb least.
func BenchmarkFold(b *testing.B) {
	var lines [][]byte
	var took []float64
	for b.Loop() {
		b.StopTimer()
		m := newMemory()
		meter := metering.New(m, 1)
		for part := range 100 {
			lines = lines[:0]
			for i := range 200 {
				lines = append(lines, line(aup.KeyID(fmt.Sprintf("key%07d", i)), noon, part*200+i))
			}
			if _, err := meter.Ingest(ctx, batch("s", part*1000, lines...), noon); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		b.StartTimer()
		before := cpu(b)
		if _, err := meter.Fold(ctx, metering.WindowPart{Start: noon}); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(cpu(b)-before)/1e6)
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2], "cpu-ms")
}

// cpu is the processor time this process has used, its garbage collector included.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// priced counts what DynamoDB would charge for writes: a unit for each started KiB of an item, also when the
// write's condition does not hold.
type priced struct {
	*memory
	units int
}

func (p *priced) charge(item table.Item) {
	p.units += (len("pkskvttlb") + len(item.PK) + len(item.SK) + 2*10 + len(item.Body) + 1023) / 1024
}

func (p *priced) Write(ctx context.Context, ops ...table.Op) error {
	for _, op := range ops {
		p.charge(op.Item)
	}
	return p.memory.Write(ctx, ops...)
}

func (p *priced) PutAll(ctx context.Context, items []table.Item) error {
	for _, item := range items {
		p.charge(item)
	}
	return p.memory.PutAll(ctx, items)
}

// dollarsPerMillionUnits is the price of on-demand writes in us-east-1, from aws.amazon.com/dynamodb/pricing/on-demand.
const dollarsPerMillionUnits = 0.625

// BenchmarkWriteUnits meters a million calls an hour, spread evenly over keys, that arrive in batches of 1,000
// lines and are folded every 20 seconds, as audit-usage does. Of many keys less than the hour is played.
func BenchmarkWriteUnits(b *testing.B) {
	for _, c := range []struct{ keys, minutes int }{{10, 60}, {1000, 20}, {100_000, 4}} {
		b.Run(fmt.Sprint(c.keys, " keys"), func(b *testing.B) {
			for b.Loop() {
				p := &priced{memory: newMemory()}
				calls := million(b, p, c.keys, c.minutes)
				units := float64(p.units) / float64(calls) * 1e6
				b.ReportMetric(units, "units/1M-calls")
				b.ReportMetric(units/1e6*dollarsPerMillionUnits, "dollars/1M-calls")
			}
		})
	}
}

func million(b *testing.B, t table.Table, keys, minutes int) (calls int) {
	m := metering.New(t, 1)
	rng := rand.New(rand.NewPCG(1, 2))
	const size, every = 1000, 20 * time.Second
	gap := time.Hour / 1_000_000
	touched := map[metering.WindowPart]bool{}
	folded := noon
	for at := noon; at.Before(noon.Add(time.Duration(minutes) * time.Minute)); {
		var lines [][]byte
		for range size {
			lines = append(lines, line(aup.KeyID(fmt.Sprintf("key%07d", rng.IntN(keys))), at, rng.IntN(150_000)))
			at = at.Add(gap)
		}
		r, err := m.Ingest(ctx, batch("s", calls, lines...), at)
		if err != nil {
			b.Fatal(err)
		}
		calls += size
		for _, w := range r.Windows {
			touched[w] = true
		}
		if at.Sub(folded) < every {
			continue
		}
		folded = at
		for w := range touched {
			if _, err := m.Fold(ctx, w); err != nil {
				b.Fatal(err)
			}
		}
		clear(touched)
	}
	return calls
}
