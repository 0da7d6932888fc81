package policydoc

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// neverRef is one name of the front matter's `never`, and where it stands.
type neverRef struct {
	node  *yaml.Node
	where string
	name  string
}

// never reads one name of what no agreement may change or grant.
func (r *reader) never(to *[]string) read {
	return func(n *yaml.Node, where string) {
		var name string
		if r.slug(&name)(n, where); name == "" {
			return
		}
		if slices.Contains(*to, name) {
			r.at(n, "%s: %s is named twice; keep one", where, name)
			return
		}
		*to = append(*to, name)
		r.nevers = append(r.nevers, neverRef{n, where, name})
	}
}

// neverKnown checks that each is a term or a permission: one that is misspelt would protect nothing.
func (r *reader) neverKnown(p aup.Policy) {
	names := slices.Concat(termOrder, permissionsOf(p))
	for _, ref := range r.nevers {
		if slices.Contains(names, ref.name) {
			continue
		}
		hint := "name a term, such as requests-per-minute, or a permission, such as cache"
		if near, ok := nearest(ref.name, names); ok {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		r.at(ref.node, "%s: %s is neither a term nor a permission that this policy asks for; %s", ref.where, show(ref.name), hint)
	}
}

// permissionsOf are the permissions that agreements under a policy can grant.
func permissionsOf(p aup.Policy) []string {
	names := []string{aup.PermitBulkExtraction, aup.PermitCache}
	if p.Terms.Permissions != nil {
		names = append(names, p.Terms.Permissions.Needs...)
	}
	return names
}

// granted is one thing that an agreement changes or grants although its policy marks it as never granted.
type granted struct{ where, name string }

// GrantsNever says what an agreement changes or grants that its policy marks as never granted. Words that are put
// in the place of the clause of such a term would grant it as well.
func GrantsNever(p aup.Policy, a aup.Agreement) (errs []error) {
	for _, g := range grantsNever(p, a) {
		errs = append(errs, fmt.Errorf("%s: %s says, under never, that no agreement may grant %s", g.where, p.ID, g.name))
	}
	return errs
}

// NeverGranted names what GrantsNever refuses, each once, in order.
func NeverGranted(p aup.Policy, a aup.Agreement) (names []string) {
	for _, g := range grantsNever(p, a) {
		names = append(names, g.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func grantsNever(p aup.Policy, a aup.Agreement) (all []granted) {
	never := func(name string) bool { return slices.Contains(p.Never, name) }
	refuse := func(where, name string) { all = append(all, granted{where, name}) }
	theirs, clauses := a.Terms.Clauses(), map[aup.ClauseID]string{}
	for _, term := range termOrder {
		if _, set := theirs[term]; set && never(term) {
			refuse("terms."+term, term)
		}
		if clause, has := p.Terms.Clauses()[term]; has && never(term) {
			clauses[clause] = term
		}
	}
	for i, g := range a.Permissions {
		where := fmt.Sprintf("permissions[%d]", i+1)
		if never(g.Name) {
			refuse(where, g.Name)
		} else if term := aup.TermOf(g.Name); never(term) {
			refuse(where, term)
		}
	}
	for i, w := range a.Wording {
		if term := clauses[w.Clause]; w.Replace && term != "" {
			refuse(fmt.Sprintf("wording[%d]", i+1), term)
		}
	}
	return all
}
