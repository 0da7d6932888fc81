package accesslog

import (
	"encoding/binary"
	"strings"
	"unsafe"
)

// maxUnknown is how many names that this package does not know scan puts up with.
const maxUnknown = 16

// scan reads a line of the shape API Gateway writes: one flat object of strings and whole numbers in
// plain ASCII, without spaces or escapes. It answers false for everything else, right or wrong, and
// leaves that to decode. What it reads, decode reads the same.
func scan(line string, f *fields) bool {
	if len(line) < 7 || line[0] != '{' || line[len(line)-1] != '}' || !plain(line) {
		return false
	}
	var seen once
	for i := 1; ; i++ {
		name, next, ok := quoted(line, i)
		if !ok || line[next] != ':' {
			return false
		}
		v, next, ok := scalar(line, next+1)
		if !ok || !seen.keep(name, v, f) {
			return false
		}
		if next == len(line)-1 {
			return true
		}
		if line[next] != ',' {
			return false
		}
		i = next
	}
}

// quoted reads the string that starts at i; next is the index after it and always in line.
func quoted(line string, i int) (s string, next int, ok bool) {
	if line[i] != '"' {
		return "", i, false
	}
	n := strings.IndexByte(line[i+1:], '"')
	next = i + n + 2
	if n < 0 || next >= len(line) {
		return "", i, false
	}
	return line[i+1 : next-1], next, true
}

// scalar reads the string or whole number that starts at i; next is the index after it and always in line.
func scalar(line string, i int) (v value, next int, ok bool) {
	if line[i] == '"' {
		s, next, ok := quoted(line, i)
		return value{kind: text, s: s}, next, ok
	}
	next = i
	for next < len(line)-1 && line[next]-'0' <= 9 {
		next++
	}
	if next == i || line[i] == '0' && next > i+1 {
		return value{}, i, false
	}
	return value{kind: number, s: line[i:next]}, next, true
}

// once keeps each name's value once.
type once struct {
	known   uint32
	unknown [maxUnknown]string
	n       int
}

// keep answers false when the name may be there already, or there are too many to tell.
func (o *once) keep(name string, v value, f *fields) bool {
	if id, ok := fieldOf(name); ok {
		if o.known&(1<<id) != 0 {
			return false
		}
		o.known |= 1 << id
		if id < numRead {
			f[id] = v
		}
		return true
	}
	for _, k := range names {
		if strings.EqualFold(k, name) {
			return false
		}
	}
	for _, u := range o.unknown[:o.n] {
		if strings.EqualFold(u, name) {
			return false
		}
	}
	if o.n == maxUnknown {
		return false
	}
	o.unknown[o.n] = name
	o.n++
	return true
}

// plain says whether every byte is printable ASCII or DEL, and none is a backslash, eight at a time.
func plain(s string) bool {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	b := unsafe.Slice(unsafe.StringData(s), len(s)) // read only
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		x := w ^ ones*'\\'
		if (w|(w-ones*0x20)&^w|(x-ones)&^x)&highs != 0 {
			return false
		}
	}
	for _, c := range b {
		if c < 0x20 || c >= 0x80 || c == '\\' {
			return false
		}
	}
	return true
}
