package metering_test

import (
	"strings"
	"testing"
	"time"

	"accord/shared/metering"
)

func TestPartsThatCannotBeReadAreExplained(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "whole number"}, {"0", "whole number"}, {"65", "1 to 64"}, {"many", "whole number"},
		{"1, 4", "has no date and each after it has one"},
		{"4 from 2027-02-01T00:00Z", "the first number has no date"},
		{"1, 4 from 2027-02-01", "start of a window"},
		{"1, 4 from 2027-02-01T00:03Z", "minutes in fives"},
		{"1, 4 from 2027-02-01T00:00Z, 2 from 2027-02-01T00:00Z", "does not come after"},
	} {
		if _, err := metering.ParseParts(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v; want %q", c.text, err, c.says)
		}
	}
}

// A window has the number of parts that held at its start, whenever it is asked for.
func TestANumberOfPartsHoldsFromItsWindowOn(t *testing.T) {
	p, err := metering.ParseParts("1, 4 from 2027-02-01T00:00Z,2 from 2027-02-02T00:05Z")
	if err != nil {
		t.Fatal(err)
	}
	m := metering.Split(newMemory(), p)
	for at, want := range map[string]int{
		"2020-01-01T00:00:00Z": 1, "2027-01-31T23:59:59Z": 1, "2027-02-01T00:00:00Z": 4,
		"2027-02-02T00:04:59Z": 4, "2027-02-02T00:05:00Z": 2, "2030-01-01T00:00:00Z": 2,
	} {
		when, _ := time.Parse(time.RFC3339, at)
		if got := len(m.PartsOf(when)); got != want {
			t.Errorf("%s: %d parts, want %d", at, got, want)
		}
	}
}

