package directory

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are the crawling kinds. Ordered are those that go by number, also by the numbers in
// codes and by dates.
func (d *directory) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "areas and links, breadth first", Crawls: true, Play: d.bind(followLinks)},
		{Name: "upwards, skipping at random", Crawls: true, Ordered: true, Play: d.bind(upwards)},
		{Name: "workers that wait when told", Crawls: true, Ordered: true, Play: d.bind(poolOfWorkers)},
		{Name: "list bought elsewhere, by name", Crawls: true, Play: d.bind(bought)},
		{Name: "day after day of registrations", Crawls: true, Ordered: true, Play: d.bind(dayByDay)},
		{Name: "sitemap from top to bottom", Crawls: true, Play: d.bind(fromSitemap)},
		{Name: "resumed after each crash", Crawls: true, Ordered: true, Play: d.bind(resuming)},
		{Name: "every prefix of the search box", Crawls: true, Play: d.bind(everyPrefix)},
		{Name: "one large area, whole", Crawls: true, Play: d.bind(oneArea)},
		{Name: "office hours, at a person's pace", Crawls: true, Play: d.bind(likeAPerson)},
		{Name: "one in ten under many sites", Crawls: true, Hidden: true, Play: d.bind(underManySites)},
		{Name: "organisations with all they run", Crawls: true, Ordered: true, Play: d.bind(nested)},
		{Name: "middles between known numbers", Crawls: true, Play: d.bind(bisected)},
		{Name: "shuffled, from changing addresses", Crawls: true, Play: d.bind(changingAddresses)},
		{Name: "some hundreds a day, for months", Crawls: true, Play: d.bind(hundredsADay)},
		{Name: "one sort whole, and again", Crawls: true, Play: d.bind(refreshed)},
		{Name: "down from the newest, half done", Crawls: true, Ordered: true, Play: d.bind(halfDone)},
	}
}

// followLinks is a crawling framework: the first pages of all areas, then all that they link to, and so on; eight at a time,
// with a random delay, so that neighbours overtake each other.
func followLinks(a actor) {
	type page struct{ area, number int }
	d, at := a.directory, a.Begins()
	a.tries(at)
	var pages []page
	for _, area := range a.Perm(areaCount)[:a.between(8, areaCount)] {
		pages = append(pages, page{area, 0})
	}
	n, threads, delay := a.many(400, 900), a.between(1, 8), a.wait(200*time.Millisecond, 6*time.Second)
	fetch := func() time.Time {
		n--
		at = at.Add(delay/2 + time.Duration(a.Int64N(int64(delay))))
		return at.Add(time.Duration(a.Int64N(int64(threads) * int64(delay))))
	}
	for len(pages) > 0 && n > 0 {
		var deeper []page
		var links []int
		for _, p := range pages {
			a.areaPage(fetch(), p.area, "all", p.number+1)
			own := d.spots[p.area]
			from, to := p.number*perPage, min((p.number+1)*perPage, len(own))
			if links = append(links, own[from:to]...); to < len(own) {
				deeper = append(deeper, page{p.area, p.number + 1})
			}
		}
		for _, i := range links[:min(max(n, 0), len(links))] {
			a.open(fetch(), i)
		}
		pages = deeper
	}
}

// bought works down a list sold by somebody: most of the directory by name, of which some have closed since.
func bought(a actor) {
	d, begins := a.directory, a.Begins()
	a.tries(begins)
	next, has, closed := a.Clock(begins, a.wait(200*time.Millisecond, 15*time.Second)), 0.4+0.6*a.Float64(), 0.1*a.Float64()
	n := a.many(400, 850)
	for _, i := range d.byName[a.IntN(len(d.byName)-2*n):] {
		if a.Float64() > has {
			continue
		}
		if n--; n < 0 {
			return
		}
		if a.Float64() < closed {
			a.Do(next(), "GET", healthService, fmt.Sprint("/HealthcareService/", 1_900_000_000+a.IntN(90_000_000)), 404)
			continue
		}
		a.open(next(), i)
	}
}

// fromSitemap reads the maps made for search engines, and each location that they name, last changed first.
func fromSitemap(a actor) {
	d, begins := a.directory, a.Begins()
	next, each, order := a.Clock(begins, a.wait(100*time.Millisecond, 8*time.Second)), a.between(80, 400), d.sitemap
	a.tries(begins)
	for k := range a.many(400, 850) {
		if k%each == 0 {
			a.Get(next(), sitemaps, fmt.Sprint("/sitemaps/", k/each+1))
		}
		a.site(next(), order[k])
	}
}

