package register

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are crawling kinds by a fifth hand: first those that go through something that has an order.
func (g *register) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "counting through the gaps", Crawls: true, Ordered: true, Play: g.bind(counting)},
		{Name: "blocks of numbers dealt to workers", Crawls: true, Ordered: true, Play: g.bind(dealtBlocks)},
		{Name: "pages dealt to workers", Crawls: true, Ordered: true, Play: g.bind(dealtPages)},
		{Name: "each postcode, each sort", Crawls: true, Ordered: true, Play: g.bind(eachPostcode)},
		{Name: "squares in order, full ones divided", Crawls: true, Ordered: true, Play: g.bind(dividing)},
		{Name: "stepping back after every crash", Crawls: true, Ordered: true, Play: g.bind(steppingBack)},
		{Name: "checked numbers downwards, with rests", Crawls: true, Ordered: true, Play: g.bind(checkedDown)},
		{Name: "back through the changes", Crawls: true, Ordered: true, Play: g.bind(backThrough)},
		{Name: "list shuffled among workers", Crawls: true, Play: g.bind(shuffledWorkers)},
		{Name: "spider of links", Crawls: true, Play: g.bind(spider)},
		{Name: "best known first, never twice", Crawls: true, Play: g.bind(bestKnown)},
		{Name: "every town of a gazetteer", Crawls: true, Play: g.bind(gazetteer)},
		{Name: "every other request for show", Crawls: true, Play: g.bind(forShow)},
		{Name: "mirror revalidated day and night", Crawls: true, Play: g.bind(mirror)},
		{Name: "fan-out by the hour", Crawls: true, Play: g.bind(fanOut)},
		{Name: "list behind an app", Crawls: true, Hidden: true, Play: g.bind(behindAnApp)},
	}
}

// byNumber asks for a practice by number, and says whether there is one.
func (a actor) byNumber(at time.Time, number uint64) bool {
	if _, there := a.register.find(number); !there {
		a.miss(at, atPractice, fmt.Sprintf("%08d", number))
		return false
	}
	a.ask(at, atPractice, fmt.Sprintf("%08d", number))
	return true
}

// counting: number after number; when asked to slow down, the same again; after sixty misses, the next sort of care.
func counting(a actor) {
	g, next, misses := a.register, a.Clock(a.Begins(), a.Pace()), 0
	number := g.practices[a.IntN(len(g.practices))].number
	for range a.N(600) {
		at := next()
		if a.IntN(40) == 0 {
			a.Do(at, "GET", atPractice, fill(atPractice, []any{fmt.Sprintf("%08d", number)}), 429)
			at = at.Add(a.seconds(2))
		}
		if misses++; a.byNumber(at, number) {
			misses = 0
		}
		if number++; misses > 60 {
			i, _ := g.find(number)
			number, misses = g.practices[i%len(g.practices)].number, 0
		}
	}
}

// dealtBlocks: each worker, with an address and a speed of its own, counts through its block.
func dealtBlocks(a actor) {
	g, from, gap, workers := a.register, a.Begins(), a.Pace(), 4+a.IntN(6)
	n := a.N(640) / workers
	first := g.practices[a.IntN(len(g.practices)*9/10)].number
	for w := range workers {
		a.moves()
		next := a.Clock(from.Add(a.seconds(5)), time.Duration(float64(workers)*(0.7+0.6*a.Float64())*float64(gap)))
		for i := range n {
			a.byNumber(next(), first+uint64(w*n+i))
		}
	}
}

