// Package schools is traffic to a national register of schools and childcare providers: establishments by number, their
// inspections, admissions and vacancies, searches by postcode, name and authority, term dates, and a feed of changes.
//
// Package simulate calls it, for one set of kinds. A Register is drawn anew for each corpus, and nothing of it is stored.
package schools

import (
	"math/rand/v2"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many establishments there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places }

// Kinds draws a register, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := Draw(r, size)
	return []traffic.Kind{
		{Name: "families comparing schools", Play: w.bind(families)},
		{Name: "admissions line on offer day", Play: w.bind(offerDay)},
		{Name: "transport desk, each child once", Play: w.bind(transportDesk)},
		{Name: "childcare app in parents' pockets", Play: w.bind(childcareApp)},
		{Name: "parents who look a mile further", Play: w.bind(mileFurther)},
		{Name: "inspector scrolling an authority", Play: w.bind(scrolling)},
		{Name: "schools loaded before they are opened", Play: w.bind(loadedBefore)},
		{Name: "supply teachers to any school", Play: w.bind(supply)},
		{Name: "nursery chain's own places at night", Play: w.bind(chainAtNight)},
		{Name: "vetting agency's list every night", Play: w.bind(vetting)},
		{Name: "portal while the register is down", Play: w.bind(registerDown)},
		{Name: "supplier trying out its portal", Play: w.bind(tryingOut)},
		{Name: "probe of one school and the term dates", Play: w.bind(probe)},
		{Name: "estate agents' pages kept fresh", Play: w.bind(keptFresh)},
		{Name: "officers who correct entries", Play: w.bind(corrections)},
		{Name: "authority counting its own schools", Play: w.bind(ownCount)},
		{Name: "school numbers counted up", Crawls: true, Ordered: true, Play: w.bind(func(c Caller) { c.count(c.Clock(c.Begins(), c.gap()), c.middle(), 1, c.N(580)) })},
		{Name: "childcare numbers from the latest down", Crawls: true, Ordered: true, Play: w.bind(latestDown)},
		{Name: "a worker for each last digit", Crawls: true, Ordered: true, Play: w.bind(lastDigits)},
		{Name: "batches of numbers to functions in a cloud", Crawls: true, Ordered: true, Play: w.bind(cloudBatches)},
		{Name: "a shift of numbers every working day", Crawls: true, Ordered: true, Play: w.bind(shifts)},
		{Name: "school by number, with admissions and report", Crawls: true, Ordered: true, Play: w.bind(wholeSchools)},
		{Name: "downloaded list of numbers, some left out", Crawls: true, Ordered: true, Play: w.bind(downloaded)},
		{Name: "all numbers of a file, shuffled", Crawls: true, Play: w.bind(shuffledFile)},
		{Name: "some every hour, at random, for days", Crawls: true, Play: w.bind(everyHour)},
		{Name: "search around every postcode", Crawls: true, Play: w.bind(everyPostcode)},
		{Name: "all authorities to the last page", Crawls: true, Play: w.bind(everyAuthority)},
		{Name: "circles let out, and all schools in them", Crawls: true, Play: w.bind(circles)},
		{Name: "copy under a site for families", Crawls: true, Hidden: true, Play: w.bind(copyUnder)},
	}
}

// Caller is a key that asks of one register.
type Caller struct {
	*traffic.Actor
	*Register
}

// bind has a key play as one that asks of this register.
func (w *Register) bind(play func(Caller)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(Caller{a, w}) }
}
