package urgent

import (
	"fmt"
	"slices"
)

// lastYear goes through the numbers of an older copy in no order; some have closed since.
func lastYear(a actor) {
	s, n := a.signposts, a.N(640)
	next := a.harvest(n)
	for _, i := range a.Perm(len(s.points))[:min(n, len(s.points))] {
		number := s.points[i].number
		if a.IntN(12) == 0 {
			number = s.gone[a.IntN(len(s.gone))]
		}
		a.dial(next(), number)
	}
}

// postcodeFile asks what there is around each postcode of a file, or each second or third.
func postcodeFile(a actor) {
	var file []string
	for _, t := range a.signposts.towns {
		file = append(file, t.codes...)
	}
	slices.Sort(file)
	n, step, need := a.N(600), 1+a.IntN(3), a.IntN(len(needs))
	first, next := a.IntN(len(file)), a.harvest(n)
	for i := range n {
		a.search(next(), file[(first+i*step)%len(file)], need, 25, 1)
	}
}

// wholeGrid asks for square after square, to and fro.
func wholeGrid(a actor) {
	n, width, east, north := a.N(580), 25+a.IntN(30), a.IntN(80), a.IntN(150)
	next := a.harvest(n)
	for i := range n {
		x, y := i%width, i/width
		if y%2 == 1 {
			x = width - 1 - x
		}
		a.Get(next(), gridCell, fmt.Sprintf("/grid/%d/%d", east+x, north+y))
	}
}

// townRings searches around the middle of every town, further and further, to the last page each time.
func townRings(a actor) {
	s, n := a.signposts, a.N(600)
	next, step := a.harvest(n), 1+a.IntN(3)
	for _, i := range a.Perm(len(s.towns)) {
		code := s.towns[i].codes[0]
		for need := 0; need < len(needs); need += step {
			for k, miles := range []int{1, 3, 10, 30} {
				for page := range 1 + k + a.IntN(2) {
					if n--; n < 0 {
						return
					}
					a.search(next(), code, need, miles, page+1)
				}
			}
		}
	}
}

// listsToTheEnd turns the pages, of ten services, of every area's list to the last, and opens some services on the way.
func listsToTheEnd(a actor) {
	s, n, opens := a.signposts, a.N(600), a.IntN(4)
	next := a.harvest(n)
	for _, area := range a.Perm(numAreas) {
		for page := range len(s.points) / numAreas / 10 {
			a.Get(next(), areaList, fmt.Sprintf("/areas/%d/services/%d", area+1, page+1))
			for range opens {
				a.read(next(), pointPage, a.IntN(len(s.points)))
			}
			if n -= 1 + opens; n < 0 {
				return
			}
		}
	}
}
