package register

import (
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// ofRegion draws a practice for a system that serves some towns: most are theirs, one in five is anywhere.
func (a actor) ofRegion(towns []*township) int {
	if a.IntN(5) == 0 {
		return a.wherever()
	}
	return a.in(towns[a.IntN(len(towns))])
}

// region is some towns.
func (a actor) region() []*township {
	out := make([]*township, 4+a.IntN(6))
	for i := range out {
		out[i] = a.township()
	}
	return out
}

// referralLetters: a hospital writes to whoever sent the patient, and goes from the doctor to the practice to who runs it.
func referralLetters(a actor) {
	g, home := a.register, a.region()
	for _, at := range a.Office(a.N(120)) {
		p := a.ofRegion(home)
		team := g.practices[p].team
		a.ask(at, atMember, g.staff[team[a.IntN(len(team))]].number)
		a.practice(at.Add(300*time.Millisecond), p)
		a.ask(at.Add(600*time.Millisecond), atOrg, g.orgs[g.practices[p].org].number)
	}
}

// guide: a town council keeps a page of the care in its town. It reads the lists of its town and opens each practice once a day,
// and nothing of any other town.
func guide(a actor) {
	g, want := a.register, a.N(70)
	t := &g.towns[0]
	for i := range g.towns {
		if len(g.towns[i].practices) >= want {
			t = &g.towns[i]
		}
	}
	for d := range 3 {
		next := a.Clock(a.Night(d), 3*time.Second)
		for page := range 1 + len(t.practices)/10 {
			a.ask(next(), atTown, t.name, "all", page+1)
		}
		for _, p := range t.practices {
			a.practice(next(), p)
		}
	}
}

// contracted: an insurer checks every night those that it has contracts with, in the order of its table. Some were closed since.
func contracted(a actor) {
	g := a.register
	own := a.Perm(len(g.practices))[:a.N(180)]
	slices.Sort(own)
	closed := map[int]bool{}
	for _, p := range own {
		closed[p] = a.IntN(20) == 0
	}
	for d := range 3 {
		next := a.Clock(a.Night(d), 400*time.Millisecond)
		for _, p := range own {
			if closed[p] {
				a.miss(next(), atPractice, a.codeOf(p))
				continue
			}
			a.practice(next(), p)
		}
	}
}

// claims: the day's claims, sorted by who sent them, and one look for each claim: the same practice several times in a row, and
// always a higher one after it.
func claims(a actor) {
	home := a.region()
	for d := range 3 {
		sent := make([]int, a.N(75))
		for i := range sent {
			sent[i] = a.ofRegion(home)
		}
		slices.Sort(sent)
		next := a.Clock(a.Night(d), 700*time.Millisecond)
		for _, p := range sent {
			for range 1 + a.IntN(3) {
				a.practice(next(), p)
			}
		}
	}
}

// prescriptions: a switch sends each prescription to its pharmacy and asks for it every time. Every pharmacy has about as many.
func prescriptions(a actor) {
	g := a.register
	from := len(g.practices) * careSorts[0].share / 100
	served := a.Perm(len(g.practices) * careSorts[1].share / 100)[:a.N(260)]
	for _, at := range a.Awake(a.N(480)) {
		a.practice(at, from+served[a.IntN(len(served))])
	}
}

// keepingUp: it asks for the change that comes next, which is not there until something changed, and then for the practice if it
// is one that it knows.
func keepingUp(a actor) {
	seen, next := 0, a.Clock(traffic.Start, 25*time.Minute)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		for ; seen < int(at.Sub(traffic.Start).Hours()*3*a.Busy); seen++ {
			a.ask(at, atChange, changesBy+1+seen)
			at = at.Add(200 * time.Millisecond)
			if a.IntN(3) == 0 {
				a.practice(at, a.wherever())
			}
		}
		a.miss(at, atChange, changesBy+1+seen)
	}
}

// pushes: the tests of a program that uses the register, at every push from another machine: the same pages, practices that do
// not exist, numbers that cannot.
func pushes(a actor) {
	first := a.IntN(len(a.register.practices) - 20)
	for _, from := range a.Office(a.N(10)) {
		a.moves()
		next := a.Clock(from, 150*time.Millisecond)
		for i := range 16 {
			a.practice(next(), first+i)
		}
		for page := range 8 {
			a.ask(next(), atList, "dentist", page+1)
		}
		for i := range 6 {
			a.miss(next(), atPractice, 99_000_001+i)
		}
		for _, bad := range []string{"1", "abc", "null", "012345678"} {
			at := next()
			a.Do(at, "GET", atPractice, "/practices/"+bad, 400)
		}
	}
}
