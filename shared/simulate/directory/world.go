package directory

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// directory is what there is to ask for: health services of areas, each run by an organisation.
// Services have ten-digit numbers, given in blocks to the areas and later in order of registration; organisations
// have codes, locations UUIDs, records versions.
type directory struct {
	services []listed // by rising number
	areas    [][]int  // the services of each, by rising number
	spots    [][]int  // the same as one passes them on the way through the area
	wanted   [][]int  // the same by popularity
	crowd    []int    // for each service its area: whoever draws a service has drawn an area by its size
	byName   []int
	orgs     []string // their codes
	byCode   []int
	runs     [][]int // the services of each organisation
	since    map[int][]int
	sitemap  []int // as its maps for search engines name them
	changes  []change
}

// listed is one service.
type listed struct {
	id        uint64
	name      string
	area, org int
	sort      int // of service
	since     int // registered so many days before the corpus begins
	version   int
	closed    bool // its number answers 404, though old lists and lagging indexes still have it
}

// change is one entry of the feed of what changed.
type change struct {
	at      time.Time
	service int
	version int
}

// sorts are the sorts of services.
var sorts = []string{"gp", "pharmacy", "dentist", "optician", "urgent-care", "emergency", "sexual-health", "physio",
	"mental-health", "district-nursing", "podiatry", "audiology", "stop-smoking", "vaccination"}

const (
	areaCount    = 42
	oldest       = 4300 // days since the first service was registered
	blocksEnd    = 1500 // and since numbers are no longer given in blocks
	firstChange  = 731_000
	hourlyChange = 6 // entries of the feed, in a small corpus
)

func newDirectory(r *rand.Rand, size traffic.Size) *directory {
	d := &directory{areas: make([][]int, areaCount), since: map[int][]int{}}
	d.register(r, shares(r, Catalogue(size)))
	for i, s := range d.services {
		d.areas[s.area] = append(d.areas[s.area], i)
		d.crowd = append(d.crowd, s.area)
		d.byName = append(d.byName, i)
		d.runs[s.org] = append(d.runs[s.org], i)
		d.since[s.since] = append(d.since[s.since], i)
	}
	for _, own := range d.areas {
		d.spots = append(d.spots, shuffled(r, own))
		d.wanted = append(d.wanted, shuffled(r, own))
	}
	slices.SortFunc(d.byName, func(a, b int) int {
		return cmp.Or(cmp.Compare(d.services[a].name, d.services[b].name), cmp.Compare(a, b))
	})
	for i := range d.orgs {
		d.byCode = append(d.byCode, i)
	}
	slices.SortFunc(d.byCode, func(a, b int) int { return cmp.Compare(d.orgs[a], d.orgs[b]) })
	d.feed(r, size)
	return d
}

// shares divides services among areas, as uneven as areas are.
func shares(r *rand.Rand, services int) []int {
	weight, sum := make([]float64, areaCount), 0.0
	for i := range weight {
		weight[i] = 0.25 + r.ExpFloat64()
		sum += weight[i]
	}
	out, left := make([]int, areaCount), services
	for i := range out {
		out[i] = int(float64(services) * weight[i] / sum)
		left -= out[i]
	}
	out[0] += left
	return out
}

// register gives services their numbers: two thirds in the blocks of their areas, of which some are nearly full
// and some nearly empty, the rest behind them as they came.
func (d *directory) register(r *rand.Rand, counts []int) {
	var late []listed
	id := 2_000_000_000 + r.Uint64N(90_000_000)
	for area, n := range counts {
		fill := 0.08 + 0.6*r.Float64()
		for i := range n {
			if i == 0 || r.IntN(3) == 0 {
				d.found(r, area)
			}
			s := d.enter(r, area)
			if r.IntN(3) == 0 {
				late = append(late, s)
				continue
			}
			id += gap(r, fill)
			s.id, s.since = id, blocksEnd+r.IntN(oldest-blocksEnd)
			d.services = append(d.services, s)
		}
		id += 1000 + r.Uint64N(20_000)
	}
	r.Shuffle(len(late), func(i, j int) { late[i], late[j] = late[j], late[i] })
	for i, s := range late {
		id += gap(r, 0.5)
		s.id, s.since = id, blocksEnd-i*blocksEnd/len(late)
		d.services = append(d.services, s)
	}
}

// gap is how far the next number is that was given, when such a part of them was.
func gap(r *rand.Rand, fill float64) uint64 {
	n := uint64(1)
	for r.Float64() > fill {
		n++
	}
	return n
}

// found adds an organisation: two in three have a letter and five digits as practices have, the others the codes of pharmacies.
func (d *directory) found(r *rand.Rand, area int) {
	i := len(d.orgs)
	if i%3 == 2 {
		n := i*2 + r.IntN(6)
		d.orgs = append(d.orgs, fmt.Sprintf("F%c%c%02d", 'A'+n/2600%26, 'A'+n/100%26, n%100))
	} else {
		d.orgs = append(d.orgs, fmt.Sprintf("%c%05d", 'A'+area%21+area%21/5, 11_000+40_000*(area/21)+i*3/2%35_000))
	}
	d.runs = append(d.runs, nil)
}

// enter makes a service of the newest organisation. Names are those of founders, and have nothing to do with areas.
func (d *directory) enter(r *rand.Rand, area int) listed {
	sort := r.IntN(len(sorts))
	return listed{area: area, org: len(d.orgs) - 1, sort: sort, version: 1 + r.IntN(24), closed: r.IntN(40) == 0,
		name: fmt.Sprintf("%s%s-%s-%s", nameBegins[r.IntN(len(nameBegins))], nameEnds[r.IntN(len(nameEnds))], sorts[sort], traffic.Words[r.IntN(len(traffic.Words))])}
}

var (
	nameBegins = []string{"ash", "brad", "burn", "ches", "col", "dar", "elm", "far", "glen", "hal", "hol", "ips", "ken", "lan",
		"mar", "new", "oak", "pen", "red", "sal", "shef", "tam", "wake"}
	nameEnds = []string{"field", "ford", "ley", "ton", "ham", "bury", "worth", "mouth", "by", "stead", "combe", "wick", "dale"}
)

// feed writes what changes in the time of the corpus. Few records change often, and most never.
func (d *directory) feed(r *rand.Rand, size traffic.Size) {
	order, often := r.Perm(len(d.services)), rand.NewZipf(r, 1.1, 40, uint64(len(d.services)-1))
	mean := float64(time.Hour) / hourlyChange / size.Busy
	for at := traffic.Start; at.Before(traffic.Start.Add(traffic.Length)); at = at.Add(time.Duration(r.ExpFloat64() * mean)) {
		i := order[often.Uint64()]
		d.services[i].version++
		d.changes = append(d.changes, change{at: at, service: i, version: d.services[i].version})
	}
}

// newest is the number of the newest entry of the feed at a moment.
func (d *directory) newest(at time.Time) int {
	n, _ := slices.BinarySearchFunc(d.changes, at, func(c change, t time.Time) int { return c.at.Compare(t) })
	return n
}

// named are the services whose names begin with a text, as a range of byName.
func (d *directory) named(text string) []int {
	begins := func(i int, t string) int { return cmp.Compare(d.services[i].name, t) }
	from, _ := slices.BinarySearchFunc(d.byName, text, begins)
	to, _ := slices.BinarySearchFunc(d.byName, text+"~", begins)
	return d.byName[from:to]
}

func shuffled(r *rand.Rand, of []int) []int {
	out := slices.Clone(of)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
