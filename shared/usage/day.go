package usage

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// MaxMinutes is how many minutes a day keeps: its busiest.
const MaxMinutes = 10

// DateLayout is how days are named, in UTC.
const DateLayout = time.DateOnly

// DateOf returns the name of the day a moment lies in.
func DateOf(t time.Time) string { return t.UTC().Format(DateLayout) }

// Put makes s what the day knows of one of its windows: the window's counts and looks are replaced, the
// rest is united with what is there. Putting the same summary again changes nothing, and a summary of
// more calls of the same window takes the place of its former self.
func (d *Day) Put(window time.Time, s Summary) {
	d.putCounts(window.Unix(), s.Counts)
	d.putMinutes(window, s.Minutes)
	d.visit(window.Unix(), s.Resources)
	s.Minutes = nil
	d.Merged.Merge(s)
	d.Merged.forgetCounts()
	d.visited()
	d.putLooks(window.Unix(), s.Resources)
}

// Overlap sets whether calls in one of the day's windows may be counted twice.
func (d *Day) Overlap(window time.Time, may bool) {
	i, there := slices.BinarySearch(d.Overlaps, window.Unix())
	switch {
	case may && !there:
		d.Overlaps = slices.Insert(slices.Clone(d.Overlaps), i, window.Unix())
	case there && !may:
		d.Overlaps = slices.Delete(slices.Clone(d.Overlaps), i, i+1)
	}
}

func (d *Day) putCounts(window int64, n Counts) {
	if n == (Counts{}) {
		delete(d.Windows, window)
		return
	}
	if d.Windows == nil {
		d.Windows = make(map[int64]Counts)
	}
	d.Windows[window] = n
}

// putLooks replaces a window's looks, and those of them that found nothing.
func (d *Day) putLooks(window int64, resources map[string]*Resource) {
	d.forgetLooks(d.Looks, window)
	d.forgetLooks(d.Missed, window)
	for name, r := range resources {
		if r.Requests > 0 {
			d.Looks = plus(d.Looks, d.kept(name), window, r.Requests)
		}
		if r.NotFound > 0 {
			d.Missed = plus(d.Missed, d.kept(name), window, r.NotFound)
		}
	}
}

// forgetLooks leaves a window out. Resources that the merged summary no longer tells apart lose their own line here too.
func (d *Day) forgetLooks(by map[string]Series, window int64) {
	for name, looks := range by {
		switch looks = looks.without(window); {
		case len(looks) == 0:
			delete(by, name)
		case d.kept(name) != name:
			delete(by, name)
			by[Others] = by[Others].Merge(looks)
		default:
			by[name] = looks
		}
	}
}

func (d *Day) kept(name string) string {
	if d.Merged.Resources[name] == nil {
		return Others
	}
	return name
}

func plus(by map[string]Series, name string, window, n int64) map[string]Series {
	if by == nil {
		by = make(map[string]Series)
	}
	by[name] = by[name].Plus(window, n)
	return by
}

// forgetCounts leaves of s what unites without adding.
func (s *Summary) forgetCounts() {
	s.Counts = Counts{}
	for _, r := range s.Resources {
		if r.Requests, r.NotFound = 0, 0; r.Numbers != nil {
			r.Numbers.Looks = 0
		}
	}
}

// putMinutes keeps the busiest of the minutes known and a window's own. What is known of those is replaced, since calls
// that were counted twice may turn out to be there once.
func (d *Day) putMinutes(window time.Time, of map[int64]int64) {
	kept, first := d.Merged.Minutes, window.Unix()/60
	for minute := first; minute < first+int64(Window/time.Minute); minute++ {
		delete(kept, minute)
	}
	if kept == nil && len(of) > 0 {
		kept = make(map[int64]int64, MaxMinutes+1)
	}
	for minute, n := range of {
		if len(kept) >= MaxMinutes && kept[minute] == 0 {
			out := quietest(kept)
			if least := kept[out]; n < least || n == least && minute > out {
				continue
			}
			delete(kept, out)
		}
		kept[minute] = max(kept[minute], n)
	}
	if d.Merged.Minutes = kept; len(kept) == 0 {
		d.Merged.Minutes = nil
	}
}

// quietest is the minute with the fewest requests, of equal ones the latest.
func quietest(minutes map[int64]int64) (out int64) {
	least := int64(math.MaxInt64)
	for minute, n := range minutes {
		if n < least || n == least && minute > out {
			out, least = minute, n
		}
	}
	return out
}

// Counts returns the day's figures: its windows added up.
func (d *Day) Counts() Counts {
	var total Counts
	for _, n := range d.Windows {
		total.Add(n)
	}
	return total
}

// LooksAt returns how many looks at one resource the day saw.
func (d *Day) LooksAt(resource string) int64 { return d.Looks[resource].Sum() }

// GatewayTotal returns what GetUsage says of the day over all plans; known is false when it was never
// asked.
func (d *Day) GatewayTotal() (total int64, known bool) {
	for _, r := range d.Gateway {
		total += r.Used
	}
	return total, len(d.Gateway) > 0
}

// MergeDays returns one day of a consumer: the same day of each of its keys, added up. A minute's figure
// is the sum over the keys that have it among their busiest, and so at most what it really was. When resources
// were visited is not told.
func MergeDays(days ...Day) Day {
	var all Day
	for _, d := range days {
		all.Date = cmp.Or(all.Date, d.Date)
		all.Merged.Merge(d.Merged)
	}
	for len(all.Merged.Minutes) > MaxMinutes {
		delete(all.Merged.Minutes, quietest(all.Merged.Minutes))
	}
	for _, d := range days {
		for window, n := range d.Windows {
			n.Add(all.Windows[window])
			all.putCounts(window, n)
		}
		all.Looks = all.unite(all.Looks, d.Looks)
		all.Missed = all.unite(all.Missed, d.Missed)
		for plan, r := range d.Gateway {
			before, known := all.Gateway[plan]
			if known {
				r = Reading{Used: before.Used + r.Used, At: earliest(before.At, r.At)}
			}
			all.Read(plan, r)
		}
		for _, window := range d.Overlaps {
			all.Overlap(time.Unix(window, 0), true)
		}
	}
	return all
}

// unite adds what another day has by resource and window.
func (d *Day) unite(by, other map[string]Series) map[string]Series {
	for name, looks := range other {
		for _, f := range looks {
			by = plus(by, d.kept(name), f.Window, f.N)
		}
	}
	return by
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Read puts a plan's reading in the place of the one before.
func (d *Day) Read(plan string, r Reading) {
	if d.Gateway == nil {
		d.Gateway = make(map[string]Reading)
	}
	d.Gateway[plan] = r
}
