package accesslog

import (
	"errors"
	"strings"
	"time"
	"unsafe"

	"accord/shared/aup"
	"accord/shared/usage"
)

// Reader reads the lines of one batch after another, and counts them by window and key. It remembers
// the layout of lines, the keys and the resources it has met, and uses its memory again, so that a line
// costs no allocation. Reset begins a batch. It is for one goroutine.
type Reader struct {
	batch Batch
	now   time.Time

	inJSON, plain shape
	call          usage.Call

	keys    table[*keyed]
	names   table[*usage.Name]
	tallies []*usage.Tally // the first len(batch.Shares) of them are in use

	window  int64 // Unix second of the start of the last line's window
	verdict error // what Accepts says of it
	number  uint32
}

// shape reads lines of layouts that were met.
type shape struct {
	layouts
	fields
}

// Batch is what the lines of one batch come to. It is good until its Reader is used again.
type Batch struct {
	Lines    int            // all of them
	Rejected map[Reason]int // lines that were refused
	Late     int            // lines that came too late to be folded
	Future   int            // lines from further ahead than clocks may be wrong
	Keyless  int            // folded lines of calls without a key: they are under the key ""
	Shares   []Share        // what was folded, by window and key
}

// Share is what a batch says of one key in one window.
type Share struct {
	Start int64 // Unix second
	Key   aup.KeyID
	Tally *usage.Tally
}

// keyed is a key that was met, and where its shares of the batch are.
type keyed struct {
	key    aup.KeyID
	number uint32 // of the batch that shares is about
	shares []int
}

func (k *keyed) Is(key, _ string) bool { return string(k.key) == key }

// maxMet is how many keys, and how many resources, a reader remembers from batch to batch.
const maxMet = 1 << 16

// Reset begins a batch, read at the time now.
func (r *Reader) Reset(now time.Time) {
	if r.keys.n > maxMet {
		r.keys = table[*keyed]{}
	}
	if r.names.n > maxMet {
		r.names = table[*usage.Name]{}
	}
	for _, s := range [2]*shape{&r.inJSON, &r.plain} {
		if len(s.known) == maxLayouts {
			*s = shape{}
		}
	}
	r.batch = Batch{Shares: r.batch.Shares[:0]}
	r.now, r.window, r.verdict = now, 0, Accepts(time.Unix(0, 0), now)
	r.number++
}

// Batch returns what the lines since Reset came to.
func (r *Reader) Batch() *Batch {
	for _, s := range r.batch.Shares {
		s.Tally.Settle()
	}
	return &r.batch
}

// Line reads one line. A bad line is counted and costs its neighbours nothing.
func (r *Reader) Line(line []byte) {
	r.batch.Lines++
	if n := r.plain.match(line, &r.plain.fields); n > 0 && n == len(line) && n <= MaxLine {
		if reason := r.plain.fields.call(&r.call); reason == "" {
			r.count()
			return
		}
	}
	if len(line) == 0 {
		r.reject(NotJSON)
		return
	}
	// The call's strings live no longer than line does: what a Tally keeps it copies.
	text := unsafe.String(&line[0], len(line))
	var f fields
	if reason := parse(text, &f, &r.call); reason != "" {
		r.reject(reason)
		return
	}
	r.count()
	if text = trimmed(text); scan(text, &f) {
		r.plain.learn(text, `"`)
		r.inJSON.learn(text, `\"`)
	}
}

// InJSON reads a line that stands in JSON as a string: b begins after the string's opening quote. It
// returns where the string ends, the closing quote included, or 0 when it has not read the line: then
// the string is to be unescaped and given to Line.
func (r *Reader) InJSON(b []byte) int {
	n := r.inJSON.match(b, &r.inJSON.fields)
	if n == 0 || n > MaxLine || r.inJSON.fields.call(&r.call) != "" {
		return 0
	}
	r.batch.Lines++
	r.count()
	return n
}

func (r *Reader) reject(reason Reason) {
	if r.batch.Rejected == nil {
		r.batch.Rejected = make(map[Reason]int)
	}
	r.batch.Rejected[reason]++
}

// count adds the call to its key's share of its window.
func (r *Reader) count() {
	c := &r.call
	unix := c.At.Unix()
	if start := unix - unix%windowSeconds; start != r.window {
		r.window, r.verdict = start, Accepts(c.At, r.now)
	}
	switch {
	case errors.Is(r.verdict, ErrLate):
		r.batch.Late++
		return
	case errors.Is(r.verdict, ErrFuture):
		r.batch.Future++
		return
	}
	if c.Key == "" {
		r.batch.Keyless++
	}
	r.share(string(c.Key)).Add(c, r.name(c.Method, c.Template))
}

const windowSeconds = int64(usage.Window / time.Second)

// share returns where a key's calls of the last line's window are counted.
func (r *Reader) share(key string) *usage.Tally {
	hash := usage.Hash(key)
	k := r.keys.get(hash, key, "")
	if k == nil {
		k = &keyed{key: aup.KeyID(strings.Clone(key))}
		r.keys.put(hash, k)
	}
	if k.number != r.number {
		k.number, k.shares = r.number, k.shares[:0]
	}
	for _, i := range k.shares {
		if s := &r.batch.Shares[i]; s.Start == r.window {
			return s.Tally
		}
	}
	n := len(r.batch.Shares)
	if n == len(r.tallies) {
		r.tallies = append(r.tallies, new(usage.Tally))
	}
	t := r.tallies[n]
	t.Reset()
	r.batch.Shares = append(r.batch.Shares, Share{r.window, k.key, t})
	k.shares = append(k.shares, n)
	return t
}

func (r *Reader) name(method, template string) *usage.Name {
	hash := usage.Hash(template) + uint64(len(method))
	n := r.names.get(hash, method, template)
	if n == nil {
		n = usage.NewName(method, template)
		r.names.put(hash, n)
	}
	return n
}
