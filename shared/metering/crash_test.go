package metering_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
)

// Crashes and lost answers at every single call of a delivery.
func TestEveryCrashPoint(t *testing.T) {
	source := batch("s", 1, line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon.Add(-5*time.Minute), 2), line("aaaaaaaaaa", noon.Add(-5*time.Minute), 3))
	for point := 0; ; point++ {
		m := newMemory()
		f := &failAt{memory: m, left: point}
		deliver(metering.New(f, 2), source)
		if wrong := check(m, []metering.Source{source}, false); wrong != "" {
			t.Fatalf("point %d: %s", point, wrong)
		}
		if f.left >= 0 {
			if point < 20 {
				t.Errorf("only %d points were met", point)
			}
			return
		}
	}
}

// failAt fails once: at an even point before a call is done, at an odd one after.
type failAt struct {
	*memory
	left int
}

func (f *failAt) call(do func() error) error {
	before, after := f.left == 0, f.left == 1
	if f.left -= 2; before {
		return errCrash
	}
	if err := do(); err != nil {
		return err
	}
	if after {
		return errCrash
	}
	return nil
}

func (f *failAt) Get(ctx context.Context, k table.Key) (item table.Item, err error) {
	err = f.call(func() error { item, err = f.memory.Get(ctx, k); return err })
	return item, err
}

func (f *failAt) Query(ctx context.Context, q table.Query) (page table.Page, err error) {
	err = f.call(func() error { page, err = f.memory.Query(ctx, q); return err })
	return page, err
}

func (f *failAt) Write(ctx context.Context, ops ...table.Op) error {
	return f.call(func() error { return f.memory.Write(ctx, ops...) })
}

func (f *failAt) PutAll(ctx context.Context, items []table.Item) error {
	return f.call(func() error { return f.memory.PutAll(ctx, items) })
}

// TestEveryCrashPointOfACollection: whatever call to the table or to GetUsage fails, before or after it was done, the
// next collections come to the same.
func TestEveryCrashPointOfACollection(t *testing.T) {
	for point := 0; ; point++ {
		m := newMemory()
		s := &story{t, m, metering.New(m, 2)}
		s.fold(s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1)), noon).Windows)
		f := &failAt{memory: m, left: point}
		g := failing{gateway{"gold": {"aaaaaaaaaa": used(7, 100), "bbbbbbbbbb": used(0, 3)}, "tin": {"aaaaaaaaaa": used(1)}}, f}
		meter := metering.New(f, 2)
		for try := 0; ; try++ {
			if _, err := meter.Collect(ctx, g, noon.Add(time.Duration(try)*time.Minute), 2); err == nil {
				break
			}
		}
		want := map[string]map[string]int64{"2027-01-14": {"gold": 7, "tin": 1}, "2027-01-15": {"gold": 100}}
		if diff := cmp.Diff(want, s.figures("aaaaaaaaaa")); diff != "" || s.requests("aaaaaaaaaa") != 1 {
			t.Errorf("point %d: %s", point, diff)
		}
		if diff := cmp.Diff(map[string]map[string]int64{"2027-01-15": {"gold": 3}}, s.figures("bbbbbbbbbb")); diff != "" {
			t.Errorf("point %d: %s", point, diff)
		}
		if f.left >= 0 {
			if point < 16 {
				t.Errorf("only %d points were met", point)
			}
			return
		}
	}
}

// failing is a gateway whose calls are among those that fail.
type failing struct {
	gateway
	at *failAt
}

func (f failing) Plans(ctx context.Context) (plans []metering.Plan, err error) {
	err = f.at.call(func() error { plans, err = f.gateway.Plans(ctx); return err })
	return plans, err
}

func (f failing) Usage(ctx context.Context, plan string, from, until time.Time) (all map[aup.KeyID][]metering.DayUsage, err error) {
	err = f.at.call(func() error { all, err = f.gateway.Usage(ctx, plan, from, until); return err })
	return all, err
}
