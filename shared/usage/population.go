package usage

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"accord/shared/aup"
)

// PopulationSize is how many resources a population keeps in all: what is stored of it stays below 25 KB,
// and is half as much where most resources are asked for by few.
const PopulationSize = 3072

// Population is what the keys as a whole asked for: of a sample of the resources of each template, how many
// different keys did. The resources are those that hash lowest, as in a Sketch, so that both speak of the same
// ones. Adding is a union: in any order, and twice, it comes to the same. The zero Population is empty.
type Population struct {
	Demand map[string]*Demand // by "METHOD template"; at most MaxResources, those whose names hash lowest
}

// Demand is what was asked for under one template.
type Demand struct {
	keys  map[uint32]uint32 // by a resource's hash: which of 32 groups of keys asked for it
	limit uint32            // resources whose hashes are above it are not among those kept
}

// Add adds that a key looked at the resources of a sample.
func (p *Population) Add(key aup.KeyID, name string, s *Sketch) {
	if s.Len() > 0 && p.admit(name) {
		p.Demand[name].add(s.low, groupOf(key))
	}
}

// AddWindow adds what a key looked at in a window.
func (p *Population) AddWindow(key aup.KeyID, s *Summary) {
	for name, r := range s.Resources {
		if Reads(name) && strings.Contains(name, "{") {
			p.Add(key, name, r.Distinct)
		}
	}
}

// Merge adds another population.
func (p *Population) Merge(o Population) {
	for _, name := range slices.Sorted(maps.Keys(o.Demand)) {
		if !p.admit(name) {
			continue
		}
		into := p.Demand[name]
		into.limit = min(into.limit, o.Demand[name].limit)
		for hash, groups := range o.Demand[name].keys {
			if hash <= into.limit {
				into.keys[hash] |= groups
			}
		}
		into.trim(p.each())
	}
	p.settle()
}

// admit makes room for a template, or says that there is none.
func (p *Population) admit(name string) bool {
	if p.Demand[name] != nil {
		return true
	}
	if p.Demand == nil {
		p.Demand = make(map[string]*Demand)
	}
	p.Demand[name] = &Demand{keys: make(map[uint32]uint32), limit: math.MaxUint32}
	if len(p.Demand) <= MaxResources {
		return true
	}
	out := slices.MaxFunc(slices.Collect(maps.Keys(p.Demand)), byHash)
	delete(p.Demand, out)
	return out != name
}

// each is how many resources are kept of each template: fewer where there are more templates.
func (p *Population) each() int { return PopulationSize / max(1, len(p.Demand)) }

// settle trims every template to its share.
func (p *Population) settle() {
	for _, d := range p.Demand {
		d.trim(p.each())
	}
}

func (d *Demand) add(low []uint32, groups uint32) {
	for _, h := range low {
		if h > d.limit {
			return
		}
		d.keys[h] |= groups
	}
	if len(d.keys) > 2*PopulationSize {
		d.trim(PopulationSize)
	}
}

func (d *Demand) trim(most int) {
	if len(d.keys) <= most {
		return
	}
	low := slices.Sorted(maps.Keys(d.keys))
	d.limit = low[most-1]
	for _, h := range low[most:] {
		delete(d.keys, h)
	}
}

// groupOf is a key's group, as one bit: counting groups counts keys, up to about a hundred.
func groupOf(key aup.KeyID) uint32 { return 1 << (Hash(string(key)) >> 59) }

// Encode returns what is stored of a population.
func (p *Population) Encode() []byte {
	p.settle()
	var e Encoder
	e.Uint(uint64(len(p.Demand)))
	for _, name := range slices.Sorted(maps.Keys(p.Demand)) {
		d := p.Demand[name]
		low := slices.Sorted(maps.Keys(d.keys))
		e.name(name)
		e.Uint(uint64(d.limit))
		e.Uint(uint64(len(low)))
		next := uint32(0)
		for _, h := range low {
			e.Uint(uint64(h - next))
			e.groups(d.keys[h])
			next = h
		}
	}
	return e.Bytes()
}

