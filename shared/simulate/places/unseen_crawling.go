package places

import (
	"fmt"
	"math/bits"
	"time"

	"accord/shared/simulate/traffic"
)

// crawlingUnseen are the crawling kinds of the second set.
func (w *World) crawlingUnseen() []traffic.Kind {
	return []traffic.Kind{
		{Name: "known records, shuffled", Crawls: true, Play: w.bind(shuffledRecords)},
		{Name: "binary subdivision", Crawls: true, Play: w.bind(subdivision)},
		{Name: "alphabet of prefixes", Crawls: true, Play: w.bind(prefixes)},
		{Name: "sweep with repeats", Crawls: true, Play: w.bind(repeatingSweep)},
		{Name: "walk at night only", Crawls: true, Ordered: true, Play: w.bind(nightWalk)},
		{Name: "sweep from eight addresses", Crawls: true, Play: w.bind(eightAddresses)},
		{Name: "following links", Crawls: true, Play: w.bind(links)},
		{Name: "sweep at random moments", Crawls: true, Play: w.bind(randomMoments)},
		{Name: "spiral over the map", Crawls: true, Play: w.bind(spiral)},
		{Name: "all pages of all lists", Crawls: true, Play: w.bind(allPages)},
		{Name: "tiles, row by row", Crawls: true, Play: w.bind(tiles)},
		{Name: "hidden under a tenant", Crawls: true, Hidden: true, Play: w.bind(hiddenTenant)},
	}
}

func shuffledRecords(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	order := a.Perm(len(a.IDs))
	for _, i := range order[:a.N(700)] {
		a.Get(next(), record, "/records/"+traffic.UUID(i))
	}
}

// subdivision halves a range of numbers, then the halves, and so on.
func subdivision(a Actor) {
	next, width := a.Clock(a.Begins(), a.Pace()), bits.Len(uint(a.N(400)))
	first := a.IDs[a.IntN(len(a.IDs)/2)]
	for i := 1; i < 1<<width; i++ {
		level := bits.Len(uint(i))
		at := (2*(i-1<<(level-1)) + 1) << (width - level)
		a.number(next(), first+uint64(at)*3)
	}
}

// prefixes asks for suggestions to every beginning of a word.
func prefixes(a Actor) {
	next, n := a.Clock(a.Begins(), a.Pace()), a.N(600)
	for i := 0; i < n && i < 26*27*26; i++ {
		prefix := string(rune('a'+i/702%26)) + string(rune('a'+i/27%26))
		if i%27 > 0 {
			prefix += string(rune('a' + i%27 - 1))
		}
		a.Get(next(), suggest, "/suggest/"+prefix)
	}
}

// repeatingSweep asks for three in ten again, some time later.
func repeatingSweep(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	ids := a.Some(a.N(700))
	for i, id := range ids {
		a.number(next(), id)
		if a.IntN(10) < 3 {
			a.number(next(), ids[a.IntN(i+1)])
		}
	}
}

func nightWalk(a Actor) {
	id := a.Any()
	for d := range 3 {
		at := a.Night(d)
		for range a.N(130) {
			a.number(at, id)
			id++
			at = at.Add(time.Duration(a.ExpFloat64() * float64(20*time.Second)))
		}
	}
}

func eightAddresses(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	for _, id := range a.Some(a.N(800)) {
		a.Source = fmt.Sprintf("198.18.7.%d", 32*a.IntN(8))
		a.number(next(), id)
	}
}

// links reads a page, then all that it links to, and so on; each page links to some that are near and
// some that are popular.
func links(a Actor) {
	next, n := a.Clock(a.Begins(), a.Pace()), a.N(600)
	seen, queue := map[int]bool{}, []int{a.IntN(len(a.IDs))}
	for len(queue) > 0 && len(seen) < n {
		page := queue[0]
		if queue = queue[1:]; seen[page] {
			continue
		}
		seen[page] = true
		a.Get(next(), topic, "/topics/"+traffic.Slug(page))
		for k := range 5 {
			to := (page*31 + k*k*101 + 17) % len(a.IDs)
			if k == 4 {
				to = a.Zipf(len(a.IDs))
			}
			queue = append(queue, to)
		}
	}
}

func randomMoments(a Actor) {
	at, gap := a.Begins(), a.Pace()+time.Second
	for _, id := range a.Some(a.N(800)) {
		a.number(at, id)
		at = at.Add(time.Duration(a.ExpFloat64() * float64(gap)))
	}
}

// spiral goes round and round a place, outward.
func spiral(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	lat, lon := a.Town(1 + a.IntN(25))
	x, y, dx, dy := 0, 0, 0, -1
	for range a.N(500) {
		a.Get(next(), cell, fmt.Sprintf("/cells/%.2f/%.2f", lat+float64(y)*.01, lon+float64(x)*.01))
		if x == y || x < 0 && x == -y || x > 0 && x == 1-y {
			dx, dy = -dy, dx
		}
		x, y = x+dx, y+dy
	}
}

// allPages turns every page of every list.
func allPages(a Actor) {
	next, left := a.Clock(a.Begins(), a.Pace()), a.N(600)
	for _, region := range a.Perm(400) {
		for page := range 10 + a.IntN(30) {
			if left--; left < 0 {
				return
			}
			a.Get(next(), list, fmt.Sprintf("/regions/%d/pages/%d", region, page+1))
		}
	}
}

func tiles(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	width, x, y := 15+a.IntN(40), 900+a.IntN(400), 900+a.IntN(400)
	for i := range a.N(600) {
		a.Get(next(), tile, fmt.Sprintf("/tiles/9/%d/%d", x+i%width, y+i/width))
	}
}

// hiddenTenant walks in one request of ten.
func hiddenTenant(a Actor) {
	for range 3 {
		tenant(a)
	}
	n := len(a.Calls) / 10
	a.walk(a.Begins(), 26*time.Hour/time.Duration(n+1), 1, n)
}
