// Package atlas is traffic to services by number, their providers by code, and areas on a map.
//
// What there is to ask for is drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the sixth set of kinds.
package atlas

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many services there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 5 / 4 }

// Kinds draws an atlas, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	g := newAtlas(r, size)
	return slices.Concat(g.honest(), g.crawling())
}

// client is a key that asks of one atlas.
type client struct {
	*traffic.Actor
	*atlas
}

// bind has a key play as one that asks of this atlas.
func (g *atlas) bind(play func(client)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(client{a, g}) }
}
