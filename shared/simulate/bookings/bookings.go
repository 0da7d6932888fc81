// Package bookings is traffic to a country's vaccination service.
//
// Sites are numbered within their area, sessions as they are published; lots have a code. A site is found by outcode, or in a
// list of its area. A campaign is drawn anew for each corpus, and nothing of it is stored. Package simulate calls it, for the
// eighth set of kinds.
package bookings

import (
	"math/rand/v2"
	"slices"

	"accord/shared/simulate/traffic"
)

// Catalogue is how many sites there are in a corpus of a size.
func Catalogue(size traffic.Size) int { return size.Places * 4 / 3 }

// Kinds draws a campaign, and gives the kinds of use of it, honest ones first.
func Kinds(r *rand.Rand, size traffic.Size) []traffic.Kind {
	c := newCampaign(r, size)
	return slices.Concat(c.honest(), c.crawling())
}

// actor is a key that asks of one campaign.
type actor struct {
	*traffic.Actor
	*campaign
}

// bind has a key play as one that asks of this campaign.
func (c *campaign) bind(play func(actor)) func(*traffic.Actor) {
	return func(a *traffic.Actor) { play(actor{a, c}) }
}
