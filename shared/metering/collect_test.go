package metering_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/usage"
)

// gateway answers by plan; a plan it has no answer for is out of order.
type gateway map[string]map[aup.KeyID][]metering.DayUsage

func (g gateway) Plans(context.Context) ([]metering.Plan, error) {
	return []metering.Plan{{ID: "gold"}, {ID: "tin"}}, nil
}

func (g gateway) Usage(_ context.Context, plan string, from, until time.Time) (map[aup.KeyID][]metering.DayUsage, error) {
	if g[plan] == nil {
		return nil, errors.New("too many requests")
	}
	return g[plan], nil
}

func used(days ...int64) (list []metering.DayUsage) {
	for _, n := range days {
		list = append(list, metering.DayUsage{Used: n, Remaining: 7})
	}
	return list
}

// figures returns what is stored of a key, by date and plan.
func (s *story) figures(key aup.KeyID) map[string]map[string]int64 {
	s.Helper()
	days, err := s.meter.Days(ctx, key, noon.AddDate(0, 0, -9), noon.AddDate(0, 0, 9))
	if err != nil {
		s.Fatal(err)
	}
	out := make(map[string]map[string]int64)
	for _, d := range days {
		out[d.Date] = make(map[string]int64)
		for plan, r := range d.Gateway {
			out[d.Date][plan] = r.Used
		}
	}
	return out
}

func TestCollectAlignsListsByTheFirstDay(t *testing.T) {
	for _, c := range []struct {
		says string
		gold []metering.DayUsage
		want map[string]map[string]int64
	}{
		{"a figure for each day", used(10, 20, 30), map[string]map[string]int64{"2027-01-13": {"gold": 10}, "2027-01-14": {"gold": 20}, "2027-01-15": {"gold": 30}}},
		{"nothing is known of the days that a short list leaves out", used(10), map[string]map[string]int64{"2027-01-13": {"gold": 10}}},
		{"nor of an empty one's", used(), map[string]map[string]int64{}},
		{"a key nothing is known of has no day without usage", used(0, 20, 0), map[string]map[string]int64{"2027-01-14": {"gold": 20}}},
	} {
		t.Run(c.says, func(t *testing.T) {
			s := tell(t)
			_, err := s.meter.Collect(ctx, gateway{"gold": {"aaaaaaaaaa": c.gold}, "tin": {}}, noon, 3)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, s.figures("aaaaaaaaaa")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCollectOverwritesAndNeverAdds(t *testing.T) {
	s := tell(t)
	collect := func(now time.Time, gold, tin int64) metering.Collected {
		t.Helper()
		c, err := s.meter.Collect(ctx, gateway{"gold": {"aaaaaaaaaa": used(gold)}, "tin": {"aaaaaaaaaa": used(tin)}}, now, 1)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	want := func(gold, tin int64) {
		t.Helper()
		if diff := cmp.Diff(map[string]int64{"gold": gold, "tin": tin}, s.figures("aaaaaaaaaa")["2027-01-15"]); diff != "" {
			t.Error(diff)
		}
	}
	collect(noon, 100, 5)
	want(100, 5)
	if c := collect(noon.Add(time.Minute), 100, 5); c.Days != 0 {
		t.Errorf("the same figures again were stored: %+v", c)
	}
	collect(noon.Add(time.Hour), 120, 5)
	want(120, 5)
	collect(noon.Add(2*time.Hour), 90, 5)
	want(90, 5)
	collect(noon.Add(time.Minute), 1000, 5)
	want(90, 5) // the answer to an older question came last
	s.fold(s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1)), noon).Windows)
	want(90, 5)
	collect(noon.Add(3*time.Hour), 0, 5)
	want(0, 5)
	if n := s.requests("aaaaaaaaaa"); n != 1 {
		t.Errorf("collecting has changed the log's count to %d", n)
	}
}

// TestWhatRemainsOfAQuotaSaysNothing: an admin may raise or lower it at any time, so that it need not add up.
func TestWhatRemainsOfAQuotaSaysNothing(t *testing.T) {
	s := tell(t)
	for i, remaining := range []int64{9900, 0, -5, 1 << 40, 100} {
		list := []metering.DayUsage{{Used: 100, Remaining: remaining}}
		c, err := s.meter.Collect(ctx, gateway{"gold": {"aaaaaaaaaa": list}, "tin": {}}, noon.Add(time.Duration(i)*time.Minute), 1)
		if err != nil || (c.Days == 1) != (i == 0) || s.figures("aaaaaaaaaa")["2027-01-15"]["gold"] != 100 {
			t.Errorf("remaining %d: %+v, %v, %v", remaining, c, s.figures("aaaaaaaaaa"), err)
		}
	}
}

func TestOneFailureDoesNotStopTheOthersCollection(t *testing.T) {
	s := tell(t)
	c, err := s.meter.Collect(ctx, gateway{"tin": {
		"aaaaaaaaaa": used(1, 2, 3, 4), // more days than were asked for
		"bbbbbbbbbb": used(5, -6, 7),
		"cccccccccc": used(8, 9, 10),
	}}, noon, 3)
	if err == nil {
		t.Fatal("nothing was said")
	}
	for _, part := range []string{"plan gold", `"aaaaaaaaaa"`, "2027-01-14: used -6"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if want := (metering.Collected{Plans: 1, Keys: 3, Days: 5}); c != want {
		t.Errorf("%+v", c)
	}
	if len(s.figures("aaaaaaaaaa")) != 0 || s.figures("bbbbbbbbbb")["2027-01-15"]["tin"] != 7 || s.figures("cccccccccc")["2027-01-15"]["tin"] != 10 {
		t.Error("what could be told was not stored, or what could not was")
	}
}

// A fold between Collect's reading of a day and its writing must not be lost.
func TestCollectAndFoldAtTheSameTimeKeepBoth(t *testing.T) {
	s := tell(t)
	w := s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1)), noon).Windows
	race := &duringGet{memory: s.table, happens: func() { s.fold(w) }}
	if _, err := metering.New(race, 2).Collect(ctx, gateway{"gold": {"aaaaaaaaaa": used(4)}, "tin": {}}, noon, 1); err != nil {
		t.Fatal(err)
	}
	if s.requests("aaaaaaaaaa") != 1 || s.figures("aaaaaaaaaa")["2027-01-15"]["gold"] != 4 {
		t.Errorf("%d requests, %v", s.requests("aaaaaaaaaa"), s.figures("aaaaaaaaaa"))
	}
}

