package usage

import (
	"math"
	"strconv"
	"strings"
)

// Patch is the part of a sample that lies close together on a grid: resources under one template whose last two
// numbers, such as squares of a map, differ by little from each other's, all else being the same.
type Patch struct {
	Hashes    []uint32  // of the sample, in the order in which they were found
	Below     int       // of the resources in the boxes around each, so many would be kept had they been looked at
	Kept      int       // and so many are
	Low, High [2]string // the corners
}

// Patch finds the resources of s around one that a path names, and those around these, and so on, each at most so
// far from the last one, in both directions. Nothing is stored of the numbers themselves: all that may be are
// tried. It is empty where the path has no two numbers.
func (s *Sketch) Patch(template, path string, reach int64) (p Patch) {
	g, ok := gridOf(template, path)
	if !ok || g.row < 0 || s.Len() == 0 {
		return p
	}
	limit := uint32(math.MaxUint32)
	if !s.Exact() {
		limit = s.low[SketchSize-1]
	}
	start := place{g.params[g.row].scaled, g.params[g.col].scaled}
	low, high, seen := start, start, map[place]bool{}
	for queue := []place{start}; len(queue) > 0 && len(p.Hashes) <= SketchSize; queue = queue[1:] {
		below, kept, own := 0, 0, false
		g.box(queue[0], reach, limit, func(at place, h uint32) {
			below++
			if !s.has(h) {
				return
			}
			kept++
			own = own || at == queue[0]
			if !seen[at] {
				seen[at] = true
				queue, p.Hashes = append(queue, at), append(p.Hashes, h)
				low, high = place{min(low.row, at.row), min(low.col, at.col)}, place{max(high.row, at.row), max(high.col, at.col)}
			}
		})
		if own { // no place counts itself
			p.Below, p.Kept = p.Below+below-1, p.Kept+kept-1
		}
	}
	row, col := g.params[g.row], g.params[g.col]
	p.Low, p.High = [2]string{row.text(low.row), col.text(low.col)}, [2]string{row.text(high.row), col.text(high.col)}
	return p
}

// place is where on a grid a resource lies.
type place struct{ row, col int64 }

// box tells of the places at most so far from one, whose hashes are no higher than limit.
func (g *grid) box(around place, reach int64, limit uint32, tell func(place, uint32)) {
	for row := around.row - reach; row <= around.row+reach; row++ {
		prefix := g.rowHash(row)
		for col := around.col - reach; col <= around.col+reach; col++ {
			if h := uint32(g.hash(prefix, col) >> 32); h <= limit {
				tell(place{row, col}, h)
			}
		}
	}
}

// grid is what a path stands for, less its last two numbers.
type grid struct {
	seed     uint64
	params   []coordinate
	row, col int // the last two numbers: plain ones, where there are two, before codes, which name a sort or a place
}

// gridOf takes a path apart as its template says; ok is false where it does not fit.
func gridOf(template, path string) (g grid, ok bool) {
	for _, p := range [2]string{rest(path), path} {
		if g, ok = gridOn(template, p); ok {
			return g, true
		}
	}
	return grid{}, false
}

func gridOn(template, path string) (g grid, ok bool) {
	g = grid{seed: Hash(template), row: -1, col: -1}
	row, col := -1, -1 // of whatever numbers
	for {
		t, tAfter, tMore := segment(template)
		p, pAfter, pMore := segment(path)
		switch {
		case !tMore || !pMore:
			if g.row < 0 {
				g.row, g.col = row, col
			}
			return g, !tMore && !pMore
		case t[0] != '{' && t != p, strings.HasSuffix(t, "+}"):
			return g, false
		case t[0] == '{':
			c := coordinateOf(p)
			if c.number {
				row, col = col, len(g.params)
			}
			if c.number && c.prefix == "" {
				g.row, g.col = g.col, len(g.params)
			}
			g.params = append(g.params, c)
		}
		template, path = tAfter, pAfter
	}
}

// rowHash is the hash of a resource of a row, as far as its column.
func (g *grid) rowHash(row int64) uint64 {
	h := g.seed
	for i, c := range g.params[:g.col] {
		if i == g.row {
			h = c.hash(h, row)
		} else {
			h = c.hash(h, c.scaled)
		}
	}
	return h
}

// hash is that of a resource, given its row's.
func (g *grid) hash(row uint64, col int64) uint64 {
	h := g.params[g.col].hash(row, col)
	for _, c := range g.params[g.col+1:] {
		h = c.hash(h, c.scaled)
	}
	return h
}

// coordinate is a parameter's value: a number of so many decimals, a number with zeros or a prefix before it, or a text.
type coordinate struct {
	value string
	spelling
	number   bool
	decimals int
	scaled   int64 // the number without its point
}

// maxCoordinate is how long a number with a sign or a point may be.
const maxCoordinate = 15

func coordinateOf(v string) coordinate {
	c := coordinate{value: v}
	whole, part, _ := strings.Cut(v, ".")
	if n, err := strconv.ParseInt(whole+part, 10, 64); err == nil && len(v) <= maxCoordinate {
		c.decimals, c.scaled = len(part), n
		if c.number = c.text(n) == v; c.number {
			return c
		}
	}
	n, as, ok := spell(v)
	return coordinate{value: v, spelling: as, number: ok, scaled: int64(n)}
}

// text writes a number with as many decimals.
func (c *coordinate) text(scaled int64) string {
	if c.decimals == 0 {
		return c.spelling.text(scaled)
	}
	s := strconv.FormatInt(scaled, 10)
	sign := ""
	if scaled < 0 {
		sign, s = "-", s[1:]
	}
	if missing := c.decimals + 1 - len(s); missing > 0 {
		s = strings.Repeat("0", missing) + s
	}
	return sign + s[:len(s)-c.decimals] + "." + s[len(s)-c.decimals:]
}

// hash adds the value to a hash, or another number in its place, as identify does.
func (c *coordinate) hash(seed uint64, scaled int64) uint64 {
	switch {
	case !c.number:
		return hashOn(seed, c.value)
	case c.decimals == 0 && scaled >= 0:
		return c.spelling.hash(seed, uint64(scaled))
	}
	return hashOn(seed, c.text(scaled))
}
