package references

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are the crawling kinds. Ordered are those that go by number, whether their numbers carry a check digit or begin
// anew every day.
func (d directory) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "shuffled services, backing off", Crawls: true, Play: d.bind(politeSweep)},
		{Name: "walk by check digits", Crawls: true, Ordered: true, Play: d.bind(checkDigits)},
		{Name: "half of a sweep shared by two keys", Crawls: true, Play: d.bind(halfOfTwo)},
		{Name: "sectors, breadth first", Crawls: true, Play: d.bind(breadthFirst)},
		{Name: "geohashes, ring by ring", Crawls: true, Play: d.bind(rings)},
		{Name: "departments by the alphabet", Crawls: true, Play: d.bind(alphabetic)},
		{Name: "archive backwards at night", Crawls: true, Ordered: true, Play: d.bind(backwards)},
		{Name: "walk with seven in ten repeated", Crawls: true, Ordered: true, Play: d.bind(mostlyRepeats)},
		{Name: "sweep under popular three in five", Crawls: true, Play: d.bind(mimic)},
		{Name: "harvest of list pages", Crawls: true, Play: d.bind(harvest)},
		{Name: "congruential permutation", Crawls: true, Play: d.bind(congruential)},
		{Name: "trickle of three hundred a day", Crawls: true, Play: d.bind(trickle)},
		{Name: "from the start every day, deeper", Crawls: true, Ordered: true, Play: d.bind(deeper)},
		{Name: "day after day of encounters", Crawls: true, Ordered: true, Play: d.bind(dayPartitions)},
		{Name: "every service with its parts", Crawls: true, Ordered: true, Play: d.bind(withParts)},
		{Name: "sweep under references typed", Crawls: true, Hidden: true, Play: d.bind(underTyped)},
	}
}

// politeSweep slows down when told to, and pauses as a person might.
func politeSweep(a actor) {
	at, gap := a.Begins(), a.Pace()
	for _, id := range a.Some(a.N(750)) {
		for wait := time.Second; a.IntN(25) == 0; wait *= 2 {
			a.Do(at, "GET", service, fmt.Sprint("/services/", checked(id)), 429)
			at = at.Add(wait)
		}
		a.ref(at, id)
		at = at.Add(gap/3 + time.Duration(a.ExpFloat64()*float64(gap)))
		if a.IntN(60) == 0 {
			at = at.Add(time.Duration(a.IntN(15)) * time.Minute)
		}
	}
}

// halfOfTwo takes every other of one shuffled list; another key of the corpus takes the rest at the same time.
func halfOfTwo(a actor) {
	both := a.Shared(3)
	order, half := both.Perm(len(a.IDs)), a.IntN(2)
	next := a.Clock(traffic.Start.Add(time.Duration(both.Int64N(int64(40*time.Hour)))), a.Pace()+time.Second)
	for i := range min(a.N(600), len(order)/2) {
		a.ref(next(), a.IDs[order[2*i+half]])
	}
}

// breadthFirst asks for the first sector of every district, then for the second of every.
func breadthFirst(a actor) {
	next, n := a.Clock(a.Begins(), a.Pace()), a.districts()
	for i := range min(a.N(700), 10*n) {
		a.sector(next(), i%n*10+i/n)
	}
}

// rings goes round the middle of a town, in wider and wider rings.
func rings(a actor) {
	next, left := a.Clock(a.Begins(), a.Pace()+time.Second), a.N(600)
	lat, lon := a.Town(1 + a.IntN(25))
	for r := 0; left > 0; r++ {
		for y := -r; y <= r; y++ {
			step := max(1, 2*r)
			if y == -r || y == r {
				step = 1
			}
			for x := -r; x <= r && left > 0; x += step {
				a.hash(next(), lat+float64(y)*hashLat, lon+float64(x)*hashLon)
				left--
			}
		}
	}
}

// alphabetic reads all departments by name, from some letter on.
func alphabetic(a actor) {
	names := make([]string, a.departments())
	for i := range names {
		names[i] = traffic.Slug(i)
	}
	slices.Sort(names)
	first, next := a.IntN(len(names)), a.Clock(a.Begins(), a.Pace())
	for i := range min(a.N(600), len(names)) {
		a.department(next(), names[(first+i)%len(names)])
	}
}

// mimic asks for what the public does in three requests of five.
func mimic(a actor) {
	order, next := a.Some(a.N(900)), a.Clock(a.Begins(), a.Pace()+time.Second)
	for _, id := range order {
		if a.IntN(5) < 3 {
			id = a.Popular()
		}
		a.ref(next(), id)
	}
}

// harvest turns the pages of the directory, and reads every organisation that they name.
func harvest(a actor) {
	next, letter := a.Clock(a.Begins(), a.Pace()), a.IntN(26)
	for i := range a.N(30) {
		page := i % 12
		a.Get(next(), letters, fmt.Sprintf("/directory/%c/pages/%d", 'a'+(letter+i/12)%26, page+1))
		for k := range 20 {
			a.organisation(next(), ((letter*12+i)*20+k)*7919%len(a.IDs))
		}
	}
}

// congruential counts modulo a power of two, by a step that leaves nothing out and looks like chance.
func congruential(a actor) {
	span := a.IDs[len(a.IDs)-1] - a.IDs[0] + 1
	modulus := uint64(1)
	for modulus < span {
		modulus *= 2
	}
	factor, add, x := 4*a.Uint64N(modulus/8)+5, 2*a.Uint64N(modulus/2)+1, a.Uint64N(modulus)
	next, left := a.Clock(a.Begins(), a.Pace()), a.N(700)
	for left > 0 {
		if x = (x*factor + add) % modulus; x < span {
			a.ref(next(), a.IDs[0]+x)
			left--
		}
	}
}

// trickle reads a few hundred a day, while people are awake.
func trickle(a actor) {
	order := a.Perm(len(a.IDs))
	for i, at := range a.Awake(min(3*a.N(300), len(order))) {
		a.organisation(at, order[i])
	}
}

// underTyped sweeps in one request of ten.
func underTyped(a actor) {
	typed(a)
	typed(a)
	n := len(a.Calls) / 10
	next := a.Clock(a.Begins(), 26*time.Hour/time.Duration(n+1))
	for _, id := range a.Some(n) {
		a.ref(next(), id)
	}
}
