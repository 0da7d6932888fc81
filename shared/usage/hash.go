package usage

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// HashName names the function Hash, as far as it is kept: sketches keep its high 32 bits. It stands in
// every stored sketch, because hashes made by different functions must never be merged.
const HashName = "xxh64-high32"

// Hash is the 64-bit hash under which sketches, examples and resources are sampled: XXH64 with seed 0,
// which reads eight bytes at a time and is uniform in every bit. Its values are stored: it can never
// change its meaning.
func Hash(v string) uint64 { return hashOn(0, v) }

// The constants of XXH64.
const (
	prime1 uint64 = 0x9E3779B185EBCA87
	prime2 uint64 = 0xC2B2AE3D27D4EB4F
	prime3 uint64 = 0x165667B19E3779F9
	prime4 uint64 = 0x85EBCA77C2B2AE63
	prime5 uint64 = 0x27D4EB2F165667C5
)

// hashOn is XXH64 of v under a seed.
func hashOn(seed uint64, v string) uint64 {
	b := unsafe.Slice(unsafe.StringData(v), len(v)) // read only
	h := seed + prime5
	if len(b) >= 32 {
		h, b = stripes(seed, b)
	}
	h += uint64(len(v))
	for ; len(b) >= 8; b = b[8:] {
		h = bits.RotateLeft64(h^lane(0, binary.LittleEndian.Uint64(b)), 27)*prime1 + prime4
	}
	if len(b) >= 4 {
		h = bits.RotateLeft64(h^uint64(binary.LittleEndian.Uint32(b))*prime1, 23)*prime2 + prime3
		b = b[4:]
	}
	for _, c := range b {
		h = bits.RotateLeft64(h^uint64(c)*prime5, 11) * prime1
	}
	return avalanche(h)
}

// stripes takes in as many times 32 bytes as there are, in four lanes, and returns the rest.
func stripes(seed uint64, b []byte) (h uint64, rest []byte) {
	lanes := [4]uint64{seed + prime1 + prime2, seed + prime2, seed, seed - prime1}
	for ; len(b) >= 32; b = b[32:] {
		for i := range lanes {
			lanes[i] = lane(lanes[i], binary.LittleEndian.Uint64(b[8*i:]))
		}
	}
	for i, turn := range [4]int{1, 7, 12, 18} {
		h += bits.RotateLeft64(lanes[i], turn)
	}
	for _, l := range lanes {
		h = (h^lane(0, l))*prime1 + prime4
	}
	return h, b
}

// hashNumber is XXH64, under a seed, of a number's eight bytes, the lowest first.
func hashNumber(seed, n uint64) uint64 {
	h := seed + prime5 + 8
	return avalanche(bits.RotateLeft64(h^lane(0, n), 27)*prime1 + prime4)
}

func lane(sum, word uint64) uint64 { return bits.RotateLeft64(sum+word*prime2, 31) * prime1 }

func avalanche(h uint64) uint64 {
	h = (h ^ h>>33) * prime2
	h = (h ^ h>>29) * prime3
	return h ^ h>>32
}
