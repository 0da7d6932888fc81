// Package dispensers is traffic to a directory of pharmacies, dentists and opticians: providers by number, when they open,
// what they offer, their free appointments, who is open on bank holidays, which are nearest, and what they correct themselves.
//
// Package simulate calls it, for a set of kinds. A World is drawn anew for each corpus, and nothing of it is stored.
package dispensers

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many providers there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 6 / 5 }

// Kinds draws a world, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := draw(r, size)
	return slices.Concat(w.visitors(), w.jobs(), w.walks(), w.sweeps())
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
