package judge

import (
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
)

// What the impact on the service is taken from: the windows of the last hour of a finding in which the
// consumer called, against those of the day before that.
const (
	impactSpan = time.Hour
	beforeSpan = 24 * time.Hour
	fewBefore  = 12 // windows, below which nothing is said of what was usual
)

// impact is what the most pressing of the findings does to the service while it lasts: the consumer's share of the
// calls, how many fail, and how much slower they are. These are ratios: where lines are missing or may be there twice they are
// not known.
func (in Input) impact(found []aup.Finding, c assess.Circumstances) assess.Circumstances {
	at, ok := aup.Assessment{Findings: open(found)}.Pressing()
	if !ok || in.Subject.Doubt != (audit.Doubt{}) || len(in.Service) == 0 {
		return c
	}
	since := at.Until.Add(-impactSpan)
	if at.From.After(since) {
		since = at.From
	}
	own := in.windows(usage.WindowOf(since), at.Until)
	var theirs, all, before usage.Counts
	usual := 0
	for w, n := range in.Service {
		if mine, called := own[w]; called {
			theirs.Add(mine)
			all.Add(n)
		} else if start := time.Unix(w, 0); start.Before(since) && !start.Before(since.Add(-beforeSpan)) {
			before.Add(n)
			usual++
		}
	}
	if all.Requests == 0 || theirs.Requests > all.Requests {
		return c
	}
	c.ServiceShare = float64(theirs.Requests) / float64(all.Requests)
	c.ServiceErrors = float64(all.ServerErrors) / float64(all.Requests)
	if usual >= fewBefore && all.Timed > 0 && before.Timed > 0 && before.LatencySum > 0 {
		c.ServiceLatency = float64(all.LatencySum) / float64(all.Timed) / (float64(before.LatencySum) / float64(before.Timed))
	}
	return c
}

// open leaves out what an agreement covers and what is doubtful.
func open(found []aup.Finding) []aup.Finding {
	var all []aup.Finding
	for _, f := range found {
		if !f.Covered && f.Incomplete == "" {
			all = append(all, f)
		}
	}
	return all
}

// windows are those of a stretch in which the consumer called.
func (in Input) windows(from, until time.Time) map[int64]usage.Counts {
	own := map[int64]usage.Counts{}
	for _, days := range in.Subject.Keys {
		for _, d := range days {
			for w, n := range d.Windows {
				if w >= from.Unix() && w <= until.Unix() {
					n.Add(own[w])
					own[w] = n
				}
			}
		}
	}
	return own
}
