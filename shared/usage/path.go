package usage

import (
	"net/netip"
	"strings"
)

// identify tells what one path under a template stands for: a hash of the template and the values of
// its parameters, and the last value that is a number. The path may begin with a stage or a base path,
// which is no part of what is asked for. A path that does not fit its template stands for itself, less
// its first segment.
func identify(template, path string) (hash, number uint64, numeric bool) {
	seed := hashOn(hashOn(hashStart, template), "\n")
	for _, p := range [2]string{rest(path), path} {
		if h, number, numeric, ok := align(seed, template, p); ok {
			return finish(h), number, numeric
		}
	}
	return finish(hashOn(seed, rest(path))), 0, false
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
			hash = hashOn(hashOn(hash, p), "/")
			if n, is := digits(p); is {
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

// networkHash hashes the /24 or /48 network that an address lies in; ok is false for what is no address,
// such as the source of a call made from the API Gateway console.
func networkHash(source string) (hash uint64, ok bool) {
	addr, err := netip.ParseAddr(source)
	if err != nil {
		return 0, false
	}
	addr = addr.Unmap()
	if addr.Is4() {
		b := addr.As4()
		return Hash(b[:3]), true
	}
	b := addr.As16()
	return Hash(b[:6]), true
}
