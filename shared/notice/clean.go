package notice

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean takes out of a text what does not show or makes a text show as another one: control characters,
// direction marks, invalid bytes. Line breaks become spaces.
func Clean(s string) string { return cleaned(s, false) }

// Lines is Clean for text of several lines, such as an answer.
func Lines(s string) string { return cleaned(strings.ReplaceAll(s, "\r\n", "\n"), true) }

func cleaned(s string, multiline bool) string {
	if plainASCII(s, multiline) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && multiline:
			return r
		case r == '\u2028', r == '\u2029', unicode.IsControl(r):
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError))))
}

func plainASCII(s string, multiline bool) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && !(multiline && c == '\n') {
			return false
		}
	}
	return true
}

// hidden says whether a character changes the direction or the look of its neighbours without showing
// itself. Joiners stay: emoji, and several scripts, need them.
func hidden(r rune) bool {
	switch {
	case r == '\u200c', r == '\u200d':
		return false
	case r >= 0xe0000 && r <= 0xe007f: // tags, which can carry text nobody sees
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// Short is Clean for a name that stands in a sentence or a subject: at most so many characters.
func Short(s string, most int) string {
	s = strings.Join(strings.Fields(Clean(s[:min(len(s), 8*most)])), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}
