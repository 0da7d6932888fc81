// Package simulate makes access logs of honest use and of crawling, to measure the detectors by.
//
// A Corpus is a log of 72 hours with a label for every key, made from a seed and nothing else: the same
// seed gives the same lines. A Kind is one way of using the API. Some kinds are held out: the detectors
// were never tuned on them, so that what they reach there is what they can be expected to reach on use
// that nobody thought of. Score runs package backtest over corpora and counts, kind by kind, who was
// flagged and after how many requests. Nothing is stored. The command line calls it.
package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/simulate/traffic"
)

// Size is how big a corpus is, and of which kinds it is made.
type Size struct {
	Name   string
	Keys   int
	Busy   float64 // how many times the requests of a small corpus each key makes
	Places int     // how many places there are to ask for
	Set    Set     // of kinds
}

// Set is a set of kinds.
type Set string

// The sets there are. Each after the first was written before anything was tuned on it; docs/detection.md says what was since.
const (
	First  Set = "first"
	Second Set = "second"
	Third  Set = "third"
	Fourth Set = "fourth"
	Fifth  Set = "fifth"
	Sixth  Set = "sixth"
)

// The sizes there are.
var (
	Small = Size{Name: "small", Keys: 130, Busy: 1, Places: 6000, Set: First}
	Large = Size{Name: "large", Keys: 1000, Busy: 5, Places: 30000, Set: First}
)

// Kind is one way of using the API.
type Kind struct {
	Name    string
	Crawls  bool
	Ordered bool // a crawl that goes by number
	HeldOut bool // the detectors were not tuned on it
	Hidden  bool // a crawl under ten times as much honest use
	play    func(*actor)
}

// Key is one API key of a corpus and what it does.
type Key struct {
	ID   aup.KeyID
	Kind Kind
}

// Corpus is a log and its labels.
type Corpus struct {
	Seed  uint64
	Size  Size
	Keys  []Key
	lines []line // in the order in which they arrive
}

// line is a call as the log has it.
type line struct {
	traffic.Call
	key    aup.KeyID
	stream int
	id     uint64
}

// Kinds lists the kinds that corpora of a size are made of. The first set has those tuned on, then those held out, honest
// ones first.
func (s Size) Kinds() []Kind {
	switch s.Set {
	case Second:
		return slices.Concat(honestUnseen, crawlingUnseen)
	case Third:
		return slices.Concat(honestThird, crawlingThird)
	case Fourth:
		return slices.Concat(honestFourth, crawlingFourth)
	case Fifth:
		return slices.Concat(honestFifth, crawlingFifth)
	case Sixth:
		return slices.Concat(honestSixth, crawlingSixth)
	}
	return slices.Concat(honest, crawling, honestHeldOut, crawlingHeldOut)
}

// Catalogue is how much the policy says there is: the places, or the services of the fourth set's directory, the practices of
// the fifth set's register or the services of the sixth set's atlas.
func (s Size) Catalogue() int {
	switch s.Set {
	case Fourth:
		return s.Places * 8 / 5
	case Fifth:
		return s.Places * 3 / 2
	case Sixth:
		return s.Places * 5 / 4
	}
	return s.Places
}

// New makes the corpus of a seed. A third of its keys crawl; each kind has about as many keys as any
// other of its sort.
func New(seed uint64, size Size) *Corpus {
	r := rand.New(rand.NewPCG(seed, 0xacc0))
	c := &Corpus{Seed: seed, Size: size}
	w := newWorld(r, size)
	var sorts [2][]Kind
	for _, k := range size.Kinds() {
		i := 0
		if k.Crawls {
			i = 1
		}
		sorts[i] = append(sorts[i], k)
	}
	var next [2]int
	for i := range size.Keys {
		sort := 0
		if i%3 == 2 {
			sort = 1
		}
		kind := sorts[sort][next[sort]%len(sorts[sort])]
		next[sort]++
		key := Key{ID: aup.KeyID(fmt.Sprintf("k%09x", r.Uint64()>>28)), Kind: kind}
		c.Keys = append(c.Keys, key)
		for _, call := range play(w, key, r.Uint64()) {
			c.lines = append(c.lines, line{Call: call, key: key.ID})
		}
	}
	c.scatter(r)
	return c
}

// play is what one key does.
func play(w *world, key Key, seed uint64) []traffic.Call {
	a := &actor{Actor: traffic.New(seed, w.size.Busy), world: w}
	key.Kind.play(a)
	return a.Calls
}

// The log is written by several streams, which are read with some delay.
const (
	streams  = 8
	maxDelay = 90 * time.Second
)

// scatter puts the lines in the order in which they arrive: each of a key's lines in any of the streams.
func (c *Corpus) scatter(r *rand.Rand) {
	var delay [streams]time.Duration
	for i := range delay {
		delay[i] = time.Duration(r.Int64N(int64(maxDelay)))
	}
	arrives := func(l line) time.Time { return l.At.Add(delay[l.stream]) }
	for i := range c.lines {
		c.lines[i].stream = r.IntN(streams)
		c.lines[i].id = r.Uint64()
	}
	slices.SortStableFunc(c.lines, func(a, b line) int { return arrives(a).Compare(arrives(b)) })
}
