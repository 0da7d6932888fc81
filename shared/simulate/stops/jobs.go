package stops

import (
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// surveyors walk along a road from pole to pole, and correct what they find there.
func surveyors(a Actor) {
	home := a.home()
	for _, at := range a.Office(a.N(28)) {
		road := a.numbers[home.first+a.IntN(home.past-home.first-4):][:4]
		for _, i := range a.Perm(len(road)) {
			a.number(at, road[i])
			a.part(at.Add(2*time.Second), "GET", road[i], access, 200)
			if at = at.Add(time.Minute + a.within(4*time.Minute)); a.IntN(3) > 0 {
				a.part(at, "PUT", road[i], access, 200)
				a.part(at.Add(20*time.Second), "POST", road[i], "/photos", 201)
			}
		}
	}
}

// district corrects its own numbers as letters come, goes through all for a new timetable, and numbers new stops.
func district(a Actor) {
	own := a.numbers[a.IntN(len(a.numbers)-900):][:30+a.N(35)]
	for _, at := range a.Office(a.N(80)) {
		number := own[a.IntN(len(own))]
		a.number(at, number)
		if a.IntN(2) == 0 {
			a.part(at.Add(a.within(3*time.Minute)), "PATCH", number, "", 200)
		}
	}
	next := a.Clock(a.Office(1)[0], time.Duration(8+a.IntN(30))*time.Second)
	for _, number := range own {
		a.number(next(), number)
		if a.IntN(4) > 0 {
			a.part(next(), "PUT", number, byLine, 200)
		}
	}
	for free := own[len(own)-1] + 1; free < own[len(own)-1]+6; free++ {
		if a.number(next(), free); !a.there(free) {
			a.part(next(), "PUT", free, "", 201)
		}
	}
}

// shelters is the list of a firm that cleans them, in some regions, sorted by number; a few have been taken down. Every night
// it reads what changed, and four workers share the list.
func shelters(a Actor) {
	own, from := make([]uint64, a.N(150)), a.IntN(len(a.numbers)/2)
	for i, s := range a.Perm(len(a.numbers)/4 + a.IntN(len(a.numbers)/4))[:len(own)] {
		own[i] = a.numbers[from+s] + uint64(a.IntN(8)/7)
	}
	slices.Sort(own)
	for d := range 3 {
		at := a.Night(d)
		a.Get(at, "/changes/{day}", "/changes/"+traffic.Day(d-1))
		for share := range slices.Chunk(own, len(own)/4+1) {
			a.walk(a.Clock(at.Add(time.Second), 2*time.Second), share)
		}
	}
}

// boards hang at stations, ask every so often, and through an outage again and again, each time after a longer wait.
func boards(a Actor) {
	home, out := a.home(), a.rush(1)[0]
	for board := range a.N(14) {
		i := home.famous[board]
		next := a.Clock(traffic.Start.Add(a.within(time.Hour)), 150*time.Minute)
		for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
			a.stop(at, i, departures)
		}
		at, wait := out.Add(a.within(time.Minute)), time.Second
		for range 7 {
			a.part(at, "GET", a.numbers[i], departures, 502+a.IntN(2))
			at, wait = at.Add(wait+a.within(wait)), 2*wait
		}
		a.stop(at, i, departures)
	}
}

// ticketMachine is being built: its makers try a few stops again and again, make mistakes, and once try a run of numbers.
func ticketMachine(a Actor) {
	first := a.IntN(len(a.numbers) - 100)
	for i, at := range a.Office(a.N(260)) {
		switch a.IntN(12) {
		case 0:
			a.number(at, a.Uint64N(2000))
		case 1:
			a.Do(at, "GET", stop, "/stops/NaN", 400)
		default:
			a.stop(at, first+a.IntN(9)*a.IntN(9), []string{"", departures, access}[i%3])
		}
	}
	a.walk(a.Clock(a.Office(1)[0], time.Second), a.plan(a.numbers[first], 25))
}

// probe asks for the same thing, and never tires.
func probe(a Actor) {
	i, next := a.wanted(a.home()), a.Clock(traffic.Start, time.Duration((300+a.Float64()*600)/a.Busy)*time.Second)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		a.stop(at, i, departures)
	}
}

// keptPages shows whatever people look up on a site, and asks again when the page that it has is some hours old.
func keptPages(a Actor) {
	home, kept, fresh := a.home(), map[int]time.Time{}, 2*time.Hour+a.within(10*time.Hour)
	for _, at := range a.rush(a.N(650)) {
		i := a.wanted(home)
		if since, has := kept[i]; !has || at.Sub(since) > fresh {
			kept[i] = at
			a.stop(at, i, "")
		}
	}
}

// accidents is an insurer's desk: those who fall fall anywhere, and each claim is looked up when it comes in.
func accidents(a Actor) {
	for _, at := range a.Office(a.N(230)) {
		i := a.IntN(len(a.numbers))
		a.stop(at, i, "")
		if a.IntN(2) == 0 {
			a.stop(at.Add(a.within(2*time.Minute)), i, access)
		}
	}
}
