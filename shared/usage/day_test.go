package usage_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/shared/usage"
)

func day(windows map[time.Time]usage.Summary, order []time.Time) usage.Day {
	d := usage.Day{Date: usage.DateOf(start)}
	for _, w := range order {
		d.Put(w, windows[w])
	}
	return d
}

func TestPuttingWindowsInAnyOrderAndTwiceIsTheSameDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := windows(calls.Draw(t, "calls"))
		order := slices.SortedFunc(maps.Keys(all), time.Time.Compare)
		want := day(all, order)
		twice := slices.Concat(order, order)
		equal(t, "shuffled, twice", want, day(all, rapid.Permutation(twice).Draw(t, "order")))
	})
}

func TestAFullerWindowReplacesItsFormerSelf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		early, late := calls.Draw(t, "early"), calls.Draw(t, "late")
		all := windows(slices.Concat(early, late))
		order := slices.SortedFunc(maps.Keys(all), time.Time.Compare)
		want := day(all, order)
		got := usage.Day{Date: want.Date}
		for w, s := range windows(early) {
			got.Put(w, s)
		}
		for _, w := range order {
			got.Put(w, all[w])
		}
		equal(t, "replaced", want, got)
	})
}

func TestADayAddsUpItsCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := calls.Draw(t, "calls")
		all := windows(in)
		d := day(all, slices.Collect(maps.Keys(all)))
		whole := summary(in)
		equal(t, "counts", whole.Counts, d.Counts())
		for name, r := range whole.Resources {
			equal(t, name, r.Requests, d.LooksAt(name))
			equal(t, name, r.NotFound, d.Missed[name].Sum())
			equal(t, name, r.Distinct, d.Merged.Resources[name].Distinct)
		}
		equal(t, "no counts in the merged summary", usage.Counts{}, d.Merged.Counts)
		if len(d.Merged.Minutes) > usage.MaxMinutes {
			t.Errorf("%d minutes", len(d.Merged.Minutes))
		}
		for minute, n := range d.Merged.Minutes {
			equal(t, "minute", whole.Minutes[minute], n)
		}
	})
}

func TestAWindowWithoutCallsIsForgotten(t *testing.T) {
	w := usage.WindowOf(start)
	d := usage.Day{Date: usage.DateOf(start)}
	d.Put(w, summary([]usage.Call{{At: start, Method: "GET", Template: "/a", Path: "/p/a", Status: 404}}))
	d.Put(w, usage.Summary{})
	if len(d.Windows) != 0 || d.LooksAt("GET /a") != 0 || len(d.Looks) != 0 || len(d.Missed) != 0 {
		t.Errorf("windows %v, looks %v, missed %v", d.Windows, d.Looks, d.Missed)
	}
}

func TestAConsumersDayIsTheSumOfItsKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := calls.Draw(t, "a"), calls.Draw(t, "b")
		wa, wb := windows(a), windows(b)
		da, db := day(wa, slices.Collect(maps.Keys(wa))), day(wb, slices.Collect(maps.Keys(wb)))
		da.Gateway = map[string]usage.Reading{"gold": {Used: 3, At: start.Add(time.Hour)}, "tin": {Used: 1}}
		db.Gateway = map[string]usage.Reading{"gold": {Used: 4, At: start}}
		got := usage.MergeDays(da, db)
		equal(t, "commutes", usage.MergeDays(db, da), got)
		whole := summary(slices.Concat(a, b))
		equal(t, "counts", whole.Counts, got.Counts())
		for name, r := range whole.Resources {
			equal(t, name, r.Requests, got.LooksAt(name))
			equal(t, name, r.NotFound, got.Missed[name].Sum())
		}
		equal(t, "gateway", map[string]usage.Reading{"gold": {Used: 7, At: start}, "tin": {Used: 1}}, got.Gateway)
		for minute, n := range got.Merged.Minutes {
			if n > whole.Minutes[minute] {
				t.Errorf("minute %d: %d is more than the %d there were", minute, n, whole.Minutes[minute])
			}
		}
	})
}

// Calls that were counted twice for a while leave nothing behind: a window put again replaces its minutes too.
func TestAMinuteCountedTwiceIsTakenBack(t *testing.T) {
	call := usage.Call{At: start.Add(time.Minute), Key: "k", Method: "GET", Template: "/places/{id}", Path: "/live/places/1", Status: 200}
	var once, twice usage.Summary
	once.Add(call)
	twice.Add(call)
	twice.Add(call)
	var d usage.Day
	d.Put(start, twice)
	d.Put(start, once)
	equal(t, "minutes", map[int64]int64{call.At.Unix() / 60: 1}, d.Merged.Minutes)
}
