package traffic

import (
	"fmt"
	"math/rand/v2"
)

// Words are what names are made of.
var Words = []string{"hill", "river", "mill", "bridge", "green", "church", "park", "lake", "stone", "market", "north", "oak"}

// Slug is the i-th name of words: no other has the same.
func Slug(i int) string {
	n := len(Words)
	return fmt.Sprintf("%s-%s-%d", Words[i%n], Words[i/n%n], i/n/n)
}

// UUID is the i-th name without an order.
func UUID(i int) string {
	r := rand.New(rand.NewPCG(uint64(i), 77))
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", r.Uint32(), r.Uint32()>>16, r.Uint32()>>20, r.Uint32()>>20, r.Uint64()>>16)
}
