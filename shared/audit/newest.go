package audit

import (
	"cmp"
	"math"
	"slices"

	"accord/shared/aup"
	"accord/shared/usage"
)

// The figures behind reading what is new.
const (
	worldPace  = 30       // new records an hour: as fast as people write; a walk is faster, or it is hardly worth the while
	worldGrows = 1. / 320 // of the catalogue an hour, where that is more: a walk at this pace takes two weeks for all of it
	tooFast    = 0.1      // of the numbers, up to which more than that came at once, as after a fault of the provider's
	strays     = 0.05     // of the numbers, up to which some are not in order: somebody looks up an old one
	oldest     = 10       // days of the same pace that lie below: who begins where the numbers begin reads what is old
	othersKnew = 3        // resources farther up that others asked for the day before: then these are not new
	lookAhead  = 1 << 13  // numbers
	aBacklog   = 100      // numbers up to which somebody who begins to follow reads at once what was new before: a block
	catchUp    = 5        // times that pace, beyond which no rests explain it
	sameDay    = 25       // hours between a moment, in seconds since 1970, and when it was asked for, at most
)

// isNew says whether what is looked at is what is new: by itself or, where those are too few polls to tell, with the days before.
func (c *crawl) isNew(s *Subject) bool {
	return c.news(s, c.keys) || c.longer != nil && c.longer.news(s, c.keys)
}

// news says whether what was looked at is what is new. Times, which no codes are, are new: who asks, however often, what has changed since then walks nowhere.
func (l *looked) news(s *Subject, keys []aup.KeyID) bool {
	first, last := int64(math.MaxInt64), int64(0)
	for _, m := range l.marks {
		first, last = min(first, m.at), max(last, m.at)
	}
	if first > last {
		return false
	}
	if asked := hours(last); math.Abs(asked-float64(l.high)/3600) <= sameDay && math.Abs(asked-float64(l.low)/3600) <= sameDay+hours(last-first) {
		return true
	}
	pace := s.written(l.template())
	return l.distinct <= catchUp*pace*hours(last-first+1) && l.newest(l.firsts(s.Index), l.distinct/float64(len(l.marks)), pace, &s.Population, keys)
}

// written is how many new records of a template an hour the world writes, at most: of what the catalogue does not count, its size says nothing.
func (s *Subject) written(template string) float64 {
	term := s.crawlTerm()
	if !term.Counts(template) {
		return busyWorld
	}
	return max(worldPace, worldGrows*float64(term.Catalogue))
}

// newest says whether numbers of a sample, rising, each of which stands for so many, were read as records appear: in
// their order, never faster than the world writes, so many an hour (after a rest all that was missed, at once), all of them there, far above where
// numbers begin, and higher ones were not asked for by others the day before. A slow walk is like it in all but some of these.
func (l *looked) newest(some []number, each, pace float64, p *usage.Population, keys []aup.KeyID) bool {
	trim := int(strays * float64(len(some)))
	if some = some[trim : len(some)-trim]; len(some) < leastInOrder {
		return false
	}
	some, began := begun(some, each)
	reached, out := frontier(some)
	first, last := reached[0], reached[len(reached)-1]
	if float64(out) > strays*float64(len(some)) || !began && 2*(first.number-some[0].number) > last.number-some[0].number {
		return false
	}
	aDay := float64(last.number-first.number) / hours(last.at-first.at) * 24
	return asWritten(reached, each*float64(len(some))/float64(last.number-some[0].number+1), pace) &&
		float64(some[0].number) >= oldest*aDay && l.neverThere() <= unfound*each*float64(len(some)) &&
		p.Among(keys, l.resource, l.numbering, last.number+uint64(2*aDay), last.number+uint64(2*aDay)+lookAhead) < othersKnew
}

// begun takes what was read in the first half hour, if that is no more than a backlog, as read at once: who begins to follow reads what was new
// before, the newest first or last.
func begun(some []number, each float64) (as []number, ok bool) {
	until := slices.MinFunc(some, func(a, b number) int { return cmp.Compare(a.at, b.at) }).at + burstRests/windowSeconds
	as, backlog := slices.Clone(some), 0.0
	for i := range as {
		if as[i].at < until {
			as[i].at = until
			backlog += each
		}
	}
	if backlog > aBacklog {
		return some, false
	}
	return as, true
}

// frontier is how far some numbers, rising, had come at the end of each window in which they did, and how many
// are not in that order.
func frontier(some []number) (reached []number, out int) {
	longest, before := make([]int, len(some)), make([]int, len(some))
	end := 0
	for i, m := range some {
		longest[i], before[i] = 1, -1
		for k, b := range some[:i] {
			if b.at <= m.at && longest[k] >= longest[i] {
				longest[i], before[i] = longest[k]+1, k
			}
		}
		if longest[i] > longest[end] {
			end = i
		}
	}
	out = len(some) - longest[end]
	for i := end; i >= 0; i = before[i] {
		if n := len(reached); n == 0 || reached[n-1].at != some[i].at {
			reached = append(reached, some[i])
		}
	}
	slices.Reverse(reached)
	return reached, out
}

// asWritten says whether hardly ever more numbers came, of which a share was met, than the world writes in the time since those before. What was
// missed in a rest may be read over the end of a window: what the first of two has left over, the second may have.
func asWritten(reached []number, share, pace float64) bool {
	fast, all, left := 0.0, 0.0, 0.0
	for i := 1; i < len(reached); i++ {
		n, windows := share*float64(reached[i].number-reached[i-1].number), reached[i].at-reached[i-1].at
		may := pace * hours(windows+1)
		if windows == 1 {
			may, left = may+left, 0
		} else {
			left = max(0, may-n)
		}
		all += n
		fast += max(0, n-may)
	}
	return all > 0 && fast <= tooFast*all
}

// hours are so many windows.
func hours(windows int64) float64 { return float64(windows) * usage.Window.Hours() }

// known are the numbers that the sample stands for: looked for once, for it takes half a millisecond at worst.
func (l *looked) known(index *usage.Index) map[uint32]uint64 {
	if l.numbers == nil {
		l.numbers = index.Numbers(l.sample, l.numbering, l.low, l.high)
	}
	if l.numbers == nil {
		l.numbers = l.sample.NumbersIn(l.touched, l.numbering, l.low, l.high)
	}
	if l.numbers == nil {
		l.numbers = map[uint32]uint64{}
	}
	return l.numbers
}

// firsts are all numbers of the sample and when each was first looked at, rising.
func (l *looked) firsts(index *usage.Index) []number {
	var all []number
	for _, m := range l.marks {
		if n, known := l.known(index)[m.hash]; known {
			all = append(all, number{n, m.at})
		}
	}
	slices.SortFunc(all, func(a, b number) int { return cmp.Compare(a.number, b.number) })
	return all
}
