package usage

// tallied is a Resource in a Tally.
type tallied struct {
	name               *Name
	requests, notFound int64
	distinct, cells    sample
	numbers            Span
	numeric            bool
	kept               int
	examples           [MaxExamples]example // the first kept of them, ascending by hash
}

type example struct {
	hash uint64
	path []byte
}

// reset empties r for another name. The memory of its examples stays where it is.
func (r *tallied) reset(n *Name) {
	*r = tallied{name: n, distinct: sample{low: r.distinct.low[:0]}, cells: sample{low: r.cells.low[:0]}, examples: r.examples}
}

// add adds a look at what n names, which r may only share a line with.
func (r *tallied) add(c *Call, n *Name) {
	r.requests++
	if c.Status == 404 {
		r.notFound++
	}
	if c.Path == "" {
		return
	}
	hash, number, numeric := n.identify(c.Path)
	r.distinct.add(hash)
	if numeric {
		r.number(Span{number, number, 1})
		r.cells.add(hashNumber(0, number>>cellBits))
	}
	path := cut(c.Path)
	r.example(Hash(path), path)
}

func (r *tallied) number(s Span) {
	if !r.numeric {
		r.numeric, r.numbers = true, s
		return
	}
	r.numbers = Span{min(r.numbers.Min, s.Min), max(r.numbers.Max, s.Max), r.numbers.Looks + s.Looks}
}

// example keeps path if it hashes among the MaxExamples lowest.
func (r *tallied) example(hash uint64, path string) {
	i := r.kept
	for ; i > 0; i-- {
		if e := &r.examples[i-1]; e.hash < hash || e.hash == hash && string(e.path) <= path {
			if e.hash == hash && string(e.path) == path {
				return
			}
			break
		}
	}
	if i == MaxExamples {
		return // most calls end here
	}
	r.kept = min(r.kept+1, MaxExamples)
	room := r.examples[r.kept-1].path
	copy(r.examples[i+1:r.kept], r.examples[i:r.kept-1])
	r.examples[i] = example{hash, append(room[:0], path...)}
}

func (r *tallied) merge(o *tallied) {
	r.requests += o.requests
	r.notFound += o.notFound
	r.distinct.merge(o.distinct.settle())
	r.cells.merge(o.cells.settle())
	if o.numeric {
		r.number(o.numbers)
	}
	for _, e := range o.examples[:o.kept] {
		r.example(e.hash, string(e.path))
	}
}

func (r *tallied) mergeResource(o *Resource) {
	r.requests += o.Requests
	r.notFound += o.NotFound
	r.distinct.mergeSketch(o.Distinct)
	r.cells.mergeSketch(o.Cells)
	if o.Numbers != nil {
		r.number(*o.Numbers)
	}
	for _, path := range o.Examples {
		r.example(Hash(path), path)
	}
}

func (r *tallied) resource() *Resource {
	out := &Resource{Requests: r.requests, NotFound: r.notFound, Distinct: r.distinct.sketch(), Cells: r.cells.sketch()}
	if r.numeric {
		span := r.numbers
		out.Numbers = &span
	}
	for _, e := range r.examples[:r.kept] {
		out.Examples = append(out.Examples, string(e.path))
	}
	return out
}
