package cwlogs

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
	"unsafe"

	"accord/shared/accesslog"
	"accord/shared/metering"
	"accord/shared/usage"
)

// scan reads a batch in the shape CloudWatch Logs is known to send: the documented fields, each once, plain
// ids and names, escapes as json.Marshal-like encoders write them. A line that has to be unescaped is
// unescaped where it lies, which spoils the text. ok is false for any other shape, also for one that is
// wrong: the strict decoder has the last word.
func scan(c *cursor, lines *accesslog.Reader) (out metering.Batch, kind Kind, ok bool) {
	c.last = &out.Last
	c.ahead(far)
	seen := 0
	ok = c.object(func(name string) bool {
		var bit int
		var fine bool
		switch name {
		case "messageType":
			bit = 1
			var v string
			v, fine = c.plain()
			kind = Kind(strings.Clone(v))
		case "logGroup":
			bit = 2
			out.Group, fine = c.kept()
		case "logStream":
			bit = 4
			out.Stream, fine = c.kept()
		case "owner":
			bit = 8
			_, fine = c.plain()
		case "subscriptionFilters":
			bit = 16
			fine = c.array(func() bool { _, ok := c.plain(); return ok })
		case "logEvents":
			bit = 32
			fine = c.array(func() bool { return c.any(&out, lines) })
			c.ahead(far)
		}
		fine = fine && seen&bit == 0
		seen |= bit
		return fine
	})
	for c.space(); c.i == len(c.b) && c.bring(); c.space() {
	}
	out.Last = strings.Clone(out.Last)
	return out, kind, ok && kind != "" && c.i == len(c.b)
}

// How much text is to be there before an event is read: as much as nearly all take, and as much as one with
// the longest line takes, or what stands around the events.
const (
	near = 4 << 10
	far  = 2 * accesslog.MaxLine
)

func (c *cursor) any(out *metering.Batch, lines *accesslog.Reader) bool {
	c.ahead(near)
	if c.usual(out, lines) {
		return true
	}
	c.ahead(far)
	ok := c.event(out, lines)
	if out.Count == 1 {
		out.First = strings.Clone(out.First)
	}
	return ok
}

// The usual event, around its id, its timestamp and its message.
const (
	beforeID        = `{"id":"`
	beforeTimestamp = `","timestamp":`
	beforeMessage   = `,"message":"`
)

// usual reads an event in the usual spelling whose line has a layout that was met, in one go. Otherwise
// the cursor stays where it is.
func (c *cursor) usual(out *metering.Batch, lines *accesslog.Reader) bool {
	t := cursor{b: c.b, i: c.i}
	if !t.literal(beforeID) {
		return false
	}
	start := t.i
	if most := len(out.Last) / 2; len(t.b)-t.i > most && string(t.b[t.i:t.i+most]) == out.Last[:most] {
		t.i += most // ids of a stream begin alike
	}
	t.i = run(t.b, t.i)
	id := t.b[start:t.i]
	if !t.literal(beforeTimestamp) || !t.today() || !t.literal(beforeMessage) {
		return false
	}
	n := lines.InJSON(t.b[t.i:])
	if n == 0 {
		return false
	}
	out.Saw(text(id))
	if out.Count == 1 {
		out.First = strings.Clone(out.First)
	}
	if c.i = t.i + n; !c.next('}') {
		*c = cursor{} // the line is counted: only the strict decoder can go on
	}
	return true
}

// today steps over a timestamp of 13 digits, as they are until the year 2286.
func (c *cursor) today() bool {
	if len(c.b)-c.i < 13 || c.b[c.i] == '0' {
		return false
	}
	_, first := usage.Digits(binary.LittleEndian.Uint64(c.b[c.i:]), 8)
	_, last := usage.Digits(binary.LittleEndian.Uint64(c.b[c.i+5:]), 8)
	c.i += 13
	return first && last
}

func (c *cursor) literal(s string) bool {
	if len(c.b)-c.i < len(s) || string(c.b[c.i:c.i+len(s)]) != s {
		return false
	}
	c.i += len(s)
	return true
}

// event reads an event in any spelling.
func (c *cursor) event(out *metering.Batch, lines *accesslog.Reader) bool {
	seen := 0
	return c.object(func(name string) bool {
		var bit int
		var fine bool
		switch name {
		case "id":
			bit = 1
			var id string
			id, fine = c.plain()
			out.Saw(id)
		case "timestamp":
			bit = 2
			_, fine = c.number()
		case "message":
			bit = 4
			var line []byte
			line, fine = c.text()
			lines.Line(line)
		}
		fine = fine && seen&bit == 0
		seen |= bit
		return fine
	}) && seen == 1|2|4
}

// cursor reads JSON from b at i. Its methods answer false where the text is not what they read, or is not
// there yet.
type cursor struct {
	b []byte
	i int

	more func(*cursor) bool // brings more text, and may drop what was read; false at the end
	last *string            // what is kept of text that is dropped
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

// text reads a string and unescapes it where it lies: it never grows.
func (c *cursor) text() ([]byte, bool) {
	if !c.next('"') {
		return nil, false
	}
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
