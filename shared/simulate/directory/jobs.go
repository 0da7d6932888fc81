package directory

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// subsetSync asks every few minutes what has changed since it last asked, and reads what of that is in its own few areas.
func subsetSync(a actor) {
	d, every := a.directory, a.wait(6*time.Minute, 40*time.Minute)
	own := a.Perm(areaCount)[:a.between(3, 10)]
	next, seen := a.Clock(traffic.Start.Add(a.wait(time.Minute, 12*time.Hour)), every), -1
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		newest := d.newest(at)
		if seen < 0 {
			seen = max(0, newest-a.IntN(40))
		}
		a.Get(at, feedAfter, fmt.Sprint("/changes/after/", firstChange+seen))
		for _, c := range d.changes[seen:newest] {
			if slices.Contains(own, d.services[c.service].area) {
				at = at.Add(a.wait(100*time.Millisecond, time.Second))
				a.open(at, c.service)
			}
		}
		seen = newest
	}
}

// follower reads each entry of the feed soon after it was written, one number after the other, and the version of the
// record that some of them name.
func follower(a actor) {
	late, share := a.wait(5*time.Second, 20*time.Minute), 0.2+0.8*a.Float64()
	done := traffic.Start
	for n, c := range a.directory.changes {
		at := c.at.Add(time.Duration(a.Float64() * float64(late)))
		if at.Before(done) {
			at = done
		}
		done = at.Add(300 * time.Millisecond)
		a.Get(at, feedEntry, fmt.Sprint("/changes/", firstChange+n))
		if a.Float64() < share {
			a.aspect(at.Add(200*time.Millisecond), c.service, versionOf, fmt.Sprint("/_history/", c.version))
		}
	}
}

// deployments empty a cache, which is then filled with what its site's visitors want most, by rank or by number; what
// they look up reaches the directory when it is not there, or no longer fresh.
func deployments(a actor) {
	d, areas := a.directory, a.someAreas(a.between(1, 4))
	var own []int
	for _, area := range areas {
		own = append(own, d.wanted[area][:min(a.many(20, 60), len(d.wanted[area])/2)]...)
	}
	if a.IntN(2) == 0 {
		slices.Sort(own)
	}
	gap, fresh, cached := a.wait(40*time.Millisecond, 700*time.Millisecond), a.wait(10*time.Minute, 4*time.Hour), map[int]time.Time{}
	deployed := a.over(a.between(2, 5), desk, 1)
	for _, at := range a.over(a.many(250, 600), public, 1) {
		for len(deployed) > 0 && deployed[0].Before(at) {
			next := a.Clock(deployed[0], gap)
			for _, i := range own {
				cached[i] = next()
				a.open(cached[i], i)
			}
			deployed = deployed[1:]
		}
		i := a.sought(areas[a.IntN(len(areas))])
		if seen, known := cached[i]; known && at.Sub(seen) < fresh {
			continue
		}
		cached[i] = at
		a.open(at, i)
	}
}

// newIntegrator has a few services to test with: by hand at first, and one morning from many threads, ever faster.
func newIntegrator(a actor) {
	own := a.draw(a.between(25, 120), a.directory.byName)
	for _, at := range a.over(a.between(20, 60), desk, 1) {
		a.open(at, own[a.Zipf(len(own))])
	}
	at, gap, calls := a.dayAt(a.IntN(3), 8, 11), a.wait(300*time.Millisecond, 2*time.Second), a.many(300, 800)
	for k := range calls {
		i := own[a.IntN(len(own))]
		if a.open(at, i); a.IntN(4) == 0 {
			a.hours(at, i)
		}
		at = at.Add(time.Duration(a.ExpFloat64() * float64(gap) / (1 + 9*float64(k)/float64(calls))))
	}
}

// randomAudit is a team that holds a random sample of the directory, a fiftieth of it at most, against what services say on
// the telephone; what was wrong is looked at again. Samples are worked through as drawn, by number, or by area.
func randomAudit(a actor) {
	d := a.directory
	sample := a.draw(a.many(90, 185), d.byName)
	switch a.IntN(3) {
	case 0:
		slices.Sort(sample)
	case 1:
		slices.SortStableFunc(sample, func(i, j int) int { return d.services[i].area - d.services[j].area })
	}
	times := a.over(len(sample), desk, 1)
	if a.IntN(2) == 0 {
		times = a.over(len(sample), desk, 3) // begun in haste
	}
	for n, at := range times {
		i := sample[n]
		a.open(at, i)
		a.hours(at.Add(a.wait(5*time.Second, 90*time.Second)), i)
		if a.IntN(2) == 0 {
			a.site(at.Add(a.wait(5*time.Second, 2*time.Minute)), i)
		}
		if a.IntN(6) == 0 {
			a.open(at.Add(a.wait(5*time.Minute, 20*time.Hour)), i)
		}
	}
}

