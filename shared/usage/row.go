package usage

import "math"

// Row is the part of a sample that lies around one path when a single number of it is counted up and down.
type Row struct {
	Numbers map[uint32]uint64 // by the hash of the resource
	Low     uint64            // the least of them
	High    uint64
	As      Numbering // how they are written
	By      uint64    // what they count by
	Below   int       // of the numbers from the least to the highest that count by it, so many would be in the sample had all been looked at
}

const (
	rowEnds = 12      // numbers one after the other that would be in the sample, and are not, after which a row ends
	maxRow  = 1 << 11 // numbers tried up and down
)

// Slots is how many numbers there are from the least to the highest that count by the same.
func (r *Row) Slots() float64 { return float64((r.High-r.Low)/r.By + 1) }

// Rows finds the rows around a path, one for each of its parameters that is a whole number, or a code, of numbers that count by so many. Nothing is stored
// of the numbers themselves: those that may be are tried.
func (s *Sketch) Rows(template, path string, by uint64) (rows []Row) {
	g, ok := gridOf(template, path)
	if !ok || s.Len() == 0 {
		return nil
	}
	limit := uint32(math.MaxUint32)
	if !s.Exact() {
		limit = s.low[SketchSize-1]
	}
	prefix := g.seed
	for i, p := range g.params {
		if p.number && p.decimals == 0 && p.scaled >= 0 {
			r := Row{Numbers: make(map[uint32]uint64), Low: math.MaxUint64, By: by, As: Numbering{g.seed, p.spelling}}
			for _, step := range [2]int64{int64(by), -int64(by)} {
				g.count(i, prefix, step, s, limit, &r)
			}
			rows = append(rows, r)
		}
		prefix = p.hash(prefix, p.scaled)
	}
	return rows
}

// count counts one parameter up by steps, from its value on, or down, from below its value.
func (g *grid) count(i int, prefix uint64, step int64, s *Sketch, limit uint32, r *Row) {
	n, missed := g.params[i].scaled, 0
	if step < 0 {
		n += step
	}
	for tried := 0; n >= 0 && missed < rowEnds && tried < maxRow; n, tried = n+step, tried+1 {
		hash := g.params[i].hash(prefix, n)
		for _, p := range g.params[i+1:] {
			hash = p.hash(hash, p.scaled)
		}
		h := uint32(hash >> 32)
		switch {
		case h > limit:
		case s.has(h):
			r.Numbers[h], r.Low, r.High = uint64(n), min(r.Low, uint64(n)), max(r.High, uint64(n))
			r.Below, missed = r.Below+missed+1, 0
		default:
			missed++
		}
	}
}
