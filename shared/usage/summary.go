package usage

import (
	"strings"
	"time"
)

// Ok says whether the call was answered with 2xx or 3xx.
func (c *Call) Ok() bool { return c.Status >= 200 && c.Status < 400 }

// IsLook says whether the call tells anything about what its key looks for. Throttled, refused and
// failed calls do not: a client that tries again asks for nothing new.
func (c *Call) IsLook() bool { return c.Ok() || c.Status == 404 }

// Add counts one call. It keeps no memory of c: a caller may reuse the bytes behind its strings.
func (s *Summary) Add(c Call) { s.add(&c) }

func (s *Summary) add(c *Call) {
	s.Counts.count(c)
	s.stretch(c.At, c.At)
	if c.Ok() && (s.FirstSuccess == nil || before(c.At, c.RequestID, s.FirstSuccess)) {
		s.FirstSuccess = &Success{At: c.At, RequestID: strings.Clone(c.RequestID)}
	}
	s.LatencyMax = max(s.LatencyMax, c.Latency.Milliseconds())
	if s.Minutes == nil {
		s.Minutes = make(map[int64]int64)
	}
	s.Minutes[c.At.Unix()/60]++
	if c.IsLook() {
		s.look(c)
	}
	if h, ok := networkHash(c.Source); ok {
		if s.Networks == nil {
			s.Networks = new(Sketch)
		}
		s.Networks.Add(h)
	}
}

// Merge makes s the summary of its calls and o's. It shares no memory with o.
func (s *Summary) Merge(o Summary) {
	s.Counts.Add(o.Counts)
	if !o.First.IsZero() {
		s.stretch(o.First, o.Last)
	}
	if f := o.FirstSuccess; f != nil && (s.FirstSuccess == nil || before(f.At, f.RequestID, s.FirstSuccess)) {
		s.FirstSuccess = &Success{At: f.At, RequestID: f.RequestID}
	}
	s.LatencyMax = max(s.LatencyMax, o.LatencyMax)
	if s.Minutes == nil && len(o.Minutes) > 0 {
		s.Minutes = make(map[int64]int64, len(o.Minutes))
	}
	for minute, n := range o.Minutes {
		s.Minutes[minute] += n
	}
	if o.Networks.Len() > 0 {
		if s.Networks == nil {
			s.Networks = new(Sketch)
		}
		s.Networks.Merge(o.Networks)
	}
	s.mergeResources(o.Resources)
}

func (s *Summary) stretch(first, last time.Time) {
	if s.First.IsZero() || first.Before(s.First) {
		s.First = first
	}
	if last.After(s.Last) {
		s.Last = last
	}
}

// before orders successes by time, and at the same millisecond by request id, so that every order of
// merging finds the same first one.
func before(at time.Time, id string, than *Success) bool {
	if at.Equal(than.At) {
		return id < than.RequestID
	}
	return at.Before(than.At)
}

// Add adds figures up.
func (n *Counts) Add(o Counts) {
	n.Requests += o.Requests
	n.Successes += o.Successes
	n.ClientErrors += o.ClientErrors
	n.Refused += o.Refused
	n.NotFound += o.NotFound
	n.Throttled += o.Throttled
	n.ServerErrors += o.ServerErrors
	n.Bytes += o.Bytes
	n.LatencySum += o.LatencySum
	n.Timed += o.Timed
}

func (n *Counts) count(c *Call) {
	n.Requests++
	switch {
	case c.Ok():
		n.Successes++
	case c.Status >= 400 && c.Status < 500:
		n.ClientErrors++
	case c.Status >= 500:
		n.ServerErrors++
	}
	switch c.Status {
	case 403:
		n.Refused++
	case 404:
		n.NotFound++
	case 429:
		n.Throttled++
	}
	n.Bytes += c.Bytes
	if c.Latency >= 0 {
		n.LatencySum += c.Latency.Milliseconds()
		n.Timed++
	}
}
