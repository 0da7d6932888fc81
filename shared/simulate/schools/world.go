package schools

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"accord/shared/simulate/traffic"
)

// Register is what there is to ask for. Schools have numbers of six digits: those there were when the register began got
// theirs authority by authority, later ones as they opened. Childcare providers have seven digits, as they registered, and
// many are gone. How much a school is sought has nothing to do with its number.
type Register struct {
	numbers    []uint64 // of all establishments, rising
	schools    int      // so many of them are schools, the others childcare
	home       []int    // the authority of each
	road       [][]int  // each authority's establishments, in the order in which they lie
	codes      []int    // of authorities
	sought     []float64
	postcodes  []postcode
	lastReport []int // of each establishment; 0 when it was not inspected
}

// postcode is where somebody lives: beside a place on an authority's road.
type postcode struct {
	text             string
	authority, place int
}

// Draw makes a register of a size.
func Draw(r *rand.Rand, size traffic.Size) *Register {
	n := size.Places
	w := &Register{schools: n * 11 / 20, codes: r.Perm(700)[:40+n/300],
		road: make([][]int, 40+n/300), lastReport: make([]int, n)}
	slices.Sort(w.codes)
	w.settle(r, n)
	old := w.schools * 7 / 10
	slices.Sort(w.home[:old])
	w.give(r, 100_100+r.Uint64N(900), old, 0.6)
	w.give(r, w.numbers[old-1]+20, w.schools-old, 0.35)
	w.give(r, 2_500_000+r.Uint64N(90_000), n-w.schools, 1.1)
	for _, i := range r.Perm(n) {
		w.road[w.home[i]] = append(w.road[w.home[i]], i)
	}
	w.house(r, 4*n/len(w.codes)*len(w.codes))
	for inspection := range n * 8 / 5 { // each has a report, with the next number
		w.lastReport[r.IntN(n)] = 10_040_000 + inspection
	}
	return w
}

// settle puts each establishment into an authority, large or small, and draws how much it is sought.
func (w *Register) settle(r *rand.Rand, n int) {
	sum := 0.0
	for i := range n {
		h := int(math.Pow(r.Float64(), 1.4) * float64(len(w.codes)))
		if i < 6*len(w.codes) { // no authority is without schools
			h = i % len(w.codes)
		}
		w.home = append(w.home, h)
		sum += math.Exp(1.9 * r.NormFloat64())
		w.sought = append(w.sought, sum)
	}
}

// give gives the next n establishments their numbers, with holes.
func (w *Register) give(r *rand.Rand, from uint64, n int, holes float64) {
	for range n {
		from += 1 + uint64(holes*r.ExpFloat64())
		w.numbers = append(w.numbers, from)
	}
}

// house draws n postcodes.
func (w *Register) house(r *rand.Rand, n int) {
	letters := "ABDEFGHJLNPQRSTUWXYZ"
	for i := range n {
		h := i / (n / len(w.codes))
		text := fmt.Sprintf("%c%c%d%d%c%c", letters[h%20], letters[(h/20*7+h)%20], 1+i%17, i/17%10, letters[i/170%20], letters[r.IntN(20)])
		w.postcodes = append(w.postcodes, postcode{text, h, r.IntN(len(w.road[h]))})
	}
}

// The resources of the API.
const (
	establishment = "/establishments/{number}"
	admissions    = "/establishments/{number}/admissions"
	vacancies     = "/establishments/{number}/vacancies"
	report        = "/reports/{report}"
	near          = "/search/near/{postcode}/{miles}/{page}"
	named         = "/search/named/{words}"
	list          = "/authorities/{authority}/establishments/{page}"
	terms         = "/authorities/{authority}/terms/{year}"
	changes       = "/changes/{after}"
	perPage       = 10 // results
)

// number asks for whatever has a number, and tells whether anything has.
func (c Caller) number(at time.Time, n uint64) bool {
	_, there := slices.BinarySearch(c.numbers, n)
	if path := fmt.Sprint("/establishments/", n); there {
		c.Get(at, establishment, path)
	} else {
		c.Do(at, "GET", establishment, path, 404)
	}
	return there
}

func (c Caller) look(at time.Time, i int) { c.number(at, c.numbers[i]) }

// room asks whether an establishment has places left: schools say how they admit, childcare what is vacant.
func (c Caller) room(at time.Time, i int) {
	template := admissions
	if i >= c.schools {
		template = vacancies
	}
	c.Get(at, template, strings.Replace(template, "{number}", fmt.Sprint(c.numbers[i]), 1))
}

// inspection reads an establishment, and the last report on it if there is one.
func (c Caller) inspection(at time.Time, i int) {
	c.look(at, i)
	if c.lastReport[i] > 0 {
		c.Get(at.Add(300*time.Millisecond), report, fmt.Sprint("/reports/", c.lastReport[i]))
	}
}

func (c Caller) near(at time.Time, p postcode, miles, page int) {
	c.Get(at, near, fmt.Sprintf("/search/near/%s/%d/%d", p.text, miles, page))
}

func (c Caller) named(at time.Time, i int) { c.Get(at, named, "/search/named/"+name(i)) }

func (c Caller) list(at time.Time, authority, page int) {
	c.Get(at, list, fmt.Sprintf("/authorities/%d/establishments/%d", 201+c.codes[authority], page))
}

// terms asks for the term dates of an authority.
func (c Caller) terms(at time.Time, authority int) {
	c.Get(at, terms, fmt.Sprintf("/authorities/%d/terms/2027", 201+c.codes[authority]))
}

// popular draws an establishment as the country asks for them.
func (c Caller) popular() int {
	i, _ := slices.BinarySearch(c.sought, c.Float64()*c.sought[len(c.sought)-1])
	return i
}

// around are the k establishments nearest to a postcode, as they lie.
func (c Caller) around(p postcode, k int) []int {
	road := c.road[p.authority]
	first := max(0, min(p.place-k/2, len(road)-k))
	return road[first:min(first+k, len(road))]
}
