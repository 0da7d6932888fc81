package directory

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// The resources of the directory.
const (
	healthService = "/HealthcareService/{id}"
	hoursOf       = "/HealthcareService/{id}/hours/{date}"
	slotsOf       = "/HealthcareService/{id}/Slot/{date}"
	capacityOf    = "/HealthcareService/{id}/capacity"
	endpointsOf   = "/HealthcareService/{id}/Endpoint"
	versionOf     = "/HealthcareService/{id}/_history/{version}"
	runBy         = "/Organization/{ods}"
	servicesOf    = "/Organization/{ods}/HealthcareService"
	activityOf    = "/Organization/{ods}/units/{unit}/activity/{date}"
	location      = "/Location/{uuid}"
	nearPostcode  = "/postcodes/{postcode}/{type}"
	pathways      = "/triage/{pathway}/{postcode}"
	campaigns     = "/campaigns/{campaign}/{postcode}"
	typeahead     = "/typeahead/{text}"
	areaPages     = "/areas/{area}/{type}/pages/{page}"
	servicePages  = "/services/pages/{page}"
	published     = "/published/{date}"
	feedAfter     = "/changes/after/{number}"
	feedEntry     = "/changes/{number}"
	sitemaps      = "/sitemaps/{number}"
)

// perPage is how many services a page of a list names.
const perPage = 10

// open reads a service.
func (a actor) open(at time.Time, i int) { a.aspect(at, i, healthService, "") }

// aspect reads something of a service.
func (a actor) aspect(at time.Time, i int, template, rest string) {
	s := a.directory.services[i]
	path := fmt.Sprintf("/HealthcareService/%d%s", s.id, rest)
	if s.closed {
		a.Do(at, "GET", template, path, 404)
		return
	}
	a.Get(at, template, path)
}

// hours reads when a service is open on the day of a moment.
func (a actor) hours(at time.Time, i int) {
	a.aspect(at, i, hoursOf, "/hours/"+at.Format(time.DateOnly))
}

// try asks for a service by number, whether there is one or not.
func (a actor) try(at time.Time, id uint64) {
	i, there := slices.BinarySearchFunc(a.directory.services, id, func(s listed, id uint64) int {
		return cmp.Compare(s.id, id)
	})
	if !there {
		a.Do(at, "GET", healthService, fmt.Sprint("/HealthcareService/", id), 404)
		return
	}
	a.open(at, i)
}

func (a actor) org(at time.Time, o int, template, rest string) {
	a.Get(at, template, "/Organization/"+a.directory.orgs[o]+rest)
}

// site reads where a service is.
func (a actor) site(at time.Time, i int) { a.Get(at, location, "/Location/"+traffic.UUID(5_000_000+i)) }

func (a actor) areaPage(at time.Time, area int, sort string, page int) {
	a.Get(at, areaPages, fmt.Sprintf("/areas/Q%02d/%s/pages/%d", area, sort, page))
}

// home is where somebody lives.
type home struct{ area, sector, unit int }

// An area has so many sectors, of so many postcodes each.
const (
	areaSectors = 60
	sectorUnits = 400
)

// postcode is the home's, without the space.
func (h home) postcode() string {
	return fmt.Sprintf("%c%c%d%d%c%c", 'A'+h.area%26, 'A'+(h.area*11+3)%26, 1+h.sector/6, h.sector%6,
		'A'+h.unit/20, 'A'+h.unit%20)
}

// inArea draws a home of an area; some sectors have more people.
func (a actor) inArea(area int) home {
	return home{area, (a.Zipf(areaSectors)*17 + area) % areaSectors, a.IntN(sectorUnits)}
}

// anywhere draws a home of the country.
func (a actor) anywhere() home { return a.inArea(a.anArea()) }

// anArea draws one by how much there is in it.
func (a actor) anArea() int {
	crowd := a.directory.crowd
	return crowd[a.IntN(len(crowd))]
}

