package register

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"accord/shared/simulate/traffic"
)

// register is what the kinds ask: a national register of practices that give care. A practice has a number of eight
// digits, the first two for its sort, with gaps. Numbers say nothing about where it is. A chain was given its numbers in a block.
type register struct {
	practices []practice // by number
	towns     []township // the one most asked for first
	codes     int        // the postcodes given, from firstCode on
	orgs      []org
	staff     []member        // by number
	full      map[uint32]bool // squares with more practices than one answer holds
}

type practice struct {
	number uint64
	org    int
	team   []int // of staff
}

type township struct {
	name      string
	practices []int // the one most asked for first
	codes     []int // its postcodes
	lat, lon  float64
}

// org is who runs practices: a run of the register.
type org struct{ number, first, practices int }

// member is somebody who works in care: a number whose last digit is a check of the others, and the practices worked at.
type member struct {
	number uint64
	at     []int
}

// The sorts of care, and how many percent of the practices are of them.
var careSorts = []struct {
	name  string
	share int
}{{"gp", 24}, {"pharmacy", 14}, {"dentist", 17}, {"physio", 20}, {"midwife", 4}, {"mental", 13}, {"nursing", 6}, {"hospital", 2}}

// The resources of the register.
const (
	atPractice = "/practices/{number}"
	atHours    = "/practices/{number}/hours"
	atTeam     = "/practices/{number}/team"
	atSlots    = "/practices/{number}/slots/{date}"
	atMember   = "/professionals/{number}"
	atOrg      = "/organisations/{number}"
	atAround   = "/around/{postcode}/{sort}/{km}"
	atTown     = "/towns/{town}/{sort}/{page}" // ten practices
	atList     = "/lists/{sort}/{page}"        // twenty practices, by number
	atPostcode = "/postcodes/{postcode}/{sort}"
	atSquare   = "/squares/{geohash}"
	atChange   = "/changes/{number}"
)

const (
	firstCode = 10_000    // the lowest postcode
	changesBy = 2_418_000 // the last change that was numbered before traffic.Start
)

func newRegister(r *rand.Rand, size traffic.Size) *register {
	g := &register{full: map[uint32]bool{}}
	for _, i := range r.Perm(size.Places / 20) {
		g.towns = append(g.towns, township{name: traffic.Slug(i), lat: 50.8 + 2.6*r.Float64(), lon: 3.4 + 3.7*r.Float64()})
	}
	town, without := rand.NewZipf(r, 1.08, 6, uint64(len(g.towns)-1)), r.Perm(len(g.towns))
	for s, sort := range careSorts {
		number := uint64(s+1)*1_000_000 + r.Uint64N(2000)
		for range Catalogue(size) * sort.share / 100 {
			for number++; r.Float64() > 0.62; number++ {
			}
			t := int(town.Uint64())
			if len(without) > 0 { // every town has a practice
				t, without = without[0], without[1:]
			}
			g.towns[t].practices = append(g.towns[t].practices, len(g.practices))
			g.practices = append(g.practices, practice{number: number})
		}
	}
	g.incorporate(r)
	g.employ(r)
	g.post(r)
	return g
}

// incorporate gives each practice to an organisation: most have a few, a chain has a block.
func (g *register) incorporate(r *rand.Rand) {
	for first := 0; first < len(g.practices); {
		n := 1 + r.IntN(4)
		if r.IntN(60) == 0 {
			n = 40 + r.IntN(80)
		}
		n = min(n, len(g.practices)-first)
		for i := range n {
			g.practices[first+i].org = len(g.orgs)
		}
		g.orgs = append(g.orgs, org{number: 10_000_000 + r.IntN(80_000_000), first: first, practices: n})
		first += n
	}
}

