package cwlogs

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// inflater unpacks gzip in the one shape a delivery has: a header without extras, one member, nothing after
// it. A delivery is whole in memory, so that it reads eight bytes at once, and up to three literals of them,
// where libraries are made to read a byte at a time: BenchmarkInflate measures 55 % of klauspost/compress's
// processor time. Unpacking is most of what a line costs; nothing that was tried on the lines saved half as
// much. It trusts nothing: whatever is unusual, wrong, or does not have the right checksum at its end it
// refuses, and the standard library has the last word.
type inflater struct {
	in  []byte // a delivery, then padding
	len int    // of the delivery
	at  int    // in in: what is not in buf yet
	buf uint64 // bits, the first lowest
	has uint   // how many of them count

	state  step
	last   bool // the block is the last
	stored int  // bytes of a stored block that are to come
	lits   litTable
	dists  distTable

	digest uint32
	size   uint32
}

// step is what comes next.
type step uint8

const (
	block step = iota
	coded
	copied
	ended
	refused
)

const (
	padding = 32       // zeros after a delivery, so that reading eight bytes never leaves the memory
	history = 32 << 10 // how far back a copy may reach
	slack   = 512      // how much more than asked for the last symbols may write
)

// pad appends what reset needs after a delivery.
func pad(packed []byte) []byte {
	return append(packed, make([]byte, padding)...)
}

var plainHeader = []byte{0x1f, 0x8b, 8, 0}

const header, trailer = 10, 8

// reset begins to unpack a padded delivery.
func (f *inflater) reset(padded []byte) {
	f.in, f.len = padded, len(padded)-padding
	f.at, f.buf, f.has = header, 0, 0
	f.state, f.last, f.digest, f.size = block, false, 0, 0
	if f.len < header+trailer || !bytes.HasPrefix(padded, plainHeader) {
		f.state = refused
	}
}

// next unpacks into out from op on, until out has no more than slack left or the delivery ends. out holds what was
// unpacked before, as far back as history. It returns where it ended.
func (f *inflater) next(out []byte, op int) int {
	from, most := op, len(out)-slack
	for op < most && f.state < ended {
		switch f.state {
		case block:
			f.begin()
		case coded:
			op = f.symbols(out, op, most)
		case copied:
			n := min(f.stored, most-op)
			op += copy(out[op:op+n], f.in[f.at:])
			f.at += n
			if f.stored -= n; f.stored == 0 {
				f.finish()
			}
		}
	}
	f.digest = crc32.Update(f.digest, crc32.IEEETable, out[from:op])
	f.size += uint32(op - from)
	if f.state == ended && !f.whole() {
		f.state = refused
	}
	return op
}

// whole says whether the delivery ends here, with the checksum and the size it should have.
func (f *inflater) whole() bool {
	at := f.at - int(f.has/8)
	return at+trailer == f.len && binary.LittleEndian.Uint32(f.in[at:]) == f.digest && binary.LittleEndian.Uint32(f.in[at+4:]) == f.size
}

// finish ends a block.
func (f *inflater) finish() {
	if f.state = block; f.last {
		f.state = ended
	}
}

// take takes at most 32 bits.
func (f *inflater) take(n uint) uint {
	if f.has < n {
		if f.at > f.len {
			f.state = refused
			return 0
		}
		f.at, f.buf, f.has = refill(f.in, f.at, f.buf, f.has)
	}
	v := f.buf & (1<<n - 1)
	f.buf >>= n
	f.has -= n
	return uint(v)
}

// refill makes has at least 56. The bits of buf above has are those that come next already, so that putting
// them there again changes nothing.
func refill(in []byte, at int, buf uint64, has uint) (int, uint64, uint) {
	return at + int(63-has)>>3, buf | binary.LittleEndian.Uint64(in[at:])<<(has&63), has | 56
}

// begin reads the head of a block.
func (f *inflater) begin() {
	f.last = f.take(1) == 1
	switch f.take(2) {
	case 0:
		f.at -= int(f.has / 8)
		f.buf, f.has = 0, 0
		if f.at+4 > f.len {
			f.state = refused
			return
		}
		n := binary.LittleEndian.Uint16(f.in[f.at:])
		if f.at += 4; n != ^binary.LittleEndian.Uint16(f.in[f.at-2:]) || f.at+int(n) > f.len {
			f.state = refused
			return
		}
		f.state, f.stored = copied, int(n)
		if n == 0 {
			f.finish()
		}
	case 1:
		f.fixed()
	case 2:
		f.dynamic()
	default:
		f.state = refused
	}
}

// symbols unpacks a block's literals and copies, until there is more than most or the block ends.
func (f *inflater) symbols(out []byte, op, most int) int {
	in, at, buf, has := f.in, f.at, f.buf, f.has
	lits, dists := &f.lits, &f.dists
	for op < most && at <= f.len {
		at, buf, has = refill(in, at, buf, has)
		e := lits[buf&(1<<litBits-1)]
		if int32(e) < 0 { // up to three literals fit in the 56 bits
			buf, has = buf>>(e&63), has-uint(e&63)
			out[op] = byte(e >> 16)
			op++
			if e = lits[buf&(1<<litBits-1)]; int32(e) < 0 {
				buf, has = buf>>(e&63), has-uint(e&63)
				out[op] = byte(e >> 16)
				op++
				if e = lits[buf&(1<<litBits-1)]; int32(e) < 0 {
					buf, has = buf>>(e&63), has-uint(e&63)
					out[op] = byte(e >> 16)
					op++
					continue
				}
			}
			at, buf, has = refill(in, at, buf, has)
		}
		if e&other != 0 {
			if e&longer != 0 {
				e = lits[(uint64(e>>16)+buf>>litBits&(1<<(maxBits-litBits)-1))&uint64(len(lits)-1)]
			}
			switch {
			case int32(e) < 0:
				buf, has = buf>>(e&63), has-uint(e&63)
				out[op] = byte(e >> 16)
				op++
				continue
			case e&63 == 0: // no code
				f.state = refused
				return op
			case e&other != 0: // the end of the block
				f.at, f.buf, f.has = at, buf>>(e&63), has-uint(e&63)
				f.finish()
				return op
			}
		}
		length := int(e>>16) + int(buf&(1<<(e&63)-1)>>(e>>8&15))
		buf, has = buf>>(e&63), has-uint(e&63)
		d := dists[buf&(1<<distBits-1)]
		if d&longer != 0 {
			d = dists[(uint64(d>>16)+buf>>distBits&(1<<(maxBits-distBits)-1))&uint64(len(dists)-1)]
		}
		dist := int(d>>16) + int(buf&(1<<(d&63)-1)>>(d>>8&15))
		buf, has = buf>>(d&63), has-uint(d&63)
		if d == 0 || dist > op {
			f.state = refused
			return op
		}
		again(out, op, dist, length)
		op += length
	}
	if f.at, f.buf, f.has = at, buf, has; at > f.len {
		f.state = refused
	}
	return op
}

// again copies what was unpacked dist bytes ago, whose end may be what is copied. Most copies of a log are
// of names and the like, for which copy is quickest.
func again(out []byte, op, dist, length int) {
	from := op - dist
	switch {
	case dist >= length && length > 16:
		copy(out[op:op+length], out[from:])
	case dist >= 8:
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(out[op+i:], binary.LittleEndian.Uint64(out[from+i:]))
		}
	default:
		for i := range length {
			out[op+i] = out[from+i]
		}
	}
}
