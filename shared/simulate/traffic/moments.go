package traffic

import (
	"slices"
	"time"
)

// AnyTime are n moments of the corpus.
func (a *Actor) AnyTime(n int) []time.Time {
	return a.Moments(n, func() time.Duration { return time.Duration(a.Int64N(int64(Length))) })
}

// Awake are n moments when people are awake: most between 7 and 23.
func (a *Actor) Awake(n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		hour := 7 + 16*a.Float64()
		if a.IntN(12) == 0 {
			hour = 24 * a.Float64()
		}
		return time.Duration((float64(24*a.IntN(3)) + hour) * float64(time.Hour))
	})
}

// Office are n moments of working hours.
func (a *Actor) Office(n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		return time.Duration((float64(24*a.IntN(3)) + 8.5 + 9*a.Float64()) * float64(time.Hour))
	})
}

// Moments are n moments, rising, each so long after the start as was drawn.
func (a *Actor) Moments(n int, draw func() time.Duration) []time.Time {
	at := make([]time.Time, n)
	for i := range at {
		at[i] = Start.Add(draw())
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// Night is a moment between midnight and five of day d.
func (a *Actor) Night(d int) time.Time {
	return Start.AddDate(0, 0, d).Add(time.Duration(a.Int64N(int64(5 * time.Hour))))
}

// Clock gives moments from one on, a gap apart with as much again of jitter.
func (a *Actor) Clock(from time.Time, gap time.Duration) func() time.Time {
	at := from
	return func() time.Time {
		now := at
		at = at.Add(gap/2 + time.Duration(a.Int64N(int64(gap))))
		return now
	}
}

// Begins is when a crawl begins: so early that most of a day is left.
func (a *Actor) Begins() time.Time {
	return Start.Add(time.Duration(a.Int64N(int64(Length - 26*time.Hour))))
}

// Pace is the gap between a crawler's requests: from a fifth of a second to half a minute.
func (a *Actor) Pace() time.Duration {
	return []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second}[a.IntN(5)]
}

// Day names the d-th day of the corpus; those before it are negative.
func Day(d int) string { return Start.AddDate(0, 0, d).Format(time.DateOnly) }
