package dispensers

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"accord/shared/simulate/traffic"
)

// World is what there is to ask for: providers, each of a kind, in areas of an outward postcode.
type World struct {
	ids       []uint64 // of providers, rising, with gaps
	providers []provider
	areas     []area
	people    []float64 // who live in an area and those before it
}

type provider struct {
	kind     string
	area     int
	lat, lon float64
}

type area struct {
	outcode  string
	lat, lon float64
	members  []int // its providers
}

// draw makes a world of a size.
func draw(r *rand.Rand, size traffic.Size) *World {
	w := &World{}
	w.drawAreas(r, Catalogue(size))
	w.number(r, w.opened(r))
	return w
}

// drawAreas settles people in areas; where more live there are more providers, but not in proportion.
func (w *World) drawAreas(r *rand.Rand, left int) {
	towns := []string{"BA", "BD", "CF", "CH", "DE", "DH", "EX", "FY", "GL", "HU", "IP", "KT", "LE", "LS", "ME", "NE", "NR", "OX", "PL", "SO"}
	total := 0.0
	for i := 0; left > 0; i++ {
		n := min(left, 6+int(19*r.ExpFloat64()))
		left -= n
		home := area{fmt.Sprint(towns[i%len(towns)], 1+i/len(towns)), 50.2 + 4.8*r.Float64(), -4.5 + 5.5*r.Float64(), make([]int, 0, n)}
		w.areas = append(w.areas, home)
		total += float64(n) * (0.1 + math.Pow(r.ExpFloat64(), 2.5))
		w.people = append(w.people, total)
		for range n {
			w.providers = append(w.providers, provider{anyKind(r), i, home.lat + 0.02*r.NormFloat64(), home.lon + 0.03*r.NormFloat64()})
		}
	}
}

func anyKind(r *rand.Rand) string {
	return []string{"pharmacy", "pharmacy", "pharmacy", "pharmacy", "dentist", "dentist", "dentist", "optician", "optician"}[r.IntN(9)]
}

// opened puts the providers in the order of their numbers: the older six of ten were registered area by area when the
// directory was founded, the others wherever they opened since.
func (w *World) opened(r *rand.Rand) []provider {
	var founding, since []provider
	by := make([][]provider, len(w.areas))
	for _, p := range w.providers {
		if r.IntN(10) < 6 {
			by[p.area] = append(by[p.area], p)
			continue
		}
		since = append(since, p)
	}
	for _, i := range r.Perm(len(by)) {
		founding = append(founding, by[i]...)
	}
	r.Shuffle(len(since), func(i, j int) { since[i], since[j] = since[j], since[i] })
	return append(founding, since...)
}

// number gives the providers their numbers. One in nine has closed for good, and now and then a block was left out.
func (w *World) number(r *rand.Rand, providers []provider) {
	id := 20_000 + r.Uint64N(80_000)
	for i, p := range providers {
		for id++; r.IntN(9) == 0; id++ {
		}
		id += uint64(r.IntN(900) / 899 * 150)
		w.ids = append(w.ids, id)
		w.areas[p.area].members = append(w.areas[p.area].members, i)
	}
	w.providers = providers
}

// The resources of the API.
const (
	one        = "/providers/{providerId}"
	slots      = "/providers/{providerId}/slots/{date}"
	correction = "/providers/{providerId}/corrections"
	byCode     = "/nearest/{kind}/postcode/{postcode}"
	within     = "/nearest/{kind}/postcode/{postcode}/within/{miles}"
	byPoint    = "/nearest/{kind}/point/{lat}/{lon}"
	listed     = "/areas/{area}/providers/{page}"
	rota       = "/rotas/{area}/{date}"

	details  = "" // what can be asked of a provider by its number: this and the next two
	hours    = "/opening-times"
	services = "/services"
)

// ask asks something of a provider, whether it is there or not.
func (a Actor) ask(at time.Time, id uint64, what string) {
	path := fmt.Sprint("/providers/", id, what)
	if _, there := slices.BinarySearch(a.ids, id); !there {
		a.Do(at, "GET", one+what, path, 404)
		return
	}
	a.Get(at, one+what, path)
}

// free asks for the appointments of a provider on a day.
func (a Actor) free(at time.Time, id uint64, date string) {
	a.Get(at, slots, fmt.Sprintf("/providers/%d/slots/%s", id, date))
}

// somewhere draws an area as people live in them.
func (w *World) somewhere(r *rand.Rand) int {
	return sort.SearchFloat64s(w.people, r.Float64()*w.people[len(w.people)-1])
}

// The postcodes of an area.
const codesEach = 160

// postcode is the i-th of an area, and where it is.
func (w *World) postcode(home, i int) (code string, lat, lon float64) {
	const letters = "ABDEFGHJLNPQRSTUWXYZ"
	in := w.areas[home]
	code = fmt.Sprintf("%s%d%c%c", in.outcode, i/20, letters[i%20], letters[(i*7+home)%20])
	return code, in.lat + 0.01*float64(i/20-4), in.lon + 0.005*float64(i%20-10)
}

// nearest are the providers of a kind in an area, those near a point first.
func (w *World) nearest(home int, kind string, lat, lon float64) []uint64 {
	far := func(i int) float64 { return math.Hypot(w.providers[i].lat-lat, (w.providers[i].lon-lon)*0.6) }
	var found []int
	for _, i := range w.areas[home].members {
		if w.providers[i].kind == kind {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(i, j int) int { return int(math.Copysign(1, far(i)-far(j))) })
	out := make([]uint64, len(found))
	for i, p := range found {
		out[i] = w.ids[p]
	}
	return out
}

// some draws n different providers; nothing is popular.
func (a Actor) some(n int) []uint64 {
	out := make([]uint64, 0, n)
	for _, i := range a.Perm(len(a.ids))[:min(n, len(a.ids))] {
		out = append(out, a.ids[i])
	}
	return out
}
