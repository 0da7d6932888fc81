package atlas

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// atlas is the world: services by number, providers by code, and areas on a map. Numbers are given
// out in batches, as providers sign up, so that those of one provider lie side by side; closed ones leave holes.
type atlas struct {
	units     []unit   // by number, rising
	providers []int    // of each what its code stands for, rising
	codes     int      // so many were given out; a few of them no longer stand for anything
	owned     [][]int  // units of each provider
	areas     []string // names, row by row of the map
	across    int      // areas in a row
	crowded   []int    // areas by how many people live there
	byKind    [][]int  // units of each kind
	local     [][]int  // units of each area
	closest   [][]int  // areas by distance from each, once somebody asked
}

// unit is one service.
type unit struct {
	number               uint64
	provider, area, kind int
}

var unitKinds = []string{"pharmacy", "surgery", "dentist", "optician", "clinic", "urgent"}

const pageSize = 10 // of results

func newAtlas(r *rand.Rand, size traffic.Size) *atlas {
	g := &atlas{across: 1, byKind: make([][]int, len(unitKinds))}
	for i := range size.Places / 24 {
		g.areas = append(g.areas, fmt.Sprintf("%c%c%d", 'A'+i/180, 'A'+i/9%20, 1+i%9))
	}
	for g.across*g.across < len(g.areas) {
		g.across++
	}
	g.crowded, g.local, g.closest = r.Perm(len(g.areas)), make([][]int, len(g.areas)), make([][]int, len(g.areas))
	number := 4_000_000 + r.Uint64N(900_000)
	for len(g.units) < Catalogue(size) {
		if r.IntN(100) == 0 {
			number += 60 + r.Uint64N(120)
		}
		number = g.signUp(r, number, Catalogue(size)-len(g.units))
	}
	return g
}

// signUp adds a batch of one provider's services: most have a few in one neighbourhood, chains have many anywhere.
func (g *atlas) signUp(r *rand.Rand, number uint64, room int) uint64 {
	p := len(g.owned)
	if p > 0 && r.IntN(4) == 0 {
		p = r.IntN(p)
	} else {
		g.owned = append(g.owned, nil)
		g.providers = append(g.providers, g.codes)
		g.codes += 1 + r.IntN(5)/4
	}
	home, kind, n, chain := r.IntN(len(g.areas)), r.IntN(len(unitKinds)), 1+r.IntN(4), r.IntN(12) == 0
	if chain {
		n = 8 + r.IntN(30)
	}
	for range min(n, room) {
		u := unit{number: number, provider: p, area: g.outward(home)[r.IntN(6)], kind: kind}
		if chain {
			u.area = r.IntN(len(g.areas))
		}
		i := len(g.units)
		g.units, g.owned[p] = append(g.units, u), append(g.owned[p], i)
		g.byKind[kind], g.local[u.area] = append(g.byKind[kind], i), append(g.local[u.area], i)
		if number++; r.IntN(4) == 0 {
			number += 1 + r.Uint64N(3)
		}
	}
	return number
}

// outward are the areas by distance from one.
func (g *atlas) outward(area int) []int {
	if g.closest[area] == nil {
		order := make([]int, len(g.areas))
		far := func(i int) int {
			x, y := i%g.across-area%g.across, i/g.across-area/g.across
			return x*x + y*y
		}
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return far(a) - far(b) })
		g.closest[area] = order
	}
	return g.closest[area]
}

// near are the n services nearest to an area, of one kind or, below zero, of any.
func (g *atlas) near(area, kind, n int) (out []int) {
	for _, i := range g.outward(area) {
		for _, u := range g.local[i] {
			if kind < 0 || g.units[u].kind == kind {
				out = append(out, u)
			}
		}
		if len(out) >= n {
			return out[:n]
		}
	}
	return out
}

// code is what a provider is called by: R and three letters, in the order of what they stand for.
func code(v int) string { return fmt.Sprintf("R%c%c%c", 'A'+v/676%26, 'A'+v/26%26, 'A'+v%26) }

// The resources of the atlas.
const (
	unitAt     = "/services/{number}"
	contactsOf = "/services/{number}/contacts"
	openOn     = "/services/{number}/hours/{date}"
	providerAt = "/providers/{code}"
	ownedBy    = "/providers/{code}/services/{page}"
	withinKm   = "/within/{lat}/{lon}/{km}"
	nearArea   = "/areas/{area}/{kind}/{page}"
	ofKind     = "/kinds/{kind}/from/{offset}"
	changedOn  = "/changes/{date}/{page}"
)

func (c client) read(at time.Time, u int) {
	c.Get(at, unitAt, fmt.Sprint("/services/", c.units[u].number))
}

// numbered asks for a number, whether it is in use or not, and tells.
func (c client) numbered(at time.Time, number uint64) bool {
	_, there := slices.BinarySearchFunc(c.units, number, func(u unit, n uint64) int { return int(u.number) - int(n) })
	if path := fmt.Sprint("/services/", number); there {
		c.Get(at, unitAt, path)
	} else {
		c.Do(at, "GET", unitAt, path, 404)
	}
	return there
}

func (c client) contacts(at time.Time, u int) {
	c.Get(at, contactsOf, fmt.Sprintf("/services/%d/contacts", c.units[u].number))
}

// hours asks when a service is open some days after a moment.
func (c client) hours(at time.Time, u, days int) {
	c.Get(at, openOn, fmt.Sprintf("/services/%d/hours/%s", c.units[u].number, at.AddDate(0, 0, days).Format(time.DateOnly)))
}

// search asks for a page of the services of a kind, nearest first, and gives those on it.
func (c client) search(at time.Time, area, kind, page int) []int {
	c.Get(at, nearArea, fmt.Sprintf("/areas/%s/%s/%d", c.areas[area], unitKinds[kind], page))
	found := c.near(area, kind, page*pageSize)
	return found[min(len(found), (page-1)*pageSize):]
}

// within asks for what is near a point of an area; right and up are how far the point is from the area's corner.
func (c client) within(at time.Time, area int, right, up float64, km int) {
	lat, lon := 50+0.2*(float64(area/c.across)+up), -5+0.3*(float64(area%c.across)+right)
	c.Get(at, withinKm, fmt.Sprintf("/within/%.3f/%.3f/%d", lat, lon, km))
}

// somewhere is an area, as people are spread over them.
func (c client) somewhere() int { return c.crowded[c.Zipf(len(c.areas))] }

// paced gives the moments of n requests of a crawl, which begins early enough to end within the corpus.
func (c client) paced(n int) func() time.Time {
	from := c.Begins()
	return c.Clock(from, min(c.Pace(), traffic.Start.Add(traffic.Length-time.Hour).Sub(from)/time.Duration(n)))
}

// shuffled are n different services in no order.
func (c client) shuffled(n int) []int { return c.Perm(len(c.units))[:min(n, len(c.units))] }
