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
