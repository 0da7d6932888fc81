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

// PopulationSize is how many resources a population keeps in all: what is stored of it stays below 13 KB, and is half as
// much where most resources are asked for by few.
const PopulationSize = 1536

// Population is what the keys as a whole asked for: of a sample of the resources of each template, how many
// different keys did. The resources are those that hash lowest, as in a Sketch, so that both speak of the same
// ones. Adding is a union: in any order, and twice, it comes to the same; with more than MaxResources templates, the order
// decides how small the sample becomes. The zero Population is empty.
type Population struct {
	Demand map[string]Demand // by "METHOD template"; at most MaxResources, those whose names hash lowest
	above  uint32            // hashes above math.MaxUint32-above are not among those kept: there are too many
}

// Demand is what was asked for under one template: by a resource's hash, which of 32 groups of keys did.
type Demand map[uint32]uint32

// limit is the highest hash that is kept.
func (p *Population) limit() uint32 { return math.MaxUint32 - p.above }

// Add adds that a key looked at the resources of a sample.
func (p *Population) Add(key aup.KeyID, name string, s *Sketch) {
	if s.Len() == 0 || !p.admit(name) {
		return
	}
	for _, h := range s.low {
		if h > p.limit() {
			break
		}
		p.Demand[name][h] |= groupOf(key)
	}
	if p.size() > 2*PopulationSize {
		p.trim()
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
	p.above = max(p.above, o.above)
	for name, demand := range o.Demand {
		if !p.admit(name) {
			continue
		}
		for h, groups := range demand {
			p.Demand[name][h] |= groups
		}
	}
	p.trim()
}

// admit makes room for a template, or says that there is none.
func (p *Population) admit(name string) bool {
	if p.Demand[name] != nil {
		return true
	}
	if p.Demand == nil {
		p.Demand = make(map[string]Demand)
	}
	p.Demand[name] = make(Demand)
	if len(p.Demand) <= MaxResources {
		return true
	}
	out := slices.MaxFunc(slices.Collect(maps.Keys(p.Demand)), byHash)
	delete(p.Demand, out)
	return out != name
}

func (p *Population) size() (n int) {
	for _, d := range p.Demand {
		n += len(d)
	}
	return n
}

// trim keeps the resources that hash lowest.
func (p *Population) trim() {
	var all []uint32
	for _, d := range p.Demand {
		all = slices.AppendSeq(all, maps.Keys(d))
	}
	if slices.Sort(all); len(all) > PopulationSize {
		p.above = max(p.above, math.MaxUint32-all[PopulationSize-1])
	}
	for _, d := range p.Demand {
		maps.DeleteFunc(d, func(h, _ uint32) bool { return h > p.limit() })
	}
}

// groupOf is a key's group, as one bit: counting groups counts keys, up to about a hundred.
func groupOf(key aup.KeyID) uint32 { return 1 << (Hash(string(key)) >> 59) }

// Encode returns what is stored of a population.
func (p *Population) Encode() []byte {
	p.trim()
	var e Encoder
	e.Uint(uint64(p.above))
	e.Uint(uint64(len(p.Demand)))
	for _, name := range slices.Sorted(maps.Keys(p.Demand)) {
		d, next := p.Demand[name], uint32(0)
		e.name(name)
		e.Uint(uint64(len(d)))
		for _, h := range slices.Sorted(maps.Keys(d)) {
			e.Uint(uint64(h - next))
			e.groups(d[h])
			next = h
		}
	}
	return e.Bytes()
}

// DecodePopulation reads what Encode returned.
func DecodePopulation(b []byte) (p Population, err error) {
	d := NewDecoder(b, nil)
	above := d.Uint()
	p.above = uint32(above)
	for range d.length(2) {
		name := d.name().text
		n := d.length(2)
		demand, next := make(Demand, n), uint64(0)
		for range n {
			next += d.Uint()
			demand[uint32(next)] = d.groups()
		}
		if above > math.MaxUint32 || next > math.MaxUint32 {
			d.fail()
		}
		if p.Demand == nil {
			p.Demand = make(map[string]Demand)
		}
		p.Demand[name] = demand
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
	Shared  int     // of those, asked for by one other key, about, and no more
	Rare    int     // resources that one other key asked for
	Heads   int     // resources that are popular
	Share   float64 // of what keys ask for, each resource once a key, popular resources are this share
	Among   float64 // how many resources there are where the population was sampled, as far as anybody asked for them
	Part    float64 // of all resources, where the population was sampled
}

// Asked compares some keys' sample with what all others asked for. The popular resources are those that most keys
// asked for, at most the given share of all, be they known from a catalogue or only from what was asked for.
func (p *Population) Asked(keys []aup.KeyID, name string, s *Sketch, share, catalogue float64) (a Asked) {
	d := p.Demand[name]
	if d == nil || s.Len() == 0 {
		return a
	}
	a.Part = (float64(p.limit()) + 1) / (math.MaxUint32 + 1)
	a.Among = max(float64(len(d)), catalogue*a.Part)
	own := uint32(0)
	for _, key := range keys {
		own |= groupOf(key)
	}
	many, pairs, popular := d.many(share*a.Among), 0, 0
	for _, groups := range d {
		n := bits.OnesCount32(groups)
		if bits.OnesCount32(groups&^own) == 1 {
			a.Rare++
		}
		if pairs += n; n >= many {
			popular += n
			a.Heads++
		}
	}
	a.Share = float64(popular) / float64(max(1, pairs))
	for _, h := range s.low {
		if h > p.limit() {
			break
		}
		n := bits.OnesCount32(d[h] &^ own)
		if a.Looked++; n == 1 {
			a.Shared++
		}
		if n >= many {
			a.Popular++
		}
	}
	return a
}

// Among is how many numbers from low to high, of those of its sample, others than some keys asked for under a name whose template
// has no parameter but them, written in one way; 0 where it was only one of the others.
func (p *Population) Among(keys []aup.KeyID, name string, as Numbering, low, high uint64) (n int) {
	d := p.Demand[name]
	if len(d) == 0 {
		return 0
	}
	own, all := uint32(0), uint32(0)
	for _, key := range keys {
		own |= groupOf(key)
	}
	for number := low; number <= high; number++ {
		h := as.of(number)
		if h > p.limit() {
			continue
		}
		if others := d[h] &^ own; others != 0 {
			all |= others
			n++
		}
	}
	if bits.OnesCount32(all) < 2 {
		return 0
	}
	return n
}

// many is by how many keys a resource must have been asked for to be among so many most popular ones, at least
// three.
func (d Demand) many(most float64) int {
	var by [33]int
	for _, groups := range d {
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