// someAreas draws n different ones.
func (a actor) someAreas(n int) []int { return few(n, a.anArea) }

// listed is what the pages of a sort of an area list, in their order.
func (d *directory) listed(area int, sort string) []int {
	return slices.DeleteFunc(slices.Clone(d.spots[area]), func(i int) bool {
		return sort != "all" && sort != sorts[d.services[i].sort]
	})
}

// nextDoor draws a home not far from another.
func (a actor) nextDoor(h home) home {
	h.sector = (h.sector + areaSectors + int(a.NormFloat64()*2)) % areaSectors
	h.unit = a.IntN(sectorUnits)
	return h
}

// around draws a service not far from a home, the nearest more often.
func (a actor) around(h home) int {
	spots := a.directory.spots[h.area]
	return spots[(h.sector*len(spots)/areaSectors+a.Zipf(12))%len(spots)]
}

// closest are the first few services of an answer for a home.
func (a actor) closest(h home, n int) []int { return few(n, func() int { return a.around(h) }) }

// few draws until it has n different ones, or has drawn long enough.
func few(n int, draw func() int) []int {
	var out []int
	for k := 0; len(out) < n && k < 20*n; k++ {
		if i := draw(); !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// nearest searches around a home.
func (a actor) nearest(at time.Time, h home, sort int) {
	a.Get(at, nearPostcode, "/postcodes/"+h.postcode()+"/"+sorts[sort])
}

// sought draws a service of an area as its public does.
func (a actor) sought(area int) int {
	own := a.directory.wanted[area]
	return own[a.Zipf(len(own))]
}

// between draws a number of a range, its ends included.
func (a actor) between(lo, hi int) int { return lo + a.IntN(hi-lo+1) }

// many draws how many of something a key does: twice as much is as likely as half. In a large corpus it is more.
func (a actor) many(lo, hi int) int {
	return int(a.Busy * float64(lo) * math.Pow(float64(hi)/float64(lo), a.Float64()))
}

// wait draws a time as many draws numbers.
func (a actor) wait(lo, hi time.Duration) time.Duration {
	return time.Duration(float64(lo) * math.Pow(float64(hi)/float64(lo), a.Float64()))
}

// draw takes n different services, or as many as there are, of those given.
func (a actor) draw(n int, of []int) []int { return shuffled(a.Rand, of)[:min(n, len(of))] }

// rhythm is how busy the hours of a day are.
type rhythm [24]float64

// The rhythms of those who ask.
var (
	reception = rhythm{8: 10, 9: 8, 10: 6, 11: 5, 12: 3, 13: 3, 14: 5, 15: 5, 16: 4, 17: 3, 18: 1}
	desk      = rhythm{7: 1, 8: 4, 9: 8, 10: 9, 11: 8, 12: 4, 13: 5, 14: 8, 15: 8, 16: 7, 17: 3, 18: 1}
	public    = rhythm{2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 8, 8, 8, 7, 7, 8, 9, 10, 10, 9, 8, 6, 4}
)

// over draws n moments in a rhythm, which each key has in its own way; Monday is so many times as busy as another day.
func (a actor) over(n int, of rhythm, monday float64) []time.Time {
	var until [72]float64
	sum := 0.0
	for i := range until {
		w := of[i%24] * (0.5 + a.Float64())
		if i < 24 {
			w *= monday
		}
		sum += w
		until[i] = sum
	}
	return a.Moments(n, func() time.Duration {
		hour, _ := slices.BinarySearch(until[:], sum*a.Float64())
		return time.Duration((float64(min(hour, 71)) + a.Float64()) * float64(time.Hour))
	})
}

// dayAt is a moment of day d, between two hours.
func (a actor) dayAt(d int, from, to float64) time.Time {
	return traffic.Start.AddDate(0, 0, d).Add(time.Duration((from + (to-from)*a.Float64()) * float64(time.Hour)))
}
