package table

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A prefix selects exactly the strings that start with it, and its end is UTF-8, as DynamoDB demands.
func TestBoundsOfPrefix(t *testing.T) {
	word := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune{0, 'a', 'b', 0x7F, 0xD7FF, 0xE000, 0xFFFF, utf8.MaxRune})), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		prefix, s := word.Draw(t, "prefix"), word.Draw(t, "s")
		if rapid.Bool().Draw(t, "starts with it") {
			s = prefix + s
		}
		from, until, ok, err := Query{PK: "p", Prefix: prefix}.Bounds()
		if err != nil || !ok {
			t.Fatalf("ok = %v, %v", ok, err)
		}
		if !utf8.ValidString(until) {
			t.Fatalf("until = %q is not UTF-8", until)
		}
		if in := s >= from && (until == "" || s < until); in != strings.HasPrefix(s, prefix) {
			t.Fatalf("prefix %q is [%q, %q), which has %q: %v", prefix, from, until, s, in)
		}
	})
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		rule        string
		q           Query
		from, until string
		ok          bool
	}{
		{"without bounds it is the whole partition", Query{}, "", "", true},
		{"From and Until are the bounds", Query{From: "b", Until: "d"}, "b", "d", true},
		{"a prefix is a range", Query{Prefix: "ev#"}, "ev#", "ev$", true},
		{"surrogates end no range", Query{Prefix: "a\uD7FF"}, "a\uD7FF", "a\uE000", true},
		{"nothing follows the last code point", Query{Prefix: "a\U0010FFFF"}, "a\U0010FFFF", "b", true},
		{"From narrows a prefix", Query{Prefix: "ev#", From: "ev#5"}, "ev#5", "ev$", true},
		{"Until narrows a prefix", Query{Prefix: "ev#", Until: "ev#5"}, "ev#", "ev#5", true},
		{"From below a prefix does not widen it", Query{Prefix: "ev#", From: "a"}, "ev#", "ev$", true},
		{"Until above a prefix does not widen it", Query{Prefix: "ev#", Until: "z"}, "ev#", "ev$", true},
		{"From above a prefix leaves nothing", Query{Prefix: "ev#", From: "z"}, "z", "ev$", false},
		{"Until at From leaves nothing", Query{From: "b", Until: "b"}, "b", "b", false},
	} {
		c.q.PK = "p"
		from, until, ok, err := c.q.Bounds()
		if from != c.from || until != c.until || ok != c.ok || err != nil {
			t.Errorf("%s: got [%q, %q) %v %v", c.rule, from, until, ok, err)
		}
	}
}
