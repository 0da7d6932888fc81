// Package premises is traffic to a national register of food premises and the hygiene ratings that they were given.
//
// Premises have plain numbers, handed out in runs as authorities send in what they registered. Diners look ratings up by
// postcode, by name and on a map; delivery firms, insurers and owners of chains ask about the premises they deal with; officers
// of authorities write inspections; and some read it all. Package simulate calls it, for the twelfth set of kinds. A World is
// drawn anew for each corpus, and nothing of it is stored.
package premises

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many premises there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places }

// Kinds draws a world, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	w := draw(r, size)
	return slices.Concat(w.people(), w.jobs(), w.walks(), w.sweeps())
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

// famous draws a shop as the whole country does.
func (a Actor) famous() int { return a.fame[a.Zipf(len(a.fame))] }

// local draws a shop as people in a town do.
func (a Actor) local(town int) int {
	return a.in[town][int(float64(len(a.in[town]))*math.Pow(a.Float64(), 2.5))]
}

// town draws an authority, the larger ones more often; towns are some of them.
func (a Actor) town() int { return a.shops[a.IntN(len(a.shops))].authority }

func (a Actor) towns(n int) (towns []int) {
	for range n {
		towns = append(towns, a.town())
	}
	return towns
}

// oneOf draws one of some.
func oneOf[T any](a Actor, some []T) T { return some[a.IntN(len(some))] }

// gap draws a time between two requests: as likely to be in any of the scales.
func (a Actor) gap(least, most time.Duration) time.Duration {
	return time.Duration(float64(least) * math.Pow(float64(most)/float64(least), a.Float64()))
}