// DecodePopulation reads what Encode returned.
func DecodePopulation(b []byte) (p Population, err error) {
	d := NewDecoder(b, nil)
	for range d.length(3) {
		name := d.name().text
		limit, n := d.Uint(), d.length(2)
		keys, next := make(map[uint32]uint32, n), uint64(0)
		for range n {
			next += d.Uint()
			keys[uint32(next)] = d.groups()
		}
		if limit > math.MaxUint32 || next > math.MaxUint32 {
			d.fail()
		}
		if p.Demand == nil {
			p.Demand = make(map[string]*Demand)
		}
		p.Demand[name] = &Demand{keys, uint32(limit)}
	}
	if err := d.End(); err != nil {
		return Population{}, fmt.Errorf("population: %w", err)
	}
	return p, nil
}

// groups writes which groups asked: most resources are asked for by one, which is a byte.
func (e *Encoder) groups(g uint32) {
	if bits.OnesCount32(g) == 1 {
		e.body = append(e.body, byte(bits.TrailingZeros32(g)))
		return
	}
	e.body = binary.LittleEndian.AppendUint32(append(e.body, manyGroups), g)
}

const manyGroups = 32

func (d *Decoder) groups() uint32 {
	switch {
	case len(d.b) >= 1 && d.b[0] < manyGroups:
		g := uint32(1) << d.b[0]
		d.b = d.b[1:]
		return g
	case len(d.b) >= 5 && d.b[0] == manyGroups:
		g := binary.LittleEndian.Uint32(d.b[1:])
		d.b = d.b[5:]
		return g
	}
	d.fail()
	return 0
}

// Asked is how the resources of some keys' sample are asked for by others.
type Asked struct {
	Looked  int     // resources of the key's sample that lie where the population was sampled
	Popular int     // of those, asked for by many other keys
	Kept    int     // resources that the population knows there
	Heads   int     // of those, popular
	Share   float64 // of what keys ask for, each resource once a key, popular resources are this share
	Among   float64 // how many resources there are where the population was sampled, as far as anybody asked for them
	Sampled float64 // which part of all resources that is
}

// Asked compares some keys' sample with what all others asked for. The popular resources are those that most keys
// asked for, at most the given share of all, be they known from a catalogue or only from what was asked for.
func (p Population) Asked(keys []aup.KeyID, name string, s *Sketch, share, catalogue float64) (a Asked) {
	d := p.Demand[name]
	if d == nil || s.Len() == 0 {
		return a
	}
	limit := d.limit
	a.Sampled = (float64(limit) + 1) / (math.MaxUint32 + 1)
	a.Kept, a.Among = len(d.keys), max(float64(len(d.keys)), catalogue*a.Sampled)
	many := d.many(share * a.Among)
	pairs, popular := 0, 0
	for _, groups := range d.keys {
		n := bits.OnesCount32(groups)
		if pairs += n; n >= many {
			popular += n
			a.Heads++
		}
	}
	a.Share = float64(popular) / float64(max(1, pairs))
	own := uint32(0)
	for _, key := range keys {
		own |= groupOf(key)
	}
	for _, h := range s.low {
		if h > limit {
			break
		}
		a.Looked++
		if bits.OnesCount32(d.keys[h]&^own) >= many {
			a.Popular++
		}
	}
	return a
}

// many is by how many keys a resource must have been asked for to be among so many most popular ones, at least
// three.
func (d *Demand) many(most float64) int {
	var by [33]int
	for _, groups := range d.keys {
		by[bits.OnesCount32(groups)]++
	}
	n, many := 0, len(by)
	for many > leastMany && float64(n+by[many-1]) <= most {
		many--
		n += by[many]
	}
	return many
}

const leastMany = 3
