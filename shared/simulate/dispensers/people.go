package dispensers

import (
	"fmt"
	"math"
	"time"

	"accord/shared/simulate/traffic"
)

// visitors are the honest kinds in which people ask, each for what is near them.
func (w *World) visitors() []traffic.Kind {
	return []traffic.Kind{
		{Name: "pharmacy finder with a page cache", Play: w.bind(finder)},
		{Name: "call handlers in a cold week", Play: w.bind(callHandlers)},
		{Name: "late chemist on a telephone", Play: w.bind(lateChemist)},
		{Name: "hunt for a dentist, further and further", Play: w.bind(hunt)},
		{Name: "hours fetched for all results shown", Play: w.bind(resultsShown)},
		{Name: "thumb that never stops on a list", Play: w.bind(thumb)},
		{Name: "codes on paper bags, all as likely", Play: w.bind(paperBags)},
		{Name: "finder that is refused for an hour", Play: w.bind(refused)},
	}
}

// person is somebody at a postcode, and the providers of a kind near it.
func (a Actor) person(kind string) (code string, near []uint64) {
	home := a.somewhere(a.Rand)
	code, lat, lon := a.postcode(home, int(codesEach*math.Pow(a.Float64(), 1.7)))
	return code, a.nearest(home, kind, lat, lon)
}

// nearby asks which providers of a kind are nearest to where somebody is.
func (a Actor) nearby(at time.Time, kind string) []uint64 {
	code, near := a.person(kind)
	a.Get(at, byCode, fmt.Sprintf("/nearest/%s/postcode/%s", kind, code))
	return near
}

// pick is the one of some that somebody chooses: mostly one of the first.
func (a Actor) pick(near []uint64) uint64 { return near[min(len(near)-1, int(1.5*a.ExpFloat64()))] }

// thinks is how long somebody looks at a page.
func (a Actor) thinks() time.Duration {
	return time.Duration((4 + 25*a.ExpFloat64()) * float64(time.Second))
}

// finder is a website: visitors search, open one or two results, and some come to a page from a search engine. Pages
// are kept for an hour.
func finder(a Actor) { a.visits(a.Awake(a.N(165))) }

func (a Actor) visits(at []time.Time) {
	kept := map[uint64]time.Time{}
	for _, at := range at {
		kind := anyKind(a.Rand)
		_, near := a.person(kind)
		if a.IntN(4) > 0 {
			near = a.nearby(at, kind)
		}
		for range min(len(near), 1+a.IntN(2)) {
			at = at.Add(a.thinks())
			if id := a.pick(near); at.Sub(kept[id]) > time.Hour {
				kept[id] = at
				a.ask(at, id, details)
				a.ask(at.Add(80*time.Millisecond), id, hours)
			}
		}
	}
}

// callHandlers are a national line: steady all day, and a cold spell or a bank holiday brings many times as much.
func callHandlers(a Actor) {
	calls := a.AnyTime(a.N(70))
	for range 1 + a.IntN(3) {
		from, width := time.Duration(a.Int64N(int64(traffic.Length-3*time.Hour))), 1+2*a.Float64()
		calls = append(calls, a.Moments(a.N(40), func() time.Duration {
			return from + time.Duration(width*a.Float64()*float64(time.Hour))
		})...)
	}
	for _, at := range calls {
		near := a.nearby(at, anyKind(a.Rand))
		for _, id := range near[:min(len(near), 1+a.IntN(3))] {
			at = at.Add(a.thinks() / 2)
			a.ask(at, id, hours)
		}
	}
}

// lateChemist is an app: it knows where the telephone is, and shows who is still open, each from the address of a carrier.
func lateChemist(a Actor) {
	for _, at := range a.Awake(a.N(150)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(64), a.IntN(256))
		in := a.areas[a.somewhere(a.Rand)]
		lat, lon := in.lat+0.02*a.NormFloat64(), in.lon+0.03*a.NormFloat64()
		a.Get(at, byPoint, fmt.Sprintf("/nearest/pharmacy/point/%.3f/%.3f", lat, lon))
		for range a.IntN(3) {
			if _, near := a.person("pharmacy"); len(near) > 0 {
				at = at.Add(a.thinks())
				a.ask(at, a.pick(near), hours)
			}
		}
	}
}

// hunt is for people without a dentist: the circle is drawn wider until one of those found takes somebody on.
func hunt(a Actor) {
	for _, at := range a.Awake(a.N(70)) {
		code, near := a.person("dentist")
		for i, miles := range []int{2, 5, 10, 20, 40} {
			at = at.Add(a.thinks())
			a.Get(at, within, fmt.Sprintf("/nearest/dentist/postcode/%s/within/%d", code, miles))
			for _, id := range near[min(len(near), 2*i):min(len(near), 2*i+2)] {
				at = at.Add(a.thinks() / 3)
				a.free(at, id, traffic.Day(3+a.IntN(10)))
			}
			if a.IntN(5) < 2 {
				break
			}
		}
	}
}

// resultsShown is a page that fetches the opening times of all its results at once, so that they are there when one is opened.
func resultsShown(a Actor) {
	ahead := 4 + a.IntN(5)
	for _, at := range a.Awake(a.N(46)) {
		near := a.nearby(at, "pharmacy")
		for i, id := range near[:min(len(near), ahead)] {
			a.ask(at.Add(time.Duration(300+20*i)*time.Millisecond), id, hours)
		}
		if len(near) > 0 && a.IntN(3) > 0 {
			a.ask(at.Add(a.thinks()), a.pick(near), details)
		}
	}
}

// thumb is an app whose list of an area goes on while somebody scrolls; some scroll to its end, and few open anything.
func thumb(a Actor) {
	for _, at := range a.Awake(a.N(60)) {
		in := a.areas[a.somewhere(a.Rand)]
		deep := 1 + int(4*a.ExpFloat64())
		for page := 1; page <= deep && page <= 1+len(in.members)/5; page++ {
			a.Get(at, listed, fmt.Sprintf("/areas/%s/providers/%d", in.outcode, page))
			at = at.Add(time.Duration(800+a.IntN(5000)) * time.Millisecond)
		}
		if a.IntN(3) == 0 {
			a.ask(at, a.ids[in.members[a.IntN(len(in.members))]], details)
		}
	}
}

// paperBags carry a code that leads to their pharmacy's page: every one of those who print them is as likely as any other.
func paperBags(a Actor) {
	printed := a.some(a.N(230))
	for _, at := range a.Awake(a.N(300)) {
		id := printed[a.IntN(len(printed))]
		a.ask(at, id, hours)
		if a.IntN(4) == 0 {
			a.ask(at.Add(a.thinks()), id, services)
		}
	}
}

// refused is a finder that gets errors for an hour of the day, asks again with longer and longer waits, and some of
// whose visitors press the button again.
func refused(a Actor) {
	a.visits(a.Awake(a.N(110)))
	out := traffic.Start.Add(time.Duration(8+a.IntN(50)) * time.Hour)
	for range a.N(28) {
		in, at := a.areas[a.somewhere(a.Rand)], out.Add(time.Duration(a.Int64N(int64(time.Hour))))
		id := a.ids[in.members[a.IntN(len(in.members))]]
		for wait := time.Second; wait < time.Minute; wait *= 3 {
			a.Do(at, "GET", one+hours, fmt.Sprintf("/providers/%d/opening-times", id), 503)
			at = at.Add(wait + time.Duration(a.Int64N(int64(wait))))
		}
		a.ask(at, id, hours)
	}
}
