package usage

import (
	"cmp"
	"maps"
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
	minutes, before := outside(d.Merged.Minutes, window), d.samples(s)
	d.Merged.Minutes = nil
	d.Merged.Merge(withoutCounts(s))
	d.Merged.Minutes = busiest(highest(minutes, s.Minutes))
	d.visited(before, window.Unix(), s)
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

// putLooks replaces a window's looks. Resources that the merged summary no longer tells apart lose
// their own line here too.
func (d *Day) putLooks(window int64, resources map[string]*Resource) {
	for name, byWindow := range d.Looks {
		if delete(byWindow, window); len(byWindow) == 0 {
			delete(d.Looks, name)
		} else if d.kept(name) != name {
			delete(d.Looks, name)
			for w, n := range byWindow {
				d.addLooks(Others, w, n)
			}
		}
	}
	for name, r := range resources {
		if r.Requests > 0 {
			d.addLooks(d.kept(name), window, r.Requests)
		}
	}
}

func (d *Day) kept(name string) string {
	if d.Merged.Resources[name] == nil {
		return Others
	}
	return name
}

func (d *Day) addLooks(name string, window, n int64) {
	if d.Looks == nil {
		d.Looks = make(map[string]map[int64]int64)
	}
	if d.Looks[name] == nil {
		d.Looks[name] = make(map[int64]int64)
	}
	d.Looks[name][window] += n
}

// withoutCounts returns s less everything that adds up.
func withoutCounts(s Summary) Summary {
	s.Counts = Counts{}
	s.Minutes = nil
	resources := make(map[string]*Resource, len(s.Resources))
	for name, r := range s.Resources {
		bare := *r
		bare.Requests, bare.NotFound = 0, 0
		if r.Numbers != nil {
			bare.Numbers = &Span{Min: r.Numbers.Min, Max: r.Numbers.Max}
		}
		resources[name] = &bare
	}
	s.Resources = resources
	return s
}

// outside returns the minutes that do not lie in a window: what is known of those is replaced, since calls that
// were counted twice may turn out to be there once.
func outside(minutes map[int64]int64, window time.Time) map[int64]int64 {
	first := window.Unix() / 60
	out := make(map[int64]int64, len(minutes))
	for minute, n := range minutes {
		if minute < first || minute >= first+int64(Window/time.Minute) {
			out[minute] = n
		}
	}
	return out
}

// highest returns for each minute the larger of both figures.
func highest(a, b map[int64]int64) map[int64]int64 {
	out := make(map[int64]int64, len(a)+len(b))
	maps.Copy(out, a)
	for minute, n := range b {
		out[minute] = max(out[minute], n)
	}
	return out
}

// busiest keeps the MaxMinutes minutes with the most requests, of equal ones the earlier.
func busiest(minutes map[int64]int64) map[int64]int64 {
	if len(minutes) == 0 {
		return nil
	}
	order := slices.SortedFunc(maps.Keys(minutes), func(a, b int64) int {
		return cmp.Or(cmp.Compare(minutes[b], minutes[a]), cmp.Compare(a, b))
	})
	for _, minute := range order[min(len(order), MaxMinutes):] {
		delete(minutes, minute)
	}
	return minutes
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
func (d *Day) LooksAt(resource string) int64 {
	var total int64
	for _, n := range d.Looks[resource] {
		total += n
	}
	return total
}

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
	all.Merged.Minutes = busiest(all.Merged.Minutes)
	for _, d := range days {
		for window, n := range d.Windows {
			n.Add(all.Windows[window])
			all.putCounts(window, n)
		}
		for name, byWindow := range d.Looks {
			for window, n := range byWindow {
				all.addLooks(all.kept(name), window, n)
			}
		}
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
