package backtest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// The bounds on what is kept of a key.
const (
	keptDays    = 3 // as many as any detector looks at
	openWindows = 2 // whose summaries may still grow; older ones are opened again when a line comes late
)

// keyLog is what a key did in the log.
type keyLog struct {
	id       aup.KeyID
	owner    *consumer
	shard    *shard
	requests int64
	last     *usage.Name     // of what was asked for last
	outcomes []Outcome       // one for each of the rules
	days     []usage.Day     // rising
	open     []window        // rising
	perDay   map[int64]int64 // requests, by the day's number since 1970; without those of the day below
	day      int64
	today    int64
}

// window is what is counted of one, which its day may not know yet.
type window struct {
	start time.Time
	tally *usage.Tally
	put   bool // the day knows all of it
}

func (k *keyLog) add(c *usage.Call) {
	k.requests++
	k.onDay(c.At.Unix() / daySeconds)
	w := k.window(c.At)
	if k.last == nil || !k.last.Is(c.Method, c.Template) {
		k.last = k.shard.names.of(c)
	}
	w.tally.Add(c, k.last)
	w.put = false
}

const daySeconds = 24 * 60 * 60

// onDay counts a request, mostly without the map.
func (k *keyLog) onDay(day int64) {
	if day != k.day {
		if k.today > 0 {
			k.perDay[k.day] += k.today
		}
		k.day, k.today = day, 0
	}
	k.today++
}

// consumer is what the key came to.
func (k *keyLog) consumer() Consumer {
	c := Consumer{Key: k.id, Requests: k.requests, Days: []Day{}}
	k.onDay(-1)
	for _, day := range slices.Sorted(maps.Keys(k.perDay)) {
		c.Days = append(c.Days, Day{usage.DateOf(time.Unix(day*daySeconds, 0)), k.perDay[day]})
	}
	for n, s := range k.owner.sides {
		if limit := s.tailored(k.owner.last).Policy.Terms.PerDay; limit != nil {
			k.outcomes[n].Limit = limit.Limit
		}
	}
	if c.Outcome = k.outcomes[0]; len(k.outcomes) > 1 {
		c.Before = &k.outcomes[1]
		c.Change = ChangeOf(*c.Before, c.Outcome)
	}
	return c
}

// window finds or opens the window that a moment lies in, and closes the oldest when too many are open.
func (k *keyLog) window(at time.Time) *window {
	for i := range k.open {
		if w := &k.open[i]; !at.Before(w.start) && at.Sub(w.start) < usage.Window {
			return w
		}
	}
	start := usage.WindowOf(at)
	w := window{start: start, tally: k.shard.tally(), put: true}
	if again := reopened(k.dayOf(start), start); again != nil {
		w.tally.Merge(again)
	}
	k.open = append(k.open, w)
	if len(k.open) > openWindows {
		oldest := 0
		for i, o := range k.open[:openWindows] {
			if o.start.Before(k.open[oldest].start) {
				oldest = i
			}
		}
		k.put(&k.open[oldest])
		k.shard.spare = append(k.shard.spare, k.open[oldest].tally)
		k.open = slices.Delete(k.open, oldest, oldest+1)
	}
	return &k.open[len(k.open)-1]
}

// reopened is a summary that a day knows already, as far as that can be told from it: its counts and
// looks, which would be replaced. The day keeps the rest. nil: it knows nothing of the window.
func reopened(d *usage.Day, start time.Time) *usage.Summary {
	if d == nil || d.Windows[start.Unix()].Requests == 0 {
		return nil
	}
	s := &usage.Summary{Counts: d.Windows[start.Unix()]}
	for name, looks := range d.Looks {
		if n := looks.At(start.Unix()); n > 0 {
			if s.Resources == nil {
				s.Resources = map[string]*usage.Resource{}
			}
			s.Resources[name] = &usage.Resource{Requests: n, NotFound: d.Missed[name].At(start.Unix())}
		}
	}
	for minute, n := range d.Merged.Minutes {
		if at := time.Unix(minute*60, 0); usage.WindowOf(at).Equal(start) {
			if s.Minutes == nil {
				s.Minutes = map[int64]int64{}
			}
			s.Minutes[minute] = n
		}
	}
	return s
}

// settle brings the days up to date.
func (k *keyLog) settle() []usage.Day {
	for i := range k.open {
		k.put(&k.open[i])
	}
	return k.days
}

func (k *keyLog) put(w *window) {
	if w.put {
		return
	}
	d := k.dayOf(w.start)
	if d == nil {
		date := k.shard.date.of(w.start)
		at, _ := slices.BinarySearchFunc(k.days, date, byDate)
		k.days = slices.Insert(k.days, at, usage.Day{Date: date})
		d = &k.days[at]
	}
	s := w.tally.Summary()
	d.Put(w.start, s)
	k.shard.learn(k, w.start, &s)
	w.put = true
	k.days = k.days[max(0, len(k.days)-keptDays):]
}

func (k *keyLog) dayOf(at time.Time) *usage.Day {
	if len(k.days) == 0 {
		return nil
	}
	if i, ok := slices.BinarySearchFunc(k.days, k.shard.date.of(at), byDate); ok {
		return &k.days[i]
	}
	return nil
}

func byDate(d usage.Day, date string) int { return strings.Compare(d.Date, date) }

// date is the name of the day that was asked for last.
type date struct {
	day  int64
	name string
}

func (d *date) of(at time.Time) string {
	if day := at.Unix() / daySeconds; day != d.day || d.name == "" {
		d.day, d.name = day, usage.DateOf(at)
	}
	return d.name
}
