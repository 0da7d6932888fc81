package references

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// honest are the honest kinds, written by a hand that had not read the detectors. Each reads what its own work needs, in a way
// that may look systematic. Those here follow people.
func (d directory) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "triage at a surge", Play: d.bind(triage)},
		{Name: "staff look-ups of a hospital group", Play: d.bind(staffLookups)},
		{Name: "kiosks in foyers", Play: d.bind(kiosks)},
		{Name: "support desk in another time zone", Play: d.bind(supportDesk)},
		{Name: "references that people type", Play: d.bind(typed)},
		{Name: "app behind a carrier's addresses", Play: d.bind(carrier)},
		{Name: "launch of a portal", Play: d.bind(launch)},
		{Name: "re-checks of flagged records", Play: d.bind(rechecks)},
		{Name: "reseller to many small users", Play: d.bind(reseller)},
		{Name: "migration of own records", Play: d.bind(migration)},
		{Name: "hourly check of own branches", Play: d.bind(hourlyBranches)},
		{Name: "cache warmed with own region", Play: d.bind(warming)},
		{Name: "load test of fifty", Play: d.bind(loadTest)},
		{Name: "subscriber to what changes", Play: d.bind(subscriber)},
		{Name: "yesterday's own encounters", Play: d.bind(yesterday)},
		{Name: "queue that backs off", Play: d.bind(backingOff)},
		{Name: "rotas on the hour", Play: d.bind(rotas)},
	}
}

// triage finds services near each caller; on one evening everybody calls.
func triage(a actor) {
	evening := traffic.Start.AddDate(0, 0, a.IntN(3)).Add(17 * time.Hour)
	times := a.AnyTime(a.N(130))
	for range a.N(110) {
		times = append(times, evening.Add(time.Duration(a.Int64N(int64(4*time.Hour)))))
	}
	for _, at := range times {
		home := a.popularSector()
		a.sector(at, home)
		for k := range 1 + a.IntN(3) {
			a.ref(at.Add(time.Duration(20+40*k)*time.Second), a.nearby(home))
		}
	}
}

// staffLookups shows who is who in one group, most of all at the changes of shifts.
func staffLookups(a actor) {
	group, people := a.IntN(40), 250+a.IntN(500)
	numbers := a.Some(people)
	for i, at := range a.AnyTime(a.N(450)) {
		if i%2 == 0 {
			at = at.Truncate(8 * time.Hour).Add(time.Duration(6*60+a.IntN(50)) * time.Minute)
		}
		a.Get(at, staff, fmt.Sprintf("/groups/g%d/staff/%06d", group, numbers[a.Zipf(people)]))
	}
}

// kiosks show the same few departments and the news while nobody is there, and what visitors touch.
func kiosks(a actor) {
	first := a.IntN(a.departments() - 60)
	for d := range 3 {
		opens := traffic.Start.AddDate(0, 0, d).Add(7 * time.Hour)
		for i := range a.N(14) {
			at := opens.Add(time.Duration(i) * 50 * time.Minute / time.Duration(a.Busy))
			for k := range 6 {
				a.department(at.Add(time.Duration(k)*15*time.Second), traffic.Slug(first+k))
			}
			a.bulletin(at.Add(2*time.Minute), a.newest(at))
		}
	}
	for _, at := range a.Awake(a.N(190)) {
		a.department(at, traffic.Slug(first+a.Zipf(60)))
	}
}

// supportDesk opens an organisation when a ticket comes, and again each time that somebody answers.
func supportDesk(a actor) {
	for _, at := range a.zoned(a.N(130)) {
		about := a.popularOrganisation()
		for range 1 + a.IntN(5) {
			a.organisation(at, about)
			at = at.Add(time.Duration(a.ExpFloat64() * float64(90*time.Minute)))
		}
	}
}

// typed checks the references that people type into a form: some mistype, and try again.
func typed(a actor) {
	for _, at := range a.Awake(a.N(400)) {
		id := a.Popular()
		for a.IntN(100) < 8 {
			wrong := id*10 + (checked(id)+1+a.Uint64N(9))%10
			a.Do(at, "GET", service, fmt.Sprint("/services/", wrong), 404)
			at = at.Add(time.Duration(5+a.IntN(20)) * time.Second)
		}
		a.ref(at, id)
		if a.IntN(3) == 0 {
			a.part(at.Add(4*time.Second), opening, "/opening", id)
		}
	}
}

// carrier is an app of which all users come from four addresses; each sees the squares around home.
func carrier(a actor) {
	for _, at := range a.Awake(a.N(130)) {
		a.Source = fmt.Sprintf("198.18.200.%d", a.IntN(4))
		lat, lon := a.Town(1 + a.Zipf(25))
		lat, lon = lat+a.NormFloat64()*.015, lon+a.NormFloat64()*.03
		a.hash(at, lat, lon)
		for k := range a.IntN(7) {
			a.hash(at.Add(time.Second), lat+float64(k%3-1)*hashLat, lon+float64(k/3-1)*hashLon)
		}
	}
}

// launch is a portal that opens to the public on the second day, and is tried by its makers before.
func launch(a actor) {
	few := a.Some(8)
	for _, at := range a.Office(a.N(60)) {
		a.ref(at, few[a.IntN(len(few))])
	}
	opens := traffic.Start.Add(34 * time.Hour)
	for _, at := range a.Awake(a.N(450)) {
		if at.Before(opens) {
			continue
		}
		home := a.popularSector()
		a.sector(at, home)
		a.ref(at.Add(8*time.Second), a.nearby(home))
		if a.IntN(2) == 0 {
			id := a.Popular()
			a.ref(at.Add(30*time.Second), id)
			a.part(at.Add(31*time.Second), opening, "/opening", id)
		}
	}
}

// rechecks looks at records that somebody reported, and again until they are put right.
func rechecks(a actor) {
	var open []uint64
	for d := range 3 {
		open = append(open, a.Some(a.N(60))...)
		next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(9*time.Hour), 3*time.Minute/time.Duration(a.Busy))
		left := open[:0:0]
		for _, i := range a.Perm(len(open)) {
			a.ref(next(), open[i])
			if a.IntN(2) == 0 {
				a.Do(next(), "PUT", service, fmt.Sprint("/services/", checked(open[i])), 200)
				a.ref(next(), open[i])
			} else {
				left = append(left, open[i])
			}
		}
		open = left
	}
}

// reseller passes on what its small users ask for: each asks for the same few every day, which nobody else wants.
func reseller(a actor) {
	for range a.N(45) {
		own, hour := a.Some(4+a.IntN(8)), time.Duration(a.Int64N(int64(22*time.Hour)))
		for d := range 3 {
			at := traffic.Start.AddDate(0, 0, d).Add(hour + time.Duration(a.Int64N(int64(time.Hour))))
			for _, i := range a.Perm(len(own)) {
				a.ref(at, own[i])
				at = at.Add(time.Duration(a.ExpFloat64() * float64(2*time.Minute)))
			}
		}
	}
}
