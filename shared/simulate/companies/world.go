package companies

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"accord/shared/simulate/traffic"
)

// World is what the register holds. Of old numbers fewer are there than of new ones: the companies were struck off.
type World struct {
	companies []company // by series, then by number
	index     map[company]int
	demand    []int // companies by popularity
	postcodes []string
	seats     []int    // the postcode of each company
	tenants   [][]int  // the companies of each postcode
	boards    [][]int  // the officers of each company
	posts     [][]int  // the companies of each officer
	documents []uint64 // in the order in which they were filed
	filed     []int    // when in a year each company files
	names     uint64   // draws who has which name
	sequence  uint64   // of the feed, when a corpus begins
}

// company is the number of a company: eight digits, or the letters of a series and six.
type company struct {
	series string
	serial uint64
}

func (c company) String() string {
	return fmt.Sprintf("%s%0*d", c.series, 8-len(c.series), c.serial)
}

// draw makes a register of a size. Of five companies, four have plain numbers.
func draw(r *rand.Rand, size traffic.Size) *World {
	w := &World{index: map[company]int{}, names: r.Uint64(), sequence: 40_000_000 + r.Uint64N(9_000_000)}
	n := Catalogue(size)
	w.enter(r, "", 2_000_000+r.Uint64N(9_000_000), n*4/5)
	w.enter(r, "SC", 100_000+r.Uint64N(400_000), n/5)
	w.demand, w.filed = r.Perm(n), r.Perm(n)
	w.settle(r, n*3/4)
	w.appoint(r, n*3/2)
	document := 3_000_000_000 + r.Uint64N(900_000_000)
	for range 3 * n {
		document += 1 + r.Uint64N(4)
		w.documents = append(w.documents, document)
	}
	return w
}

// enter gives n companies numbers of a series.
func (w *World) enter(r *rand.Rand, series string, serial uint64, n int) {
	for i := range n {
		for r.Float64() > 0.55+0.4*float64(i)/float64(n) {
			serial++
		}
		c := company{series, serial}
		w.index[c] = len(w.companies)
		w.companies = append(w.companies, c)
		serial++
	}
}

// settle gives every company a postcode: one in four is at an agent's, where there are many.
func (w *World) settle(r *rand.Rand, n int) {
	for i := range n {
		w.postcodes = append(w.postcodes, fmt.Sprintf("%04d%c%c", 1000+i/8, 'A'+i%8*3, 'A'+r.IntN(26)))
	}
	w.tenants = make([][]int, n)
	for i := range w.companies {
		seat := []int{r.IntN(n), r.IntN(n), r.IntN(n), r.IntN(40) * n / 40}[r.IntN(4)]
		w.seats = append(w.seats, seat)
		w.tenants[seat] = append(w.tenants[seat], i)
	}
}

// appoint gives every company one to four officers of n.
func (w *World) appoint(r *rand.Rand, n int) {
	w.boards, w.posts = make([][]int, len(w.companies)), make([][]int, n)
	for i := range w.companies {
		for range 1 + r.IntN(4) {
			o := r.IntN(n)
			w.boards[i] = append(w.boards[i], o)
			w.posts[o] = append(w.posts[o], i)
		}
	}
}

// The resources of the API.
const (
	profile  = "/companies/{number}"
	officers = "/companies/{number}/officers"
	filings  = "/companies/{number}/filings/{page}"
	officer  = "/officers/{officer}/appointments"
	document = "/documents/{document}"
	address  = "/addresses/{postcode}"
	within   = "/addresses/{postcode}/within/{km}"
	search   = "/search/{words}/{page}"
	changes  = "/changes/{sequence}"
)

// number asks for a company by number, whether there is one or not, and says whether there is.
func (a Actor) number(at time.Time, c company) bool {
	_, there := a.index[c]
	return a.find(at, profile, "/companies/"+c.String(), there)
}

// find asks for what may not be there.
func (a Actor) find(at time.Time, template, path string, there bool) bool {
	if there {
		a.Get(at, template, path)
	} else {
		a.Do(at, "GET", template, path, 404)
	}
	return there
}

func (a Actor) profile(at time.Time, i int) { a.number(at, a.companies[i]) }

func (a Actor) officers(at time.Time, i int) {
	a.Get(at, officers, "/companies/"+a.companies[i].String()+"/officers")
}

func (a Actor) filings(at time.Time, i, page int) {
	a.Get(at, filings, fmt.Sprintf("/companies/%s/filings/%d", a.companies[i], page))
}

func (a Actor) officer(at time.Time, o int) {
	a.Get(at, officer, "/officers/"+strconv.FormatUint(rand.New(rand.NewPCG(uint64(o), a.names)).Uint64(), 36)+"/appointments")
}

// paper asks for a document by number, whether there is one or not.
func (a Actor) paper(at time.Time, id uint64) {
	_, there := slices.BinarySearch(a.documents, id)
	a.find(at, document, fmt.Sprint("/documents/", id), there)
}

func (a Actor) address(at time.Time, code int) { a.Get(at, address, "/addresses/"+a.postcodes[code]) }

func (a Actor) search(at time.Time, name, page int) {
	a.Get(at, search, fmt.Sprintf("/search/%s/%d", traffic.Slug(name), page))
}

// hits are the ten companies on a page of a search; one in three is a group, whose companies were entered one after the other.
func (w *World) hits(name, page int) []int {
	r := rand.New(rand.NewPCG(w.names+uint64(name), uint64(page)))
	group, found := r.IntN(3) == 0, make([]int, 10)
	first := r.IntN(len(w.companies) - 10)
	for k := range found {
		found[k] = r.IntN(len(w.companies))
		if group && k < 6 {
			found[k] = first + k
		}
	}
	return found
}
