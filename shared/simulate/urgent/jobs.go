package urgent

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// planners scroll through the list of their area, some of them far, and open what strikes them.
func planners(a actor) {
	area := a.IntN(numAreas)
	for _, at := range a.Office(a.N(22)) {
		for page := range 4 + min(int(a.ExpFloat64()*14), 40) {
			a.Get(at, areaList, fmt.Sprintf("/areas/%d/services/%d", area+1, page+1))
			at = at.Add(a.pause(6 * time.Second))
			if a.IntN(7) == 0 {
				a.read(at, pointPage, a.choose(a.enquire(area)))
			}
		}
	}
}

// interpreters are called to any service of the country; none is more usual than another.
func interpreters(a actor) {
	for _, at := range a.Awake(a.N(290)) {
		a.read(at, pointPage, a.IntN(len(a.signposts.points)))
	}
}

// corrections come to an area's team as tickets: find the organisation, open the service, put it right.
func corrections(a actor) {
	s, area := a.signposts, a.IntN(numAreas)
	for _, at := range a.Office(a.N(85)) {
		i := a.choose(a.enquire(area))
		a.Get(at, bodyList, fmt.Sprintf("/organisations/R%05d/services/1", s.points[i].body))
		a.read(at.Add(a.pause(20*time.Second)), pointPage, i)
		at = at.Add(90*time.Second + a.pause(time.Minute))
		a.Do(at, "PATCH", pointPage, a.pathOf(pointPage, i), []int{200, 200, 200, 200, 409}[a.IntN(5)])
		a.read(at.Add(2*time.Second), pointPage, i)
	}
}

// holidayHours is a chain's clerk who goes down the list of its shops to enter their hours, and checks them the next day.
func holidayHours(a actor) {
	s := a.signposts
	var own []int
	for len(own) < 25 {
		own = s.runBy[a.IntN(len(s.runBy))]
	}
	own = own[:min(len(own), a.N(90))]
	at := traffic.Start.Add(time.Duration(8*60+a.IntN(120)) * time.Minute)
	for _, i := range own {
		a.read(at, pointPage, i)
		at = at.Add(a.pause(40 * time.Second))
		a.Do(at, "PUT", pointOpen, a.pathOf(pointOpen, i), 200)
	}
	next := a.Clock(at.AddDate(0, 0, 1), 8*time.Second)
	for _, i := range own {
		a.read(next(), pointOpen, i)
	}
}

// dispatchOutage is a dispatch system that tries again, longer and longer apart, while nothing answers.
func dispatchOutage(a actor) {
	area := a.IntN(numAreas)
	for _, at := range a.unwell(a.N(85)) {
		a.advise(at, area)
	}
	down := traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length - time.Hour))))
	for range a.N(45) {
		i, at := a.choose(a.enquire(area)), down.Add(time.Duration(a.Int64N(int64(20*time.Minute))))
		for wait := time.Second; at.Before(down.Add(20*time.Minute)) && wait < 90*time.Second; wait *= 2 {
			a.Do(at, "GET", pointRoom, a.pathOf(pointRoom, i), 503+a.IntN(2))
			at = at.Add(wait + time.Duration(a.Int64N(int64(wait))))
		}
		a.read(at, pointRoom, i)
	}
}

// supplier runs its tests again and again while its product is being connected, and makes beginners' mistakes.
func supplier(a actor) {
	first := a.IntN(len(a.signposts.points) - 12)
	for _, at := range a.Office(a.N(40)) {
		next := a.Clock(at, 400*time.Millisecond)
		for i := range 6 + a.IntN(6) {
			a.read(next(), []string{pointPage, pointRoom, pointSend}[i%3], first+i)
		}
		a.dial(next(), uint64(1+a.IntN(40)))
		a.Do(next(), "GET", pointPage, "/services/null", 400)
	}
}

// trustAtNight reads how full its own services, all in one town, are every night.
func trustAtNight(a actor) {
	own := a.signposts.towns[a.IntN(20)].points
	own = own[:min(len(own), a.N(130))]
	for d := range 3 {
		next := a.Clock(a.Night(d), 700*time.Millisecond)
		for _, i := range own {
			a.read(next(), pointRoom, i)
		}
	}
}

// commissioner reads a long list every night with a few workers; some of its services have closed. Half of the lists are sorted.
func commissioner(a actor) {
	s, workers := a.signposts, 1+a.IntN(5)
	var numbers []uint64
	for _, i := range a.Perm(len(s.points))[:a.N(270)] {
		numbers = append(numbers, s.points[i].number)
		if a.IntN(25) == 0 {
			numbers[len(numbers)-1] = s.gone[a.IntN(len(s.gone))]
		}
	}
	if a.IntN(2) == 0 {
		slices.Sort(numbers)
	}
	for d := range 3 {
		next := a.Clock(a.Night(d), 800*time.Millisecond)
		for _, number := range numbers {
			a.dial(next().Add(time.Duration(a.IntN(workers*1500))*time.Millisecond), number)
		}
	}
}

// wallboard shows how full some wards of a town are, and asks in rounds.
func wallboard(a actor) {
	points := a.signposts.towns[a.IntN(20)].points
	points = points[:min(len(points), 5+a.IntN(7))]
	n := a.N(65)
	next := a.Clock(traffic.Start, traffic.Length/time.Duration(n))
	for range n {
		at := next()
		for k, i := range points {
			a.read(at.Add(time.Duration(k)*time.Second), pointRoom, i)
		}
	}
}

// portal asks for what its visitors open and keeps it; some times a day it asks again for what was opened since.
func portal(a actor) {
	area, lasts := a.IntN(numAreas), time.Duration(3+a.IntN(6))*time.Hour
	opened, kept, due := map[int]bool{}, []int{}, traffic.Start.Add(lasts)
	for _, at := range a.unwell(a.N(340)) {
		for ; at.After(due); due = due.Add(lasts) {
			kept = slices.DeleteFunc(kept, func(i int) bool { return !opened[i] })
			next := a.Clock(due, 2*time.Second)
			for _, i := range kept {
				a.read(next(), pointPage, i)
			}
			clear(opened)
		}
		i := a.choose(a.enquire(area))
		if opened[i] = true; !slices.Contains(kept, i) {
			kept = append(kept, i)
			a.read(at, pointPage, i)
		}
	}
}
