package policydoc

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// The bounds of a document.
const (
	MaxBytes   = 200 << 10 // the whole document
	maxBlock   = 16 << 10  // bytes without a blank line between them
	maxMarks   = 500       // marks of links and emphasis without a blank line between them
	maxNesting = 30        // lists and quotations opened in one line
	maxClauses = 500       // headings
	maxDepth   = 8         // nesting of the YAML
)

// readable refuses what nobody would write by hand: too much of it, bytes that are not text, and characters
// that do not show. It returns the document with its line ends made \n and its byte order mark removed.
func (r *reader) readable(doc []byte) ([]byte, bool) {
	if len(doc) > MaxBytes {
		r.errorf(1, 1, "the document has %d bytes: at most %d (200 KB) are accepted", len(doc), MaxBytes)
		return nil, false
	}
	doc = bytes.TrimPrefix(doc, []byte("\ufeff"))
	doc = bytes.ReplaceAll(doc, []byte("\r\n"), []byte("\n"))
	if len(bytes.TrimSpace(doc)) == 0 {
		r.errorf(1, 1, "the document is empty")
		return nil, false
	}
	for i, line := range bytes.Split(doc, []byte("\n")) {
		if !r.readableLine(line, i+1) {
			return nil, false
		}
	}
	if line, why := dense(doc); why != "" {
		r.errorf(line, 1, "%s", why)
		return nil, false
	}
	return doc, true
}

// dense finds the line from which text would take time out of proportion to read as Markdown, which can
// need the square of what stands between two blank lines. Text for people never comes near.
func dense(doc []byte) (line int, why string) {
	size, marks := 0, 0
	for i, l := range bytes.Split(doc, []byte("\n")) {
		size += len(l) + 1
		marks += bytes.Count(l, []byte("[")) + bytes.Count(l, []byte("*")) + bytes.Count(l, []byte("_")) + bytes.Count(l, []byte("<"))
		if len(bytes.TrimSpace(l)) == 0 {
			size, marks = 0, 0
		}
		switch {
		case size > maxBlock:
			return i + 1, fmt.Sprintf("more than %d bytes without a blank line: part the text into paragraphs", maxBlock)
		case marks > maxMarks:
			return i + 1, fmt.Sprintf("more than %d of the marks [ * _ < without a blank line: part the text into paragraphs", maxMarks)
		case nesting(l) > maxNesting:
			return i + 1, fmt.Sprintf("a list or quotation nested more than %d deep: use fewer levels", maxNesting)
		}
	}
	return 0, ""
}

// nesting is how many lists and quotations a line may open. A line of one mark alone is a rule across the page.
func nesting(line []byte) int {
	l := bytes.TrimSpace(line)
	if len(l) == 0 || l[0] != '>' && len(bytes.Trim(l, " "+string(l[0]))) == 0 {
		return 0
	}
	opening := l[:len(l)-len(bytes.TrimLeft(l, " \t>-+*0123456789.)"))]
	n := 0
	for _, mark := range []string{">", "-", "+", "*", ".", ")"} {
		n += bytes.Count(opening, []byte(mark))
	}
	return n
}

func (r *reader) readableLine(line []byte, number int) bool {
	column := 1
	for i := 0; i < len(line); column++ {
		c, size := utf8.DecodeRune(line[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.errorf(number, column, "not UTF-8: save the document in that encoding")
			return false
		case hidden(c):
			r.errorf(number, column, "the character %U does not show: remove it", c)
			return false
		}
		i += size
	}
	return true
}

// hidden are control characters other than a tab, and those that change the direction of the text
// around them and so could make a clause read otherwise than it is written.
func hidden(c rune) bool {
	switch {
	case c == '\t':
		return false
	case c < 0x20, 0x7f <= c && c < 0xa0:
		return true
	}
	return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x2028 || c == 0x2029 || c == 0xfeff
}
