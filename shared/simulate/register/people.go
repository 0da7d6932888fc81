package register

import (
	"math"
	"time"

	"accord/shared/simulate/traffic"
)

// honest are honest kinds by a fifth hand: first what people do by way of an app, then what systems do.
func (g *register) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "app that people use", Play: g.bind(func(a actor) { usedByPeople(a, a.N(550)) })},
		{Name: "circle drawn wider until enough is found", Play: g.bind(circles)},
		{Name: "scrolling without end", Play: g.bind(scrolling)},
		{Name: "opening times fetched before the finger", Play: g.bind(beforeTheFinger)},
		{Name: "map moved under the finger", Play: g.bind(mapMoved)},
		{Name: "fortnight of appointments", Play: g.bind(fortnight)},
		{Name: "chain edits its block", Play: g.bind(chainEdits)},
		{Name: "referral letters, chain of links", Play: g.bind(referralLetters)},
		{Name: "guide of one town", Play: g.bind(guide)},
		{Name: "contracted list every night, by number", Play: g.bind(contracted)},
		{Name: "claims sorted by number", Play: g.bind(claims)},
		{Name: "prescriptions, flat demand", Play: g.bind(prescriptions)},
		{Name: "follower of changes", Play: g.bind(keepingUp)},
		{Name: "tests at every push", Play: g.bind(pushes)},
	}
}

// usedByPeople: the care of their town, and what they choose of it.
func usedByPeople(a actor, n int) {
	for i, at := range a.Awake(n) {
		if i%3 == 0 {
			a.ask(at, atTown, a.township().name, a.sort(), 1)
			continue
		}
		a.practice(at, a.wherever())
	}
}

// circles: somebody looks for care near home, within two kilometres, five, ten, until there is some.
func circles(a actor) {
	for _, at := range a.Awake(a.N(90)) {
		a.moves()
		t, sort := a.township(), a.sort()
		code := t.codes[a.IntN(len(t.codes))]
		for _, km := range []int{2, 5, 10, 25, 50}[:1+a.IntN(5)] {
			a.ask(at, atAround, code, sort, km)
			at = at.Add(a.seconds(3))
		}
		a.practice(at, a.in(t))
	}
}

// scrolling: a page more whenever the end of the list comes in sight; one person in five does not stop for long.
func scrolling(a actor) {
	for _, at := range a.Awake(a.N(42)) {
		t, pages := a.township(), 1+a.IntN(6)
		if a.IntN(5) == 0 {
			t, pages = &a.register.towns[a.IntN(10)], 15+a.IntN(40)
		}
		for page := range min(pages, 1+len(t.practices)/10) {
			a.ask(at, atTown, t.name, "all", page+1)
			at = at.Add(a.seconds(2))
			if a.IntN(8) == 0 {
				a.practice(at, t.practices[min(10*page+a.IntN(10), len(t.practices)-1)])
			}
		}
	}
}

// beforeTheFinger: a page of results loads the opening times of all ten, and the next page, before anybody asks.
func beforeTheFinger(a actor) {
	for _, at := range a.Awake(a.N(32)) {
		t, sort := a.township(), a.sort()
		a.ask(at, atTown, t.name, sort, 1)
		from := a.IntN(max(1, len(t.practices)/4))
		shown := t.practices[from:min(from+10, len(t.practices))]
		for i, p := range shown {
			a.ask(at.Add(time.Duration(200+40*i)*time.Millisecond), atHours, a.codeOf(p))
		}
		a.ask(at.Add(700*time.Millisecond), atTown, t.name, sort, 2)
		a.practice(at.Add(a.seconds(5)), shown[a.Zipf(len(shown))])
	}
}

// mapMoved: nine squares around a town, three more with each step aside, none twice in a sitting. One in four drives along a
// road, and the squares ahead are loaded.
func mapMoved(a actor) {
	for _, at := range a.Awake(a.N(14)) {
		a.moves()
		t, seen := a.township(), map[uint32]bool{}
		lat, lon, angle, steps := t.lat, t.lon, 2*math.Pi*a.Float64(), 1+a.IntN(9)
		road := a.IntN(4) == 0
		if road {
			steps = 25 + a.IntN(30)
		}
		for range steps {
			for i := range 9 {
				z := geohash(lat+float64(i/3-1)*squareWidth, lon+float64(i%3-1)*squareWidth)
				if !seen[z] && (!road || i == 4) {
					a.ask(at.Add(time.Duration(i)*50*time.Millisecond), atSquare, hashText(z))
				}
				seen[z] = true
			}
			at = at.Add(a.seconds(4))
			lat, lon = lat+squareWidth*math.Sin(angle), lon+squareWidth*math.Cos(angle)
			if !road && a.IntN(3) == 0 {
				angle = 2 * math.Pi * a.Float64()
			}
		}
		a.practice(at, a.in(t))
	}
}

// fortnight: a portal shows a patient the free appointments of the next fourteen days, day after day.
func fortnight(a actor) {
	t := a.township()
	own := make([]int, 8+a.IntN(20))
	for i := range own {
		own[i] = a.in(t)
	}
	for _, at := range a.Awake(a.N(27)) {
		p := a.codeOf(own[a.Zipf(len(own))])
		for day := range 14 {
			a.ask(at.Add(time.Duration(day)*80*time.Millisecond), atSlots, p, at.AddDate(0, 0, day+1).Format(time.DateOnly))
		}
	}
}

// chainEdits: before a holiday the office of a chain goes through its practices in the order of their numbers, writes the
// opening times and looks at them again.
func chainEdits(a actor) {
	g := a.register
	o := g.orgs[a.IntN(len(g.orgs))]
	for o.practices < 40 {
		o = g.orgs[a.IntN(len(g.orgs))]
	}
	for round := range max(1, a.N(1)) {
		at := traffic.Start.AddDate(0, 0, round%3).Add(time.Duration(8+2*(round/3%4))*time.Hour + a.seconds(1000))
		for i := range o.practices {
			p := a.codeOf(o.first + i)
			a.ask(at, atPractice, p)
			a.Do(at.Add(a.seconds(15)), "PUT", atHours, fill(atHours, []any{p}), []int{200, 200, 200, 200, 422}[a.IntN(5)])
			a.ask(at.Add(a.seconds(30)), atHours, p)
			at = at.Add(a.seconds(60))
		}
	}
}
