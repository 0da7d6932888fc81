// Package register is traffic to a national register of practices that give care, with who works in them and who runs them.
//
// What there is to ask for is drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the fifth set of kinds.
package register

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many practices there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 3 / 2 }

// Kinds draws a register, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	g := newRegister(r, size)
	return slices.Concat(g.honest(), g.crawling())
}

// actor is a key that asks of one register.
type actor struct {
	*traffic.Actor
	*register
}

// bind has a key play as one that asks of this register.
func (g *register) bind(play func(actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(actor{a, g}) }
}
