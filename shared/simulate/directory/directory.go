// Package directory is traffic to the health services of a country by area, sort, name and who runs them, with a feed of what changes.
//
// What there is to ask for is drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the fourth set of kinds.
package directory

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/places"
	"accord/shared/simulate/traffic"
)

// Catalogue is how many services there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 8 / 5 }

// Kinds draws a directory, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	// The first set's places were once part of every world: the draws behind theirs, and the order of the sitemap, which
	// they seed, stay what they were.
	p := places.Draw(r, size)
	d := newDirectory(r, size)
	d.sitemap = p.Shared(41).Perm(len(d.services))
	return slices.Concat(d.honest(), d.crawling())
}

// actor is a key that asks of one directory.
type actor struct {
	*traffic.Actor
	*directory
}

// bind has a key play as one that asks of this directory.
func (d *directory) bind(play func(actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(actor{a, d}) }
}
