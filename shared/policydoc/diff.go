package policydoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff/lcs"

	"accord/shared/aup"
)

// What became of a clause.
const (
	Added    ChangeKind = "added"
	Removed  ChangeKind = "removed"
	Reworded ChangeKind = "reworded" // its words changed, its heading's included; it may have moved as well
	Moved    ChangeKind = "moved"    // it stands elsewhere, or at another level
)

// ChangeKind is what became of a clause.
type ChangeKind string

// Changes are what differs between two versions of a policy, in words. They compare what people read:
// other formatting, other line breaks and other spaces are no change.
type Changes struct {
	Clauses []ClauseChange `json:"clauses,omitempty"` // in the new version's order; removed ones last
	Terms   []TermChange   `json:"terms,omitempty"`
}

// ClauseChange is what became of one clause.
type ClauseChange struct {
	ID         aup.ClauseID `json:"id"`
	Kind       ChangeKind   `json:"kind"`
	Moved      bool         `json:"moved,omitempty"`
	Place      string       `json:"place,omitempty"` // where it stands now, when its order changed: "first", "after “Keep data fresh”"
	Heading    string       `json:"heading"`
	OldHeading string       `json:"oldHeading,omitempty"` // when the heading was reworded
	Words      []Words      `json:"words,omitempty"`      // the text, marked; none when only moved
}

// TermChange is one property of a term, or of how the policy is accepted, before and after.
type TermChange struct {
	Term   string `json:"term"`             // as the front matter spells it
	Name   string `json:"name"`             // "Requests a day"
	Before string `json:"before,omitempty"` // "50,000 requests a day"; empty: there was none
	After  string `json:"after,omitempty"`
}

// Empty says whether nothing changed.
func (c Changes) Empty() bool { return len(c.Clauses) == 0 && len(c.Terms) == 0 }

// ClauseIDs lists the clauses whose words changed. A clause that only moved is not among them.
func (c Changes) ClauseIDs() []aup.ClauseID {
	var ids []aup.ClauseID
	for _, ch := range c.Clauses {
		if ch.Kind != Moved {
			ids = append(ids, ch.ID)
		}
	}
	return ids
}

// Diff compares two versions clause by clause and term by term.
func Diff(before, after aup.Policy) Changes {
	var c Changes
	moved := movedClauses(before.Clauses, after.Clauses)
	for i, now := range after.Clauses {
		was, ok := before.Clause(now.ID)
		if !ok {
			c.Clauses = append(c.Clauses, ClauseChange{ID: now.ID, Kind: Added, Heading: now.Heading, Words: only(Insert, now.Markdown)})
			continue
		}
		if change, ok := compareClause(was, now, moved[now.ID]); ok {
			if moved[now.ID] {
				change.Place = place(after.Clauses, i)
			}
			c.Clauses = append(c.Clauses, change)
		}
	}
	for _, was := range before.Clauses {
		if _, ok := after.Clause(was.ID); !ok {
			c.Clauses = append(c.Clauses, ClauseChange{ID: was.ID, Kind: Removed, Heading: was.Heading, Words: only(Delete, was.Markdown)})
		}
	}
	c.Terms = compareFacts(policyFacts(before), policyFacts(after))
	return c
}

// place says where a clause stands.
func place(clauses []aup.Clause, i int) string {
	if i == 0 {
		return "first"
	}
	return "after “" + clauses[i-1].Heading + "”"
}

func compareClause(was, now aup.Clause, moved bool) (ClauseChange, bool) {
	c := ClauseChange{ID: now.ID, Kind: Moved, Heading: now.Heading, Moved: moved || was.Level != now.Level}
	if was.Heading != now.Heading {
		c.Kind, c.OldHeading = Reworded, was.Heading
	}
	if words := compareWords(was.Markdown, now.Markdown); words != nil {
		c.Kind, c.Words = Reworded, words
	}
	return c, c.Kind == Reworded || c.Moved
}

// movedClauses are the fewest clauses of both versions that, moved, explain the new order.
func movedClauses(before, after []aup.Clause) map[aup.ClauseID]bool {
	a, b := sharedIDs(before, after), sharedIDs(after, before)
	moved := map[aup.ClauseID]bool{}
	for _, d := range lcs.DiffLines(a, b) {
		for _, id := range a[d.Start:d.End] {
			moved[aup.ClauseID(id)] = true
		}
	}
	return moved
}

func sharedIDs(of, with []aup.Clause) []string {
	has := map[aup.ClauseID]bool{}
	for _, c := range with {
		has[c.ID] = true
	}
	var ids []string
	for _, c := range of {
		if has[c.ID] {
			ids = append(ids, string(c.ID))
		}
	}
	return ids
}

// policyFacts are the facts of the terms and of how the policy is accepted. The date it takes effect and what
// it says of its own changes belong to a version and are not compared.
func policyFacts(p aup.Policy) []fact {
	accept := "by using the service"
	if p.Acceptance == aup.Explicit {
		accept = "by a person with authority, on the page"
	}
	return slices.Concat(facts(p.Terms), []fact{
		{"title", "Title", p.Title},
		{"acceptance", "Acceptance", accept},
		{"notice-period", "Notice of changes", Period(p.NoticePeriod)}}, caseFacts(p.Cases), []fact{{"mode", "Mode", string(p.Mode)}})
}

// compareFacts lists the facts that differ, term by term. To which clause a term belongs goes without saying
// when the whole term is new or gone.
func compareFacts(before, after []fact) []TermChange {
	was, is := factValues(before), factValues(after)
	var rows []TermChange
	done := map[string]bool{}
	for _, f := range append(append([]fact(nil), after...), before...) {
		row := TermChange{f.term, f.name, was[f.name], is[f.name]}
		oneSided := row.Before == "" || row.After == ""
		if done[f.name] || row.Before == row.After || oneSided && strings.HasSuffix(f.name, clauseFact) {
			continue
		}
		done[f.name] = true
		rows = append(rows, row)
	}
	order := func(r TermChange) int {
		if i := slices.Index(termOrder, r.Term); i >= 0 {
			return i
		}
		return len(termOrder)
	}
	slices.SortStableFunc(rows, func(a, b TermChange) int { return cmp.Compare(order(a), order(b)) })
	return rows
}

func factValues(facts []fact) map[string]string {
	values := map[string]string{}
	for _, f := range facts {
		values[f.name] = f.value
	}
	return values
}

// Period writes a length of time in days or hours: "14 days", "36 hours", "none".
func Period(d time.Duration) string {
	switch {
	case d == 0:
		return "none"
	case d%day == 0:
		return Count(int64(d/day), "day")
	case d%time.Hour == 0:
		return Count(int64(d/time.Hour), "hour")
	}
	return fmt.Sprint(d)
}
