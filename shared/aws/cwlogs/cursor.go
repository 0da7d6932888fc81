package cwlogs

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// cursor reads JSON from b at i. Its methods answer false where the text is not what they read, or is not
// there yet.
type cursor struct {
	b []byte
	i int

	more func(*cursor) bool // brings more text, and may drop what was read; false at the end
	last *string            // what is kept of text that is dropped
	room []byte             // for a string that is unescaped: the text itself stays as it is, as later text is unpacked from it
}

// bring brings more text, if there is any.
func (c *cursor) bring() bool { return c.more != nil && c.more(c) }

// ahead brings text until so much is there or it ends.
func (c *cursor) ahead(n int) {
	for len(c.b)-c.i < n && c.bring() {
	}
}

func (c *cursor) space() {
	for c.i < len(c.b) && (c.b[c.i] == ' ' || c.b[c.i] == '\n' || c.b[c.i] == '\r' || c.b[c.i] == '\t') {
		c.i++
	}
}

// next steps over a byte, if it comes next.
func (c *cursor) next(want byte) bool {
	for c.space(); c.i == len(c.b); c.space() {
		if !c.bring() {
			return false
		}
	}
	if c.b[c.i] != want {
		return false
	}
	c.i++
	return true
}

func (c *cursor) object(field func(name string) bool) bool {
	if !c.next('{') || c.next('}') {
		return false
	}
	for {
		name, ok := c.plain()
		if !ok || !c.next(':') || !field(name) {
			return false
		}
		if !c.next(',') {
			return c.next('}')
		}
	}
}

func (c *cursor) array(element func() bool) bool {
	if !c.next('[') {
		return false
	}
	if c.next(']') {
		return true
	}
	for {
		if !element() {
			return false
		}
		if !c.next(',') {
			return c.next(']')
		}
	}
}

// number reads a whole number of at most 18 digits, without a sign or leading zeros.
func (c *cursor) number() (n int64, ok bool) {
	c.space()
	start := c.i
	for c.i < len(c.b) && '0' <= c.b[c.i] && c.b[c.i] <= '9' && c.i-start < 19 {
		n = n*10 + int64(c.b[c.i]-'0')
		c.i++
	}
	digits := c.i - start
	return n, digits > 0 && digits < 19 && (digits == 1 || c.b[start] != '0')
}

// plain reads a string of printable ASCII without escapes. It shares the bytes, which nothing writes to.
func (c *cursor) plain() (string, bool) {
	if !c.next('"') {
		return "", false
	}
	start := c.i
	c.i = run(c.b, c.i)
	if c.i >= len(c.b) || c.b[c.i] != '"' {
		return "", false
	}
	c.i++
	return text(c.b[start : c.i-1]), true
}

// kept is plain, in memory of its own.
func (c *cursor) kept() (string, bool) {
	s, ok := c.plain()
	return strings.Clone(s), ok
}

// text shares the bytes, which live as long as the string and stay as they are.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// text reads a string and unescapes it. What it returns is good until the next one is read.
func (c *cursor) text() ([]byte, bool) {
	if !c.next('"') {
		return nil, false
	}
	start := c.i
	for c.i = run(c.b, c.i); c.i < len(c.b) && c.b[c.i] != '"'; c.i = run(c.b, c.i) {
		if c.b[c.i] == '\\' {
			c.i++
		}
		c.i++
	}
	if c.i >= len(c.b) {
		return nil, false
	}
	c.i++
	c.room = append(c.room[:0], c.b[start:c.i]...)
	t := cursor{b: c.room}
	return t.unescape()
}

// unescape unescapes what remains of a string where it lies, for it never grows.
func (c *cursor) unescape() ([]byte, bool) {
	start, end, wide := c.i, c.i, false
	for {
		end = c.shift(end)
		if c.i >= len(c.b) {
			return nil, false
		}
		switch special := c.b[c.i]; {
		case special == '"':
			c.i++
			return c.b[start:end:end], !wide || utf8.Valid(c.b[start:end])
		case special == '\\':
			if end = c.escape(end); end < 0 {
				return nil, false
			}
		case special >= utf8.RuneSelf:
			wide = true
			c.b[end] = special
			end++
			c.i++
		default:
			return nil, false // a control character
		}
	}
}

// shift moves the run at the cursor down to end, and returns the new end. Once the two are eight bytes apart
// it moves eight at a time, what follows the run included, since that space is free by then; quotes that
// follow are unescaped on the way, as every line is full of them.
func (c *cursor) shift(end int) int {
	b, i := c.b, c.i
	for i-end >= 8 && i+10 <= len(b) {
		x := binary.LittleEndian.Uint64(b[i:])
		binary.LittleEndian.PutUint64(b[end:], x)
		found := special(x)
		n := bits.TrailingZeros64(found) / 8
		i, end = i+n, end+n
		if found == 0 {
			continue
		}
		if b[i] != '\\' || b[i+1] != '"' {
			c.i = i
			return end
		}
		b[end] = '"'
		i, end = i+2, end+1
	}
	c.i = run(b, i)
	return end + copy(b[end:], b[i:c.i])
}

// unescaped are the escapes of one letter.
var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape writes what the escape at the cursor stands for to end, and returns the new end; -1 for an escape
// that is left to the strict decoder, such as half of a surrogate pair.
func (c *cursor) escape(end int) int {
	if c.i+1 >= len(c.b) {
		return -1
	}
	if plain := unescaped[c.b[c.i+1]]; plain != 0 {
		c.b[end] = plain
		c.i += 2
		return end + 1
	}
	if c.b[c.i+1] != 'u' || c.i+6 > len(c.b) {
		return -1
	}
	var r rune
	for _, h := range c.b[c.i+2 : c.i+6] {
		switch {
		case '0' <= h && h <= '9':
			r = r<<4 | rune(h-'0')
		case 'a' <= h|0x20 && h|0x20 <= 'f':
			r = r<<4 | rune(h|0x20-'a'+10)
		default:
			return -1
		}
	}
	if !utf8.ValidRune(r) {
		return -1
	}
	c.i += 6
	return end + utf8.EncodeRune(c.b[end:end+3], r)
}

// run returns where the run of printable ASCII without quotes and backslashes that starts at i ends.
func run(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if found := special(binary.LittleEndian.Uint64(b[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && ' ' <= b[i] && b[i] < utf8.RuneSelf && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// special marks, of eight bytes, the first that is a quote, a backslash, a control character or not ASCII, by
// its high bit: (x - low) &^ x has the high bit of the first byte that is zero, and of none before it.
func special(x uint64) uint64 {
	const low, high = 0x0101010101010101, 0x8080808080808080
	quote, slash := x^(low*'"'), x^(low*'\\')
	return ((quote-low)&^quote | (slash-low)&^slash | (x-low*' ')&^x | x) & high
}
