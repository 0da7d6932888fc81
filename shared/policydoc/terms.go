package policydoc

import (
	"maps"
	"math"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// The bounds of terms. They are wide: they catch slips of the pen, not opinions.
const (
	maxCount = 1_000_000_000_000
	maxTimes = 1000 // of a limit: 100000%
	maxSteps = 10
	maxItems = 100
)

// terms reads a policy's or an agreement's terms.
func (r *reader) terms(n *yaml.Node, where string) aup.Terms {
	var t aup.Terms
	r.fields(n, where, []key{
		{aup.TermPerDay, false, func(n *yaml.Node, w string) { t.PerDay = r.limit(n, w) }},
		{aup.TermPerMinute, false, func(n *yaml.Node, w string) { t.PerMinute = r.limit(n, w) }},
		{aup.TermCrawling, false, func(n *yaml.Node, w string) { t.Crawling = r.crawling(n, w) }},
		{aup.TermCaching, false, func(n *yaml.Node, w string) { t.Caching = r.caching(n, w) }},
		{aup.TermOperations, false, func(n *yaml.Node, w string) { t.Operations = r.operations(n, w) }},
		{aup.TermErrors, false, func(n *yaml.Node, w string) { t.Errors = r.errorShare(n, w) }},
		{aup.TermSources, false, func(n *yaml.Node, w string) { t.Sources = r.sources(n, w) }},
		{aup.TermPermissions, false, func(n *yaml.Node, w string) { t.Permissions = r.permissions(n, w) }},
	})
	return t
}

func (r *reader) limit(n *yaml.Node, where string) *aup.Limit {
	l := &aup.Limit{}
	r.fields(n, where, []key{
		{"limit", true, r.count(&l.Limit, 1, maxCount)},
		{"clause", r.clauseNeeded, r.clause(&l.Clause)},
		{"notify", false, r.steps(&l.Notify)},
		{"significant", false, r.percent(&l.Significant, 1, maxTimes, "of the limit")},
		{"mode", false, r.mode(&l.Mode)},
	})
	return l
}

func (r *reader) steps(to *[]float64) read {
	return r.list(maxSteps, func(n *yaml.Node, where string) {
		var step float64
		if r.percent(&step, 0, 10, "of the limit")(n, where); step == 0 {
			return
		}
		if k := len(*to); k > 0 && step <= (*to)[k-1] {
			r.at(n, "%s: %s does not rise above %s before it: put the steps in rising order", where, n.Value, asWritten((*to)[k-1]))
			return
		}
		*to = append(*to, step)
	})
}

func (r *reader) crawling(n *yaml.Node, where string) *aup.Crawling {
	c := &aup.Crawling{}
	r.fields(n, where, []key{
		{"catalogue", false, r.count(&c.Catalogue, 1, maxCount)},
		{"of", false, r.each(&c.Of, counted, `a resource template: write a path with its parameter, such as "/services/{id}"`)},
		{"clause", r.clauseNeeded, r.clause(&c.Clause)},
		{"significant", false, r.percent(&c.Significant, 0, 1, "of the catalogue")},
		{"mode", false, r.mode(&c.Mode)},
	})
	if lookup(n, "of") != nil && lookup(n, "catalogue") == nil {
		r.at(lookup(n, "of"), "%s.of: says what the catalogue counts: add catalogue, the number of resources there are", where)
	}
	few := int64(math.Round(c.Significant * float64(c.Catalogue)))
	switch at := lookup(n, "significant"); {
	case c.Significant == 0:
	case lookup(n, "catalogue") == nil:
		r.at(at, "%s.significant: is a share of the catalogue: add catalogue, the number of resources there are", where)
	case c.Catalogue > 0 && few < 1:
		r.at(at, "%s.significant: %s of %d is less than one resource: raise one of them", where, asWritten(c.Significant), c.Catalogue)
	case c.Catalogue > 0 && few < 100:
		r.noteAt(at, "%s.significant: %s of %d is only %d resources, which a busy person could look at", where, asWritten(c.Significant), c.Catalogue, few)
	}
	return c
}

func (r *reader) caching(n *yaml.Node, where string) *aup.Caching {
	c := &aup.Caching{}
	r.fields(n, where, []key{{"clause", r.clauseNeeded, r.clause(&c.Clause)}, {"mode", false, r.mode(&c.Mode)}})
	return c
}

// The forms of what lists of terms name.
var (
	counted   = regexp.MustCompile(`^(/[^\s{}]*)*/\{[^\s{}/]+\}(/[^\s{}]*)*$`)
	operation = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|ANY|\*) /\S{0,200}$`)
)

// each reads a list of texts of one form, each once; is says what such a text is.
func (r *reader) each(to *[]string, form *regexp.Regexp, is string) read {
	return r.list(maxItems, func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if ok && !form.MatchString(s) {
			r.at(n, "%s: %s is not %s", where, show(s), is)
			return
		}
		*to = r.unique(n, where, *to, s)
	})
}

func (r *reader) operations(n *yaml.Node, where string) *aup.Operations {
	o := &aup.Operations{}
	r.fields(n, where, []key{
		{"allow", true, r.each(&o.Allow, operation, `an operation: write a method in capitals and a path, such as "GET /services/*"`)},
		{"clause", r.clauseNeeded, r.clause(&o.Clause)},
		{"mode", false, r.mode(&o.Mode)},
	})
	return o
}

func (r *reader) errorShare(n *yaml.Node, where string) *aup.ErrorShare {
	e := &aup.ErrorShare{}
	r.fields(n, where, []key{
		{"limit", true, r.percent(&e.Limit, 0, 1, "of a day's requests")},
		{"clause", r.clauseNeeded, r.clause(&e.Clause)},
		{"mode", false, r.mode(&e.Mode)},
	})
	return e
}

func (r *reader) sources(n *yaml.Node, where string) *aup.Sources {
	s := &aup.Sources{}
	r.fields(n, where, []key{
		{"networks", true, r.count(&s.Networks, 1, maxCount)},
		{"clause", r.clauseNeeded, r.clause(&s.Clause)},
		{"mode", false, r.mode(&s.Mode)},
	})
	return s
}

func (r *reader) permissions(n *yaml.Node, where string) *aup.Permissions {
	p := &aup.Permissions{}
	r.fields(n, where, []key{
		{"when", true, r.slug(&p.When)},
		{"needs", true, r.list(maxItems, func(n *yaml.Node, where string) {
			var s string
			r.slug(&s)(n, where)
			p.Needs = r.unique(n, where, p.Needs, s)
		})},
		{"clause", r.clauseNeeded, r.clause(&p.Clause)},
		{"mode", false, r.mode(&p.Mode)},
	})
	return p
}

// unique appends a value that is not in the list yet; an empty one was reported already.
func (r *reader) unique(n *yaml.Node, where string, list []string, s string) []string {
	for _, have := range list {
		if have == s {
			r.at(n, "%s: %s is named twice; keep one", where, show(s))
			return list
		}
	}
	if s == "" {
		return list
	}
	return append(list, s)
}

// maxWeight of a factor: weights are held against each other, so that more would say no more.
const maxWeight = 10

// weighing reads how the factors of an impact assessment count.
func (r *reader) weighing(n *yaml.Node, where string) aup.Weighing {
	w := aup.Weighing{Weights: map[string]int64{}}
	r.fields(n, where, []key{
		{"weights", false, func(n *yaml.Node, where string) {
			var factors []key
			for _, name := range slices.Sorted(maps.Keys(aup.DefaultWeights)) {
				factors = append(factors, key{name, false, func(n *yaml.Node, where string) {
					weight := int64(-1)
					if r.count(&weight, 0, maxWeight)(n, where); weight >= 0 {
						w.Weights[name] = weight
					}
				}})
			}
			r.fields(n, where, factors)
		}},
		{"least", false, r.count(&w.Least, 0, 100)},
	})
	heavy := false
	for _, weight := range w.Complete().Weights {
		heavy = heavy || weight > 0
	}
	if w.Least > 0 && !heavy {
		r.at(n, "%s.least: no factor has a weight, so that no risk would ever be significant: give one a weight", where)
	}
	if len(w.Weights) == 0 {
		w.Weights = nil
	}
	return w
}
