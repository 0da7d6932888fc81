package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// world is what there is to ask for: numbered places, postcodes, and a grid of squares. Demand for
// places and postcodes is uneven, as it is everywhere, and has nothing to do with their numbers.
type world struct {
	size    Size
	ids     []uint64 // of places, rising, with gaps
	demand  []int    // places by popularity
	codes   []string
	codesBy []int // postcodes by popularity

	directory *directory // of the fourth set, otherwise nil
	register  *register  // of the fifth set, otherwise nil
	atlas     *atlas     // of the sixth set, otherwise nil
}

// Of the numbers between the first place and the last, so many have a place.
const filled = 0.85

func newWorld(r *rand.Rand, size Size) *world {
	w := &world{size: size}
	id := 10_000 + r.Uint64N(500_000)
	for range size.Places {
		for r.Float64() > filled {
			id++
		}
		w.ids = append(w.ids, id)
		id++
	}
	w.demand = r.Perm(len(w.ids))
	for i := range 3 * size.Places {
		w.codes = append(w.codes, fmt.Sprintf("%c%c%d%d%c%c", 'A'+i/52000%26, 'A'+i/2000%26, i/200%10, i/20%10, 'A'+i%20, 'A'+r.IntN(26)))
	}
	w.codesBy = r.Perm(len(w.codes))
	switch size.Set {
	case Fourth:
		w.directory = newDirectory(r, size)
	case Fifth:
		w.register = newRegister(r, size)
	case Sixth:
		w.atlas = newAtlas(r, size)
	}
	return w
}

// actor is one key at work.
type actor struct {
	*traffic.Actor
	world *world
}

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
func (a *actor) number(at time.Time, id uint64) {
	if _, there := slices.BinarySearch(a.world.ids, id); !there {
		a.Do(at, "GET", place, fmt.Sprint("/places/", id), 404)
		return
	}
	a.Get(at, place, fmt.Sprint("/places/", id))
}

func (a *actor) code(at time.Time, i int) { a.Get(at, postcode, "/postcodes/"+a.world.codes[i]) }

// popular draws a place as the public does: the rank of a Zipf law.
func (a *actor) popular() uint64 { return a.world.ids[a.world.demand[a.Zipf(len(a.world.ids))]] }

// popularCode draws a postcode as the public does: more people live in some.
func (a *actor) popularCode() int { return a.world.codesBy[a.Zipf(len(a.world.codes))] }

// any draws a place that is there; nothing is popular.
func (a *actor) any() uint64 { return a.world.ids[a.IntN(len(a.world.ids))] }

// some draws n different places.
func (a *actor) some(n int) []uint64 {
	order := a.Perm(len(a.world.ids))
	out := make([]uint64, min(n, len(order)))
	for i := range out {
		out[i] = a.world.ids[order[i]]
	}
	return out
}

// town is the middle of a town.
func (a *actor) town(i int) (lat, lon float64) {
	return 50.5 + float64(i*37%50)/10, -4 + float64(i*53%55)/10
}
