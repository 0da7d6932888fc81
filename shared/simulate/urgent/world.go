package urgent

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// signposts is the directory in which telephone advisers, ambulance crews and hospitals find an
// urgent or community service that is near, open and has room. Older services have a number from a block of the area that
// entered them, newer ones a number of one national series. Who enters several at once gets numbers in a row, and the number
// of a service that closed stays empty.
type signposts struct {
	points []point // services, by number
	newer  int     // the first of the national series
	gone   []uint64
	towns  []town  // the biggest first, of each area in turn
	runBy  [][]int // the services of each organisation, by number
}

type point struct {
	number           uint64
	town, body, need int
}

type town struct {
	codes  []string
	points []int // the most used first
}

const (
	numAreas   = 7
	firstNewer = 2_000_000_000
)

var needs = []string{"pharmacy", "urgent-treatment", "dental", "mental-health", "out-of-hours-gp", "district-nursing",
	"minor-injuries", "eye-care", "falls", "end-of-life", "sexual-health", "midwifery"}

// The resources of the directory.
const (
	pointPage = "/services/{number}"
	pointRoom = "/services/{number}/capacity"
	pointSend = "/services/{number}/endpoints"
	pointOpen = "/services/{number}/opening-times"
	codePage  = "/postcodes/{postcode}"
	closeBy   = "/postcodes/{postcode}/needs/{need}/miles/{miles}/pages/{page}"
	bodyList  = "/organisations/{code}/services/{page}"
	areaList  = "/areas/{area}/services/{page}"
	gridCell  = "/grid/{east}/{north}"
)

func newSignposts(r *rand.Rand, size traffic.Size) *signposts {
	s := &signposts{}
	letters := r.Perm(26 * 26)
	for i := range size.Places / 50 / numAreas * numAreas {
		s.towns = append(s.towns, newTown(r, i, letters[i]))
	}
	last := make([]uint64, numAreas+1)
	for i := range numAreas {
		last[i] = 1_310_000_000 + uint64(i)*30_000_000 + r.Uint64N(9_000)
	}
	last[numAreas] = firstNewer + r.Uint64N(9_000)
	sizes := rand.NewZipf(r, 1.08, 6, uint64(len(s.towns)-1))
	for len(s.points) < Catalogue(size) {
		s.enter(r, size, last, func() int { return int(sizes.Uint64()) })
	}
	s.index(r)
	return s
}

func newTown(r *rand.Rand, rank, letters int) (t town) {
	for k := range 30 + 1200/(rank+6) {
		t.codes = append(t.codes, fmt.Sprintf("%c%c%d%d%c%c", 'A'+letters/26, 'A'+letters%26, 1+k/20, r.IntN(10), 'A'+k%20, 'A'+r.IntN(26)))
	}
	return t
}

// enter adds an organisation with its services: one or a few in a town, or a chain of shops in many.
func (s *signposts) enter(r *rand.Rand, size traffic.Size, last []uint64, anyTown func() int) {
	p := point{town: anyTown(), body: len(s.runBy), need: r.IntN(len(needs))}
	n, chain := 1+int(r.ExpFloat64()*2), r.IntN(25) == 0
	if chain {
		n = 25 + r.IntN(Catalogue(size)/90)
	}
	series := p.town % numAreas
	if len(s.points) > Catalogue(size)*9/20 {
		series = numAreas
	}
	if r.IntN(60) == 0 {
		last[series] += 10 + r.Uint64N(50) // all that somebody had closed
	}
	for range min(n, Catalogue(size)-len(s.points)) {
		for last[series]++; r.IntN(8) == 0; last[series]++ {
			s.gone = append(s.gone, last[series])
		}
		if p.number = last[series]; chain {
			p.town = anyTown()
		}
		s.points = append(s.points, p)
	}
	s.runBy = append(s.runBy, nil)
}

// index sorts the services, and tells every town and organisation which are its own.
func (s *signposts) index(r *rand.Rand) {
	slices.SortFunc(s.points, func(a, b point) int { return cmp.Compare(a.number, b.number) })
	s.newer, _ = s.find(firstNewer)
	for i, p := range s.points {
		s.runBy[p.body] = append(s.runBy[p.body], i)
	}
	for _, i := range r.Perm(len(s.points)) {
		t := &s.towns[s.points[i].town]
		t.points = append(t.points, i)
	}
}

// find is the service with a number, or the first with a higher one.
func (s *signposts) find(number uint64) (i int, there bool) {
	return slices.BinarySearchFunc(s.points, number, func(p point, n uint64) int { return cmp.Compare(p.number, n) })
}

// dial asks for a service by number and says whether there is one.
func (a actor) dial(at time.Time, number uint64) bool {
	path := fmt.Sprint("/services/", number)
	if _, there := a.signposts.find(number); !there {
		a.Do(at, "GET", pointPage, path, 404)
		return false
	}
	a.Get(at, pointPage, path)
	return true
}

// read asks for a service, or for a part of what is known of it.
func (a actor) read(at time.Time, template string, i int) {
	a.Get(at, template, a.pathOf(template, i))
}

func (a actor) pathOf(template string, i int) string {
	return fmt.Sprint("/services/", a.signposts.points[i].number, template[len(pointPage):])
}

// search asks for what is near a postcode.
func (a actor) search(at time.Time, code string, need, miles, page int) {
	a.Get(at, closeBy, fmt.Sprintf("/postcodes/%s/needs/%s/miles/%d/pages/%d", code, needs[need], miles, page))
}
