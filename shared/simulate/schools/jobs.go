package schools

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// chainAtNight are the nurseries of a company, some bought one by one and some registered in a row, with their vacancies.
func chainAtNight(c Caller) {
	var own []int
	for n := c.N(55); len(own) < n; {
		i := c.schools + c.IntN(len(c.numbers)-c.schools-9)
		for k := range 1 + c.IntN(3)*c.IntN(4) {
			own = append(own, i+k)
		}
	}
	slices.Sort(own)
	for d := range 3 {
		next := c.Clock(c.Night(d), time.Duration(1+c.IntN(3))*time.Second)
		for _, i := range slices.Compact(own) {
			c.look(next(), i)
			c.room(next(), i)
		}
	}
}

// vetting checks the employers of all its clients every night, by a few workers; some have closed since.
func vetting(c Caller) {
	all := make([]uint64, c.N(170))
	for k := range all {
		if all[k] = c.numbers[c.IntN(len(c.numbers))]; c.IntN(25) == 0 {
			all[k] = 90_000 + c.Uint64N(9_000)
		}
	}
	if c.IntN(2) == 0 {
		slices.Sort(all)
	}
	for d := range 3 {
		next, ahead := c.Clock(c.Night(d), time.Second), 1+c.IntN(9)
		for _, n := range all {
			c.number(next().Add(time.Duration(c.IntN(ahead))*time.Second), n)
		}
	}
}

// registerDown is a portal for families during an outage: what failed is asked again, each time after a longer wait.
func registerDown(c Caller) {
	for _, at := range c.Awake(c.N(50)) {
		c.visit(at)
	}
	down := traffic.Start.Add(9*time.Hour + time.Duration(c.Int64N(int64(50*time.Hour))))
	up := down.Add(time.Duration(4+c.IntN(16)) * time.Minute)
	for range c.N(40) {
		i, at := c.popular(), down.Add(time.Duration(c.Float64()*float64(up.Sub(down))))
		for wait := time.Second; at.Before(up); wait = min(2*wait, 2*time.Minute) {
			c.Do(at, "GET", establishment, fmt.Sprint("/establishments/", c.numbers[i]), 503)
			at = at.Add(wait + time.Duration(c.Int64N(int64(wait))))
		}
		c.look(at, i)
	}
}

// tryingOut is a team that connects its product: mistakes, and runs of its tests over the same examples.
func tryingOut(c Caller) {
	first := c.IntN(len(c.numbers) - 40)
	for _, at := range c.Office(c.N(20)) {
		if c.IntN(4) == 0 {
			c.Do(at, "GET", near, "/search/near/undefined/NaN/1", 400)
			c.number(at.Add(c.think()), c.Uint64N(12))
		}
		for k := range 5 + c.IntN(12) {
			c.look(at, first+k*3%40)
			c.room(at.Add(150*time.Millisecond), first+k*3%40)
			at = at.Add(400 * time.Millisecond)
		}
	}
}

// probe asks every few minutes whether the register still answers.
func probe(c Caller) {
	i, next := c.popular(), c.Clock(traffic.Start, time.Duration(float64(300+c.IntN(600))/c.Busy)*time.Second)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		if c.look(at, i); c.IntN(6) == 0 {
			c.terms(at.Add(time.Second), c.home[i])
		}
	}
}

// keptFresh shows the schools near houses for sale: hourly those of its own that changed, and all when pages expire.
func keptFresh(c Caller) {
	var own []int
	for n := c.N(70); len(own) < n; {
		own = append(own, c.around(c.family(), 4)...)
	}
	minute, lasts := c.IntN(60), 9+c.IntN(18)
	for hour := range 72 {
		next := c.Clock(traffic.Start.Add(time.Duration(60*hour+minute)*time.Minute), time.Second)
		anew := c.Perm(len(own))
		if c.Get(next(), changes, fmt.Sprint("/changes/", 471_300+hour*len(c.numbers)/500)); hour%lasts > 0 {
			anew = anew[:c.IntN(4)]
		}
		for _, k := range anew {
			c.look(next(), own[k])
		}
	}
}

// corrections are officers who put entries right that somebody wrote about: not every change is accepted.
func corrections(c Caller) {
	for _, at := range c.Office(c.N(65)) {
		i := c.popular()
		c.named(at, i)
		at = at.Add(c.think())
		c.look(at, i)
		if at = at.Add(2 * c.think()); c.IntN(3) > 0 {
			c.Do(at, "PATCH", establishment, fmt.Sprint("/establishments/", c.numbers[i]), []int{200, 200, 422}[c.IntN(3)])
			c.look(at.Add(time.Second), i)
		}
	}
}

// ownCount is an authority in the week of the census: it goes down its schools, and enters how many places each has left.
func ownCount(c Caller) {
	block := 30 + c.IntN(25+c.N(35))
	first, k := c.IntN(c.schools-block), 0
	for _, at := range c.Office(c.N(110)) {
		i := first + k%block
		if k++; c.IntN(9) == 0 {
			k -= min(k, c.IntN(6))
		}
		c.look(at, i)
		c.room(at.Add(10*time.Second), i)
		c.Do(at.Add(15*time.Second+c.think()), "PUT", admissions, fmt.Sprintf("/establishments/%d/admissions", c.numbers[i]), 200)
	}
}
