// Package references is traffic to health services by references that are not plain numbers: with a check digit, UUIDs, geohashes, names,
// a day and a number. What is behind the references are places.
//
// The directory is drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the third set of kinds.
package references

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/places"
	"accord/shared/simulate/traffic"
)

// Catalogue is how many services there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return places.Catalogue(size) }

// Kinds draws a directory, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	d := directory{places.Draw(r, size)}
	return slices.Concat(d.honest(), d.crawling())
}

// directory is places, whose numbers are asked for as references.
type directory struct{ *places.World }

// actor is a key that asks of one directory.
type actor struct{ places.Actor }

// bind has a key play as one that asks of this directory.
func (d directory) bind(play func(actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(actor{places.Actor{Actor: a, World: d.World}}) }
}