// dealtPages: the pages of all lists, one sort after another, from a queue that several workers take from. A page that took too
// long is given out again, and some are given out twice for no reason.
func dealtPages(a actor) {
	g, from, gap := a.register, a.Begins(), a.Pace()
	addresses := make([]string, 3+a.IntN(6))
	for i := range addresses {
		a.moves()
		addresses[i] = a.Source
	}
	jitter := func() time.Duration { return time.Duration(a.Int64N(int64(gap) * int64(2*len(addresses)))) }
	sort, page := a.IntN(len(careSorts)), 1
	for i := range a.N(560) {
		a.Source = addresses[a.IntN(len(addresses))]
		at := from.Add(time.Duration(i)*gap + jitter())
		switch a.IntN(16) {
		case 0:
			a.Do(at, "GET", atList, fill(atList, []any{careSorts[sort].name, page}), 504)
			at = at.Add(30*time.Second + jitter())
		case 1:
			a.ask(at.Add(jitter()), atList, careSorts[sort].name, page)
		}
		a.ask(at, atList, careSorts[sort].name, page)
		if page++; page > len(g.practices)*careSorts[sort].share/2000 {
			sort, page = (sort+1)%len(careSorts), 1
		}
	}
}

// eachPostcode: all postcodes upwards, given or not, and for each the sorts that are wanted.
func eachPostcode(a actor) {
	g, next := a.register, a.Clock(a.Begins(), a.Pace())
	given := map[int]bool{}
	for _, t := range g.towns {
		for _, code := range t.codes {
			given[code] = true
		}
	}
	wanted := a.Perm(len(careSorts))[:1+a.IntN(4)]
	code := firstCode + a.IntN(g.codes)
	for left := a.N(650); left > 0; code++ {
		for _, s := range wanted {
			left--
			if !given[code] {
				a.miss(next(), atPostcode, code, careSorts[s].name)
				continue
			}
			a.ask(next(), atPostcode, code, careSorts[s].name)
		}
	}
}

// dividing: the squares of the map in the order of their names; where an answer is full, the thirty-two within.
func dividing(a actor) {
	g, next := a.register, a.Clock(a.Begins(), a.Pace())
	t := g.towns[a.IntN(len(g.towns))]
	z := geohash(t.lat, t.lon)
	for left := a.N(600); left > 0; left-- {
		a.ask(next(), atSquare, hashText(z))
		if g.full[z] {
			for _, c := range hashAlphabet {
				a.ask(next(), atSquare, hashText(z)+string(c))
				left--
			}
		}
		z++
	}
}

// steppingBack: the practices of an old list in order, and of each its times and its team; after a crash it starts again some
// practices before.
func steppingBack(a actor) {
	g, next := a.register, a.Clock(a.Begins(), a.Pace())
	i := a.IntN(len(g.practices))
	for left := a.N(840); left > 0; i++ {
		if a.IntN(50) == 0 {
			i -= min(i, 5+a.IntN(20))
		}
		for _, what := range []string{atPractice, atHours, atTeam} {
			a.ask(next(), what, a.codeOf(i%len(g.practices)))
			left--
		}
	}
}

// checkedDown: the numbers of professionals, newest first, each with the digit that makes it valid; some minutes of work, then
// an hour or two of rest.
func checkedDown(a actor) {
	g, at := a.register, a.Begins()
	there := func(number uint64) bool {
		_, ok := slices.BinarySearchFunc(g.staff, number, func(m member, n uint64) int { return cmp.Compare(m.number, n) })
		return ok
	}
	base := g.staff[len(g.staff)-1-a.IntN(len(g.staff)/3)].number / 10
	for left := a.N(600); left > 0; at = at.Add(a.seconds(3600)) {
		for range int(a.Busy) * (60 + a.IntN(120)) {
			if number := withCheck(base); there(number) {
				a.ask(at, atMember, number)
			} else {
				a.miss(at, atMember, number)
			}
			base--
			left--
			at = at.Add(a.seconds(2))
		}
	}
}

// backThrough: every change there ever was, from the newest back, slowly, day and night.
func backThrough(a actor) {
	n := a.N(600)
	next := a.Clock(traffic.Start, 50*time.Hour/time.Duration(n))
	for i := range n {
		a.ask(next(), atChange, changesBy-i)
	}
}
