package accesslog

import (
	"encoding/binary"
	"math/bits"
	"unsafe"

	"accord/shared/usage"
)

// layout is the shape that one line had: its names in their order, and which values were in quotes. A
// line that differs from that one in nothing but plain values has each name once, like the other, and is
// read without looking at the names again.
type layout struct {
	steps []step
	end   string
}

// step is what comes before a value, and what the value is.
type step struct {
	before string // the end of the value before included
	field  field  // numFields: one that is not read
	kind   kind
	figure bool // the value is to be a number, in quotes or not
}

// learn makes the layout of a line that scan has read. In the text of lines quotes are written as quote:
// with a backslash where they stand in a JSON string, which then ends after the line.
func learn(line, quote string) layout {
	var l layout
	closing := ""
	for i := 0; line[i] != '}'; {
		s := step{before: closing + line[i:i+1] + quote}
		name, next, _ := quoted(line, i+1)
		v, next, _ := scalar(line, next+1)
		s.before += name + quote + ":"
		closing = ""
		if s.field, s.kind = numFields, v.kind; s.kind == text {
			s.before += quote
			closing = quote
		}
		if id, ok := fieldOf(name); ok && id < numRead {
			s.field = id
		}
		s.figure = s.field == epoch || s.field == status || s.field == responseLength || s.field == responseLatency
		l.steps = append(l.steps, s)
		i = next
	}
	l.end = closing + "}"
	if quote != `"` {
		l.end += `"`
	}
	return l
}

// layouts are those of the lines that were met, in plain text or all of them within JSON.
type layouts struct {
	known []layout
	last  int // the one that the line before had
}

// maxLayouts is how many layouts are told apart in a batch; lines of any more are only read more slowly.
const maxLayouts = 8

func (l *layouts) learn(line, quote string) {
	if len(l.known) < maxLayouts {
		l.known = append(l.known, learn(line, quote))
	}
}

// match is layout.match for the layout that b has.
func (l *layouts) match(b []byte, f *fields) int {
	for range l.known {
		if n := l.known[l.last].match(b, f); n > 0 {
			return n
		}
		*f = fields{} // each layout sets its own
		l.last = (l.last + 1) % len(l.known)
	}
	return 0
}

// match reads a line that starts b into f, and returns its length, the end of the string it stands in
// included; 0 when it has another layout. What f has then shares memory with b.
func (l *layout) match(b []byte, f *fields) int {
	i := 0
	for s := range l.steps {
		s := &l.steps[s]
		if len(b)-i < len(s.before)+1 || string(b[i:i+len(s.before)]) != s.before {
			return 0
		}
		i += len(s.before)
		from := i
		if s.figure {
			v := &f[s.field]
			if v.n, i = figure(b, i); i > from {
				v.kind = parsed
				continue
			}
		}
		if s.kind == text {
			i = run(b, i)
		} else if i = run10(b, i); i == from || b[from] == '0' && i > from+1 {
			return 0
		}
		f[s.field] = value{kind: s.kind, s: unsafe.String(&b[from], i-from)} //nolint:gosec // within b, which is longer
	}
	if len(l.steps) == 0 || len(b)-i < len(l.end) || string(b[i:i+len(l.end)]) != l.end {
		return 0
	}
	return i + len(l.end)
}

// figure reads a plain whole number of at most 15 digits that a quote or an escape follows, and returns where it
// ends; where there is no such one, i. It has no branch that depends on how many digits there are, because
// that changes from line to line.
func figure(b []byte, i int) (n int64, end int) {
	if len(b)-i < 16 || b[i] == '0' && b[i+1]-'0' <= 9 {
		return 0, i
	}
	word, high := binary.LittleEndian.Uint64(b[i:]), int64(0)
	end = i
	found := special(word)
	if found == 0 {
		v, ok := usage.Digits(word, 8)
		if !ok {
			return 0, i
		}
		high, end = int64(v), i+8
		word = binary.LittleEndian.Uint64(b[end:])
		found = special(word)
	}
	count := bits.TrailingZeros64(found) / 8
	v, ok := usage.Digits(word, count)
	if found == 0 || !ok || end+count == i {
		return 0, i
	}
	return high*tens[count] + int64(v), end + count
}

var tens = [9]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

// run returns where the run of printable ASCII without quotes and backslashes that starts at i ends.
func run(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if found := special(binary.LittleEndian.Uint64(b[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && ' ' <= b[i] && b[i] < 0x80 && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// special marks, of eight bytes, the first that is a quote, a backslash, a control character or not ASCII, by
// its high bit: (x - ones) &^ x has the high bit of the first byte that is zero, and of none before it.
func special(x uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	quote, slash := x^(ones*'"'), x^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x-ones*' ')&^x | x) & highs
}

// run10 returns where the run of digits that starts at i ends.
func run10(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}
