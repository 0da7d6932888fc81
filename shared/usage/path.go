package usage

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

// identify tells what one path under a template stands for: a hash of the template and the values of
// its parameters, and the last value that is a number. The path may begin with a stage or a base path,
// which is no part of what is asked for. A path that does not fit its template stands for itself, less
// its first segment. The seed is the template's Hash.
func identify(template string, seed uint64, path string) (hash, number uint64, numeric bool) {
	for _, p := range [2]string{rest(path), path} {
		if h, number, numeric, ok := align(seed, template, p); ok {
			return h, number, numeric
		}
	}
	return hashOn(^seed, rest(path)), 0, false
}

// rest returns a path without its first segment.
func rest(path string) string {
	path = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[i:]
	}
	return ""
}

// align walks template and path together, hashing the values of the parameters on seed.
func align(seed uint64, template, path string) (hash, number uint64, numeric, ok bool) {
	hash = seed
	for {
		t, tAfter, tMore := segment(template)
		p, pAfter, pMore := segment(path)
		if !tMore || !pMore {
			return hash, number, numeric, !tMore && !pMore
		}
		switch {
		case t[0] != '{':
			if t != p {
				return 0, 0, false, false
			}
		case strings.HasSuffix(t, "+}"):
			return hashOn(hash, strings.TrimPrefix(path, "/")), number, numeric, true
		default:
			n, is := numberOf(p)
			if hash = hashValue(hash, p, n, is); is {
				number, numeric = n, true
			}
		}
		template, path = tAfter, pAfter
	}
}

// segment splits off the first segment of a path; more is false when there is none, a trailing slash
// included.
func segment(path string) (first, after string, more bool) {
	path = strings.TrimPrefix(path, "/")
	if path == "" {
		return "", "", false
	}
	if i := strings.IndexByte(path, '/'); i >= 0 {
		if i == 0 {
			return "\x00", path, true // an empty segment: fits a parameter, never a literal
		}
		return path[:i], path[i:], true
	}
	return path, "", true
}

// digits reads s if it is nothing but decimal digits and at most 18 of them.
func digits(s string) (n uint64, ok bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return n, true
}

// hashValue hashes a parameter's value: a number that is written as plain numbers are by its value, any other, and any text,
// by its letters.
func hashValue(seed uint64, v string, number uint64, numeric bool) uint64 {
	if numeric && (v[0]-'1' < 9 || len(v) == 1) {
		return hashNumber(seed, number)
	}
	return hashOn(seed, v)
}

// Digits reads the first count bytes of a word, the first the lowest, as decimal digits: at most eight, without a
// branch for each.
func Digits(word uint64, count int) (n uint64, ok bool) {
	const zeros, highs = 0x3030303030303030, 0xf0f0f0f0f0f0f0f0
	x := word<<(64-8*count) | zeros>>(8*count)
	ok = x&highs == zeros && (x+0x0606060606060606)&highs == zeros
	x &= 0x0f0f0f0f0f0f0f0f
	x = (x*10 + x>>8) & 0x00ff00ff00ff00ff
	x = (x*100 + x>>16) & 0x0000ffff0000ffff
	return (x*10_000 + x>>32) & 0xffffffff, ok
}

// networkHash hashes the /24 or /48 network that an address lies in; ok is false for what is no address,
// such as the source of a call made from the API Gateway console.
func networkHash(source string) (hash uint64, ok bool) {
	if n, ok := network4(source); ok {
		return hashNumber(0, v4|n), true
	}
	addr, err := netip.ParseAddr(source)
	if err != nil {
		return 0, false
	}
	addr = addr.Unmap()
	if addr.Is4() {
		b := addr.As4()
		return hashNumber(0, v4|uint64(b[0])<<16|uint64(b[1])<<8|uint64(b[2])), true
	}
	b := addr.As16()
	return hashNumber(0, v6|binary.BigEndian.Uint64(b[:])>>16), true
}

// The two kinds of networks, so that no two networks are one number.
const v4, v6 = 4 << 56, 6 << 56

// network4 reads the first three bytes of an IPv4 address in the usual spelling.
func network4(s string) (n uint64, ok bool) {
	for part := range 4 {
		i, v := 0, uint64(0)
		for i < len(s) && i < 4 && s[i]-'0' <= 9 {
			v = v*10 + uint64(s[i]-'0')
			i++
		}
		if i == 0 || v > 255 || s[0] == '0' && i > 1 {
			return 0, false
		}
		if part == 3 {
			return n, i == len(s)
		}
		if i == len(s) || s[i] != '.' {
			return 0, false
		}
		n, s = n<<8|v, s[i+1:]
	}
	return 0, false
}