// weeklyCheck reads what an area commissions itself, early on Monday, by name, by code or by number; what differs it reads again until
// it is right. The rest of the time people of the area look things up.
func weeklyCheck(a actor) {
	d, area := a.directory, a.anArea()
	own := a.draw(min(a.many(60, 220), 2*len(d.areas[area])/3), d.areas[area])
	switch a.IntN(3) {
	case 0:
		slices.Sort(own)
	case 1:
		slices.SortFunc(own, func(i, j int) int {
			return cmp.Compare(d.orgs[d.services[i].org], d.orgs[d.services[j].org])
		})
	default:
		slices.SortFunc(own, func(i, j int) int { return cmp.Compare(d.services[i].name, d.services[j].name) })
	}
	next := a.Clock(a.dayAt(0, 5, 9), a.wait(200*time.Millisecond, 6*time.Second))
	for _, i := range own {
		a.open(next(), i)
	}
	wrong := a.draw(a.between(len(own)/20, len(own)/6), own)
	for _, at := range a.over(a.between(2, 4), desk, 0) {
		for _, i := range wrong {
			a.open(at, i)
			at = at.Add(a.wait(5*time.Second, 2*time.Minute))
		}
		wrong = wrong[:len(wrong)*2/3]
	}
	for _, at := range a.over(a.many(60, 200), desk, 1) {
		a.open(at, a.sought(area))
	}
}

// outage is a client of which the calls fail for a while: each waits twice as long as before, and what was
// given up is asked again when all is well.
func outage(a actor) {
	from, gives := a.dayAt(a.IntN(3), 9, 18), a.between(3, 6)
	over := from.Add(a.wait(15*time.Minute, 90*time.Minute))
	var left []int
	for _, at := range a.over(a.many(250, 550), public, 1+a.Float64()) {
		i := a.around(a.anywhere())
		if a.IntN(2) == 0 {
			i = a.sought(a.anArea())
		}
		for k := 0; ; k++ {
			if at.Before(from) || at.After(over) {
				a.open(at, i)
				break
			}
			a.Do(at, "GET", healthService, fmt.Sprint("/HealthcareService/", a.directory.services[i].id), []int{500, 502, 503, 504}[a.IntN(4)])
			if k == gives {
				left = append(left, i)
				break
			}
			at = at.Add(time.Duration(float64(int64(1)<<k) * (0.5 + a.Float64()) * float64(time.Second)))
		}
	}
	next := a.Clock(over.Add(time.Minute), a.wait(200*time.Millisecond, 2*time.Second))
	for _, i := range left {
		a.open(next(), i)
	}
}

// probe asks the same services in turn, day and night, whether they still answer; some probes have them in order of their numbers.
func probe(a actor) {
	own := a.draw(a.between(12, 60), a.directory.byName)
	if a.IntN(2) == 0 {
		slices.Sort(own)
	}
	rounds := max(2, a.many(300, 750)/len(own))
	every, gap := traffic.Length/time.Duration(rounds), a.wait(20*time.Millisecond, 5*time.Second)
	for r := range rounds {
		at := traffic.Start.Add(time.Duration(r)*every + time.Duration(a.IntN(5000))*time.Millisecond)
		for _, i := range own {
			a.open(at, i)
			at = at.Add(gap)
		}
	}
}

// nightlyReport reads what each unit of a trust did the day before, unit by unit; one night a week is caught up with all days before it.
func nightlyReport(a actor) {
	trust, units, long := a.IntN(len(a.directory.orgs)), a.many(30, 85), a.IntN(3)
	for d := range 3 {
		next := a.Clock(a.dayAt(d, 1, 5), a.wait(100*time.Millisecond, 4*time.Second))
		back := 1
		if d == long {
			back = a.between(2, 7)
		}
		for u := range units {
			for b := range back {
				a.org(next(), trust, activityOf, fmt.Sprintf("/units/%03d/activity/%s", u+1, traffic.Day(d-back+b)))
			}
		}
	}
}
