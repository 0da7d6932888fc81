package usage

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxExample is the longest example kept, in bytes; what is beyond is cut off before it is compared.
const MaxExample = 120

// ResourceName is the name of what a call asks for: "METHOD template".
func ResourceName(method, template string) string { return method + " " + template }

// changes are the methods that read nothing.
var changes = []string{"PUT", "PATCH", "DELETE"}

// Reads says whether calls of a resource's method read something.
func Reads(name string) bool {
	method, _, _ := strings.Cut(name, " ")
	return !slices.Contains(changes, method)
}

// look records a call under its resource.
func (s *Summary) look(c *Call) {
	var stack [256]byte
	name := append(append(append(stack[:0], c.Method...), ' '), c.Template...)
	r := s.Resources[string(name)]
	if r == nil {
		r = s.resource(string(name))
	}
	r.add(c)
}

// resource returns where looks at name are kept. At most MaxResources keep a name of their own: those
// whose names hash lowest, because then a name that gives way in any part gives way in the whole, and
// merging parts in any order tells the same resources apart. The rest are united under Others.
func (s *Summary) resource(name string) *Resource {
	if s.Resources == nil {
		s.Resources = make(map[string]*Resource)
	}
	if r := s.Resources[name]; r != nil {
		return r
	}
	own := len(s.Resources)
	if s.Resources[Others] != nil {
		own--
	}
	if name == Others || own < MaxResources {
		r := new(Resource)
		s.Resources[name] = r
		return r
	}
	out := s.highest()
	if !lower(name, out) {
		return s.resource(Others)
	}
	gone := s.Resources[out]
	delete(s.Resources, out)
	s.resource(Others).merge(gone)
	return s.resource(name)
}

// highest returns the name that gives way next.
func (s *Summary) highest() string {
	out := ""
	for name := range s.Resources {
		if name != Others && (out == "" || lower(out, name)) {
			out = name
		}
	}
	return out
}

// lower orders strings by their hash, and equal hashes by the strings.
func lower(a, b string) bool { return byHash(a, b) < 0 }

func byHash(a, b string) int {
	return cmp.Or(cmp.Compare(Hash(a), Hash(b)), strings.Compare(a, b))
}

func (s *Summary) mergeResources(o map[string]*Resource) {
	for name, r := range o { // in any order: which names give way depends on all of them
		s.resource(name).merge(r)
	}
}

func (r *Resource) add(c *Call) {
	r.Requests++
	if c.Status == 404 {
		r.NotFound++
	}
	if c.Path == "" {
		return
	}
	hash, number, numeric := identify(c.Template, Hash(c.Template), c.Path)
	if r.Distinct == nil {
		r.Distinct = new(Sketch)
	}
	r.Distinct.Add(hash)
	if numeric {
		r.number(Span{Min: number, Max: number, Looks: 1})
		if r.Cells == nil {
			r.Cells = new(Sketch)
		}
		r.Cells.Add(hashNumber(0, number>>cellBits))
	}
	r.example(c.Path)
}

func (r *Resource) merge(o *Resource) {
	r.Requests += o.Requests
	r.NotFound += o.NotFound
	if o.Distinct.Len() > 0 {
		if r.Distinct == nil {
			r.Distinct = new(Sketch)
		}
		r.Distinct.Merge(o.Distinct)
	}
	if o.Numbers != nil {
		r.number(*o.Numbers)
	}
	if o.Cells.Len() > 0 {
		if r.Cells == nil {
			r.Cells = new(Sketch)
		}
		r.Cells.Merge(o.Cells)
	}
	for _, path := range o.Examples {
		r.example(path)
	}
}

func (r *Resource) number(s Span) {
	if r.Numbers == nil {
		r.Numbers = &Span{Min: s.Min, Max: s.Max, Looks: s.Looks} // not &s, which would cost every call an allocation
		return
	}
	r.Numbers.Min = min(r.Numbers.Min, s.Min)
	r.Numbers.Max = max(r.Numbers.Max, s.Max)
	r.Numbers.Looks += s.Looks
}

// example keeps path if it hashes among the MaxExamples lowest.
func (r *Resource) example(path string) {
	path = cut(path)
	if len(r.Examples) == MaxExamples && Hash(path) > Hash(r.Examples[MaxExamples-1]) {
		return // most calls end here
	}
	i, there := slices.BinarySearchFunc(r.Examples, path, byHash)
	if there || i == MaxExamples {
		return
	}
	if len(r.Examples) == MaxExamples {
		r.Examples = r.Examples[:MaxExamples-1]
	}
	r.Examples = slices.Insert(r.Examples, i, strings.Clone(path))
}

// cut shortens a path to at most MaxExample bytes of valid UTF-8, so that it is stored as it is.
func cut(path string) string {
	if len(path) > MaxExample {
		end := MaxExample
		for end > 0 && !utf8.RuneStart(path[end]) {
			end--
		}
		path = path[:end]
	}
	if utf8.ValidString(path) {
		return path
	}
	return strings.ToValidUTF8(path, "")
}
