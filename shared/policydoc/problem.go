package policydoc

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// What a problem means for the document.
const (
	Error Severity = "error" // it must not be stored
	Note  Severity = "note"  // worth knowing; it can be stored
)

// Severity of a problem.
type Severity string

// Problem is one thing that is wrong with a document, or worth knowing about it.
type Problem struct {
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line"`   // from 1
	Column   int      `json:"column"` // from 1, in characters
	Severity Severity `json:"severity"`
	Message  string   `json:"message"` // what is wrong and what to do
}

// String is the form that editors understand: "file:line:column: error: message".
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Column, p.Severity, p.Message)
}

// Refused returns the errors among the problems as one error, a line each; nil when there are only notes.
func Refused(problems []Problem) error {
	var errs []error
	for _, p := range problems {
		if p.Severity == Error {
			errs = append(errs, errors.New(p.String()))
		}
	}
	return errors.Join(errs...)
}

// reader collects what is wrong while a document is read.
type reader struct {
	file         string
	base         int  // lines before the YAML
	clauseNeeded bool // each term must name its clause: a policy's, not an agreement's
	problems     []Problem
	refs         []ref
	nevers       []neverRef
}

// ref is a place that names a clause.
type ref struct {
	id    aup.ClauseID
	node  *yaml.Node
	where string
}

// errorf adds an error at a line and column of the document.
func (r *reader) errorf(line, column int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, line, column, Error, fmt.Sprintf(format, args...)})
}

func (r *reader) note(line, column int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, line, column, Note, fmt.Sprintf(format, args...)})
}

// at adds an error at a place in the YAML.
func (r *reader) at(n *yaml.Node, format string, args ...any) {
	r.errorf(max(1, n.Line+r.base), max(1, n.Column), format, args...)
}

func (r *reader) noteAt(n *yaml.Node, format string, args ...any) {
	r.note(max(1, n.Line+r.base), max(1, n.Column), format, args...)
}

// sorted returns the problems in the order of the document.
func (r *reader) sorted() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.problems
}

// show quotes what was written, shortened, so that a problem stays one readable line.
func show(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		s = string(runes[:60]) + "..."
	}
	return strconv.Quote(s)
}
