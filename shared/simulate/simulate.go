// Package simulate makes access logs of honest use and of crawling, to measure the detectors by.
//
// A Corpus is a log of 72 hours with a label for every key, made from a seed and nothing else: the same seed gives the same
// lines. Its keys use an API in the ways of one of the Sets of kinds; the packages beside this one say what there is to ask
// for, and who asks how. Some kinds are held out: the detectors were never tuned on them, so that what they reach there is
// what they can be expected to reach on use that nobody thought of. Score runs package backtest over corpora and counts, kind
// by kind, who was flagged and after how many requests. Nothing is stored. The command line calls it.
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
	traffic.Size
	Set string // of kinds, by its name; the first when it has none
}

// The sizes there are.
var (
	Small = Size{Size: traffic.Small}
	Large = Size{Size: traffic.Large}
)

// Key is one API key of a corpus and what it does.
type Key struct {
	ID   aup.KeyID
	Kind traffic.Kind
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

// New makes the corpus of a seed. A third of its keys crawl; each kind has about as many keys as any
// other of its sort.
func New(seed uint64, size Size) *Corpus {
	r := rand.New(rand.NewPCG(seed, 0xacc0))
	c := &Corpus{Seed: seed, Size: size}
	var sorts [2][]traffic.Kind
	for _, k := range size.set().draw(r, size.Size) {
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
		a := traffic.New(r.Uint64(), size.Busy)
		kind.Play(a)
		for _, call := range a.Calls {
			c.lines = append(c.lines, line{Call: call, key: key.ID})
		}
	}
	c.scatter(r)
	return c
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
