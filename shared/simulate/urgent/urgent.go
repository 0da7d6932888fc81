// Package urgent is traffic to a national directory of urgent and community services.
//
// Services are numbered, the older ones within the area that entered them, and found by town, postcode or circle. A directory is
// drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the ninth set of kinds.
package urgent

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many services there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 7 / 4 }

// Kinds draws a directory, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	s := newSignposts(r, size)
	return slices.Concat(s.honest(), s.crawling())
}

// actor is a key that asks of one directory.
type actor struct {
	*traffic.Actor
	*signposts
}

// bind has a key play as one that asks of this directory.
func (s *signposts) bind(play func(actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(actor{a, s}) }
}
