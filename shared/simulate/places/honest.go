package places

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// honest are the honest kinds that the detectors were tuned on.
func (w *World) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "front end", Play: w.bind(frontEnd)},
		{Name: "busy service with surges", Play: w.bind(surges)},
		{Name: "clinic, each patient once", Play: w.bind(clinic)},
		{Name: "nightly batch of owned places", Play: w.bind(nightly)},
		{Name: "retry storm", Play: w.bind(retryStorm)},
		{Name: "new integration", Play: w.bind(integration)},
		{Name: "mobile app", Play: w.bind(mobileApp)},
		{Name: "monitor", Play: w.bind(monitor)},
		{Name: "cache that refetches", Play: w.bind(refetching)},
		{Name: "human editor", Play: w.bind(editor)},
		{Name: "stale list", Play: w.bind(staleList)},
		{Name: "prefetcher", Play: w.bind(prefetcher)},
	}
}

// frontEnd shows places that the public asks for.
func frontEnd(a Actor) {
	for _, at := range a.Awake(a.N(550)) {
		if a.IntN(3) == 0 {
			a.code(at, a.popularCode())
			continue
		}
		a.number(at, a.Popular())
	}
}

// surges is a telephone service: always busy, and some hours see ten times as much.
func surges(a Actor) {
	for _, at := range a.AnyTime(a.N(700)) {
		a.code(at, a.popularCode())
		a.number(at.Add(time.Second), a.Popular())
	}
	for range 2 {
		next := a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length)))), 6*time.Second)
		for range a.N(300) {
			a.number(next(), a.Popular())
		}
	}
}

// clinic looks up the postcode of each patient once; its patients live near it, most of them.
func clinic(a Actor) {
	home := a.IntN(len(a.codes) * 9 / 10)
	for i, at := range a.Office(a.N(260)) {
		c := home + a.IntN(len(a.codes)/10)
		if i%4 == 0 {
			c = a.popularCode()
		}
		a.code(at, c)
	}
}

// nightly goes through the places that a company looks after, every night, in any order.
func nightly(a Actor) {
	own := a.Some(a.N(90))
	for d := range 3 {
		next := a.Clock(a.Night(d), time.Second)
		for _, i := range a.Perm(len(own)) {
			a.number(next(), own[i])
		}
	}
}

// retryStorm is a front end during an outage: everything is asked for again and again.
func retryStorm(a Actor) {
	frontEnd(a)
	out := traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length))))
	for range a.N(60) {
		id := a.Popular()
		at := out.Add(time.Duration(a.Int64N(int64(10 * time.Minute))))
		for try := range 5 {
			a.Do(at.Add(time.Duration(try)*2*time.Second), "GET", place, fmt.Sprint("/places/", id), 503)
		}
		a.number(at.Add(12*time.Second), id)
	}
}

// integration is a developer who tries things out, on a day of work.
func integration(a Actor) {
	few := a.Some(12)
	for i, at := range a.Office(a.N(180)) {
		switch {
		case i%9 == 0:
			a.Do(at, "GET", place, fmt.Sprint("/places/", a.IntN(90)), 404)
		case i%11 == 0:
			a.Do(at, "GET", place, "/places/undefined", 400)
		default:
			a.number(at, few[a.IntN(len(few))])
		}
	}
}

// mobileApp is used by many people, each from another network, each for what is near.
func mobileApp(a Actor) {
	for _, at := range a.Awake(a.N(450)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		c := a.popularCode()
		a.code(at, c)
		a.Get(at.Add(time.Second), near, fmt.Sprintf("/near/%s/%d", a.codes[c], 5))
		if a.IntN(2) == 0 {
			a.number(at.Add(5*time.Second), a.Popular())
		}
	}
}

// monitor asks for one place, and never tires.
func monitor(a Actor) {
	id, next := a.Popular(), a.Clock(traffic.Start, time.Duration(300/a.Busy)*time.Second)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		a.number(at, id)
	}
}

// refetching keeps what people asked for fresh for some hours.
func refetching(a Actor) {
	set := map[uint64]bool{}
	var ids []uint64
	for range a.N(90) {
		if id := a.Popular(); !set[id] {
			set[id], ids = true, append(ids, id)
		}
	}
	for hours := 0; hours < 72; hours += 6 + a.IntN(6) {
		next := a.Clock(traffic.Start.Add(time.Duration(hours)*time.Hour), 2*time.Second)
		for _, i := range a.Perm(len(ids)) {
			a.number(next(), ids[i])
		}
	}
}

// editor keeps a block of places up to date by hand, and looks at each before and after.
func editor(a Actor) {
	first, block := a.IntN(len(a.IDs)-100), 20+a.IntN(60)
	for _, at := range a.Office(a.N(70)) {
		id := a.IDs[first+a.IntN(block)]
		a.number(at, id)
		if a.IntN(2) == 0 {
			a.Do(at.Add(40*time.Second), "PUT", place, fmt.Sprint("/places/", id), 200)
			a.number(at.Add(42*time.Second), id)
		}
	}
}

// staleList is a nightly batch over a list in which some places are gone.
func staleList(a Actor) {
	own := a.Some(a.N(180))
	for i := range own {
		if a.IntN(100) < 7 {
			own[i] = own[i] + 50_000_000
		}
	}
	for d := range 3 {
		next := a.Clock(a.Night(d), time.Second)
		for _, id := range own {
			a.number(next(), id)
		}
	}
}

// prefetcher loads the places next to the one that is shown.
func prefetcher(a Actor) {
	ahead := 2 + a.IntN(9)
	for _, at := range a.Awake(a.N(90)) {
		id := a.Popular()
		for i := range ahead {
			a.number(at.Add(time.Duration(i)*100*time.Millisecond), id+uint64(i))
		}
	}
}
