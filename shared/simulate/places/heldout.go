package places

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// honestHeldOut are honest kinds that no detector was tuned on. They were written before the detectors
// first ran, and have not changed since.
func (w *World) honestHeldOut() []traffic.Kind {
	return []traffic.Kind{
		{Name: "widening search", HeldOut: true, Play: w.bind(widening)},
		{Name: "deep scroller", HeldOut: true, Play: w.bind(deepScroller)},
		{Name: "editor of an owned block", HeldOut: true, Play: w.bind(blockEditor)},
		{Name: "big nightly list", HeldOut: true, Play: w.bind(bigNightly)},
		{Name: "flat demand", HeldOut: true, Play: w.bind(flat)},
		{Name: "booking calendar", HeldOut: true, Play: w.bind(calendar)},
		{Name: "regional directory", HeldOut: true, Play: w.bind(regional)},
		{Name: "call centre by shifts", HeldOut: true, Play: w.bind(shifts)},
		{Name: "import of new members", HeldOut: true, Play: w.bind(newMembers)},
	}
}

// widening searches near a postcode, and farther until something is found.
func widening(a Actor) {
	for _, at := range a.Awake(a.N(150)) {
		c := a.popularCode()
		for i, radius := range []int{1, 2, 5, 10, 20, 50}[:1+a.IntN(6)] {
			a.Get(at.Add(time.Duration(i)*time.Second), near, fmt.Sprintf("/near/%s/%d", a.codes[c], radius))
		}
	}
}

// deepScroller turns pages of lists, sometimes many.
func deepScroller(a Actor) {
	for _, at := range a.Awake(a.N(30)) {
		region, depth := 1+a.Zipf(60), 2+int(a.ExpFloat64()*9)
		for page := range min(depth, 70) {
			a.Get(at.Add(time.Duration(page)*8*time.Second), list, fmt.Sprintf("/regions/%d/pages/%d", region, page+1))
		}
	}
}

// blockEditor goes through the block that it owns, changing each.
func blockEditor(a Actor) {
	first, block := a.IntN(len(a.IDs)-300), 80+a.IntN(170)
	for d := range 3 {
		next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(9*time.Hour), 40*time.Second)
		for i := range block {
			id := a.IDs[first+i]
			a.number(next(), id)
			if a.IntN(10) < 8 {
				a.Do(next(), "PUT", place, fmt.Sprint("/places/", id), 200)
			}
		}
	}
}

// bigNightly is a nightly batch over a long list.
func bigNightly(a Actor) {
	own := a.Some(a.N(350))
	for d := range 3 {
		next := a.Clock(a.Night(d), time.Second)
		for _, id := range own {
			a.number(next(), id)
		}
	}
}

// flat asks for anything as often as for anything else.
func flat(a Actor) {
	for _, at := range a.Awake(a.N(700)) {
		a.number(at, a.Any())
	}
}

// calendar shows days of clinics.
func calendar(a Actor) {
	for _, at := range a.Awake(a.N(60)) {
		clinic, day := a.Zipf(200), a.IntN(10)
		for i := range 1 + a.IntN(8) {
			a.Get(at.Add(time.Duration(i)*3*time.Second), slots, fmt.Sprintf("/clinics/c%d/slots/%d", clinic, day+i))
		}
	}
}

// regional knows one region only, of neighbouring numbers, and shows all of it.
func regional(a Actor) {
	first, size := a.IntN(len(a.IDs)-400), 100+a.IntN(300)
	for _, at := range a.Awake(a.N(500)) {
		a.number(at, a.IDs[first+a.Zipf(size)])
	}
}

// shifts is used by many people in shifts; each asks for what callers need.
func shifts(a Actor) {
	for d := range 3 {
		for _, begins := range []int{6, 14, 22} {
			next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(time.Duration(begins)*time.Hour), 3*time.Minute)
			for range a.N(60) {
				at := next()
				a.code(at, a.popularCode())
				a.number(at.Add(20*time.Second), a.Popular())
			}
		}
	}
}

// newMembers looks up the postcode of each new member, a file of them now and then.
func newMembers(a Actor) {
	for range 3 {
		next := a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length)))), 500*time.Millisecond)
		for range a.N(80) {
			a.code(next(), a.popularCode())
		}
	}
}

// crawlingHeldOut are crawling kinds that no detector was tuned on.
func (w *World) crawlingHeldOut() []traffic.Kind {
	return []traffic.Kind{
		{Name: "walk with repeats", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(repeating)},
		{Name: "walk in pieces", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(pieces)},
		{Name: "walk behind many addresses", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(manyAddresses)},
		{Name: "walk that skips at random", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(skipping)},
		{Name: "list page by page", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(paging)},
		{Name: "zigzag between two ends", Crawls: true, Ordered: true, HeldOut: true, Play: w.bind(zigzag)},
		{Name: "ladder of radii", Crawls: true, HeldOut: true, Play: w.bind(ladder)},
		{Name: "sweep of half the postcodes", Crawls: true, HeldOut: true, Play: w.bind(halfSweep)},
		{Name: "sweep with popular cover", Crawls: true, HeldOut: true, Play: w.bind(coveredSweep)},
	}
}

// repeating asks again for some of what it has just read.
func repeating(a Actor) {
	id, next := a.Any(), a.Clock(a.Begins(), a.Pace())
	for range a.N(400) {
		a.number(next(), id)
		if a.IntN(4) == 0 {
			a.number(next().Add(2*time.Minute), id)
		}
		id++
	}
}

// pieces works for half an hour, and rests for some.
func pieces(a Actor) {
	id, at := a.Any(), traffic.Start
	for range a.N(16) {
		next := a.Clock(at, 40*time.Second)
		for range 30 {
			a.number(next(), id)
			id++
		}
		at = at.Add(4 * time.Hour)
	}
}

func manyAddresses(a Actor) {
	id, next := a.Any(), a.Clock(a.Begins(), a.Pace())
	for range a.N(400) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		a.number(next(), id)
		id++
	}
}

func skipping(a Actor) {
	id, next := a.Any(), a.Clock(a.Begins(), a.Pace())
	for range a.N(400) {
		a.number(next(), id)
		id += 1 + uint64(a.IntN(3))
	}
}

// paging reads the list of everything, page by page.
func paging(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	for page := range a.N(400) {
		a.Get(next(), pages, fmt.Sprint("/pages/", page+1))
	}
}

// zigzag reads from both ends of a range towards its middle.
func zigzag(a Actor) {
	id, n, next := a.Any(), a.N(400), a.Clock(a.Begins(), a.Pace())
	for i := range n {
		if i%2 == 0 {
			a.number(next(), id+uint64(i/2))
		} else {
			a.number(next(), id+uint64(n-i/2))
		}
	}
}

// ladder asks near every postcode, with growing radii.
func ladder(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	order := a.Perm(len(a.codes))
	for _, i := range order[:a.N(120)] {
		for _, radius := range []int{1, 5, 20, 50, 100} {
			a.Get(next(), near, fmt.Sprintf("/near/%s/%d", a.codes[i], radius))
		}
	}
}

func halfSweep(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	n := len(a.codes) / 2
	order := a.Perm(n)
	for _, i := range order[:min(n, a.N(900))] {
		a.code(next(), i)
	}
}

// coveredSweep asks for something popular in three requests of ten.
func coveredSweep(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	for _, id := range a.Some(a.N(700)) {
		if a.IntN(10) < 3 {
			a.number(next(), a.Popular())
		}
		a.number(next(), id)
	}
}
