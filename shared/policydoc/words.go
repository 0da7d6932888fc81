package policydoc

import (
	"math"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// What became of a run of words.
const (
	Same   Mark = "same"
	Delete Mark = "deleted"
	Insert Mark = "inserted"
)

// Mark is what became of a run of words.
type Mark string

// Words is a run of words that share a mark. In Text, a line break parts lines and two part paragraphs, as in
// the plain text of the clause.
type Words struct {
	Mark Mark   `json:"mark"`
	Text string `json:"text"`
}

// leastShared is the share of words that must stay for marks inside the text to be readable.
const leastShared = 0.3

// compareWords marks what differs between two texts; nil when they read the same. Leaving out what is marked
// as deleted gives the new text.
func compareWords(before, after string) []Words {
	a, b := tokens(before), tokens(after)
	diffs := lcs.DiffLines(keys(a), keys(b))
	if len(diffs) == 0 {
		return nil
	}
	kept := len(a)
	for _, d := range diffs {
		kept -= d.End - d.Start
	}
	if float64(kept) < leastShared*float64(max(len(a), len(b))) {
		diffs = []lcs.Diff{{Start: 0, End: len(a), ReplStart: 0, ReplEnd: len(b)}}
	}
	var out []Words
	at := 0 // in b
	for _, d := range diffs {
		out = add(out, Same, b[at:d.ReplStart])
		out = add(out, Delete, a[d.Start:d.End])
		out = add(out, Insert, b[d.ReplStart:d.ReplEnd])
		at = d.ReplEnd
	}
	return add(out, Same, b[at:])
}

// only marks a whole text.
func only(m Mark, markdown string) []Words { return add(nil, m, tokens(markdown)) }

func add(out []Words, m Mark, tokens []string) []Words {
	if len(tokens) == 0 {
		return out
	}
	return append(out, Words{m, strings.Join(tokens, "")})
}

// tokens parts the plain text into words, each with the space after it, and line breaks.
func tokens(markdown string) []string {
	rest := textOf(markdown, math.MaxInt32)
	var out []string
	for rest != "" {
		isBreak := rest[0] == '\n'
		end := strings.IndexFunc(rest, func(c rune) bool { return isBreak != (c == '\n') || c == ' ' })
		if end < 0 {
			end = len(rest)
		}
		for end < len(rest) && rest[end] == ' ' {
			end++
		}
		out = append(out, rest[:end])
		rest = rest[end:]
	}
	return out
}

// keys are what tokens are compared by: a word at the end of a line is the word within one.
func keys(tokens []string) []string {
	k := make([]string, len(tokens))
	for i, t := range tokens {
		k[i] = strings.TrimRight(t, " ")
	}
	return k
}

// parted splits off the white space around a run, so that marks stand close to the words. A deleted run is
// followed by at least a space.
func (w Words) parted() (before, text, after string) {
	text = strings.TrimSpace(w.Text)
	if text == "" {
		return "", "", w.Text
	}
	at := strings.Index(w.Text, text)
	before, after = w.Text[:at], w.Text[at+len(text):]
	if w.Mark == Delete && after == "" {
		after = " "
	}
	return before, text, after
}

// margin is how many words of unchanged text an excerpt keeps beside a change.
const margin = 8

// Excerpt shortens long runs of unchanged words to those beside a change, with an ellipsis for the rest.
func Excerpt(words []Words) []Words {
	var out []Words
	for i, w := range words {
		f := strings.Fields(w.Text)
		if w.Mark != Same || len(f) <= 2*margin+4 {
			out = append(out, w)
			continue
		}
		var head, tail string
		before, _, after := w.parted()
		if i > 0 {
			head = before + strings.Join(f[:margin], " ") + " "
		}
		if i < len(words)-1 {
			tail = " " + strings.Join(f[len(f)-margin:], " ") + after
		}
		out = append(out, Words{Same, head + "..." + tail})
	}
	return out
}
