package audit

import (
	"time"

	"accord/shared/usage"
)

// The figures behind a burst.
const (
	burstLooks   = 250                           // looks from which it is more than somebody trying something
	burstShare   = 0.8                           // of all looks at the resource, so that it is not a surge of what goes on anyway
	burstRests   = int64(30 * 60)                // seconds without a look that end it
	burstLasts   = 4 * time.Hour                 // at most: people at work take longer
	burstWaits   = 25*time.Hour + 30*time.Minute // from its beginning: a list of every day has come again by then
	nightFrom    = 20 * time.Hour                // UTC, of a day
	nightUntil   = 6 * time.Hour                 // of the next one: a list of every night comes at any time of the night
	burstAgain   = 0.05                          // of its resources, up to which it did not come again
	burstBesides = 0.12                          // as many looks at other times, of the resources, up to which it is over: it is in regular use
	burstWorth   = 0.02                          // of the catalogue, from which a burst is more than what somebody has on a shelf
	burstAlone   = 500                           // different resources, where neither a catalogue nor popularity tell anything
	burstEven    = 3                             // windows between its first and its last from which an even pace tells
)

// burst is a run of looks without a long rest.
type burst struct {
	first, last int64 // Unix seconds: the start of its first window, and the end of its last
	looks       int64
	even        bool // at a program's pace: that of people who happen to ask is not
}

// longest finds the burst with the most looks.
func longest(looks usage.Series) (most burst) {
	var b burst
	for _, w := range looks {
		if b.looks == 0 || w.Window-b.last > burstRests {
			b = burst{first: w.Window}
		}
		b.last = w.Window + windowSeconds
		if b.looks += w.N; b.looks > most.looks {
			most = b
		}
	}
	return most
}

// pending says whether a burst may be a list that somebody reads every day, and until when that is to be seen.
func (b burst) pending(all int64) (until time.Time, ok bool) {
	if b.looks < burstLooks || float64(b.looks) < burstShare*float64(all) || b.last-b.first > int64(burstLasts/time.Second) {
		return until, false
	}
	return b.waits(), true
}

// waits is until when it would have come again: the next day at this time, or two hours after the next night.
func (b burst) waits() time.Time {
	at := time.Unix(b.first, 0).UTC()
	evening := at.Add(-nightFrom).Truncate(24 * time.Hour).Add(nightFrom)
	if night := 24*time.Hour - nightFrom + nightUntil; at.Sub(evening) < night {
		return evening.Add(24*time.Hour + night + 2*time.Hour)
	}
	return at.Add(burstWaits)
}

// once says whether nearly everything was read in one burst, most of it once, and nothing of it came again the day
// after, as a list would have. What came again within the burst is no list's second time.
func (l *looked) once(now time.Time) (b burst, ok bool) {
	if !l.mostlyNew() || len(l.marks) == 0 {
		return b, false
	}
	b = longest(l.byWindow)
	until, ok := b.pending(l.looks)
	if !ok || now.Before(until) {
		return b, false
	}
	b.even = b.evenly(l.byWindow)
	besides := float64(l.looks-b.looks) / l.distinct
	return b, besides <= burstBesides && min(l.cameAgain()/float64(len(l.marks)), besides) <= burstAgain
}

// evenly says whether looks came as evenly as only a program makes them, but in the first and the last window, which are partly used.
func (b burst) evenly(looks usage.Series) bool {
	step := int64(usage.Window / time.Second)
	var in usage.Series
	for at := b.first + step; at < b.last-step; at += step {
		in = append(in, usage.Figure{Window: at, N: looks.At(at)})
	}
	if len(in) < burstEven {
		return false
	}
	mean, variance := spreading(in)
	return variance <= steadyPace*mean
}

// Known is how long after its end all is known of a window: a list of every day has come again, and what all keys asked for on its day has been learned.
const Known = 26 * time.Hour

// Again is when a consumer is to be judged again even if it makes no more calls: because what it did is pending, or because all is Known of it; zero
// where that was.
func Again(s Subject) (at time.Time) {
	for _, days := range s.Keys {
		all, windows, last := map[string]int64{}, map[string]int{}, int64(0)
		for i := range days {
			for name, looks := range days[i].Looks {
				all[name] += looks.Sum()
				windows[name] += len(looks)
				last = max(last, looks[len(looks)-1].Window)
			}
		}
		at = sooner(at, time.Unix(last, 0).Add(usage.Window+Known), s.Now)
		for name, n := range all {
			if rest := windows[name] - int(burstLasts/usage.Window); n < burstLooks || float64(rest) > (1-burstShare)*float64(n) {
				continue // what is beside a burst is looks, too
			}
			if until, ok := longest(byWindow(name, days)).pending(n); ok {
				at = sooner(at, until, s.Now)
			}
		}
	}
	return at
}

// sooner is the sooner of two times, of which the first may be none and the second may be over.
func sooner(at, other, now time.Time) time.Time {
	if other.After(now) && (at.IsZero() || other.Before(at)) {
		return other
	}
	return at
}
