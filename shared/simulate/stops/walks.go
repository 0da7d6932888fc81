package stops

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// plan is n numbers, upward. After thirty holes in a row it goes on where the next authority's begin.
func (a Actor) plan(number uint64, n int) (plan []uint64) {
	for missed := 0; len(plan) < n; number++ {
		if missed == 30 {
			next := slices.IndexFunc(a.blocks, func(b block) bool { return b.zero > number })
			number, missed = a.blocks[max(next, 0)].zero+1, 0
		}
		plan = append(plan, number)
		if missed++; a.there(number) {
			missed = 0
		}
	}
	return plan
}

// walk asks for numbers, one after the other.
func (a Actor) walk(next func() time.Time, plan []uint64) {
	for _, number := range plan {
		a.number(next(), number)
	}
}

// known is the number of any stop.
func (a Actor) known() uint64 { return a.numbers[a.IntN(len(a.numbers))] }

// serials counts up from the first number of an authority.
func serials(a Actor) { a.walk(a.Clock(a.Begins(), a.Pace()), a.plan(a.home().zero+1, a.N(650))) }

// highestFirst counts down, on the evenings of three days.
func highestFirst(a Actor) {
	plan := a.plan(a.known(), a.N(600))
	evenings := func() time.Duration { return time.Duration(18+24*a.IntN(3))*time.Hour + a.within(5*time.Hour) }
	for i, at := range a.Moments(len(plan), evenings) {
		a.number(at, plan[len(plan)-1-i])
	}
}

// oddFirst leaves the other side of the road for a second pass; some make more passes than two.
func oddFirst(a Actor) {
	next, plan, step := a.Clock(a.Begins(), a.Pace()), a.plan(a.known(), a.N(650)), 2+a.IntN(3)
	for pass := range step {
		for i := pass; i < len(plan); i += step {
			a.number(next(), plan[i])
		}
	}
}

// containers each claim some numbers, go through them, and claim the next that nobody has.
func containers(a Actor) {
	pool, pace, from := 3+a.IntN(6), a.Pace(), a.Begins()
	next, address := make([]func() time.Time, pool), a.Perm(256)
	for i := range next {
		next[i] = a.Clock(from, pace*time.Duration(pool))
	}
	for claim := range slices.Chunk(a.plan(a.known(), a.N(650)), 20+a.IntN(81)) {
		worker := a.IntN(pool)
		a.Source = fmt.Sprintf("203.0.113.%d", address[worker])
		a.walk(next[worker], claim)
	}
}

// renewing goes upward, and meanwhile asks again for some that it has.
func renewing(a Actor) {
	next, again, plan := a.Clock(a.Begins(), a.Pace()), 2+a.IntN(3), a.plan(a.known(), a.N(500))
	for i, number := range plan {
		a.number(next(), number)
		for a.IntN(again) == 0 {
			if old := plan[a.IntN(i+1)]; a.there(old) {
				a.number(next(), old)
			}
		}
	}
}

// bothWays goes down and up at once, all day and all night.
func bothWays(a Actor) {
	plan := a.plan(a.known(), a.N(560))
	down, up := plan[:len(plan)/2], plan[len(plan)/2:]
	slices.Reverse(down)
	for _, half := range [][]uint64{down, up} {
		a.walk(a.Clock(traffic.Start.Add(a.within(time.Hour)), 70*time.Hour/time.Duration(len(up))), half)
	}
}

// routers lend their addresses, each for a few requests; the numbers are those of a sorted file that is not quite whole.
func routers(a Actor) {
	next, leaves := a.Clock(a.Begins(), a.Pace()), 3+a.IntN(8)
	for _, number := range a.plan(a.known(), a.N(800)) {
		if a.IntN(4) == 0 {
			a.Source = fmt.Sprintf("%d.%d.%d.%d", 192+a.IntN(6), a.IntN(256), a.IntN(256), a.IntN(256))
		}
		if a.there(number) && a.IntN(leaves) > 0 {
			a.number(next(), number)
		}
	}
}

// underPlanner is a planner's site that copies the register, one request for each ten that its visitors make.
func underPlanner(a Actor) {
	for len(a.Calls) < int(3100*a.Busy) {
		planner(a)
	}
	n := len(a.Calls) / 10
	a.walk(a.Clock(traffic.Start.Add(a.within(12*time.Hour)), 56*time.Hour/time.Duration(n)), a.plan(a.known(), n))
}
