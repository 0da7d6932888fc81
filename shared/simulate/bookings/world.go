package bookings

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"accord/shared/simulate/traffic"
)

// campaign is what there is to ask for: a country's sites that vaccinate, the sessions they hold, and the lots they give.
type campaign struct {
	sites    []uint64   // numbers, rising: area, then a serial number of five digits
	inArea   []int      // how many sites each area has
	outcode  []string   // of each town
	inTown   [][]int    // its sites, the best liked first
	crowd    []int      // towns with a site, those with the most people first
	sessions []uint64   // numbers, rising, in the order in which they are published
	held     [][]uint64 // the sessions of each site; two or more are old
	old      int        // so many sessions are published when the corpus begins
	lots     []string   // codes, rising: a maker, then a serial number
}

// The areas that the service is divided into: their sites' numbers begin with firstArea and those after it.
const (
	areas     = 42
	firstArea = 11
	perArea   = 100_000
)

var makers = []string{"AB", "EH", "EJ", "FD", "FK", "GA", "MK", "NX", "PV", "PW", "TS", "VW"}

func newCampaign(r *rand.Rand, size traffic.Size) *campaign {
	c := &campaign{inArea: make([]int, areas)}
	order := r.Perm(areas)
	for range Catalogue(size) {
		c.inArea[order[max(r.IntN(areas), r.IntN(areas))]]++
	}
	for area, n := range c.inArea {
		c.openArea(r, area, n)
	}
	c.crowd = slices.DeleteFunc(r.Perm(len(c.inTown)), func(town int) bool { return len(c.inTown[town]) == 0 })
	slices.SortStableFunc(c.crowd, func(s, t int) int { return len(c.inTown[t]) - len(c.inTown[s]) })
	c.publish(r)
	for _, maker := range makers {
		for i := range size.Places / 36 {
			c.lots = append(c.lots, fmt.Sprintf("%s%04d", maker, 1000+2*i+r.IntN(2)))
		}
	}
	return c
}

// openArea opens n sites, in the order in which they apply; every tenth number belongs to one that has closed.
func (c *campaign) openArea(r *rand.Rand, area, n int) {
	first, towns := len(c.outcode), n/8+1
	for i := range towns {
		c.outcode = append(c.outcode, fmt.Sprintf("%c%c%d%c", "BCDEGHLMNPRSTW"[area%14], "ALN"[area/14], i/4+1, 'A'+i%4))
		c.inTown = append(c.inTown, nil)
	}
	no := uint64(firstArea+area) * perArea
	for range n {
		for no++; r.IntN(10) == 0; no++ {
		}
		there := &c.inTown[first+r.IntN(1+r.IntN(towns))]
		*there = slices.Insert(*there, r.IntN(len(*there)+1), len(c.sites))
		c.sites = append(c.sites, no)
	}
}

// publish gives every site sessions, and some of them more while the corpus lasts.
func (c *campaign) publish(r *rand.Rand) {
	c.held = make([][]uint64, len(c.sites))
	no := 20_000_000 + r.Uint64N(5_000_000)
	hold := func(site, n int) {
		for range n {
			for no++; r.IntN(16) == 0; no++ { // cancelled
			}
			c.sessions = append(c.sessions, no)
			c.held[site] = append(c.held[site], no)
		}
	}
	for _, site := range r.Perm(len(c.sites)) {
		hold(site, 2+r.IntN(3))
	}
	c.old = len(c.sessions)
	for range len(c.sites) / 20 {
		hold(r.IntN(len(c.sites)), 1+r.IntN(3))
	}
}

// pages is how many pages the list of an area has: ten sites each, half of them with any one vaccine.
func (c *campaign) pages(area int) int { return 1 + c.inArea[area-firstArea]/20 }

// published are the sessions that there are at a time.
func (c *campaign) published(at time.Time) []uint64 {
	since := max(0, at.Sub(traffic.Start).Hours()/traffic.Length.Hours())
	return c.sessions[:min(len(c.sessions), c.old+int(since*float64(len(c.sessions)-c.old)))]
}

// The resources.
const (
	vaccinator = "/sites/{siteNo}"
	diary      = "/sites/{siteNo}/sessions"
	sitting    = "/sessions/{sessionNo}"
	around     = "/around/{outcode}/{km}"
	siteList   = "/areas/{area}/vaccines/{vaccine}/pages/{page}"
	gridSquare = "/grid/{easting}/{northing}"
	doseLot    = "/lots/{lotCode}"
	eligible   = "/people/{personNo}/eligibility"
	booking    = "/bookings/{reference}"
)

var vaccines = []string{"covid", "flu", "pertussis", "rsv"}

// fillIn puts values in the place of a template's parameters.
func fillIn(template string, values ...any) string {
	for _, v := range values {
		before, rest, _ := strings.Cut(template, "{")
		_, after, _ := strings.Cut(rest, "}")
		template = before + fmt.Sprint(v) + after
	}
	return template
}

func (a actor) look(at time.Time, template string, values ...any) {
	a.Get(at, template, fillIn(template, values...))
}

func (a actor) send(at time.Time, method, template string, status int, values ...any) {
	a.Do(at, method, template, fillIn(template, values...), status)
}

// numbered asks for a site or a session by number, and says whether there was one.
func (a actor) numbered(at time.Time, template string, no uint64) bool {
	there := a.sites
	if template == sitting {
		there = a.published(at)
	}
	if _, found := slices.BinarySearch(there, no); !found {
		a.send(at, "GET", template, 404, no)
		return false
	}
	a.look(at, template, no)
	return true
}

// midway is a number far from the first and the last.
func (a actor) midway(all []uint64) uint64 { return all[len(all)/4+a.IntN(len(all)/2)] }

// peopled draws a town as people live in them.
func (a actor) peopled() int {
	c := a.campaign
	return c.crowd[rand.NewZipf(a.Rand, 1.3, 15, uint64(len(c.crowd)-1)).Uint64()]
}

// liked draws one of a town's sites; more people go to some.
func (a actor) liked(town int) int {
	sites := a.inTown[town]
	return sites[a.IntN(1+a.IntN(len(sites)))]
}

// byDay are n moments of people's days: about noon, and after supper.
func (a actor) byDay(n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		noon, supper := 12.5+2.5*a.NormFloat64(), 20+1.5*a.NormFloat64()
		hour := []float64{noon, noon, supper}[a.IntN(3)]
		return time.Duration((float64(24*a.IntN(3)) + hour) * float64(time.Hour))
	})
}

// think is how long somebody reads before the next click.
func (a actor) think() time.Duration { return time.Duration((2 + 12*a.ExpFloat64()) * 1e9) }
