// Package companies is traffic to a national register of companies.
//
// Companies are numbered as they are entered, with eight digits or with letters and six. They have officers, whose references
// tell nothing, a postcode, and filings with documents, which are numbered as they come in. There is a search by name and a
// feed of changes. Package simulate calls it, for the seventh set of kinds. A World is drawn anew for each corpus.
package companies

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many companies there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 4 / 3 }

// Kinds draws a register, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := draw(r, size)
	return slices.Concat(w.people(), w.jobs(), w.walks(), w.sweeps())
}

// Actor is a key that asks of one register.
type Actor struct {
	*traffic.Actor
	*World
}

// bind has a key play as one that asks of this register.
func (w *World) bind(play func(Actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(Actor{a, w}) }
}
