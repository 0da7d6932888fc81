package references

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// The resources of the directory.
const (
	service      = "/services/{ref}"
	opening      = "/services/{ref}/opening"
	reviews      = "/services/{ref}/reviews"
	organisation = "/organisations/{uuid}"
	letters      = "/directory/{letter}/pages/{page}"
	sector       = "/sectors/{district}/{sector}"
	geo          = "/geo/{hash}"
	department   = "/departments/{slug}"
	bulletin     = "/bulletins/{number}"
	changes      = "/changes/{since}"
	encounters   = "/encounters/{day}"
	encounter    = "/encounters/{day}/{number}"
	staff        = "/groups/{group}/staff/{number}"
	rota         = "/rotas/{site}/{day}"
)

// checked puts a check digit (Luhn's) behind a number.
func checked(id uint64) uint64 {
	sum := uint64(0)
	for rest, double := id, true; rest > 0; rest, double = rest/10, !double {
		digit := rest % 10
		if double {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	return id*10 + (10-sum%10)%10
}

// ref asks for the service with a number, to which its check digit is added; whether there is one or not.
func (a actor) ref(at time.Time, id uint64) { a.part(at, service, "", id) }

// part asks for a part of a service.
func (a actor) part(at time.Time, template, part string, id uint64) {
	path := fmt.Sprintf("/services/%d%s", checked(id), part)
	if _, there := slices.BinarySearch(a.IDs, id); !there {
		a.Do(at, "GET", template, path, 404)
		return
	}
	a.Get(at, template, path)
}

func (a actor) organisation(at time.Time, i int) {
	a.Get(at, organisation, "/organisations/"+traffic.UUID(1_000_000+i))
}

// popularOrganisation draws one as the public does.
func (a actor) popularOrganisation() int { return a.Demand[a.Zipf(len(a.IDs))] }

// districts is how many there are, of ten sectors each.
func (a actor) districts() int { return len(a.IDs) / 15 }

func (a actor) sector(at time.Time, i int) {
	d := i / 10
	a.Get(at, sector, fmt.Sprintf("/sectors/%c%c%d/%d", 'A'+d/20/26%26, 'A'+d/20%26, 1+d%20, i%10))
}

// popularSector draws a sector as the public does; neighbours are not alike.
func (a actor) popularSector() int {
	n := 10 * a.districts()
	return a.Zipf(n) * 7919 % n
}

// nearby draws one of the services of a sector, the nearest more often.
func (a actor) nearby(sector int) uint64 {
	return a.IDs[(sector*37+a.Zipf(7)*911)%len(a.IDs)]
}

// departments is how many there are.
func (a actor) departments() int { return len(a.IDs) / 4 }

func (a actor) department(at time.Time, name string) { a.Get(at, department, "/departments/"+name) }

// A geohash of six characters covers so many degrees.
const (
	hashLat = 180.0 / (1 << 15)
	hashLon = 360.0 / (1 << 15)
)

// hash asks for the square of a geohash in which a point lies.
func (a actor) hash(at time.Time, lat, lon float64) {
	const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz"
	y, x := int((lat+90)/hashLat), int((lon+180)/hashLon)
	bits := 0
	for i := 14; i >= 0; i-- {
		bits = bits<<2 | x>>i&1<<1 | y>>i&1
	}
	var b [6]byte
	for i := range b {
		b[i] = alphabet[bits>>(25-5*i)&31]
	}
	a.Get(at, geo, "/geo/"+string(b[:]))
}

// archived is the number of the newest bulletin when the corpus begins.
const archived = 48_000

// newest is the number of the newest bulletin at a moment: about five an hour are written.
func (a actor) newest(at time.Time) int {
	return archived + int(at.Sub(traffic.Start).Hours()*5*a.Busy)
}

func (a actor) bulletin(at time.Time, number int) {
	a.Get(at, bulletin, fmt.Sprint("/bulletins/", number))
}

// zoned are n moments of working hours somewhere else on earth.
func (a actor) zoned(n int) []time.Time {
	ahead := time.Duration(a.IntN(24)) * time.Hour
	return a.Moments(n, func() time.Duration {
		hour := float64(24*a.IntN(3)) + 8.5 + 9*a.Float64()
		return (time.Duration(hour*float64(time.Hour)) + ahead) % traffic.Length
	})
}