// employ fills the teams.
func (g *register) employ(r *rand.Rand) {
	base := 120_000_000 + r.Uint64N(1_000_000)
	for range 2 * len(g.practices) {
		for base++; r.Float64() > 0.7; base++ {
		}
		g.staff = append(g.staff, member{number: withCheck(base)})
	}
	for i := range g.practices {
		for range 1 + r.IntN(4) {
			m := r.IntN(len(g.staff))
			g.practices[i].team = append(g.practices[i].team, m)
			g.staff[m].at = append(g.staff[m].at, i)
		}
	}
}

// post gives each town postcodes in a row, in no order of towns, and says which practices are asked for most.
func (g *register) post(r *rand.Rand) {
	code := firstCode
	for _, t := range r.Perm(len(g.towns)) {
		town := &g.towns[t]
		for range 2 + len(town.practices)/6 {
			code += 1 + r.IntN(3)
			town.codes = append(town.codes, code)
			g.codes++
		}
		r.Shuffle(len(town.practices), func(i, j int) {
			town.practices[i], town.practices[j] = town.practices[j], town.practices[i]
		})
		if len(town.practices) > 25 {
			g.full[geohash(town.lat, town.lon)] = true
		}
	}
}

// find gives the place of a number in the register, or where it would be.
func (g *register) find(number uint64) (int, bool) {
	return slices.BinarySearchFunc(g.practices, number, func(p practice, n uint64) int { return cmp.Compare(p.number, n) })
}

// withCheck appends to a number the digit that checks it, as cards and care numbers have it.
func withCheck(base uint64) uint64 {
	sum, double := uint64(0), true
	for n := base; n > 0; n /= 10 {
		d := n % 10
		if double {
			d = d*2/10 + d*2%10
		}
		sum, double = sum+d, !double
	}
	return base*10 + (10-sum%10)%10
}

// A square is some five kilometres wide: its geohash has 25 bits, of which the first is of longitude.
const squareWidth = 360.0 / 8192

func geohash(lat, lon float64) (z uint32) {
	x, y := uint32((lon+180)/squareWidth), uint32((lat+90)/squareWidth)
	for bit := 12; bit > 0; bit-- {
		z = z<<2 | x>>bit&1<<1 | y>>(bit-1)&1
	}
	return z<<1 | x&1
}

const hashAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz"

func hashText(z uint32) string {
	var text [5]byte
	for i := range text {
		text[i] = hashAlphabet[z>>(20-5*i)&31]
	}
	return string(text[:])
}

// ask fills the braces of a template and gets what is there.
func (a actor) ask(at time.Time, template string, values ...any) {
	a.Get(at, template, fill(template, values))
}

// miss asks for what is not there.
func (a actor) miss(at time.Time, template string, values ...any) {
	a.Do(at, "GET", template, fill(template, values), 404)
}

func fill(template string, values []any) string {
	for _, v := range values {
		before, rest, _ := strings.Cut(template, "{")
		_, after, _ := strings.Cut(rest, "}")
		template = before + fmt.Sprint(v) + after
	}
	return template
}

// codeOf is the number of the i-th practice as a path has it.
func (a actor) codeOf(i int) string {
	return fmt.Sprintf("%08d", a.register.practices[i].number)
}

// practice asks for the i-th practice.
func (a actor) practice(at time.Time, i int) { a.ask(at, atPractice, a.codeOf(i)) }

// township draws one as the public does: more people live in some.
func (a actor) township() *township {
	towns := a.register.towns
	return &towns[a.Zipf(len(towns))]
}

// in draws a practice of a town as the public does.
func (a actor) in(t *township) int { return t.practices[a.Zipf(len(t.practices))] }

// wherever draws a practice as the public does.
func (a actor) wherever() int { return a.in(a.township()) }

// sort draws a sort of care.
func (a actor) sort() string { return careSorts[a.IntN(len(careSorts))].name }

// moves gives the key a new address, as a telephone or a cloud has.
func (a actor) moves() {
	a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
}

// seconds is a pause of so many seconds, or up to twice that.
func (a actor) seconds(n float64) time.Duration {
	return time.Duration(n * (1 + a.Float64()) * float64(time.Second))
}
