package places

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// honestUnseen are the honest kinds of the second set: other resources and other habits than those of the
// first. They were written before the detectors knew of popularity, and nothing was tuned on them.
func (w *World) honestUnseen() []traffic.Kind {
	return []traffic.Kind{
		{Name: "front end whose favourites change", Play: w.bind(drifting)},
		{Name: "search of which people turn pages", Play: w.bind(resultPages)},
		{Name: "map of a few towns", Play: w.bind(towns)},
		{Name: "partner with a list of pages", Play: w.bind(partner)},
		{Name: "app of records without numbers", Play: w.bind(records)},
		{Name: "tenant of a block of numbers", Play: w.bind(tenant)},
		{Name: "job every ten minutes", Play: w.bind(everyTenMinutes)},
		{Name: "callers who call back", Play: w.bind(callBack)},
		{Name: "dashboard that polls", Play: w.bind(dashboard)},
		{Name: "report of own branches", Play: w.bind(branches)},
		{Name: "panning over tiles", Play: w.bind(panning)},
		{Name: "tomorrow's appointments", Play: w.bind(appointments)},
	}
}

// drifting shows what the public asks for, of which another part comes into fashion every few hours.
func drifting(a Actor) {
	for _, at := range a.Awake(a.N(450)) {
		shift := int(at.Sub(traffic.Start)/(8*time.Hour)) * 40
		a.number(at, a.IDs[a.Demand[(a.Zipf(len(a.IDs))+shift)%len(a.IDs)]])
	}
}

// resultPages searches for words, and turns up to five pages of what was found.
func resultPages(a Actor) {
	for _, at := range a.Awake(a.N(140)) {
		word := a.Zipf(4000)
		for page := range 1 + a.IntN(5) {
			a.Get(at.Add(time.Duration(page)*9*time.Second), results, fmt.Sprintf("/search/w%d/%d", word, page+1))
		}
	}
}

// towns shows squares around the middles of a few towns, larger towns more often.
func towns(a Actor) {
	for _, at := range a.Awake(a.N(380)) {
		lat, lon := a.Town(1 + a.Zipf(25))
		a.Get(at, cell, fmt.Sprintf("/cells/%.2f/%.2f", lat+a.NormFloat64()*.04, lon+a.NormFloat64()*.06))
	}
}

// partner reads the pages of its list in order, every day at about the same time.
func partner(a Actor) {
	first, n := a.IntN(len(a.IDs)/2), a.N(150)
	from := time.Duration(a.Int64N(int64(20 * time.Hour)))
	for d := range 3 {
		next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(from), 4*time.Second)
		for i := range n {
			a.Get(next(), topic, "/topics/"+traffic.Slug(first+(i*7919)%(len(a.IDs)/2)))
		}
	}
}

// records shows records that have no numbers; some are asked for more.
func records(a Actor) {
	for _, at := range a.Awake(a.N(420)) {
		a.Get(at, record, "/records/"+traffic.UUID(a.Zipf(len(a.IDs))))
	}
}

// tenant works in its own block of numbers all day.
func tenant(a Actor) {
	first, block := a.IntN(len(a.IDs)-300), 60+a.IntN(140)
	for _, at := range a.Office(a.N(350)) {
		a.number(at, a.IDs[first+a.IntN(block)])
	}
}

// everyTenMinutes goes round a fixed list of three hundred, a few every ten minutes.
func everyTenMinutes(a Actor) {
	own, each := a.Some(300), 3+a.IntN(4)
	for i := range int(traffic.Length / (10 * time.Minute)) {
		next := a.Clock(traffic.Start.Add(time.Duration(i)*10*time.Minute), time.Second)
		for k := range each {
			a.number(next(), own[(i*each+k)%len(own)])
		}
	}
}

// callBack serves callers, of whom a third call again within hours about the same place.
func callBack(a Actor) {
	for _, at := range a.Awake(a.N(200)) {
		c, id := a.popularCode(), a.Any()
		a.code(at, c)
		a.number(at.Add(30*time.Second), id)
		if a.IntN(3) == 0 {
			again := at.Add(time.Duration(a.Int64N(int64(6 * time.Hour))))
			a.code(again, c)
			a.number(again.Add(20*time.Second), id)
		}
	}
}

// dashboard polls the first pages of a few lists.
func dashboard(a Actor) {
	region, next := 1+a.IntN(60), a.Clock(traffic.Start, time.Duration(1200/a.Busy)*time.Second)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		for page := range 3 {
			a.Get(at.Add(time.Duration(page)*time.Second), list, fmt.Sprintf("/regions/%d/pages/%d", region, page+1))
		}
	}
}

// branches reads a company's branches every morning, and again at noon.
func branches(a Actor) {
	own := a.Some(a.N(60))
	for half := range 6 {
		next := a.Clock(traffic.Start.Add(time.Duration(half)*12*time.Hour+8*time.Hour), 2*time.Second)
		for _, id := range own {
			a.number(next(), id)
		}
	}
}

// panning shows tiles three by three, around places that people look at.
func panning(a Actor) {
	for _, at := range a.Awake(a.N(60)) {
		place := a.Zipf(200)
		x, y := 1000+place%20*9, 1000+place/20*9
		for step := range 1 + a.IntN(4) {
			for i := range 9 {
				a.Get(at.Add(time.Duration(step)*7*time.Second), tile, fmt.Sprintf("/tiles/9/%d/%d", x+step+i%3, y+i/3))
			}
		}
	}
}

// appointments looks up the postcodes of tomorrow's patients in the evening: others every day.
func appointments(a Actor) {
	for d := range 3 {
		next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(19*time.Hour), 2*time.Second)
		for range a.N(110) {
			a.code(next(), a.popularCode())
		}
	}
}