type duringGet struct {
	*memory
	happens func()
}

func (d *duringGet) Get(ctx context.Context, k table.Key) (table.Item, error) {
	item, err := d.memory.Get(ctx, k)
	if f := d.happens; f != nil {
		d.happens = nil
		f()
	}
	return item, err
}

func TestReconcile(t *testing.T) {
	const yesterday, today = "2027-01-14", "2027-01-15"
	thisMorning := time.Date(2027, 1, 15, 1, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		says      string
		date      string
		logged    usage.Counts
		gateway   map[string]int64
		collected time.Time
		state     metering.State
		doubt     metering.Doubt
	}{
		{"equal figures agree", yesterday, usage.Counts{Requests: 5000}, map[string]int64{"gold": 5000}, noon, metering.Agrees, metering.NoDoubt},
		{"the plans are added up", yesterday, usage.Counts{Requests: 5000}, map[string]int64{"gold": 3000, "tin": 2000}, noon, metering.Agrees, metering.NoDoubt},
		{"one in a hundred may be missing", yesterday, usage.Counts{Requests: 4950}, map[string]int64{"gold": 5000}, noon, metering.Agrees, metering.NoDoubt},
		{"one more may not", yesterday, usage.Counts{Requests: 4949}, map[string]int64{"gold": 5000}, noon, metering.Gap, metering.Incomplete},
		{"of few calls, twenty may be", yesterday, usage.Counts{Requests: 10}, map[string]int64{"gold": 30}, noon, metering.Agrees, metering.NoDoubt},
		{"but not twenty-one", yesterday, usage.Counts{Requests: 10}, map[string]int64{"gold": 31}, noon, metering.Gap, metering.Incomplete},
		{"no log at all is a gap", yesterday, usage.Counts{}, map[string]int64{"gold": 500}, noon, metering.Gap, metering.Incomplete},
		{"one in a hundred may be too many", yesterday, usage.Counts{Requests: 5050}, map[string]int64{"gold": 5000}, noon, metering.Agrees, metering.NoDoubt},
		{"more may not", yesterday, usage.Counts{Requests: 5060}, map[string]int64{"gold": 5000}, noon, metering.Over, metering.OverCounted},
		{"throttled and refused calls may be missing from GetUsage", yesterday, usage.Counts{Requests: 9000, Throttled: 3000, Refused: 1000}, map[string]int64{"gold": 5000}, noon, metering.Agrees, metering.NoDoubt},
		{"or be in it", yesterday, usage.Counts{Requests: 9000, Throttled: 3000, Refused: 1000}, map[string]int64{"gold": 9000}, noon, metering.Agrees, metering.NoDoubt},
		{"today is not over", today, usage.Counts{Requests: 9000}, map[string]int64{"gold": 10}, noon, metering.Lagging, metering.NoDoubt},
		{"yesterday asked for too early is not known", yesterday, usage.Counts{Requests: 9000}, map[string]int64{"gold": 10}, thisMorning.Add(-time.Minute), metering.Lagging, metering.NoDoubt},
		{"an hour after its end it is", yesterday, usage.Counts{Requests: 9000}, map[string]int64{"gold": 10}, thisMorning, metering.Over, metering.OverCounted},
		{"nothing to compare with is no doubt", yesterday, usage.Counts{Requests: 9000}, nil, time.Time{}, metering.Unknown, metering.NoDoubt},
	} {
		d := usage.Day{Date: c.date, Windows: map[int64]usage.Counts{noon.Unix(): c.logged}, Gateway: readings(c.gateway, c.collected)}
		if r := metering.Reconcile(d, noon); r.State != c.state || r.Doubt() != c.doubt {
			t.Errorf("%s: %v, doubt %q", c.says, r, r.Doubt())
		}
	}
	alone := usage.Day{Date: yesterday, Unlogged: true, Gateway: readings(map[string]int64{"gold": 500}, noon)}
	if r := metering.Reconcile(alone, noon); r.State != metering.Unlogged || r.Doubt() != metering.NoDoubt || r.String() != "2027-01-14: 500 by GetUsage alone: no access log is read" {
		t.Errorf("where no log is read, GetUsage is all there is: %v, doubt %q", r, r.Doubt())
	}
	r := metering.Reconcile(usage.Day{Date: yesterday, Gateway: readings(map[string]int64{"gold": 500}, noon)}, noon)
	if want := "2027-01-14: 0 logged, 500 by GetUsage: gap (-500, tolerance 20)"; r.String() != want {
		t.Errorf("%q, want %q", r, want)
	}
}

