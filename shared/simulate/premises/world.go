package premises

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"accord/shared/simulate/traffic"
)

// World is the register: premises by number, the authorities they are in, the postcodes they stand at, who owns several of them.
type World struct {
	shops   []shop        // by number, rising, with gaps
	fame    []int         // shops, the most asked for first
	in      [][]int       // the shops of each authority, the most asked for first
	codes   []string      // postcodes, authority by authority
	at      [][]int       // the shops at each postcode
	owners  []string      // company numbers of those who own several
	owned   [][]int       // what each of them owns
	changed [][]int       // the shops that changed on each day of the corpus
	rows    map[int][]int // the shops of each hundredth of a degree, south to north
}

// shop is one premises. Where it is counts in hundredths of a degree.
type shop struct {
	id                     uint64
	authority, code, owner int // owner is -1 for who owns no other
	lat, lon               int
	name                   string
	inspected              []string
}

const (
	codesEach = 110 // postcodes of an authority
	perPage   = 10  // premises on a page of a list
)

// draw makes the register of a size. Many of the oldest premises have closed, hardly any of the latest.
func draw(r *rand.Rand, size traffic.Size) *World {
	authorities := size.Places / 75
	w := &World{in: make([][]int, authorities), owned: make([][]int, authorities), rows: map[int][]int{}}
	w.at = make([][]int, authorities*codesEach)
	for town := range authorities {
		w.owners = append(w.owners, fmt.Sprintf("%08d", 1_000_000+r.IntN(14_000_000)))
		for n := range codesEach {
			w.codes = append(w.codes, fmt.Sprintf("%c%c%d%d%c%c", 'A'+town/26, 'A'+town%26, 1+n/30, n%10, 'A'+n/10, 'A'+r.IntN(20)))
		}
	}
	id, authority := 40_000+r.Uint64N(900_000), 0
	for run, runs := 0, r.Perm(authorities); len(w.shops) < size.Places; run-- {
		if run <= 0 {
			authority, run, id = runs[0], 4+r.IntN(40), id+r.Uint64N(6)
			runs = append(runs[1:], int(float64(authorities)*math.Pow(r.Float64(), 1.4)))
		}
		for r.Float64() > 0.7+0.27*float64(len(w.shops))/float64(size.Places) {
			id++
		}
		w.register(r, id, authority)
		id++
	}
	w.fame = r.Perm(len(w.shops))
	for _, i := range w.fame {
		w.in[w.shops[i].authority] = append(w.in[w.shops[i].authority], i)
	}
	for range int(traffic.Length / (24 * time.Hour)) {
		w.changed = append(w.changed, r.Perm(len(w.shops))[:len(w.shops)/150])
	}
	return w
}

// register adds the next premises: most stand in the middle of a town, and one in six belongs to a chain.
func (w *World) register(r *rand.Rand, id uint64, authority int) {
	i, code := len(w.shops), authority*codesEach+int(codesEach*r.Float64()*r.Float64())
	s := shop{id: id, authority: authority, code: code, owner: -1, name: traffic.Slug(r.IntN(500)),
		lat: 5020 + authority*37%750 + code%codesEach/4 + r.IntN(3), lon: -480 + authority*53%600 + code%codesEach%9 + r.IntN(3)}
	if r.IntN(6) == 0 {
		s.owner = int(float64(len(w.owners)) * r.Float64() * r.Float64())
		w.owned[s.owner] = append(w.owned[s.owner], i)
		s.name = traffic.Slug(500 + s.owner)
	}
	for day := -r.IntN(500); len(s.inspected) < 4 && day > -2000; day -= 200 + r.IntN(700) {
		s.inspected = append(s.inspected, traffic.Day(day))
	}
	w.shops, w.at[code] = append(w.shops, s), append(w.at[code], i)
	w.rows[s.lat] = append(w.rows[s.lat], i)
}

// inside are the shops in a square.
func (w *World) inside(lat, lon, side int) (found []int) {
	for y := lat; y < lat+side; y++ {
		for _, i := range w.rows[y] {
			if x := w.shops[i].lon; x >= lon && x < lon+side {
				found = append(found, i)
			}
		}
	}
	return found
}

// find is the shop of a number, if there is one.
func (w *World) find(id uint64) (int, bool) {
	return slices.BinarySearchFunc(w.shops, id, func(s shop, id uint64) int { return int(s.id) - int(id) })
}

// The resources of the API.
const (
	entry    = "/premises/{premisesId}"
	visits   = "/premises/{premisesId}/inspections"
	report   = "/premises/{premisesId}/inspections/{day}"
	company  = "/businesses/{companyNumber}/premises/{page}"
	list     = "/authorities/{authority}/premises/{page}"
	postcode = "/search/postcode/{postcode}"
	named    = "/search/name/{name}/{page}"
	circle   = "/map/circle/{latitude}/{longitude}/{metres}"
	square   = "/map/square/{south}/{west}/{side}"
	changes  = "/changes/{day}/{page}"
)

func (s shop) path() string { return fmt.Sprint("/premises/", s.id) }

func (a Actor) open(at time.Time, i int) { a.Get(at, entry, a.shops[i].path()) }

// number asks for the premises of a number, and says whether there are any.
func (a Actor) number(at time.Time, id uint64) bool {
	i, there := a.find(id)
	if there {
		a.open(at, i)
	} else {
		a.Do(at, "GET", entry, fmt.Sprint("/premises/", id), 404)
	}
	return there
}

func (a Actor) inspections(at time.Time, i int) { a.Get(at, visits, a.shops[i].path()+"/inspections") }

// lastReport reads the latest inspection.
func (a Actor) lastReport(at time.Time, i int) {
	a.Get(at, report, a.shops[i].path()+"/inspections/"+a.shops[i].inspected[0])
}

func (a Actor) postcode(at time.Time, code int) {
	a.Get(at, postcode, "/search/postcode/"+a.codes[code])
}

// spot asks what is in a circle or a square; where it is counts in hundredths of a degree.
func (a Actor) spot(at time.Time, shape string, lat, lon, size int) {
	path := shape[:strings.Index(shape, "{")] // of a template
	a.Get(at, shape, fmt.Sprintf("%s%.2f/%.2f/%d", path, float64(lat)/100, float64(lon)/100, size))
}

// page is a page of an authority's list, which ends with a 404.
func (a Actor) page(at time.Time, authority, page int) {
	path := fmt.Sprintf("/authorities/%d/premises/%d", 501+authority, page)
	if page > a.pages(authority) {
		a.Do(at, "GET", list, path, 404)
		return
	}
	a.Get(at, list, path)
}

func (w *World) pages(authority int) int { return 1 + (len(w.in[authority])-1)/perPage }
