package register

import (
	"cmp"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// shuffledWorkers: a list of all numbers, bought or found, shuffled and shared out to workers.
func shuffledWorkers(a actor) {
	from, gap, workers := a.Begins(), a.Pace()+time.Second, 2+a.IntN(8)
	order := a.Perm(len(a.register.practices))[:a.N(950)]
	for w := range workers {
		a.moves()
		next := a.Clock(from, time.Duration(workers)*gap)
		for i := w; i < len(order); i += workers {
			a.practice(next(), order[i])
		}
	}
}

// spider: from one practice to its team, to where they work besides, to who runs that, to what they run. Nothing twice; any of
// the links not yet followed is next.
func spider(a actor) {
	g, next := a.register, a.Clock(a.Begins(), a.Pace()+500*time.Millisecond)
	type link struct {
		to string
		i  int
	}
	var links []link
	seen := map[link]bool{}
	add := func(to string, i int) {
		if l := (link{to, i}); !seen[l] {
			seen[l], links = true, append(links, l)
		}
	}
	for left := a.N(950); left > 0; left-- {
		if len(links) == 0 {
			add(atPractice, a.wherever())
		}
		i := a.IntN(len(links))
		l := links[i]
		links = slices.Delete(links, i, i+1)
		switch l.to {
		case atPractice:
			p := g.practices[l.i]
			a.practice(next(), l.i)
			add(atOrg, p.org)
			for _, m := range p.team {
				add(atMember, m)
			}
		case atOrg:
			o := g.orgs[l.i]
			a.ask(next(), atOrg, o.number)
			for p := range o.practices {
				add(atPractice, o.first+p)
			}
		case atMember:
			a.ask(next(), atMember, g.staff[l.i].number)
			for _, p := range g.staff[l.i].at {
				add(atPractice, p)
			}
		}
	}
}

// bestKnown: what people look for most, first, at the hours at which people look, from as many addresses; but never the same.
func bestKnown(a actor) {
	g := a.register
	asked := make([]float64, len(g.practices))
	for t := range g.towns {
		for i, p := range g.towns[t].practices {
			asked[p] = float64((t+6)*(i+6)) * (0.5 + a.Float64())
		}
	}
	order := a.Perm(len(g.practices))
	slices.SortFunc(order, func(p, q int) int { return cmp.Compare(asked[p], asked[q]) })
	for i, at := range a.Awake(a.N(1150)) {
		a.moves()
		a.practice(at, order[i])
	}
}

// gazetteer: the name of every town there is, in the order of somebody else's table; all pages of each, and all that is on them.
func gazetteer(a actor) {
	g, next, left := a.register, a.Clock(a.Begins(), a.Pace()+300*time.Millisecond), a.N(950)
	for _, t := range a.Perm(len(g.towns)) {
		town := g.towns[t]
		for page := 0; 10*page < len(town.practices) && left > 0; page++ {
			a.ask(next(), atTown, town.name, "all", page+1)
			left--
			for _, p := range town.practices[10*page : min(10*page+10, len(town.practices))] {
				a.practice(next(), p)
				left--
			}
		}
	}
}

// forShow: after each practice of the list, one that anybody might ask for, or a page of a town.
func forShow(a actor) {
	next := a.Clock(a.Begins(), a.Pace()+500*time.Millisecond)
	for _, p := range a.Perm(len(a.register.practices))[:a.N(600)] {
		a.practice(next(), p)
		if a.IntN(3) == 0 {
			a.ask(next(), atTown, a.township().name, a.sort(), 1)
			continue
		}
		a.practice(next(), a.wherever())
	}
}

// mirror: a copy of everything, kept fresh without a pause: most answers say that nothing changed since it was read before.
func mirror(a actor) {
	order := a.Perm(len(a.register.practices))[:a.N(1150)]
	next := a.Clock(traffic.Start, traffic.Length/time.Duration(len(order)))
	for _, p := range order {
		if a.IntN(100) < 55 {
			a.Do(next(), "GET", atPractice, fill(atPractice, []any{a.codeOf(p)}), 304)
			continue
		}
		a.practice(next(), p)
	}
}

// fanOut: every hour or so a function is started a hundred times, each with an address of its own and one number of the list.
func fanOut(a actor) {
	at, order := a.Begins(), a.Perm(len(a.register.practices))[:a.N(950)]
	for len(order) > 0 {
		n := min(len(order), int(a.Busy)*(60+a.IntN(80)))
		for _, p := range order[:n] {
			a.moves()
			a.practice(at.Add(time.Duration(a.IntN(12_000))*time.Millisecond), p)
		}
		order, at = order[n:], at.Add(a.seconds(2400))
	}
}

// behindAnApp: an app that people use, and in its shadow the list, one request in ten.
func behindAnApp(a actor) {
	n := a.N(1500)
	usedByPeople(a, n)
	at := a.Awake(n / 10)
	for i, p := range a.Perm(len(a.register.practices))[:len(at)] {
		a.practice(at[i], p)
	}
}
