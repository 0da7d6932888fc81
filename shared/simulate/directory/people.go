package directory

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// honest are the honest kinds, written while the detectors were being changed by somebody else. What a key does differs
// from key to key of a kind: how much, where, when and in which order. Those here follow people; those in jobs.go run by
// themselves.
func (d *directory) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "receptions of a practice group", Play: d.bind(receptions)},
		{Name: "chatbot that asks where", Play: d.bind(chatbot)},
		{Name: "app after a push", Play: d.bind(push)},
		{Name: "clinicians' favourites", Play: d.bind(favourites)},
		{Name: "list paged through and exported", Play: d.bind(exported)},
		{Name: "calendar of appointments", Play: d.bind(turnedDays)},
		{Name: "search box that completes", Play: d.bind(completing)},
		{Name: "front end of many sites, cached", Play: d.bind(manySites)},
		{Name: "helpline on a Monday morning", Play: d.bind(helpline)},
		{Name: "sync of an own subset", Play: d.bind(subsetSync)},
		{Name: "follower of the feed", Play: d.bind(follower)},
		{Name: "cache warmed after each deployment", Play: d.bind(deployments)},
		{Name: "load test by a new integrator", Play: d.bind(newIntegrator)},
		{Name: "audit of a random sample", Play: d.bind(randomAudit)},
		{Name: "weekly check of an area's own list", Play: d.bind(weeklyCheck)},
		{Name: "retries through an outage", Play: d.bind(outage)},
		{Name: "probe over fixed services", Play: d.bind(probe)},
		{Name: "nightly report by unit", Play: d.bind(nightlyReport)},
	}
}

// receptions are the desks of a few practices, which look for what is near the patient on the telephone, most of all at eight.
func receptions(a actor) {
	practice := a.inArea(a.anArea())
	for _, at := range a.over(a.many(60, 200), reception, 1+a.Float64()) {
		patient := a.nextDoor(practice)
		a.nearest(at, patient, a.Zipf(len(sorts)))
		for range a.between(1, 3) {
			at = at.Add(a.wait(4*time.Second, time.Minute))
			i := a.around(patient)
			a.open(at, i)
			switch a.IntN(8) {
			case 0, 1, 2:
				a.hours(at.Add(time.Second), i)
			case 3:
				a.org(at.Add(time.Second), a.directory.services[i].org, runBy, "")
			}
		}
	}
}

// chatbot asks where somebody is and what hurts, and fetches the first services of the answer at once.
func chatbot(a actor) {
	first, maps := a.between(1, 3), a.IntN(3) == 0
	for _, at := range a.over(a.many(50, 130), public, 1+a.Float64()/2) {
		who := a.anywhere()
		a.Get(at, pathways, fmt.Sprintf("/triage/pw%d/%s", a.Zipf(60), who.postcode()))
		for k, i := range a.closest(who, first) {
			a.open(at.Add(time.Duration(300+k*40)*time.Millisecond), i)
			a.hours(at.Add(time.Duration(350+k*40)*time.Millisecond), i)
			if maps {
				a.site(at.Add(time.Duration(400+k*40)*time.Millisecond), i)
			}
		}
	}
}

// push tells an app's users of a campaign once to three times: within minutes many look for the service next to them.
func push(a actor) {
	times := a.over(a.many(40, 130), public, 1)
	for range a.between(1, 3) {
		sent, calm := a.dayAt(a.IntN(3), 8, 19), float64(a.wait(4*time.Minute, 25*time.Minute))
		for range a.many(60, 160) {
			times = append(times, sent.Add(time.Duration(a.ExpFloat64()*calm)))
		}
	}
	campaign, direct := a.between(100, 999), a.IntN(2) == 0
	for _, at := range times {
		if direct { // from the telephones
			a.Source = fmt.Sprintf("198.19.%d.%d", a.IntN(256), a.IntN(256))
		}
		who := a.anywhere()
		a.Get(at, campaigns, fmt.Sprintf("/campaigns/%d/%s", campaign, who.postcode()))
		if a.IntN(10) < 6 {
			a.open(at.Add(a.wait(2*time.Second, 40*time.Second)), a.around(who))
		}
	}
}

