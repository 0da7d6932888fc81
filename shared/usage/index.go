package usage

// Index finds numbers by their hashes, as Sketch.Numbers does, and keeps what it worked out: who judges many keys of
// one API looks through the same numbers again and again. A nil Index keeps nothing. It is for one goroutine.
type Index struct {
	blocks map[blockID]*block
}

// blockID is so many numbers in a row, written in one way under one template.
type blockID struct {
	as     Numbering
	number uint64
}

const (
	blockBits = 12   // of a number, within its block
	maxBlocks = 1024 // that are kept, of 24 KB each
)

// block is which of its numbers have which hashes.
type block struct {
	ends    [1<<blockBits + 1]uint16 // by a hash's highest bits, where in entries its like begin, and the next end
	entries [1 << blockBits]uint32   // the other bits of a hash, and below them the number's
}

// Numbers is s.Numbers.
func (x *Index) Numbers(s *Sketch, as Numbering, low, high uint64) map[uint32]uint64 {
	if x == nil || s.Len() == 0 || high < low || high-low >= maxDecoded {
		return s.Numbers(as, low, high)
	}
	found := make(map[uint32]uint64, s.Len())
	for b := low >> blockBits; b <= high>>blockBits; b++ {
		in := x.block(blockID{as, b})
		for _, h := range s.low {
			if n, ok := in.find(h, low, high, b<<blockBits); ok {
				found[h] = n
			}
		}
	}
	return found
}

// block is kept from before, or made. When there are too many, all are forgotten.
func (x *Index) block(id blockID) *block {
	b := x.blocks[id]
	if b == nil {
		if x.blocks == nil || len(x.blocks) == maxBlocks {
			x.blocks = make(map[blockID]*block)
		}
		b = newBlock(id)
		x.blocks[id] = b
	}
	return b
}

func newBlock(id blockID) *block {
	var hashes [1 << blockBits]uint32
	b := new(block)
	for i := range hashes {
		hashes[i] = id.as.of(id.number<<blockBits + uint64(i))
		b.ends[hashes[i]>>(32-blockBits)]++
	}
	end := uint16(0)
	for i, n := range b.ends {
		end += n
		b.ends[i] = end
	}
	for i := len(hashes) - 1; i >= 0; i-- { // so that those of one place rise
		at := &b.ends[hashes[i]>>(32-blockBits)]
		*at--
		b.entries[*at] = hashes[i]<<blockBits | uint32(i)
	}
	return b
}

// find is the highest number of a hash within bounds, in a block that begins with first.
func (b *block) find(hash uint32, low, high, first uint64) (number uint64, ok bool) {
	at := hash >> (32 - blockBits)
	for _, e := range b.entries[b.ends[at]:b.ends[at+1]] {
		if n := first + uint64(e&(1<<blockBits-1)); e>>blockBits == hash<<blockBits>>blockBits && n >= low && n <= high {
			number, ok = n, true
		}
	}
	return number, ok
}
