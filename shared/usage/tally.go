package usage

import "time"

// Tally is a Summary while it is being made: what lines are added to, and stored summaries merged into.
// It comes to the same Summary as adding and merging there, for times in whole milliseconds. After Reset
// it uses its memory again, so that a warm function counts calls without making anything.
type Tally struct {
	counts      Counts
	some        bool // there was a call: first and last say when, in Unix milliseconds
	first, last int64
	answered    bool // there was a success: success and successID say which came first
	success     int64
	successID   []byte
	latencyMax  int64
	minutes     []minute // in order
	resources   []tallied
	networks    sample
}

type minute struct{ at, requests int64 }

// Reset makes t the empty tally.
func (t *Tally) Reset() {
	*t = Tally{successID: t.successID[:0], minutes: t.minutes[:0], resources: t.resources[:0], networks: sample{low: t.networks.low[:0]}}
}

// Settle ends adding for now: it puts in order what Add only put down.
func (t *Tally) Settle() {
	t.networks.settle()
	for i := range t.resources {
		t.resources[i].distinct.settle()
		t.resources[i].cells.settle()
	}
}

// Requests returns how many calls were added.
func (t *Tally) Requests() int64 { return t.counts.Requests }

// Add counts one call to what n names. It keeps no memory of c: a caller may reuse the bytes behind its
// strings.
func (t *Tally) Add(c *Call, n *Name) {
	at := c.At.UnixMilli()
	t.counts.count(c)
	t.stretch(at, at)
	if c.Ok() {
		t.succeed(at, c.RequestID)
	}
	t.latencyMax = max(t.latencyMax, c.Latency.Milliseconds())
	t.minute(c.At.Unix()/60, 1)
	if c.IsLook() {
		t.resource(n).add(c, n)
	}
	if h, ok := networkHash(c.Source); ok {
		t.networks.add(h)
	}
}

func (t *Tally) stretch(first, last int64) {
	if !t.some {
		t.some, t.first, t.last = true, first, last
		return
	}
	t.first, t.last = min(t.first, first), max(t.last, last)
}

// succeed keeps the earliest success, and of those of one millisecond the one with the lowest id.
func (t *Tally) succeed(at int64, id string) {
	if t.answered && (at > t.success || at == t.success && id >= string(t.successID)) {
		return
	}
	t.answered, t.success = true, at
	t.successID = append(t.successID[:0], id...)
}

func (t *Tally) minute(at, requests int64) {
	i := len(t.minutes)
	for i > 0 && t.minutes[i-1].at > at {
		i--
	}
	if i > 0 && t.minutes[i-1].at == at {
		t.minutes[i-1].requests += requests
		return
	}
	t.minutes = append(t.minutes, minute{})
	copy(t.minutes[i+1:], t.minutes[i:])
	t.minutes[i] = minute{at, requests}
}

// resource returns where looks at n are kept. Which names are kept is explained at Summary.resource.
func (t *Tally) resource(n *Name) *tallied {
	for i := range t.resources {
		if t.resources[i].name.same(n) {
			return &t.resources[i]
		}
	}
	own, highest := 0, -1
	for i := range t.resources {
		if name := t.resources[i].name; name.text != Others {
			if own++; highest < 0 || t.resources[highest].name.below(name) {
				highest = i
			}
		}
	}
	switch {
	case n.text == Others || own < MaxResources:
		return t.open(n)
	case !n.below(t.resources[highest].name):
		return t.resource(others)
	}
	t.resource(others) // before pointers into resources are taken: it may move them
	t.resource(others).merge(&t.resources[highest])
	t.resources[highest].reset(n)
	return &t.resources[highest]
}

// open adds a resource, in memory used before where there is some.
func (t *Tally) open(n *Name) *tallied {
	if len(t.resources) < cap(t.resources) {
		t.resources = t.resources[:len(t.resources)+1]
	} else {
		t.resources = append(t.resources, tallied{})
	}
	r := &t.resources[len(t.resources)-1]
	r.reset(n)
	return r
}

// Merge makes t the tally of its calls and s's.
func (t *Tally) Merge(s *Summary) {
	t.counts.Add(s.Counts)
	if !s.First.IsZero() {
		t.stretch(s.First.UnixMilli(), s.Last.UnixMilli())
	}
	if f := s.FirstSuccess; f != nil {
		t.succeed(f.At.UnixMilli(), f.RequestID)
	}
	t.latencyMax = max(t.latencyMax, s.LatencyMax)
	for at, n := range s.Minutes {
		t.minute(at, n)
	}
	t.networks.mergeSketch(s.Networks)
	for text, r := range s.Resources {
		t.resource(named(text)).mergeResource(r)
	}
}

// Count adds the figures of another tally, and nothing of what was looked for.
func (t *Tally) Count(o *Tally) {
	t.counts.Add(o.counts)
	if o.some {
		t.stretch(o.first, o.last)
	}
}

// Summary returns what t has come to. It shares no memory with t.
func (t *Tally) Summary() Summary {
	s := Summary{Counts: t.counts, LatencyMax: t.latencyMax, Networks: t.networks.sketch()}
	if t.some {
		s.First, s.Last = time.UnixMilli(t.first).UTC(), time.UnixMilli(t.last).UTC()
	}
	if t.answered {
		s.FirstSuccess = &Success{At: time.UnixMilli(t.success).UTC(), RequestID: string(t.successID)}
	}
	if len(t.minutes) > 0 {
		s.Minutes = make(map[int64]int64, len(t.minutes))
	}
	for _, m := range t.minutes {
		s.Minutes[m.at] = m.requests
	}
	if len(t.resources) > 0 {
		s.Resources = make(map[string]*Resource, len(t.resources))
	}
	for i := range t.resources {
		s.Resources[t.resources[i].name.text] = t.resources[i].resource()
	}
	return s
}