func changing(t *testing.T, text string) metering.Parts {
	p, err := metering.ParseParts(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestANumberOfPartsIsAgreedTo: what is to come may change, and what is past and still needed may not.
func TestANumberOfPartsIsAgreedTo(t *testing.T) {
	for _, c := range []struct {
		says, before, then string
		refused            bool
	}{
		{"the first number is noted", "", "3", false},
		{"nothing changes", "1, 4 from 2027-02-01T00:00Z", "1, 4 from 2027-02-01T00:00Z", false},
		{"a change to come", "1", "1, 4 from 2027-01-15T12:05Z", false},
		{"a change to come is taken back", "1, 4 from 2027-01-15T12:05Z", "1", false},
		{"another number at once", "1", "4", true},
		{"from a window that has just begun", "1", "1, 4 from 2027-01-15T12:00Z", true},
		{"from a date that is past", "1", "1, 4 from 2027-01-14T00:00Z", true},
		{"a past change is forgotten too early", "1, 4 from 2027-01-14T00:00Z", "4", true},
		{"a past change that was there and back is forgotten", "1, 4 from 2027-01-14T00:00Z, 1 from 2027-01-14T06:00Z", "1", true},
		{"a past change is moved", "1, 4 from 2027-01-14T00:00Z", "1, 4 from 2027-01-13T00:00Z", true},
		{"a change of which nothing is left is forgotten", "1, 4 from 2027-01-01T00:00Z", "4", false},
		{"and another comes", "1, 4 from 2027-01-01T00:00Z", "4, 8 from 2027-01-16T00:00Z", false},
	} {
		table := newMemory()
		if c.before != "" {
			if err := metering.Split(table, changing(t, c.before)).Agree(ctx, noon.AddDate(-1, 0, 0)); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // a refusal is no agreement
			err := metering.Split(table, changing(t, c.then)).Agree(ctx, noon)
			if (err != nil) != c.refused || c.refused && (!strings.Contains(err.Error(), c.before) || !strings.Contains(err.Error(), "an hour ahead")) {
				t.Errorf("%s: %v", c.says, err)
			}
		}
	}
}

// TestANumberChangedForThePastCountsTooLittleAndNeverTooMuch: what is refused, and came about before it was.
func TestANumberChangedForThePastCountsTooLittleAndNeverTooMuch(t *testing.T) {
	less := 0
	for first := range 6 {
		for numbers := range 12 {
			memory := newMemory()
			before, after := metering.New(memory, 1+numbers%4), metering.New(memory, 1+numbers/3)
			calls := 0
			for i, m := range []*metering.Meter{before, after, before, after} {
				var lines [][]byte
				for n := range 1 + (first+i)%3 {
					lines = append(lines, line("aaaaaaaaaa", noon, 10*i+n))
				}
				calls += len(lines)
				r, err := m.Ingest(ctx, batch("s", 100*i+1, lines...), noon)
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range r.Windows {
					if _, err := after.Fold(ctx, w); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, m := range []*metering.Meter{before, after} {
				for _, w := range m.PartsOf(noon) {
					if _, err := m.Fold(ctx, w); err != nil {
						t.Fatal(err)
					}
				}
			}
			counted := (&story{t, memory, after}).requests("aaaaaaaaaa")
			if counted > int64(calls) || counted == 0 {
				t.Errorf("from %d parts to %d: %d of %d calls", 1+numbers%4, 1+numbers/3, counted, calls)
			}
			if counted < int64(calls) {
				less++
			}
		}
	}
	if less == 0 {
		t.Error("nothing was lost: then it need not be refused")
	}
}

// TestAKeysFiguresAreFoundWithoutTheNumberOfParts: a dry run and the consumer's page read them, and nothing by parts.
func TestAKeysFiguresAreFoundWithoutTheNumberOfParts(t *testing.T) {
	memory := newMemory()
	s := &story{t, memory, metering.New(memory, 7)}
	s.fold(s.ingest(batch("s", 1, line("aaaaaaaaaa", noon, 1), line("bbbbbbbbbb", noon, 2), line("cccccccccc", noon, 3)), noon).Windows)
	for _, key := range keys[:3] {
		for _, m := range []*metering.Meter{s.meter, metering.New(memory, 1)} {
			days, err := m.Days(ctx, key, noon, noon.AddDate(0, 0, 1))
			if err != nil || len(days) != 1 || days[0].Counts().Requests != 1 {
				t.Errorf("key %s: %v, %v", key, days, err)
			}
			windows, err := m.Windows(ctx, key, noon, noon.Add(time.Hour))
			if err != nil || len(windows) != 1 || windows[0].Summary.Requests != 1 {
				t.Errorf("key %s: %v, %v", key, windows, err)
			}
		}
	}
}

// The number changes between windows whose lines come in any order, while one worker has not heard of a
// later change yet: nothing is lost and nothing is counted twice.
func TestCountsAreExactWhileTheNumberOfPartsChanges(t *testing.T) {
	now := changing(t, "2, 3 from "+noon.Add(-5*time.Minute).Format("2006-01-02T15:04Z"))
	next := append(now[:len(now):len(now)], changing(t, "1, 5 from "+noon.Add(time.Hour).Format("2006-01-02T15:04Z"))[1:]...)
	parts := func(worker int) metering.Parts { return []metering.Parts{now, next, next}[worker] }
	const all = 1000
	for seed := range uint64(all) {
		if wrong, _ := playSplit(seed, newMemory(), parts); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
	}
	t.Logf("%d schedules, 0 wrong", all)
}

// The same must be found wrong where the number changes at once, in the middle of windows.
func TestSchedulesFindANumberOfPartsThatChangesAtOnce(t *testing.T) {
	parts := func(worker int) metering.Parts { return changing(t, []string{"2", "3", "3"}[worker]) }
	for seed := range uint64(1000) {
		if wrong, _ := playSplit(seed, newMemory(), parts); wrong != "" {
			t.Logf("found by seed %d", seed)
			return
		}
	}
	t.Error("no schedule found it")
}
