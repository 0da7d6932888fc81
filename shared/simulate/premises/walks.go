package premises

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// walks are the crawls that go by number.
func (w *World) walks() []traffic.Kind {
	return []traffic.Kind{
		{Name: "register copied upward, with reports", Crawls: true, Ordered: true, Play: w.bind(upward)},
		{Name: "latest kitchens first, back in time", Crawls: true, Ordered: true, Play: w.bind(backward)},
		{Name: "a comb of numbers, then its gaps", Crawls: true, Ordered: true, Play: w.bind(comb)},
		{Name: "pods that draw from one counter", Crawls: true, Ordered: true, Play: w.bind(pods)},
		{Name: "saves too seldom, and falls often", Crawls: true, Ordered: true, Play: w.bind(falls)},
		{Name: "both ways from a kitchen in town", Crawls: true, Ordered: true, Play: w.bind(bothWays)},
		{Name: "some numbers at any hour, rented addresses", Crawls: true, Ordered: true, Play: w.bind(rented)},
	}
}

// pace is the clock of a harvester that means to be done with n requests within the time of the corpus.
func (a Actor) pace(from time.Time, n int) func() time.Time {
	most := traffic.Start.Add(traffic.Length).Sub(from) / time.Duration(n+1)
	return a.Clock(from, min(most, a.gap(150*time.Millisecond, 40*time.Second)))
}

// middle is a number with at least n shops on either side of it.
func (a Actor) middle(n int) uint64 { return a.shops[n+a.IntN(len(a.shops)-2*n)].id }

// upward copies from a number on, and for some of what is there the last report as well.
func upward(a Actor) {
	n, parts := a.N(530), a.IntN(3)
	first, next := a.middle(n), a.pace(a.Begins(), 2*n)
	for id := first; id < first+uint64(n); id++ {
		if i, there := a.find(id); a.number(next(), id) && there && a.IntN(4) < parts {
			a.lastReport(next(), i)
		}
	}
}

// backward begins with what the list of changes names last, and goes down; some rest in the middle.
func backward(a Actor) {
	n, rest := a.N(530), time.Duration(a.IntN(2))*a.gap(time.Hour, 12*time.Hour)
	last, next := a.shops[len(a.shops)-1-a.IntN(30)].id, a.pace(a.Begins(), 2*n)
	a.Get(next(), changes, fmt.Sprintf("/changes/%s/1", traffic.Day(-1)))
	for k := range n {
		a.number(next().Add(rest*time.Duration(2*k/n)), last-uint64(k))
	}
}

// comb asks for every so-manieth number of a long stretch, then, as long as it is let, for those beside them.
func comb(a Actor) {
	n, stride := a.N(530), 3+a.IntN(6)
	first, next, teeth := a.shops[a.IntN(len(a.shops)/5)].id, a.pace(a.Begins(), n), n/(2+a.IntN(2))
	for k := range n {
		a.number(next(), first+uint64(k%teeth*stride+k/teeth))
	}
}

// pods each take the next numbers of one counter, and have an address and a speed of their own; some of what failed is asked for
// again later.
func pods(a Actor) {
	n, share, pods := a.N(550), 6+a.IntN(20), 2+a.IntN(7)
	first, from, gap := a.middle(n), a.Begins(), a.gap(150*time.Millisecond, 15*time.Second)
	done := make([]time.Duration, pods) // when each is done with what it took
	for taken := 0; taken < n; taken += share {
		pod := 0
		for i := range done {
			if done[i] < done[pod] {
				pod = i
			}
		}
		a.Source = fmt.Sprintf("203.0.113.%d", 10+pod)
		for k := range share {
			id := first + uint64(taken+k)
			a.number(from.Add(done[pod]), id)
			if done[pod] += time.Duration(pods+pod)*gap/2 + time.Duration(a.Int64N(int64(gap))); a.IntN(25) == 0 {
				a.number(from.Add(done[pod]+time.Minute), id)
			}
		}
	}
}

// falls is a script that goes up, breaks off, and begins again where it last wrote down how far it was.
func falls(a Actor) {
	n, saves, k := a.N(740), 15+a.IntN(45), 0
	first, next, late := a.middle(n), a.pace(a.Begins(), 2*n), time.Duration(0)
	for range n {
		a.number(next().Add(late), first+uint64(k))
		if k++; a.IntN(100) == 0 {
			k -= k % saves
			late += a.gap(10*time.Second, 25*time.Minute)
		}
	}
}

// bothWays begins at a number seen on a door, and reads a piece above it and a piece below it by turns.
func bothWays(a Actor) {
	n, piece := a.N(530), 1+a.IntN(25)
	door, next := a.middle(n), a.pace(a.Begins(), n)
	for k := range n {
		far := uint64(k/piece/2*piece + k%piece)
		if k/piece%2 == 0 {
			a.number(next(), door+far)
		} else {
			a.number(next(), door-1-far)
		}
	}
}

// rented goes up for three days at no hour in particular, each request from another address of a range that is let; it leaves
// numbers out, and asks for some again.
func rented(a Actor) {
	n, skips := a.N(640), a.Float64()
	id := a.middle(n)
	for _, at := range a.AnyTime(n) {
		a.Source = fmt.Sprintf("192.0.2.%d", a.IntN(256))
		a.number(at, id)
		if id += 1 + uint64(a.ExpFloat64()*skips); a.IntN(14) == 0 {
			id -= uint64(1 + a.IntN(4))
		}
	}
}
