package usage

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"time"
)

// What is stored begins with these four bytes: two that name the encoding, its version, and the hash
// function behind its sketches. After them come the names of resources, each once, and then what was
// written, in its order: numbers as base-128 varints (signed ones zigzag), texts after their length.
const (
	magic     = "AU"
	version   = 1
	hashXXH64 = 1 // HashName
)

// Encoder writes what is stored of usage. The zero Encoder is ready. The same writes make the same bytes.
type Encoder struct {
	body  []byte
	names []string
	index map[string]int
}

// Bytes returns what was written, ready to store.
func (e *Encoder) Bytes() []byte {
	out := append([]byte(magic), version, hashXXH64)
	out = binary.AppendUvarint(out, uint64(len(e.names)))
	for _, n := range e.names {
		out = append(binary.AppendUvarint(out, uint64(len(n))), n...)
	}
	return append(out, e.body...)
}

// Len is how many bytes were written, the names of resources left out.
func (e *Encoder) Len() int { return len(e.body) }

// Uint writes a number.
func (e *Encoder) Uint(n uint64) { e.body = binary.AppendUvarint(e.body, n) }

// Int writes a number that may be negative.
func (e *Encoder) Int(n int64) { e.body = binary.AppendVarint(e.body, n) }

// Text writes a text.
func (e *Encoder) Text(s string) {
	e.Uint(uint64(len(s)))
	e.body = append(e.body, s...)
}

func (e *Encoder) name(n string) {
	i, there := e.index[n]
	if !there {
		if e.index == nil {
			e.index = make(map[string]int)
		}
		i = len(e.names)
		e.index[n] = i
		e.names = append(e.names, n)
	}
	e.Uint(uint64(i))
}

// The bits of what a tally has; those of its counts that are not zero come first, in their order.
const (
	hasTime = 1 << (len(counted{}) + iota)
	hasSuccess
	hasLatency
	hasNetworks
)

// Tally writes a tally. Its times are written from base on, which is what makes them short.
func (e *Encoder) Tally(base time.Time, t *Tally) { e.tally(base, t, true) }

// Figures writes a tally without the samples of what was asked for, which are most of it. It is read as a Tally.
func (e *Encoder) Figures(base time.Time, t *Tally) { e.tally(base, t, false) }

func (e *Encoder) tally(base time.Time, t *Tally, samples bool) {
	flags := t.counts.flags() | bit(t.some, hasTime) | bit(t.answered, hasSuccess) |
		bit(t.latencyMax != 0, hasLatency) | bit(len(t.networks.low) > 0, hasNetworks)
	from := base.UnixMilli()
	e.Uint(flags)
	e.figures(t.counts)
	if t.some {
		e.Int(t.first - from)
		e.Int(t.last - t.first)
	}
	if t.answered {
		e.Int(t.success - from)
		e.Text(string(t.successID))
	}
	if t.latencyMax != 0 {
		e.Int(t.latencyMax)
	}
	e.Uint(uint64(len(t.minutes)))
	before := base.Unix() / 60
	for _, m := range t.minutes {
		e.Int(m.at - before)
		e.Int(m.requests)
		before = m.at
	}
	if len(t.networks.low) > 0 {
		e.sketch(t.networks.settle())
	}
	e.Uint(uint64(len(t.resources)))
	slices.SortFunc(t.resources, func(a, b tallied) int { return cmp.Compare(a.name.text, b.name.text) })
	for i := range t.resources {
		e.resource(&t.resources[i], samples)
	}
}

// Counts writes figures.
func (e *Encoder) Counts(n Counts) {
	e.Uint(n.flags())
	e.figures(n)
}

// The bits of what a resource has; above them is how many examples.
const (
	hasNotFound = 1 << iota
	hasNumbers
	hasDistinct
	hasCells
	firstExample
)

func (e *Encoder) resource(r *tallied, samples bool) {
	e.name(r.name.text)
	distinct, cells := samples && len(r.distinct.low) > 0, samples && len(r.cells.low) > 0
	e.Uint(bit(r.notFound != 0, hasNotFound) | bit(r.numeric, hasNumbers) | bit(distinct, hasDistinct) | bit(cells, hasCells) |
		uint64(r.kept*firstExample))
	e.Int(r.requests)
	if r.notFound != 0 {
		e.Int(r.notFound)
	}
	if r.numeric {
		e.Uint(r.numbers.Min)
		e.Uint(r.numbers.Max - r.numbers.Min)
		e.Int(r.numbers.Looks)
	}
	if distinct {
		e.sketch(r.distinct.settle())
	}
	if cells {
		e.sketch(r.cells.settle())
	}
	var before []byte
	for _, x := range r.examples[:r.kept] {
		n := common(before, x.path)
		e.Uint(uint64(n))
		e.Text(string(x.path[n:]))
		before = x.path
	}
}

