// Package stops is traffic to a national register of public transport stops, its departures, lines and accessibility notes.
//
// Package simulate calls it. A stop has a number, which an authority gave it within its own block; people know towns and
// lines, and find numbers by them or on a map. Who reads are passengers' screens and telephones, authorities, hospitals and
// insurers; who crawl want a register of their own. A World is drawn anew for each corpus, and nothing of it is stored.
package stops

import (
	"math/rand/v2"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many stops there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 4 / 3 }

// Kinds draws a world, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := draw(r, size)
	return []traffic.Kind{
		{Name: "trip planner on the web", Play: w.bind(planner)},
		{Name: "travel line in the snow", Play: w.bind(travelLine)},
		{Name: "seats for patients, each journey once", Play: w.bind(patients)},
		{Name: "departures in a pocket", Play: w.bind(pocket)},
		{Name: "step-free stop, further and further", Play: w.bind(stepFree)},
		{Name: "next stops fetched on board", Play: w.bind(onBoard)},
		{Name: "scroller of big towns", Play: w.bind(scroller)},
		{Name: "surveyors with tablets", Play: w.bind(surveyors)},
		{Name: "district that keeps its own numbers", Play: w.bind(district)},
		{Name: "shelters on contract, a long list for four workers every night", Play: w.bind(shelters)},
		{Name: "departure boards through an outage", Play: w.bind(boards)},
		{Name: "maker of a ticket machine", Play: w.bind(ticketMachine)},
		{Name: "probe of one pole", Play: w.bind(probe)},
		{Name: "stop pages kept until they are old", Play: w.bind(keptPages)},
		{Name: "claims after accidents, at any stop", Play: w.bind(accidents)},

		{Name: "serials of one authority after the other", Crawls: true, Ordered: true, Play: w.bind(serials)},
		{Name: "highest pole first, three evenings", Crawls: true, Ordered: true, Play: w.bind(highestFirst)},
		{Name: "odd poles, then even ones", Crawls: true, Ordered: true, Play: w.bind(oddFirst)},
		{Name: "hundreds of numbers claimed by containers", Crawls: true, Ordered: true, Play: w.bind(containers)},
		{Name: "upward, renewing what it has", Crawls: true, Ordered: true, Play: w.bind(renewing)},
		{Name: "down and up at once, for three days", Crawls: true, Ordered: true, Play: w.bind(bothWays)},
		{Name: "upward through strangers' routers", Crawls: true, Ordered: true, Play: w.bind(routers)},
		{Name: "stops of the open file, shuffled", Crawls: true, Play: w.bind(shuffled)},
		{Name: "street tiles, there and back", Crawls: true, Play: w.bind(tiles)},
		{Name: "letters until the list is short", Crawls: true, Play: w.bind(letters)},
		{Name: "each town's list to its end, and who is on it", Crawls: true, Play: w.bind(gazetteer)},
		{Name: "circles around each crossing, wider", Crawls: true, Play: w.bind(circles)},
		{Name: "numbers under a trip planner", Crawls: true, Hidden: true, Play: w.bind(underPlanner)},
	}
}

// Actor is a key that asks of one world.
type Actor struct {
	*traffic.Actor
	*World
}

// bind has a key play as one that asks of this world.
func (w *World) bind(play func(Actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(Actor{a, w}) }
}
