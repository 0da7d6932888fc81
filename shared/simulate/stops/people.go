package stops

import (
	"fmt"
	"time"
)

// rush are n moments at which people travel: two peaks a day, and any hour that they are awake.
func (a Actor) rush(n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		hour := []float64{6 + 18*a.Float64(), 8 + 1.1*a.NormFloat64(), 17 + 1.5*a.NormFloat64()}[a.IntN(3)]
		return time.Duration((float64(24*a.IntN(3)) + hour) * float64(time.Hour))
	})
}

// within is a pause, of so much at most.
func (a Actor) within(most time.Duration) time.Duration { return time.Duration(a.Int64N(int64(most))) }

// home is the authority in whose area most of a client's users are.
func (a Actor) home() block { return a.blocks[a.IntN(len(a.blocks))] }

// wanted is a stop as passengers of an area ask for it: some go elsewhere.
func (a Actor) wanted(home block) int {
	if a.IntN(5) == 0 {
		return a.famous[a.Zipf(len(a.famous))]
	}
	return home.famous[a.Zipf(len(home.famous))]
}

// planner is a front end: people type where they are going, choose, and look when the next one leaves.
func planner(a Actor) {
	home := a.home()
	for _, at := range a.rush(a.N(115)) {
		if a.IntN(3) == 0 {
			name := a.towns[a.Zipf(len(a.towns))].name
			a.Get(at, "/names/{letters}", "/names/"+name[:2])
			a.Get(at.Add(a.within(time.Second)), "/names/{letters}", "/names/"+name[:3])
			a.page(at.Add(2*time.Second), name, 1)
		}
		at = at.Add(3*time.Second + a.within(20*time.Second))
		a.stop(at, a.wanted(home), departures)
		there := a.wanted(home)
		a.stop(at.Add(200*time.Millisecond), there, "")
		a.stop(at.Add(a.within(time.Minute)), there, byLine)
	}
}

// travelLine answers telephones day and night; when roads freeze, a region rings all morning.
func travelLine(a Actor) {
	home := a.home()
	for _, at := range a.AnyTime(a.N(200)) {
		i := a.wanted(home)
		a.stop(at, i, "")
		a.stop(at.Add(a.within(30*time.Second)), i, departures)
	}
	for range 1 + a.IntN(3) {
		region, next := a.home(), a.Clock(a.rush(1)[0], time.Duration(3+a.IntN(9))*time.Second)
		for range a.N(90) {
			a.stop(next(), a.wanted(region), departures)
		}
	}
}

// patients is a hospital's transport desk: for each patient, the stop at the door, once.
func patients(a Actor) {
	home, t := a.home(), a.towns[a.Zipf(len(a.towns))]
	for _, at := range a.Office(a.N(180)) {
		a.near(at, t.lat*100+a.IntN(3000), t.lon*100+a.IntN(3000), 400)
		a.stop(at.Add(5*time.Second+a.within(time.Minute)), home.first+a.IntN(home.past-home.first), access)
	}
}

// pocket is an app: people look at their own few stops, over whichever network they are on, and now and then at a map.
func pocket(a Actor) {
	home, people := a.home(), make([][3]int, a.N(60))
	for i := range people {
		people[i] = [3]int{a.wanted(home), a.wanted(home), a.wanted(home)}
	}
	for _, at := range a.rush(a.N(170)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		who := a.Zipf(len(people))
		for i := range 1 + a.IntN(3) {
			a.stop(at.Add(time.Duration(i)*300*time.Millisecond), people[who][i], departures)
		}
		for i := a.IntN(4)/3*4 - 1; i >= 0; i-- {
			a.tile(at.Add(time.Second), 8000+who*7%200+i%2, 5300+who*3%200+i/2)
		}
	}
}

// stepFree helps wheelchair users: it draws the circle wider until one of the stops in it has a ramp.
func stepFree(a Actor) {
	for _, at := range a.Awake(a.N(75)) {
		t := a.towns[a.Zipf(len(a.towns))]
		lat, lon := t.lat*100+a.IntN(200), t.lon*100+a.IntN(300)
		for metres, found := 200, false; metres <= 6400 && !found; metres *= 2 {
			a.near(at, lat, lon, metres)
			for range a.IntN(3) {
				at = at.Add(400 * time.Millisecond)
				a.stop(at, t.stops[a.IntN(min(len(t.stops), 40))], access)
			}
			at, found = at.Add(2*time.Second+a.within(9*time.Second)), a.IntN(3) == 0
		}
	}
}

// onBoard is a display in vehicles of one depot: it has what leaves from the next four stops before it gets there.
func onBoard(a Actor) {
	first := a.IntN(len(a.lines) - 30)
	for _, at := range a.rush(a.N(26)) {
		l := a.lines[first+a.IntN(5+int(2*a.Busy))]
		a.Get(at, "/lines/{line}", "/lines/"+l.code)
		for i := a.IntN(5); i+4 < len(l.stops); i += 4 {
			for ahead, s := range l.stops[i : i+4] {
				a.stop(at.Add(time.Duration(ahead)*80*time.Millisecond), s, departures)
			}
			at = at.Add(3*time.Minute + a.within(5*time.Minute))
		}
	}
}

// scroller looks down the list of a big town for a name that it would know, and opens what might be it.
func scroller(a Actor) {
	for _, at := range a.Awake(a.N(24)) {
		t := a.towns[a.Zipf(min(len(a.towns), 40))]
		for page := range min(len(t.stops)/10+1, 3+a.IntN(30)) {
			a.page(at, t.name, page+1)
			if at = at.Add(time.Second + a.within(8*time.Second)); a.IntN(4) == 0 {
				a.stop(at, t.stops[min(10*page+a.IntN(10), len(t.stops)-1)], "")
			}
		}
	}
}
