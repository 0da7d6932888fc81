package stops

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// World is what there is to ask for: stops, which authorities number, the towns that they stand in, and the lines that serve
// them. A stop's index is its rank among the numbers. Some towns are much bigger than others, and in each a few stops are
// where everybody changes.
type World struct {
	numbers []uint64 // rising, with holes
	towns   []town
	blocks  []block // of authorities, by number
	lines   []line
	famous  []int // stops, the most asked for first
}

// town is a place that people search for; its middle is in hundredths of a degree.
type town struct {
	name     string
	lat, lon int
	stops    []int // in the order in which a search lists them
}

// block is the numbers that one authority gives, and which stops have them.
type block struct {
	zero        uint64 // below its first number
	first, past int
	famous      []int
}

// line is a route with its stops, in the order in which it calls.
type line struct {
	code  string
	stops []int
}

// authorities is how many of them number stops, each with five digits after its own two.
const authorities = 24

// draw makes a world of a size.
func draw(r *rand.Rand, size traffic.Size) *World {
	w := &World{}
	in := w.drawTowns(r, size.Places/40, Catalogue(size))
	codes := r.Perm(89)[:authorities]
	slices.Sort(codes)
	for i, code := range codes {
		w.drawBlock(r, uint64(code+10)*100_000, in[i])
	}
	w.rank(r)
	return w
}

// drawTowns makes towns, and gives for each authority in which of them its stops stand.
func (w *World) drawTowns(r *rand.Rand, n, stops int) (in [authorities][]int) {
	left, every := stops, 0.0
	for i := range n {
		every += 1 / float64(i+6)
	}
	for i := range n {
		name := heads[i%len(heads)] + tails[(i/len(heads)+i)%len(tails)]
		w.towns = append(w.towns, town{name: name, lat: 5050 + r.IntN(480), lon: r.IntN(520) - 380})
		many := int(float64(stops) / float64(i+6) / every)
		in[i*7%authorities] = append(in[i*7%authorities], slices.Repeat([]int{i}, many)...)
		left -= many
	}
	in[0] = append(in[0], slices.Repeat([]int{n - 1}, left)...)
	return in
}

// drawBlock numbers an authority's stops: town by town at the survey, and what was built since as it came. Holes are where
// stops were withdrawn; some authorities have many.
func (w *World) drawBlock(r *rand.Rand, zero uint64, in []int) {
	late := len(in) / 6
	for i := range late {
		j := i + r.IntN(len(in)-late)
		in[j], in[len(in)-1-i] = in[len(in)-1-i], in[j]
	}
	slices.Sort(in[:len(in)-late])
	b := block{zero: zero, first: len(w.numbers)}
	holes, next := 0.01+0.15*r.Float64(), zero
	for i, t := range in {
		if i > 0 && i < len(in)-late && in[i-1] != t {
			next += 10 - next%10
		}
		for next++; r.Float64() < holes; next++ {
		}
		w.towns[t].stops = append(w.towns[t].stops, len(w.numbers))
		w.numbers = append(w.numbers, next)
	}
	b.past = len(w.numbers)
	w.blocks = append(w.blocks, b)
}

// rank puts the stops in the order of how much they are asked for, each town's list in that of its names, and lays lines.
func (w *World) rank(r *rand.Rand) {
	weight := make([]float64, len(w.numbers))
	for _, t := range w.towns {
		for _, i := range t.stops {
			weight[i] = math.Sqrt(float64(len(t.stops))) * math.Exp(1.6*r.NormFloat64())
			w.famous = append(w.famous, i)
		}
		r.Shuffle(len(t.stops), func(i, j int) { t.stops[i], t.stops[j] = t.stops[j], t.stops[i] })
	}
	slices.SortFunc(w.famous, func(i, j int) int { return cmp.Compare(weight[j], weight[i]) })
	for n := range w.blocks {
		b := &w.blocks[n]
		b.famous = slices.DeleteFunc(slices.Clone(w.famous), func(i int) bool { return i < b.first || i >= b.past })
		for i := range 2 + (b.past-b.first)/12 {
			w.lines = append(w.lines, line{fmt.Sprintf("%d-%c%d", b.zero/100_000, 'A'+i%4, 1+i/4), b.drawLine(r)})
		}
	}
}

// drawLine gives a line's stops: some in a row along a road, then another road.
func (b block) drawLine(r *rand.Rand) (stops []int) {
	for long := 10 + r.IntN(25); len(stops) < long; {
		s, step := b.first+r.IntN(b.past-b.first), 1-2*r.IntN(2)
		for range 2 + r.IntN(5) {
			if s >= b.first && s < b.past && !slices.Contains(stops, s) {
				stops = append(stops, s)
			}
			s += step * (1 + r.IntN(3))
		}
	}
	return stops
}

// there says whether a stop has a number.
func (w *World) there(number uint64) bool {
	_, there := slices.BinarySearch(w.numbers, number)
	return there
}

// number asks for a stop by its number, whether there is one or not.
func (a Actor) number(at time.Time, number uint64) {
	if !a.there(number) {
		a.part(at, "GET", number, "", 404)
		return
	}
	a.Get(at, stop, fmt.Sprint("/stops/", number))
}

// stop asks for a stop, or for a part of what is known of it.
func (a Actor) stop(at time.Time, i int, part string) {
	a.Get(at, stop+part, fmt.Sprint("/stops/", a.numbers[i], part))
}

// part asks for a part of a stop, or alters it.
func (a Actor) part(at time.Time, method string, number uint64, part string, status int) {
	a.Do(at, method, stop+part, fmt.Sprint("/stops/", number, part), status)
}

// page lists ten of a town's stops.
func (a Actor) page(at time.Time, name string, page int) {
	a.Get(at, "/places/{place}/stops/{page}", fmt.Sprintf("/places/%s/stops/%d", name, page))
}

// near lists the stops around a point.
func (a Actor) near(at time.Time, lat, lon, metres int) {
	a.Get(at, "/near/{lat}/{lon}/{metres}", fmt.Sprintf("/near/%.4f/%.4f/%d", float64(lat)/1e4, float64(lon)/1e4, metres))
}

// tile shows a square of the map.
func (a Actor) tile(at time.Time, x, y int) {
	a.Get(at, "/tiles/{zoom}/{x}/{y}", fmt.Sprintf("/tiles/14/%d/%d", x, y))
}

// The API, and what towns are called.
const (
	stop       = "/stops/{stopId}"
	departures = "/departures"
	access     = "/accessibility"
	byLine     = "/lines"
)

var heads = []string{"ash", "beck", "bram", "carl", "dun", "east", "fen", "gar", "hal", "ick", "kirk", "lang", "mal", "nor", "oak", "pen", "rad", "sal", "thorn", "ul", "wal", "wey", "wick", "wood", "yar", "mor", "stan", "tel"}
var tails = []string{"ford", "ton", "ham", "by", "stead", "wick", "ley", "worth", "bury", "den", "mouth", "bridge", "field", "combe", "well", "thorpe", "dale", "gate", "hurst", "minster", "pool", "port", "side", "stow", "try", "wade", "more", "cliff"}
