package policydoc

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// ParseAgreement reads an agreement from YAML or JSON, as strictly as Parse reads a policy. Whether it fits
// the policy it is about is CheckAgreement's to say. Its number is the ledger's to give.
func ParseAgreement(file string, doc []byte) (aup.Agreement, []Problem) {
	var a aup.Agreement
	r := &reader{file: file}
	doc, ok := r.readable(doc)
	if !ok {
		return a, r.sorted()
	}
	root := r.document(doc, "agreement")
	if root == nil {
		if Refused(r.problems) == nil {
			r.errorf(1, 1, "the agreement is empty")
		}
		return a, r.sorted()
	}
	r.fields(root, "", []key{
		{"consumer", true, r.slug((*string)(&a.Consumer))},
		{"policy", true, r.slug((*string)(&a.Policy))},
		{"from", true, r.dateOrTime(&a.From)},
		{"until", true, r.dateOrTime(&a.Until)},
		{"reason", true, r.text(&a.Reason, 2000)},
		{"agreed-by", true, r.line(&a.AgreedBy, 200)},
		{"approved-by", true, r.line(&a.ApprovedBy, 200)},
		{"terms", false, func(n *yaml.Node, where string) { a.Terms = r.terms(n, where) }},
		{"permissions", false, r.list(maxItems, r.permission(&a))},
		{"wording", false, r.list(maxItems, r.wording(&a))},
	})
	r.agreementSpan(a, root)
	if len(a.Terms.Clauses()) == 0 && len(a.Permissions) == 0 && len(a.Wording) == 0 {
		r.note(1, 1, "the agreement changes nothing: add terms, permissions or wording")
	}
	if err := a.Check(); err != nil && Refused(r.problems) == nil {
		r.errorf(1, 1, "%s", err)
	}
	return a, r.sorted()
}

func (r *reader) permission(a *aup.Agreement) read {
	return func(n *yaml.Node, where string) {
		var p aup.Permission
		r.fields(n, where, []key{
			{"name", true, r.slug(&p.Name)},
			{"reference", true, r.line(&p.Reference, 200)},
			{"issuer", true, r.line(&p.Issuer, 200)},
			{"expires", false, r.dateOrTime(&p.Expires)},
		})
		for _, have := range a.Permissions {
			if p.Name != "" && have.Name == p.Name {
				r.at(n, "%s: %s is granted twice; keep one", where, p.Name)
				return
			}
		}
		a.Permissions = append(a.Permissions, p)
	}
}

func (r *reader) wording(a *aup.Agreement) read {
	return func(n *yaml.Node, where string) {
		var w aup.Wording
		r.fields(n, where, []key{
			{"clause", true, r.clause(&w.Clause)},
			{"text", true, r.text(&w.Markdown, maxBlock)},
			{"replace", false, r.boolean(&w.Replace)},
		})
		for _, have := range a.Wording {
			if have.Clause == w.Clause && (have.Replace || w.Replace) {
				r.at(n, "%s: the clause %s is worded twice, and one of the two replaces it; keep one", where, w.Clause)
			}
		}
		if _, why := dense([]byte(w.Markdown)); why != "" {
			r.at(n, "%s.text: %s", where, why)
		}
		a.Wording = append(a.Wording, w)
	}
}

// agreementSpan checks that the agreement and its permissions are ever in force.
func (r *reader) agreementSpan(a aup.Agreement, root *yaml.Node) {
	if !a.From.IsZero() && !a.Until.IsZero() && !a.From.Before(a.Until) {
		r.at(lookup(root, "until"), "until: not after from, so the agreement would never apply; until is the first day on which it no longer does")
	}
	list := lookup(root, "permissions")
	for i, p := range a.Permissions {
		if list != nil && i < len(list.Content) && !p.Expires.IsZero() && !a.From.IsZero() && !p.Expires.After(a.From) {
			r.at(list.Content[i], "permissions[%d].expires: not after the agreement's from, so the permission would never hold", i+1)
		}
	}
}

// CheckAgreement says what of an agreement does not fit the policy it is about: another policy, clauses and
// terms the policy does not have, permissions that nothing asks for.
func CheckAgreement(p aup.Policy, a aup.Agreement) []error {
	var errs []error
	if a.Policy != p.ID {
		errs = append(errs, fmt.Errorf("policy: the agreement is about %s, not about %s", a.Policy, p.ID))
	}
	own := p.Terms.Clauses()
	theirs := a.Terms.Clauses()
	for _, term := range termOrder {
		clause, set := theirs[term]
		if _, has := own[term]; set && clause == "" && !has {
			errs = append(errs, fmt.Errorf("terms.%s: the policy has no such term, so the agreement must name its clause", term))
		}
		if clause != "" {
			errs = append(errs, clauseExists(p, clause, "terms."+term))
		}
	}
	errs = append(errs, GrantsNever(p, a)...)
	for i, w := range a.Wording {
		errs = append(errs, clauseExists(p, w.Clause, fmt.Sprintf("wording[%d]", i+1)))
	}
	for i, granted := range a.Permissions {
		names := permissionsOf(p)
		if slices.Contains(names, granted.Name) {
			continue
		}
		err := fmt.Errorf("permissions[%d]: nothing in %s asks for the permission %s", i+1, p.ID, granted.Name)
		if near, ok := nearest(granted.Name, names); ok {
			err = fmt.Errorf("%w; did you mean %s?", err, near)
		}
		errs = append(errs, err)
	}
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

func clauseExists(p aup.Policy, id aup.ClauseID, where string) error {
	if _, ok := p.Clause(id); ok {
		return nil
	}
	return fmt.Errorf("%s: the policy %s has no clause %s", where, p.ID, show(string(id)))
}
