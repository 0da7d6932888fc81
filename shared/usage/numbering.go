package usage

import "strconv"

// A value is a number if it is nothing but at most 18 digits, or if it is a code: a prefix without a digit, such as the A of A81001
// or the RBK- of RBK-00421, and a number. Codes of one prefix are numbered among themselves: what is kept of one has
// codes, the prefix's hash and the number below each other, so that no two prefixes share a cell and no code is a plain number.
const (
	maxPrefix   = 12      // bytes of a prefix, at least one of them a letter: names and hexadecimal ids are longer, or hold digits
	leastDigits = 3       // of a code: of two there are four cells, which the outward halves of postcodes fill (AB10)
	mostDigits  = 9       // of a code
	codeBits    = 30      // of a code's number
	codes       = 1 << 60 // from which on numbers are codes: what has 18 digits is below
)

// numberOf reads a value that is a number.
func numberOf(v string) (n uint64, ok bool) {
	if n, ok = digits(v); ok {
		return n, true
	}
	at, ok := prefixOf(v)
	if !ok {
		return 0, false
	}
	n, _ = digits(v[at:])
	return baseOf(v[:at]) | n, true
}

// prefixOf is how long a code's prefix is.
func prefixOf(v string) (length int, ok bool) {
	at := len(v)
	for at > 0 && v[at-1]-'0' <= 9 {
		at--
	}
	if n := len(v) - at; n < leastDigits || n > mostDigits || at > maxPrefix {
		return 0, false
	}
	letter := false
	for i := range at {
		if v[i]-'0' <= 9 {
			return 0, false
		}
		letter = letter || v[i]|0x20-'a' < 26
	}
	return at, letter
}

// baseOf is what is kept of a prefix.
func baseOf(prefix string) uint64 {
	if prefix == "" {
		return 0
	}
	return codes | Hash(prefix)>>(64-codeBits)<<codeBits
}

// spelling is how numbers are written: after a prefix, with zeros before them up to a width. The zero spelling is plain.
type spelling struct {
	prefix string
	width  int // 0: without zeros before them
}

// spell reads a number that is no plain one, too, and tells how it is written: a zero before others shows the width.
func spell(v string) (n uint64, as spelling, ok bool) {
	if n, ok = numberOf(v); !ok {
		return 0, as, false
	}
	if n >= codes {
		at, _ := prefixOf(v)
		n, as.prefix, v = n&(1<<codeBits-1), v[:at], v[at:]
	}
	if v[0] == '0' && len(v) > 1 {
		as.width = len(v)
	}
	return n, as, true
}

// text writes a number.
func (s *spelling) text(n int64) string {
	if n < 0 || *s == (spelling{}) {
		return strconv.FormatInt(n, 10)
	}
	return string(s.append(nil, uint64(n)))
}

func (s *spelling) append(b []byte, n uint64) []byte {
	var room [20]byte
	plain := strconv.AppendUint(room[:0], n, 10)
	b = append(b, s.prefix...)
	for range s.width - len(plain) {
		b = append(b, '0')
	}
	return append(b, plain...)
}

// hash hashes a number as hashValue does what text writes.
func (s *spelling) hash(seed, n uint64) uint64 {
	if s.prefix == "" && (s.width == 0 || n >= tens[s.width-1]) {
		return hashNumber(seed, n)
	}
	var room [maxPrefix + 20]byte
	return hashOn(seed, string(s.append(room[:0], n)))
}

// tens are the powers of ten, as far as numbers go.
var tens = func() (t [19]uint64) {
	n := uint64(1)
	for i := range t {
		t[i] = n
		n *= 10
	}
	return t
}()

// Numbering is how the numbers under one template are written. Nothing is stored of that: paths tell.
type Numbering struct {
	seed uint64
	spelling
}

// NumberingOf is how the last number of each of some paths under a template is written, where they agree: the prefix is that of the
// first, and widths that disagree are none. Where a span is not Within it, there are several prefixes.
func NumberingOf(template string, paths []string) (n Numbering) {
	n.seed = Hash(template)
	shortest, agree, first := MaxExample, true, true
	for _, path := range paths {
		v := lastNumber(template, path)
		if v == "" {
			continue
		}
		_, as, _ := spell(v)
		if first {
			n.spelling, first = as, false
		}
		shortest = min(shortest, len(v)-len(as.prefix))
		agree = agree && (as.width == 0 || n.width == 0 || as.width == n.width)
		n.width = max(n.width, as.width)
	}
	if !agree || shortest < n.width {
		n.width = 0
	}
	return n
}

// CellOf says whether the last number of a path has its cell in s, as far as s can tell: a text has none, nor has what was stored as one.
func (s *Sketch) CellOf(template, path string) bool {
	number, is := numberOf(lastNumber(template, path))
	h := uint32(hashNumber(0, number>>cellBits) >> 32)
	return is && (s.has(h) || !s.Exact() && h > s.low[SketchSize-1])
}

// lastNumber is the last of a path's parameters that is a number, as it is written; empty where there is none.
func lastNumber(template, path string) (value string) {
	g, _ := gridOf(template, path)
	for _, p := range g.params {
		if _, is := numberOf(p.value); is {
			value = p.value
		}
	}
	return value
}

// Within is a span's ends as they are counted in n; ok is false where they are not both of n.
func (n Numbering) Within(s Span) (low, high uint64, ok bool) {
	base, last := baseOf(n.prefix), uint64(codes-1)
	if base > 0 {
		last = base | (1<<codeBits - 1)
	}
	return s.Min - base, s.Max - base, s.Min >= base && s.Max <= last
}

// Text writes a number.
func (n *Numbering) Text(number uint64) string { return n.text(int64(number)) }

// of is what a sketch keeps of a number.
func (n *Numbering) of(number uint64) uint32 {
	if n.prefix == "" && n.width == 0 { // nearly always: hash is too large to be put in here
		return uint32(hashNumber(n.seed, number) >> 32)
	}
	return uint32(n.hash(n.seed, number) >> 32)
}