func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// sketch writes a sketch's length and the gaps between its hashes in the Rice code that suits their mean:
// of each gap so many bits, the lowest first, after the rest of it in ones and a zero.
func (e *Encoder) sketch(hashes []uint32) {
	n := len(hashes)
	low := uint(max(bits.Len64((uint64(hashes[n-1])+1)*177/256/uint64(n)), 1) - 1)
	e.Uint(uint64(n))
	e.body = append(e.body, byte(low))
	var word uint64
	var used uint
	put := func(v uint64, n uint) {
		word |= v << used
		for used += n; used >= 8; used -= 8 {
			e.body = append(e.body, byte(word))
			word >>= 8
		}
	}
	next := uint32(0)
	for _, h := range hashes {
		gap := uint64(h - next)
		for range gap >> low {
			put(1, 1)
		}
		put(0, 1)
		put(gap&(1<<low-1), low)
		next = h + 1
	}
	if used > 0 {
		e.body = append(e.body, byte(word))
	}
}

// counted are the figures of Counts in the order in which they are stored: new ones go to the end.
type counted [10]*int64

func (n *Counts) all() counted {
	return counted{&n.Requests, &n.Successes, &n.ClientErrors, &n.Refused, &n.NotFound, &n.Throttled, &n.ServerErrors, &n.Bytes, &n.LatencySum, &n.Timed}
}

func (n Counts) flags() (flags uint64) {
	for i, v := range n.all() {
		flags |= bit(*v != 0, 1<<i)
	}
	return flags
}

func (e *Encoder) figures(n Counts) {
	for _, v := range n.all() {
		if *v != 0 {
			e.Int(*v)
		}
	}
}

func bit(is bool, flag uint64) uint64 {
	if is {
		return flag
	}
	return 0
}

// EncodeDay writes a day.
func EncodeDay(d *Day) []byte {
	var e Encoder
	base := midnight(d.Date)
	e.Text(d.Date)
	e.Uint(uint64(len(d.Windows)))
	before := base.Unix()
	for _, w := range slices.Sorted(maps.Keys(d.Windows)) {
		e.Int(w - before)
		e.Counts(d.Windows[w])
		before = w
	}
	e.byResource(base.Unix(), d.Looks)
	var merged Tally
	merged.Merge(&d.Merged)
	e.Tally(base, &merged)
	e.Uint(uint64(len(d.Gateway)))
	for _, plan := range slices.Sorted(maps.Keys(d.Gateway)) {
		e.Text(plan)
		e.Int(d.Gateway[plan].Used)
	}
	e.readings(d.Gateway)
	e.Uint(uint64(len(d.Overlaps)))
	before = base.Unix()
	for _, w := range d.Overlaps {
		e.Int(w - before)
		before = w
	}
	e.Uint(uint64(len(d.Visits)))
	for _, name := range slices.Sorted(maps.Keys(d.Visits)) {
		e.name(name)
		e.visits(d.Visits[name])
	}
	if len(d.Missed) > 0 {
		e.byResource(base.Unix(), d.Missed)
	}
	return e.Bytes()
}

// When the plans of a day were read.
const (
	readNever    = iota
	readTogether // all of them at one moment, which is written once
	readApart    // a moment for each, in the plans' order
)

func (e *Encoder) readings(by map[string]Reading) {
	plans := slices.Sorted(maps.Keys(by))
	apart := slices.ContainsFunc(plans, func(plan string) bool { return !by[plan].At.Equal(by[plans[0]].At) })
	switch {
	case apart:
		e.Uint(readApart)
	case len(plans) > 0 && !by[plans[0]].At.IsZero():
		e.Uint(readTogether)
		plans = plans[:1]
	default:
		e.Uint(readNever)
		return
	}
	for _, plan := range plans {
		e.Int(by[plan].At.Unix())
		e.Uint(uint64(by[plan].At.Nanosecond()))
	}
}

func (e *Encoder) byResource(base int64, by map[string]Series) {
	e.Uint(uint64(len(by)))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		e.name(name)
		e.series(base, by[name])
	}
}

func (e *Encoder) series(before int64, s Series) {
	e.Uint(uint64(len(s)))
	for _, f := range s {
		e.Int(f.Window - before)
		e.Int(f.N)
		before = f.Window
	}
}

// midnight is what a day's times are written from.
func midnight(date string) time.Time {
	if t, err := time.Parse(DateLayout, date); err == nil {
		return t
	}
	return time.Unix(0, 0)
}
