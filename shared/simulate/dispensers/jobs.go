package dispensers

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// jobs are the honest kinds in which programs ask, and people at work.
func (w *World) jobs() []traffic.Kind {
	return []traffic.Kind{
		{Name: "surgery that sends each prescription on", Play: w.bind(prescriptions)},
		{Name: "chain that reads its branches at night", Play: w.bind(branches)},
		{Name: "payments file of contractors, by workers", Play: w.bind(payments)},
		{Name: "builder of a toothache app", Play: w.bind(builder)},
		{Name: "probe of three providers and a rota", Play: w.bind(probe)},
		{Name: "waiting-room screens that renew themselves", Play: w.bind(screens)},
		{Name: "owner who corrects the entry", Play: w.bind(owner)},
		{Name: "committee before a bank holiday", Play: w.bind(committee)},
	}
}

// prescriptions of a surgery go to a pharmacy near each patient's home, which is looked up once; the patients live round about.
func prescriptions(a Actor) {
	home, pushed := a.somewhere(a.Rand), 1+a.IntN(3)
	for i, code := range a.Perm(a.N(220)) {
		at := traffic.Start.Add(time.Duration(24*(i%3))*time.Hour + time.Duration((8.5+9.5*a.Float64())*float64(time.Hour)))
		live := (home + code/codesEach%(pushed+1)) % len(a.areas)
		in, lat, lon := a.postcode(live, code%codesEach)
		a.Get(at, byCode, "/nearest/pharmacy/postcode/"+in)
		if near := a.nearest(live, "pharmacy", lat, lon); len(near) > 0 {
			a.ask(at.Add(time.Second), a.pick(near[:min(3, len(near))]), services)
		}
	}
}

// branches of a chain are all over the country; a job compares what the directory says of them with its own books, and
// corrects what differs.
func branches(a Actor) {
	own := a.some(a.N(80))
	for d := range 3 {
		next := a.Clock(a.Night(d), time.Duration(500+a.IntN(3000))*time.Millisecond)
		for _, id := range own {
			a.ask(next(), id, details)
			a.ask(next(), id, hours)
			if a.IntN(60) == 0 {
				a.Do(next(), "POST", correction, fmt.Sprintf("/providers/%d/corrections", id), 202)
			}
		}
	}
}

// payments is a health board's file of the contractors that it pays, read by some workers at once every night. Half of
// those who make such a file sort it by number; of the contractors a few have closed.
func payments(a Actor) {
	list, sorted, workers := a.some(a.N(190)), a.IntN(2) == 0, 2+a.IntN(5)
	if sorted {
		slices.Sort(list)
	}
	for i := range list {
		list[i] += uint64(a.IntN(40) / 39 * 9_000_000)
	}
	gap := time.Duration(200+a.IntN(1800)) * time.Millisecond
	for d := range 3 {
		from := a.Night(d)
		for i, id := range list {
			jitter := time.Duration(a.Int64N(int64(time.Duration(workers) * gap)))
			a.ask(from.Add(time.Duration(i)*gap+jitter), id, details)
		}
	}
}

// builder writes an app: a few providers again and again, the first numbers that come to mind, and mistakes.
func builder(a Actor) {
	few := a.some(8)
	for i, at := range a.Office(a.N(190)) {
		switch a.IntN(9) {
		case 0:
			a.ask(at, uint64(1+a.IntN(20)), details)
		case 1:
			a.Do(at, "GET", one, "/providers/"+[]string{"null", "undefined", "FA123"}[a.IntN(3)], 400)
		case 2:
			a.Do(at, "GET", byCode, "/nearest/dentist/postcode/XX999XX", 404)
		case 3:
			a.free(at, few[a.IntN(3)], traffic.Day(i%14))
		default:
			a.ask(at, few[a.IntN(8)], []string{details, hours, services}[a.IntN(3)])
		}
	}
}

// probe asks whether the service is up, day and night.
func probe(a Actor) {
	few, in := a.some(3), a.areas[a.somewhere(a.Rand)].outcode
	next := a.Clock(traffic.Start, time.Duration(float64(400+a.IntN(700))/a.Busy)*time.Second)
	for i, at := 0, next(); at.Before(traffic.Start.Add(traffic.Length)); i, at = i+1, next() {
		if i%4 == 3 {
			a.Get(at, rota, fmt.Sprintf("/rotas/%s/%s", in, traffic.Day(77)))
			continue
		}
		a.ask(at, few[i%4], hours)
	}
}

// screens hang in waiting rooms, and show who nearby is open; a cache asks again for all that they showed, every few hours.
func screens(a Actor) {
	var shown []uint64
	for range a.N(9) {
		_, near := a.person("pharmacy")
		shown = append(shown, near[:min(len(near), 4)]...)
	}
	slices.Sort(shown)
	shown = slices.Compact(shown)
	lasts := time.Duration(3+a.IntN(4)) * time.Hour
	for from := time.Duration(a.Int64N(int64(lasts))); from < traffic.Length; from += lasts {
		next := a.Clock(traffic.Start.Add(from), time.Second)
		for _, i := range a.Perm(len(shown)) {
			a.ask(next(), shown[i], hours)
		}
	}
}

// owner is one of many who log on to a page for providers: each reads what is said of them, corrects it, and reads it again.
func owner(a Actor) {
	for _, at := range a.Office(a.N(85)) {
		id := a.ids[a.IntN(len(a.ids))]
		a.ask(at, id, details)
		a.ask(at.Add(time.Second), id, hours)
		for range a.IntN(3) {
			at = at.Add(30*time.Second + a.thinks())
			a.Do(at, "POST", correction, fmt.Sprintf("/providers/%d/corrections", id), []int{202, 202, 202, 400}[a.IntN(4)])
			a.ask(at.Add(time.Second), id, hours)
		}
	}
}

// committee is a local one that enters who opens on the next bank holiday: it goes down a block of its own providers, asks
// some a second time, and is often called away.
func committee(a Actor) {
	block, date := a.N(55), traffic.Day(77)
	at, i := traffic.Start.Add(9*time.Hour), a.IntN(len(a.ids)-block)
	first := i
	for range a.N(110) {
		id := a.ids[i]
		a.ask(at, id, hours)
		if at = at.Add(20*time.Second + a.thinks()); a.IntN(3) > 0 {
			a.Do(at, "PUT", one+hours, fmt.Sprintf("/providers/%d/opening-times", id), 200)
			a.ask(at.Add(time.Second), id, hours)
		}
		if at = at.Add(2 * a.thinks()); a.IntN(12) == 0 {
			at = at.Add(time.Duration(a.Int64N(int64(2 * time.Hour))))
			a.Get(at, rota, fmt.Sprintf("/rotas/%s/%s", a.areas[a.providers[i].area].outcode, date))
		}
		if at.Hour() >= 17 {
			at = at.Truncate(24 * time.Hour).Add(33 * time.Hour)
		}
		i = first + (i-first+1-a.IntN(9)/7*a.IntN(5)+block)%block
	}
}
