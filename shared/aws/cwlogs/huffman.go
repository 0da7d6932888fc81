package cwlogs

import "math/bits"

// The tables of a block tell from the next bits what they stand for. A code of up to litBits or distBits is
// found at once; what is there for longer ones points at a second table for the bits that follow.
type (
	litTable  [1 << 13]uint32
	distTable [1 << 12]uint32
)

const (
	litBits  = 11 // what zlib's codes of a log hardly ever exceed
	distBits = 9
	maxBits  = 15
)

// An entry has, from its lowest bit on: 6 bits of how many bits to take, those of the number behind the code
// included; at bit 8, four of how long the code is; what kind of entry it is; and, from bit 16 on, the
// literal, the base of the length or distance, or where the second table is.
const (
	other   = 1 << 12 // nothing else: no such code. With a length: the end of the block
	longer  = 1 << 13 // points at a second table
	literal = 1 << 31

	none   = 1<<32 - 1 // of a symbol that has a code and no meaning
	perBit = 1<<8 + 1  // of its code, an entry has this more
)

// entryOf makes an entry but for its code.
func entryOf(base, extra uint32) uint32 { return base<<16 | extra }

var litEntries, distEntries = func() (lits [286]uint32, dists [30]uint32) {
	for i := range 256 {
		lits[i] = literal | entryOf(uint32(i), 0)
	}
	lits[256] = other
	base := uint32(3)
	for i := range uint32(28) {
		extra := max(i/4, 1) - 1
		lits[257+i] = entryOf(base, extra)
		base += 1 << extra
	}
	lits[285] = entryOf(258, 0)
	base = 1
	for i := range uint32(30) {
		extra := max(i/2, 1) - 1
		dists[i] = entryOf(base, extra)
		base += 1 << extra
	}
	return lits, dists
}()

// fixed prepares a block with the codes that the standard gives.
func (f *inflater) fixed() {
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	f.tables(lengths[:], []uint8{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5})
}

// lengthOrder is the order in which the lengths of the codes for lengths come.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic prepares a block that brings its own codes.
func (f *inflater) dynamic() {
	nlit, ndist, ncode := f.take(5)+257, f.take(5)+1, f.take(4)+4
	var first [19]uint8
	for _, at := range lengthOrder[:ncode] {
		first[at] = uint8(f.take(3))
	}
	if nlit > 286 || ndist > 30 || !build(f.dists[:], 7, first[:], func(symbol int) uint32 { return uint32(symbol) << 16 }) {
		f.state = refused
		return
	}
	var lengths [286 + 30]uint8
	if !f.lengths(lengths[:nlit+ndist]) {
		f.state = refused
		return
	}
	f.tables(lengths[:nlit], lengths[nlit:nlit+ndist])
}

// lengths reads the lengths of codes, in the codes that dists has for the moment.
func (f *inflater) lengths(lengths []uint8) bool {
	for i := uint(0); i < uint(len(lengths)); {
		if f.at > f.len {
			return false
		}
		f.at, f.buf, f.has = refill(f.in, f.at, f.buf, f.has)
		e := f.dists[f.buf&(1<<7-1)]
		f.take(uint(e & 63))
		n, v := uint(1), uint8(e>>16)
		switch {
		case e == 0 || v == 16 && i == 0:
			return false
		case v == 16:
			n, v = 3+f.take(2), lengths[i-1]
		case v == 17:
			n, v = 3+f.take(3), 0
		case v == 18:
			n, v = 11+f.take(7), 0
		}
		if i+n > uint(len(lengths)) {
			return false
		}
		for range n {
			lengths[i] = v
			i++
		}
	}
	return true
}

// tables makes the tables for codes of these lengths.
func (f *inflater) tables(lits, dists []uint8) {
	f.state = coded
	lit := func(symbol int) uint32 {
		if symbol >= len(litEntries) {
			return none
		}
		return litEntries[symbol]
	}
	if !build(f.lits[:], litBits, lits, lit) || !build(f.dists[:], distBits, dists, func(symbol int) uint32 { return distEntries[symbol] }) {
		f.state = refused
	}
	for i, e := range f.lits[:1<<litBits] {
		if e == 0 {
			f.lits[i] = other
		}
	}
}

// build fills a table with canonical codes of these lengths, and leaves 0 where there is no code. It answers
// false when there are more codes than fit.
func build(table []uint32, first uint, lengths []uint8, entry func(symbol int) uint32) bool {
	var count [maxBits + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	var code [maxBits + 2]uint
	for n := 1; n <= maxBits; n++ {
		code[n+1] = (code[n] + uint(count[n])) << 1
		if code[n]+uint(count[n]) > 1<<n {
			return false
		}
	}
	clear(table[:1<<first])
	next := uint(1) << first // where the next second table goes
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		n := uint(n)
		at := uint(bits.Reverse16(uint16(code[n]))) >> (16 - n)
		code[n]++
		e := entry(symbol)
		if e == none {
			continue
		}
		e += uint32(n) * perBit
		if n <= first {
			for ; at < 1<<first; at += 1 << n {
				table[at] = e
			}
			continue
		}
		low := at & (1<<first - 1)
		if table[low] == 0 {
			table[low] = other | longer | uint32(next)<<16
			clear(table[next : next+1<<(maxBits-first)])
			next += 1 << (maxBits - first)
		}
		for at = at >> first; at < 1<<(maxBits-first); at += 1 << (n - first) {
			table[uint(table[low]>>16)+at] = e
		}
	}
	return true
}
