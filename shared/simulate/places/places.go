// Package places is traffic to numbered places, postcodes and a map of squares.
//
// Package simulate calls it, for the first and the second set of kinds. Package references builds on it: what it refers to
// are places. A World is drawn anew for each corpus, and nothing of it is stored.
package places

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many places there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places }

// First draws a world, and gives the kinds of use that the detectors were tuned on, then those held out, honest ones first.
func First(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := Draw(r, size)
	return slices.Concat(w.honest(), w.crawling(), w.honestHeldOut(), w.crawlingHeldOut())
}

// Second draws a world, and gives other kinds of use of it, honest ones first.
func Second(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := Draw(r, size)
	return slices.Concat(w.honestUnseen(), w.crawlingUnseen())
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
