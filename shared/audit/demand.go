package audit

import (
	"math"

	"accord/shared/usage"
)

// The figures behind popularity.
const (
	headShare    = 0.05 // of all resources, the most popular, are the head
	leastHead    = 8    // resources, below which nothing is popular enough to go by
	concentrated = 3    // times what chance brings, as the head's share of what keys ask for: below, demand is flat
	leastAsked   = 15   // resources of the sample to compare
	leastShared  = 15   // resources that others asked for, too, from which they tell how many there are
	hardly       = 0.1  // of the resources that others ask for, too, which would be met of a catalogue: where a part of it is read, or others asked for what is not there, fewer are
	doubtful     = 1e-3 // how likely somebody who asks as others do may seem blind
)

// demand is what the population's habits say of a key's.
type demand struct {
	usage.Asked
	chance  float64 // the share that is the head's of all there is
	follows bool    // it asks for what others ask for
	blind   bool    // it asks for the head no more than chance does, where others do
}

// demanded compares what was looked at with what others asked for before. Where demand is flat, or too little is
// known, it says neither.
func (c *crawl) demanded(p usage.Population, catalogue float64) (d demand) {
	d.Asked = p.Asked(c.keys, c.resource, c.sample, headShare, catalogue)
	if d.Looked < leastAsked || d.Heads < leastHead {
		return d
	}
	d.chance = float64(d.Heads) / d.Among
	if d.Share < concentrated*d.chance {
		return d
	}
	looked, popular := float64(d.Looked), float64(d.Popular)
	mean := looked * d.chance
	d.follows = popular >= 0.75*d.Share*looked && popular > mean+3*math.Sqrt(mean)+1
	d.blind = popular <= mean+2*math.Sqrt(mean) && atMost(popular, looked*d.Share) < doubtful
	return d
}

// larger says whether there is more to look at than the catalogue has, such as where it is one of other resources: of so few, more
// of those that others ask for would be among those looked at here.
func (c *crawl) larger(p usage.Population, catalogue float64) bool {
	a := p.Asked(c.keys, c.resource, c.sample, headShare, catalogue)
	expected := float64(a.Looked) * float64(a.Rare) / a.Among
	return a.Looked >= leastAsked && float64(a.Shared) <= hardly*expected && atMost(float64(a.Shared), expected) < doubtful
}

// seem is how many resources there seem to be, at most, to who looks at any of them as likely as at any other: the larger the share
// of those looked at that others ask for, too, the fewer. It is 0 where too few are.
func (c *crawl) seem(p usage.Population) float64 {
	a := p.Asked(c.keys, c.resource, c.sample, headShare, 0)
	if a.Shared < leastShared {
		return 0
	}
	shared := float64(a.Shared)
	return float64(a.Looked) * float64(a.Rare) / (shared - math.Sqrt(shared)) / a.Part
}