func TestTheFinalReadingOfADayIsNotedEvenIfItSaysTheSame(t *testing.T) {
	s := tell(t)
	for _, now := range []time.Time{noon, noon.Add(13 * time.Hour), noon.Add(15 * time.Hour)} {
		list := used(500)
		if now.Day() == 16 {
			list = used(500, 0)
		}
		if _, err := s.meter.Collect(ctx, gateway{"gold": {"aaaaaaaaaa": list}, "tin": {}}, now, len(list)); err != nil {
			t.Fatal(err)
		}
	}
	days, err := s.meter.Days(ctx, "aaaaaaaaaa", noon, noon.AddDate(0, 0, 1))
	if err != nil || len(days) != 1 || !days[0].Gateway["gold"].At.Equal(noon.Add(13*time.Hour)) {
		t.Errorf("%v, %+v", err, days)
	}
}

func readings(used map[string]int64, at time.Time) map[string]usage.Reading {
	by := map[string]usage.Reading{}
	for plan, n := range used {
		by[plan] = usage.Reading{Used: n, At: at}
	}
	return by
}

// TestADeploymentWithoutALogComparesOnlyWhatWasLogged: a day without a logged call says nothing of a log that nobody
// reads; one with calls is compared whatever the deployment says, because its log is there.
func TestADeploymentWithoutALogComparesOnlyWhatWasLogged(t *testing.T) {
	s := tell(t)
	if _, err := s.meter.Collect(ctx, gateway{"gold": {"aaaaaaaaaa": used(500), "bbbbbbbbbb": used(500)}, "tin": {}}, noon.Add(13*time.Hour), 2); err != nil {
		t.Fatal(err)
	}
	s.fold(s.ingest(batch("s", 1, line("bbbbbbbbbb", noon, 1)), noon).Windows)
	for _, c := range []struct {
		unlogged bool
		key      aup.KeyID
		want     metering.State
	}{{false, "aaaaaaaaaa", metering.Gap}, {true, "aaaaaaaaaa", metering.Unlogged}, {true, "bbbbbbbbbb", metering.Gap}} {
		s.meter.Unlogged = c.unlogged
		days, err := s.meter.Days(ctx, c.key, noon, noon.AddDate(0, 0, 1))
		if err != nil || len(days) != 1 {
			t.Fatal(err, days)
		}
		if r := metering.Reconcile(days[0], noon.Add(13*time.Hour)); r.State != c.want {
			t.Errorf("key %s, unlogged %t: %v", c.key, c.unlogged, r)
		}
	}
}

// A plan that could not be read again after the day does not make the other's figure look too low.
func TestADayIsComparedWhenEveryPlanWasReadAfterIt(t *testing.T) {
	d := usage.Day{Date: "2027-01-14", Windows: map[int64]usage.Counts{noon.AddDate(0, 0, -1).Unix(): {Requests: 9000}},
		Gateway: map[string]usage.Reading{"gold": {Used: 3000, At: noon}, "tin": {Used: 10, At: noon.AddDate(0, 0, -1)}}}
	if r := metering.Reconcile(d, noon); r.State != metering.Lagging || r.Doubt() != metering.NoDoubt {
		t.Errorf("%v, doubt %q", r, r.Doubt())
	}
	d.Read("tin", usage.Reading{Used: 10, At: noon})
	if r := metering.Reconcile(d, noon); r.State != metering.Over {
		t.Errorf("%v", r)
	}
}