// everyPrefix types every letter behind every prefix that has more answers than are shown, and reads each answer that is new.
func everyPrefix(a actor) {
	d, begins := a.directory, a.Begins()
	next, n, deep := a.Clock(begins, a.wait(100*time.Millisecond, 4*time.Second)), a.many(400, 850), a.IntN(2) == 0
	a.tries(begins)
	known, waiting, first := map[int]bool{}, []string(nil), a.IntN(26)
	for k := range 26 {
		waiting = append(waiting, string(rune('a'+(first+k)%26)))
	}
	for len(waiting) > 0 && n > 0 {
		text := waiting[0]
		waiting = waiting[1:]
		a.Get(next(), typeahead, "/typeahead/"+text)
		n--
		found := d.named(text)
		for _, i := range found[:min(perPage, len(found))] {
			if !known[i] {
				known[i] = true
				a.open(next(), i)
				n--
			}
		}
		if len(found) <= perPage {
			continue
		}
		var longer []string
		for _, c := range "abcdefghijklmnopqrstuvwxyz-" {
			longer = append(longer, text+string(c))
		}
		if deep {
			waiting = append(longer, waiting...)
		} else {
			waiting = append(waiting, longer...)
		}
	}
}

// oneArea copies one of the five largest areas: its pages, then every service on them with where it is, as listed or shuffled.
func oneArea(a actor) {
	d, begins := a.directory, a.Begins()
	order := a.Perm(areaCount)
	slices.SortFunc(order, func(i, j int) int { return len(d.areas[j]) - len(d.areas[i]) })
	area := order[a.IntN(5)]
	own, next := slices.Clone(d.spots[area]), a.Clock(begins, a.wait(150*time.Millisecond, 12*time.Second))
	a.tries(begins)
	for page := range (len(own) + perPage - 1) / perPage {
		a.areaPage(next(), area, "all", page+1)
	}
	if a.IntN(2) == 0 {
		own = shuffled(a.Rand, own)
	}
	where := a.IntN(2) == 0
	for _, i := range own {
		if a.open(next(), i); where {
			a.site(next(), i)
		}
	}
}

// likeAPerson works from nine to half past five with a break, and waits as a reader would; what it reads is a shuffled whole.
func likeAPerson(a actor) {
	left := a.draw(len(a.directory.services), a.directory.byName)
	slow, hours := float64(a.wait(55*time.Second, 140*time.Second))/a.Busy, a.IntN(3) == 0
	for d := range 3 {
		at, ends, lunch := a.dayAt(d, 8.5, 9.5), a.dayAt(d, 17, 18), a.dayAt(d, 12, 13.2)
		for at.Before(ends) {
			if at.After(lunch) {
				at, lunch = at.Add(a.wait(25*time.Minute, 70*time.Minute)), ends
			}
			a.open(at, left[0])
			if hours {
				a.hours(at.Add(3*time.Second), left[0])
			}
			left = left[1:]
			at = at.Add(time.Duration(slow * (0.2 + a.ExpFloat64())))
		}
	}
}

// underManySites is a front end of many sites of which the host copies the directory meanwhile: by a clock, one call to nine
// of the sites', by number or by name.
func underManySites(a actor) {
	begins := a.dayAt(0, 1, 20)
	manySites(a)
	manySites(a)
	part, d := len(a.Calls)/9, a.directory
	order := d.byName
	if a.IntN(2) == 0 {
		order = slices.Clone(d.byName)
		slices.Sort(order)
	}
	from := a.IntN(len(order) - part)
	next := a.Clock(begins, traffic.Start.Add(traffic.Length).Sub(begins)/time.Duration(part+1))
	for _, i := range order[from : from+part] {
		a.open(next(), i)
	}
}

// changingAddresses asks for each service once, in no order, some calls from one address and the next from another.
func changingAddresses(a actor) {
	begins, addresses, n := a.Begins(), a.between(20, 160), a.many(400, 900)
	a.tries(begins)
	next, calls := a.Clock(begins, a.wait(150*time.Millisecond, 12*time.Second)), a.between(1, 20)
	for k, i := range a.draw(n, a.directory.byName) {
		if k%calls == 0 {
			at := a.IntN(addresses)
			a.Source = fmt.Sprintf("198.19.%d.%d", at*37%256, at)
		}
		a.open(next(), i)
	}
}

// hundredsADay asks for a few hundred a day, at any hour, of a whole that will take it a month or two: shuffled, or by name.
func hundredsADay(a actor) {
	order := slices.Clone(a.directory.byName)
	from := a.IntN(len(order) / 2)
	if a.IntN(2) == 0 {
		order = shuffled(a.Rand, order)
	}
	times := a.AnyTime(3 * a.many(150, 350))
	for k, i := range order[from : from+len(times)] {
		a.open(times[k], i)
	}
}
