package urgent

import (
	"time"

	"accord/shared/simulate/traffic"
)

func (s *signposts) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "all numbers, upward", Crawls: true, Ordered: true, Play: s.bind(numberAfterNumber)},
		{Name: "newest first, a share each night", Crawls: true, Ordered: true, Play: s.bind(newestFirst)},
		{Name: "every few numbers, then those between", Crawls: true, Ordered: true, Play: s.bind(everyFew)},
		{Name: "queue of ranges for many machines", Crawls: true, Ordered: true, Play: s.bind(queueOfRanges)},
		{Name: "walk that begins again behind where it fell", Crawls: true, Ordered: true, Play: s.bind(fallsBack)},
		{Name: "outward from a known number", Crawls: true, Ordered: true, Play: s.bind(outward)},
		{Name: "known numbers in order, with a part of each", Crawls: true, Ordered: true, Play: s.bind(withPart)},
		{Name: "last year's copy, shuffled", Crawls: true, Play: s.bind(lastYear)},
		{Name: "postcode file from top to bottom", Crawls: true, Play: s.bind(postcodeFile)},
		{Name: "grid of the whole country", Crawls: true, Play: s.bind(wholeGrid)},
		{Name: "rings around every town", Crawls: true, Play: s.bind(townRings)},
		{Name: "lists of the areas to their ends", Crawls: true, Play: s.bind(listsToTheEnd)},
		{Name: "walk under telephone advice", Crawls: true, Hidden: true, Play: s.bind(underAdvice)},
	}
}

// harvest gives moments for n requests: at a script's pace, or over most of a day, or over all days. Some have many addresses.
func (a actor) harvest(n int) func() time.Time {
	next, moves := a.Clock(a.Begins(), a.Pace()), a.IntN(3) == 0
	switch a.IntN(4) {
	case 0:
		next = a.Clock(a.Begins(), 20*time.Hour/time.Duration(n))
	case 1:
		next = a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(4*time.Hour)))), 60*time.Hour/time.Duration(n))
	}
	return func() time.Time {
		if moves {
			a.Source = a.address()
		}
		return next()
	}
}

// march asks for n numbers a step apart and says where it got to. After thirty empty ones it goes on at a service further on.
func (a actor) march(next func() time.Time, number uint64, step, n int) uint64 {
	s, empty := a.signposts, 0
	for range n {
		if empty++; a.dial(next(), number) {
			empty = 0
		}
		if number += uint64(step); empty == 30 {
			i, _ := s.find(number)
			i += len(s.points) + min(step, 0)
			number, empty = s.points[i%len(s.points)].number, 0
		}
	}
	return number
}

// recent is the number of a service of the national series, with many before it and as many again after it.
func (a actor) recent() uint64 {
	s := a.signposts
	rest := len(s.points) - s.newer
	return s.points[s.newer+rest/8+a.IntN(rest*3/8)].number
}

// numberAfterNumber goes up from any service.
func numberAfterNumber(a actor) {
	s, n := a.signposts, a.N(540)
	a.march(a.harvest(n), s.points[a.IntN(len(s.points))].number, 1, n)
}

// newestFirst goes down from the newest service, and goes on the next night.
func newestFirst(a actor) {
	s, n := a.signposts, a.N(540)
	number := s.points[len(s.points)-1].number
	for d := range 3 {
		number = a.march(a.Clock(a.Night(d), time.Duration(2+a.IntN(9))*time.Second), number, -1, n/3)
	}
}

// everyFew takes a sample in strides, then fills it in.
func everyFew(a actor) {
	number, step, n := a.recent(), 3+a.IntN(7), a.N(540)
	next, passes := a.harvest(n), 1+a.IntN(3)
	for k := range passes {
		a.march(next, number+uint64(k), step, n/passes)
	}
}

// queueOfRanges hands ranges of numbers to machines, each of which takes the next when it is done.
func queueOfRanges(a actor) {
	number, n, size := a.recent(), a.N(540), 10+a.IntN(40)
	begins, pace, workers := a.Begins(), a.Pace(), 3+a.IntN(8)
	machines, sources := make([]func() time.Time, workers), make([]string, workers)
	for k := range machines {
		machines[k], sources[k] = a.Clock(begins, pace+time.Duration(a.Int64N(int64(pace)))), a.address()
	}
	for i := range n/size + 1 {
		k := i % workers
		a.Source = sources[k]
		number = a.march(machines[k], number, 1, size)
	}
}

// fallsBack falls over now and then, and goes on from the last number it had saved, some way back.
func fallsBack(a actor) {
	number, n := a.recent(), a.N(700)
	for next := a.harvest(n); n > 0; {
		run := 25 + a.IntN(70)
		number = a.march(next, number, 1, run) - uint64(5+a.IntN(15))
		n -= run
	}
}

// outward goes on to either side of a service in turns, for some numbers at a time.
func outward(a actor) {
	n, turn := a.N(540), 1+a.IntN(20)
	up, next := a.recent(), a.harvest(n)
	down := up - 1
	for ; n > 0; n -= 2 * turn {
		up = a.march(next, up, 1, turn)
		down = a.march(next, down, -1, turn)
	}
}

// withPart goes through the services it found elsewhere, sorted by number, and reads a part of each as well.
func withPart(a actor) {
	s, n := a.signposts, a.N(420)
	next, part := a.harvest(2*n), []string{pointSend, pointRoom, pointOpen}[a.IntN(3)]
	for i := a.IntN(len(s.points)); n > 0; n-- {
		a.read(next(), pointPage, i)
		a.read(next(), part, i)
		i = (i + 1 + a.IntN(2)) % len(s.points)
	}
}

// underAdvice is telephone advice whose key also walks, with one request in eleven.
func underAdvice(a actor) {
	n := int(310*a.Busy) + a.N(10)
	area := a.IntN(numAreas)
	for len(a.Calls) < 10*n {
		a.advise(a.unwell(1)[0], area)
	}
	a.march(a.Clock(a.Begins(), 24*time.Hour/time.Duration(n)), a.recent(), 1, n)
}
