package bookings

import (
	"fmt"
	"math"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are the crawling kinds.
func (c *campaign) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "site numbers counted up by a nightly script", Crawls: true, Ordered: true, Play: c.bind(nightlyScript)},
		{Name: "sessions from the newest back", Crawls: true, Ordered: true, Play: c.bind(newestBack)},
		{Name: "sessions in strides, then between them", Crawls: true, Ordered: true, Play: c.bind(strides)},
		{Name: "chunks of numbers from a queue", Crawls: true, Ordered: true, Play: c.bind(chunks)},
		{Name: "sessions followed as they are published", Crawls: true, Ordered: true, Play: c.bind(followed)},
		{Name: "script that resumes before it broke off", Crawls: true, Ordered: true, Play: c.bind(resumes)},
		{Name: "sessions from the middle out", Crawls: true, Ordered: true, Play: c.bind(middleOut)},
		{Name: "slow walk behind rented addresses", Crawls: true, Ordered: true, Play: c.bind(rented)},
		{Name: "site list shuffled over three evenings", Crawls: true, Play: c.bind(evenings)},
		{Name: "every outcode, wider and wider", Crawls: true, Play: c.bind(widerAndWider)},
		{Name: "grid of the country", Crawls: true, Play: c.bind(countryGrid)},
		{Name: "lot codes tried out", Crawls: true, Play: c.bind(triedLots)},
		{Name: "every list to its last page", Crawls: true, Play: c.bind(lastPage)},
		{Name: "booking site that copies on the side", Crawls: true, Hidden: true, Play: c.bind(onTheSide)},
	}
}

// haste is the gap between a harvester's requests: from a quarter of a second to forty seconds.
func (a actor) haste() time.Duration { return time.Duration(math.Pow(160, a.Float64()) * 0.25e9) }

// count asks for n numbers, a step apart, and gives the one after them. It knows how the areas' numbers begin, and goes on
// to the next area when nothing has come for a while.
func (a actor) count(next func() time.Time, template string, no uint64, step, n int) uint64 {
	sites := a.sites
	for range n {
		a.numbered(next(), template, no)
		no += uint64(step)
		i, _ := slices.BinarySearch(sites, no)
		if template == vaccinator && 0 < i && i < len(sites) && no > sites[i-1]+15 && sites[i] >= (no/perArea+1)*perArea {
			no = sites[i]/perArea*perArea + 1
		}
	}
	return no
}

// nightlyScript counts on where it stopped the night before.
func nightlyScript(a actor) {
	no, n, gap := a.midway(a.sites), a.N(600)/3, a.haste()/2
	for d := range 3 {
		no = a.count(a.Clock(a.Night(d), gap), vaccinator, no, 1, n)
	}
}

// newestBack begins with what was published last.
func newestBack(a actor) {
	from := a.Begins()
	there := a.published(from)
	a.count(a.Clock(from, a.haste()), sitting, there[len(there)-1], -1, a.N(580))
}

// strides takes every few numbers for a first look, and those after them on a second and third pass.
func strides(a actor) {
	first, step := a.midway(a.sessions), 3+a.IntN(7)
	next, n := a.Clock(a.Begins(), a.haste()), a.N(600)/3
	for pass := range uint64(3) {
		a.count(next, sitting, first+pass, step, n)
	}
}

// chunks is read by workers, each at its own pace: who is done takes the next numbers.
func chunks(a actor) {
	no, gap, from, size := a.midway(a.sites), a.haste(), a.Begins(), 20+a.IntN(40)
	free := make([]time.Time, 3+a.IntN(6))
	for w := range free {
		free[w] = from.Add(time.Duration(a.Int64N(int64(10 * gap))))
	}
	for range 1 + a.N(600)/size {
		w := slices.Index(free, slices.MinFunc(free, time.Time.Compare))
		next := a.Clock(free[w], gap*time.Duration(w+3))
		no = a.count(next, vaccinator, no, 1, size)
		free[w] = next()
	}
}

// followed asks for the next sessions again and again, until they are there.
func followed(a actor) {
	at, poll := traffic.Start.Add(time.Duration(a.Int64N(int64(8*time.Hour)))), 45+a.IntN(60)
	there := a.published(at)
	last := there[len(there)-1] - uint64(a.N(80))
	for ; at.Before(traffic.Start.Add(traffic.Length)); at = at.Add(time.Duration(poll/2+a.IntN(poll)) * time.Minute) {
		next := a.Clock(at, time.Second)
		for missed := uint64(0); missed < 4; {
			if missed++; a.numbered(next(), sitting, last+missed) {
				last, missed = last+missed, 0
			}
		}
	}
}

// resumes breaks off now and then, and goes on from what it had saved before that.
func resumes(a actor) {
	no, at, gap := a.midway(a.sites), a.Begins(), a.haste()
	for n := a.N(680); n > 0; {
		run, next := 30+a.IntN(60), a.Clock(at, gap)
		no = a.count(next, vaccinator, no, 1, run) - a.Uint64N(25)
		n -= run
		at = next().Add(time.Duration(1+a.IntN(20)) * time.Minute)
	}
}

// middleOut knows of one session, and takes some above and some below by turns.
func middleOut(a actor) {
	up, turn, next := a.midway(a.sessions), 5+a.IntN(20), a.Clock(a.Begins(), a.haste())
	down := up - 1
	for range 1 + a.N(580)/turn/2 {
		up = a.count(next, sitting, up, 1, turn)
		down = a.count(next, sitting, down, -1, turn)
	}
}

// rented walks for three days, and takes another address after every few requests.
func rented(a actor) {
	no, n, addresses := a.midway(a.sites), a.N(580), 40+a.IntN(160)
	next := a.Clock(traffic.Start, traffic.Length/time.Duration(n))
	for n > 0 {
		run, address := 1+a.IntN(7), a.IntN(addresses)
		a.Source = fmt.Sprintf("198.19.%d.%d", address*7%256, address)
		no = a.count(next, vaccinator, no, 1, run)
		n -= run
	}
}