// favourites are the services that clinicians have pinned: their app reads each again whenever a shift begins.
func favourites(a actor) {
	area, starts := a.anArea(), a.between(2, 4)
	for range a.many(9, 28) {
		own := few(a.between(4, 13), func() int { return a.sought(area) })
		shift := []float64{7, 13, 19}[a.IntN(3)]
		for k := range starts {
			at := a.dayAt(k%3, shift, shift+1.2)
			for _, i := range own {
				a.open(at, i)
				at = at.Add(time.Duration(50+a.IntN(200)) * time.Millisecond)
			}
		}
	}
}

// exported is somebody who pages through the lists of one area or two to copy a table, and opens what looks wrong.
func exported(a actor) {
	areas := a.someAreas(a.between(1, 2))
	for n, at := range a.over(a.many(5, 14), desk, 1) {
		area := areas[n%len(areas)]
		sort := "all"
		if a.IntN(2) == 0 {
			sort = sorts[a.IntN(len(sorts))]
		}
		page := 0
		for shown := range slices.Chunk(a.directory.listed(area, sort), perPage) {
			if page++; page > 20 {
				break
			}
			a.areaPage(at, area, sort, page)
			at = at.Add(a.wait(3*time.Second, 30*time.Second))
			for _, i := range a.draw(max(0, a.between(-4, 2)), shown) {
				a.open(at, i)
				at = at.Add(a.wait(5*time.Second, time.Minute))
			}
		}
	}
}

// turnedDays books appointments: people turn the days of a service until one suits, then try the next service.
func turnedDays(a actor) {
	for _, at := range a.over(a.many(28, 65), public, 1+a.Float64()) {
		who, sort := a.anywhere(), a.IntN(len(sorts))
		a.nearest(at, who, sort)
		for range a.between(1, 2) {
			i, from := a.around(who), at
			for d := range a.between(2, 12) {
				at = at.Add(a.wait(time.Second, 9*time.Second))
				a.aspect(at, i, slotsOf, "/Slot/"+from.AddDate(0, 0, d).Format(time.DateOnly))
			}
		}
	}
}

// completing is a search box that asks with every letter or every other; some mistype, and go back.
func completing(a actor) {
	d, every := a.directory, a.between(1, 2)
	for _, at := range a.over(a.many(35, 100), public, 1) {
		i := a.sought(a.anArea())
		name := d.services[i].name
		last := a.between(4, len(name)*2/3)
		for n := 2; n <= last; n += every {
			at = at.Add(a.wait(150*time.Millisecond, 900*time.Millisecond))
			if a.IntN(12) == 0 {
				a.Get(at, typeahead, "/typeahead/"+name[:n]+string(rune('a'+a.IntN(26))))
				at = at.Add(a.wait(300*time.Millisecond, 2*time.Second))
			}
			a.Get(at, typeahead, "/typeahead/"+name[:n])
		}
		a.open(at.Add(a.wait(time.Second, 8*time.Second)), i)
	}
}

// manySites serves many small sites, each with its own neighbourhood, from one cache: what reaches the directory is the long tail.
func manySites(a actor) {
	sites, fresh := make([]home, a.between(20, 110)), a.wait(15*time.Minute, 6*time.Hour)
	for k := range sites {
		sites[k] = a.anywhere()
	}
	cached := map[int]time.Time{}
	for _, at := range a.over(a.many(380, 850), public, 1) {
		of := sites[a.Zipf(len(sites))]
		i := a.around(of)
		if a.IntN(2) == 0 {
			i = a.sought(of.area)
		}
		if seen, known := cached[i]; known && at.Sub(seen) < fresh {
			continue
		}
		cached[i] = at
		a.open(at, i)
	}
}

// helpline asks for room at the nearest few services for each caller; on Monday morning half of the week's calls come.
func helpline(a actor) {
	areas := a.someAreas(3)
	times := a.over(a.many(30, 70), public, 1.5)
	for range a.many(30, 85) {
		times = append(times, a.dayAt(0, 7.5, 11.5))
	}
	slices.SortFunc(times, time.Time.Compare)
	for _, at := range times {
		caller := a.inArea(areas[a.IntN(len(areas))])
		a.nearest(at, caller, a.Zipf(len(sorts)))
		for k, i := range a.closest(caller, a.between(2, 5)) {
			a.aspect(at.Add(time.Duration(k+1)*200*time.Millisecond), i, capacityOf, "/capacity")
		}
	}
}
