package places

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// World is what there is to ask for: numbered places, postcodes, and a grid of squares. Demand for places and postcodes is
// uneven, as it is everywhere, and has nothing to do with their numbers.
type World struct {
	IDs     []uint64 // of places, rising, with gaps
	Demand  []int    // places by popularity
	codes   []string
	codesBy []int // postcodes by popularity
}

// Of the numbers between the first place and the last, so many have a place.
const filled = 0.85

// Draw makes a world of a size.
func Draw(r *rand.Rand, size traffic.Size) *World {
	w := &World{}
	id := 10_000 + r.Uint64N(500_000)
	for range size.Places {
		for r.Float64() > filled {
			id++
		}
		w.IDs = append(w.IDs, id)
		id++
	}
	w.Demand = r.Perm(len(w.IDs))
	for i := range 3 * size.Places {
		w.codes = append(w.codes, fmt.Sprintf("%c%c%d%d%c%c", 'A'+i/52000%26, 'A'+i/2000%26, i/200%10, i/20%10, 'A'+i%20, 'A'+r.IntN(26)))
	}
	w.codesBy = r.Perm(len(w.codes))
	return w
}

// Shared draws what all keys of a corpus draw alike, for a purpose.
func (w *World) Shared(purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(w.IDs[0], purpose)) }

// The resources of the API.
const (
	place    = "/places/{id}"
	postcode = "/postcodes/{code}"
	square   = "/map/{east}/{north}"
	near     = "/near/{code}/{radius}"
	list     = "/regions/{region}/pages/{page}"
	pages    = "/pages/{page}"
	slots    = "/clinics/{name}/slots/{day}"

	results = "/search/{words}/{page}"
	cell    = "/cells/{lat}/{lon}"
	topic   = "/topics/{slug}"
	record  = "/records/{uuid}"
	tile    = "/tiles/{zoom}/{x}/{y}"
	suggest = "/suggest/{prefix}"
)

// number asks for a place by number, whether there is one or not.
func (a Actor) number(at time.Time, id uint64) {
	if _, there := slices.BinarySearch(a.IDs, id); !there {
		a.Do(at, "GET", place, fmt.Sprint("/places/", id), 404)
		return
	}
	a.Get(at, place, fmt.Sprint("/places/", id))
}

func (a Actor) code(at time.Time, i int) { a.Get(at, postcode, "/postcodes/"+a.codes[i]) }

// Popular draws a place as the public does: the rank of a Zipf law.
func (a Actor) Popular() uint64 { return a.IDs[a.Demand[a.Zipf(len(a.IDs))]] }

// popularCode draws a postcode as the public does: more people live in some.
func (a Actor) popularCode() int { return a.codesBy[a.Zipf(len(a.codes))] }

// Any draws a place that is there; nothing is popular.
func (a Actor) Any() uint64 { return a.IDs[a.IntN(len(a.IDs))] }

// Some draws n different places.
func (a Actor) Some(n int) []uint64 {
	order := a.Perm(len(a.IDs))
	out := make([]uint64, min(n, len(order)))
	for i := range out {
		out[i] = a.IDs[order[i]]
	}
	return out
}

// Town is the middle of a town.
func (a Actor) Town(i int) (lat, lon float64) {
	return 50.5 + float64(i*37%50)/10, -4 + float64(i*53%55)/10
}
