package stops

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// shuffled goes through a file in which some stops are no longer there, from one address or a few.
func shuffled(a Actor) {
	next, few := a.Clock(a.Begins(), a.Pace()), 1+a.IntN(2)*a.IntN(12)
	for _, i := range a.Perm(len(a.numbers))[:a.N(700)] {
		a.Source = fmt.Sprintf("198.51.100.%d", a.IntN(few))
		a.number(next(), a.numbers[i]+uint64(a.IntN(12)/11))
	}
}

// tiles go along one row of the map and back along the next.
func tiles(a Actor) {
	next, wide, west, north := a.Clock(a.Begins(), a.Pace()), 15+a.IntN(40), 8000+a.IntN(200), 5300+a.IntN(200)
	for i := range a.N(650) {
		x := i % wide
		if i/wide%2 == 1 {
			x = wide - 1 - x
		}
		a.tile(next(), west+x, north+i/wide)
	}
}

// letters asks for names by how they begin, and for one letter more where too many do. It reads the lists of towns found.
func letters(a Actor) {
	next, queue := a.Clock(a.Begins(), a.Pace()), strings.Split("abcdefghijklmnopqrstuvwxyz", "")
	for n := a.N(650); len(queue) > 0 && n > 0; n-- {
		begin := queue[0]
		queue = queue[1:]
		a.Get(next(), "/names/{letters}", "/names/"+begin)
		found := slices.DeleteFunc(slices.Clone(a.towns), func(t town) bool { return !strings.HasPrefix(t.name, begin) })
		for c := 'a'; len(found) > 3 && c <= 'z'; c++ {
			queue = append(queue, begin+string(c))
		}
		for i := 0; len(found) <= 3 && i < len(found); i++ {
			a.page(next(), found[i].name, 1)
			n--
		}
	}
}

// gazetteer takes the towns in any order, pages down the list of each, and opens all that is on a page, within a day.
func gazetteer(a Actor) {
	n := a.N(620)
	next := a.Clock(a.Begins(), 24*time.Hour/time.Duration(n))
	for _, t := range a.Perm(len(a.towns)) {
		for i, s := range a.towns[t].stops {
			if i%10 == 0 {
				a.page(next(), a.towns[t].name, i/10+1)
			}
			if a.stop(next(), s, ""); n == 0 {
				return
			}
			n--
		}
	}
}

// circles draws some around each point of a lattice, each wider than the one before.
func circles(a Actor) {
	next, wide, apart := a.Clock(a.Begins(), a.Pace()), 10+a.IntN(20), 150+a.IntN(500)
	lat, lon := 505_000+a.IntN(200_000), a.IntN(50_000)-38_000
	for i := range a.N(230) {
		for metres := 500; metres <= 2000; metres *= 2 {
			a.near(next(), lat+i/wide*apart, lon+i%wide*apart, metres)
		}
	}
}
