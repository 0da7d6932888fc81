package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/aup"
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

// call is one call of a key, with the template that answered it.
type call struct {
	key              aup.KeyID
	at               time.Time
	method, template string
	path             string
	status           int
	source           string
	stream           int
	id               uint64
}

// actor is one key at work.
type actor struct {
	*rand.Rand
	world  *world
	source string
	calls  []call
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

func (a *actor) do(at time.Time, method, template, path string, status int) {
	if at.Before(Start) || !at.Before(Start.Add(Length)) {
		return
	}
	a.calls = append(a.calls, call{at: at, method: method, template: template, path: "/prod" + path, status: status, source: a.source})
}

// get asks for something, and once in five hundred times the service fails and is asked again.
func (a *actor) get(at time.Time, template, path string) {
	if a.IntN(500) == 0 {
		a.do(at, "GET", template, path, 503)
		at = at.Add(2 * time.Second)
	}
	a.do(at, "GET", template, path, 200)
}

// number asks for a place by number, whether there is one or not.
func (a *actor) number(at time.Time, id uint64) {
	if _, there := slices.BinarySearch(a.world.ids, id); !there {
		a.do(at, "GET", place, fmt.Sprint("/places/", id), 404)
		return
	}
	a.get(at, place, fmt.Sprint("/places/", id))
}

func (a *actor) code(at time.Time, i int) { a.get(at, postcode, "/postcodes/"+a.world.codes[i]) }

// popular draws a place as the public does: the rank of a Zipf law.
func (a *actor) popular() uint64 { return a.world.ids[a.world.demand[a.zipf(len(a.world.ids))]] }

// popularCode draws a postcode as the public does: more people live in some.
func (a *actor) popularCode() int { return a.world.codesBy[a.zipf(len(a.world.codes))] }

func (a *actor) zipf(n int) int {
	return int(rand.NewZipf(a.Rand, 1.08, 6, uint64(n-1)).Uint64())
}

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

// n is how many of something a key of this corpus does: about as many as given in a small one.
func (a *actor) n(about int) int {
	return int(float64(about) * a.world.size.Busy * (0.6 + 0.9*a.Float64()))
}

// anyTime are n moments of the corpus.
func (a *actor) anyTime(n int) []time.Time {
	return a.moments(n, func() time.Duration { return time.Duration(a.Int64N(int64(Length))) })
}

// awake are n moments when people are awake: most between 7 and 23.
func (a *actor) awake(n int) []time.Time {
	return a.moments(n, func() time.Duration {
		hour := 7 + 16*a.Float64()
		if a.IntN(12) == 0 {
			hour = 24 * a.Float64()
		}
		return time.Duration((float64(24*a.IntN(3)) + hour) * float64(time.Hour))
	})
}

// office are n moments of working hours.
func (a *actor) office(n int) []time.Time {
	return a.moments(n, func() time.Duration {
		return time.Duration((float64(24*a.IntN(3)) + 8.5 + 9*a.Float64()) * float64(time.Hour))
	})
}

func (a *actor) moments(n int, draw func() time.Duration) []time.Time {
	at := make([]time.Time, n)
	for i := range at {
		at[i] = Start.Add(draw())
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// night is a moment between midnight and five of day d.
func (a *actor) night(d int) time.Time {
	return Start.AddDate(0, 0, d).Add(time.Duration(a.Int64N(int64(5 * time.Hour))))
}

// clock gives moments from one on, a gap apart with as much again of jitter.
func (a *actor) clock(from time.Time, gap time.Duration) func() time.Time {
	at := from
	return func() time.Time {
		now := at
		at = at.Add(gap/2 + time.Duration(a.Int64N(int64(gap))))
		return now
	}
}

// begins is when a crawl begins: so early that most of a day is left.
func (a *actor) begins() time.Time {
	return Start.Add(time.Duration(a.Int64N(int64(Length - 26*time.Hour))))
}

// pace is the gap between a crawler's requests: from a fifth of a second to half a minute.
func (a *actor) pace() time.Duration {
	return []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second}[a.IntN(5)]
}

// town is the middle of a town.
func (a *actor) town(i int) (lat, lon float64) {
	return 50.5 + float64(i*37%50)/10, -4 + float64(i*53%55)/10
}

// slug is the i-th topic's name.
func slug(i int) string {
	return fmt.Sprintf("%s-%s-%d", words[i%len(words)], words[i/len(words)%len(words)], i/len(words)/len(words))
}

var words = []string{"hill", "river", "mill", "bridge", "green", "church", "park", "lake", "stone", "market", "north", "oak"}

// uuid is the i-th record's name.
func uuid(i int) string {
	r := rand.New(rand.NewPCG(uint64(i), 77))
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", r.Uint32(), r.Uint32()>>16, r.Uint32()>>20, r.Uint32()>>20, r.Uint64()>>16)
}
