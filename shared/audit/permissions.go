package audit

import (
	"fmt"
	"slices"
	"strings"

	"accord/shared/aup"
)

// permissions finds what a consumer with a recorded use needs and was not granted, or no longer is,
// once it makes calls. Only recorded uses are judged: nobody can see from outside what answers are for.
func permissions(s Subject) []aup.Finding {
	term := s.Policy.Terms.Permissions
	if term == nil || !slices.Contains(s.Uses, term.When) {
		return nil
	}
	st, ok := s.lastDays(1, 0)
	if !ok {
		return nil
	}
	requests, keys := s.requests(st)
	if requests == 0 {
		return nil
	}
	var lacks []string
	for _, name := range term.Needs {
		if _, granted := s.permitted(name, st); !granted {
			lacks = append(lacks, name+s.expired(name))
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	return []aup.Finding{{Detector: "permissions", Term: aup.TermPermissions, Clause: term.Clause, Measured: float64(len(lacks)), Unit: "permissions",
		From: st.from, Until: st.until, Keys: named(keys), Reason: fmt.Sprintf("The use %q is recorded and needs %s; of these are missing: %s. Calls were made on %s (UTC).",
			term.When, strings.Join(term.Needs, ", "), strings.Join(lacks, ", "), st.first())}}
}

// expired says since when a permission that once was granted no longer is.
func (s Subject) expired(name string) string {
	said := ""
	for _, a := range s.Agreements {
		for _, p := range a.Permissions {
			if p.Name != name || a.Policy != s.Policy.Version.Policy.ID {
				continue
			}
			until := a.Over()
			if !p.Expires.IsZero() && p.Expires.Before(until) {
				until = p.Expires
			}
			if !until.After(s.Now) {
				said = fmt.Sprintf(" (expired on %s, agreement %d)", until.UTC().Format(aup.LongDay), a.Number)
			}
		}
	}
	return said
}
