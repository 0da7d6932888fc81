package usage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

// Names keeps the names of resources that were read, so that reading many summaries makes each once.
type Names map[string]*Name

// Decoder reads what an Encoder wrote. After something that cannot be read, everything else reads as
// nothing, and Err says what it was. It never takes more memory than a small multiple of what it reads.
type Decoder struct {
	b     []byte
	names []*Name
	err   error
}

var errDamaged = errors.New("stored usage is damaged")

// NewDecoder begins to read. names may be nil.
func NewDecoder(b []byte, names Names) *Decoder {
	d := &Decoder{}
	switch {
	case len(b) < 4 || string(b[:2]) != magic:
		d.err = errors.New("not stored usage: it does not begin with " + magic)
	case b[2] != version:
		d.err = fmt.Errorf("stored usage of version %d, but this release reads only %d", b[2], version)
	case b[3] != hashXXH64:
		d.err = fmt.Errorf("stored usage hashed by function %d, but this release reads only %d, %s", b[3], hashXXH64, HashName)
	default:
		d.b = b[4:]
		for range d.length(1) {
			d.names = append(d.names, names.get(d.View()))
		}
	}
	return d
}

func (n Names) get(text string) *Name {
	if known := n[text]; known != nil {
		return known
	}
	name := named(strings.Clone(text))
	if n != nil {
		n[name.text] = name
	}
	return name
}

// Err says what could not be read.
func (d *Decoder) Err() error { return d.err }

// End checks that everything was read and nothing is left.
func (d *Decoder) End() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail()
	}
	return d.err
}

func (d *Decoder) fail() {
	if d.err == nil {
		d.err = errDamaged
	}
	d.b = nil
}

// Uint reads a number.
func (d *Decoder) Uint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 {
		n := uint64(d.b[0])
		d.b = d.b[1:]
		return n
	}
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[size:]
	return n
}

// Int reads a number that may be negative.
func (d *Decoder) Int() int64 {
	n := d.Uint()
	return int64(n>>1) ^ -int64(n&1)
}

// length reads how many things follow, which take at least so many bytes each.
func (d *Decoder) length(bytes int) int {
	n := d.Uint()
	if n > uint64(len(d.b)/bytes) {
		d.fail()
		return 0
	}
	return int(n)
}

// Text reads a text.
func (d *Decoder) Text() string { return strings.Clone(d.View()) }

// View reads a text that lives no longer than what is read from.
func (d *Decoder) View() string {
	n := d.length(1)
	if n == 0 {
		return ""
	}
	s := unsafe.String(&d.b[0], n)
	d.b = d.b[n:]
	return s
}

func (d *Decoder) name() *Name {
	if i := d.Uint(); i < uint64(len(d.names)) {
		return d.names[i]
	}
	d.fail()
	return others
}

// Tally reads a tally and adds it to into, which is of no use after an error.
func (d *Decoder) Tally(base time.Time, into *Tally) {
	flags := d.Uint()
	from := base.UnixMilli()
	into.counts.Add(d.figures(flags))
	if flags&hasTime != 0 {
		first := from + d.Int()
		into.stretch(first, first+d.Int())
	}
	if flags&hasSuccess != 0 {
		at := from + d.Int()
		into.succeed(at, d.View())
	}
	if flags&hasLatency != 0 {
		into.latencyMax = max(into.latencyMax, d.Int())
	}
	before := base.Unix() / 60
	for range d.length(2) {
		before += d.Int()
		into.minute(before, d.Int())
	}
	var room [SketchSize]uint32
	if flags&hasNetworks != 0 {
		into.networks.merge(d.sketch(&room))
	}
	n := d.length(3)
	if n > MaxResources+1 {
		d.fail()
		return
	}
	for range n {
		d.resource(into.resource(d.name()), &room)
	}
}

// Counts reads figures.
func (d *Decoder) Counts() Counts { return d.figures(d.Uint()) }

func (d *Decoder) figures(flags uint64) (n Counts) {
	for i, v := range n.all() {
		if flags&(1<<i) != 0 {
			*v = d.Int()
		}
	}
	return n
}

func (d *Decoder) resource(r *tallied, room *[SketchSize]uint32) {
	flags := d.Uint()
	r.requests += d.Int()
	if flags&hasNotFound != 0 {
		r.notFound += d.Int()
	}
	if flags&hasNumbers != 0 {
		low := d.Uint()
		high := low + d.Uint()
		if high < low {
			d.fail()
		}
		r.number(Span{low, high, d.Int()})
	}
	if flags&hasDistinct != 0 {
		r.distinct.merge(d.sketch(room))
	}
	if flags&hasCells != 0 {
		r.cells.merge(d.sketch(room))
	}
	examples := flags / firstExample
	if examples > MaxExamples {
		d.fail()
		return
	}
	var path [MaxExample]byte
	size := 0
	for range examples {
		same, more := d.Uint(), d.View()
		if d.err != nil || same > uint64(size) || int(same)+len(more) > MaxExample {
			d.fail()
			return
		}
		size = int(same) + copy(path[same:], more)
		text := unsafe.String(&path[0], size)
		if !utf8.ValidString(text) {
			d.fail()
			return
		}
		r.example(Hash(text), text)
	}
}

// sketch reads the hashes of a sketch into room.
func (d *Decoder) sketch(room *[SketchSize]uint32) []uint32 {
	n := d.Uint()
	if n > SketchSize || len(d.b) == 0 || d.b[0] > 31 {
		d.fail()
		return nil
	}
	low := uint(d.b[0])
	in := bitReader{b: d.b[1:]}
	next := uint64(0)
	for i := range room[:n] {
		gap := in.ones()<<low | in.bits(low)
		if next += gap; next > math.MaxUint32 || in.short {
			d.fail()
			return nil
		}
		room[i] = uint32(next)
		next++
	}
	d.b = in.rest()
	return room[:n]
}

// bitReader reads bits, of each byte the lowest first.
type bitReader struct {
	b     []byte
	at    int // in b
	word  uint64
	has   uint // bits in word
	short bool // there was not enough to read
}

func (r *bitReader) fill() {
	for r.has <= 56 && r.at < len(r.b) {
		r.word |= uint64(r.b[r.at]) << r.has
		r.at++
		r.has += 8
	}
}

// bits reads at most 31 bits as a number.
func (r *bitReader) bits(n uint) uint64 {
	if r.has < n {
		if r.fill(); r.has < n {
			r.short = true
			return 0
		}
	}
	v := r.word & (1<<n - 1)
	r.word >>= n
	r.has -= n
	return v
}

// ones counts the ones before the next zero, and steps over both.
func (r *bitReader) ones() (n uint64) {
	for {
		r.fill()
		run := min(uint(bits.TrailingZeros64(^r.word)), r.has)
		n += uint64(run)
		if run < r.has {
			r.word >>= run + 1
			r.has -= run + 1
			return n
		}
		if r.word, r.has = 0, 0; r.at == len(r.b) {
			r.short = true
			return 0
		}
	}
}

// rest returns the bytes of which nothing was read.
func (r *bitReader) rest() []byte { return r.b[r.at-int(r.has/8):] }

func (d *Decoder) readings(day *Day) {
	var plans []string
	for range d.length(2) {
		plan := d.Text()
		plans = append(plans, plan)
		day.Read(plan, Reading{Used: d.Int()})
	}
	how := d.Uint()
	var at time.Time
	for i, plan := range plans {
		switch {
		case how > readApart:
			d.fail()
			return
		case how == readApart || how == readTogether && i == 0:
			sec := d.Int()
			at = time.Unix(sec, int64(d.Uint())).UTC()
		}
		day.Read(plan, Reading{Used: day.Gateway[plan].Used, At: at})
	}
	if how != readNever && len(plans) == 0 {
		d.fail()
	}
}

// DecodeDay reads what EncodeDay wrote.
func DecodeDay(b []byte) (Day, error) {
	d := NewDecoder(b, nil)
	day := Day{Date: d.Text()}
	base := midnight(day.Date)
	before := base.Unix()
	for range d.length(2) {
		before += d.Int()
		day.putCounts(before, d.Counts())
	}
	day.Looks = d.byResource(base.Unix())
	var merged Tally
	d.Tally(base, &merged)
	day.Merged = merged.Summary()
	d.readings(&day)
	before = base.Unix()
	for range d.length(1) {
		before += d.Int()
		day.Overlaps = append(day.Overlaps, before)
	}
	if d.more() {
		day.decodeVisits(d)
	}
	if d.more() {
		day.Missed = d.byResource(base.Unix())
	}
	if err := d.End(); err != nil {
		return Day{}, fmt.Errorf("day: %w", err)
	}
	return day, nil
}

// more says whether anything is left to read: days do not have what they were stored without.
func (d *Decoder) more() bool { return d.Err() == nil && len(d.b) > 0 }

func (d *Decoder) byResource(base int64) (by map[string]Series) {
	for range d.length(2) {
		name, at := d.name().text, base
		for range d.length(2) {
			at += d.Int()
			by = plus(by, name, at, d.Int())
		}
	}
	return by
}

func (d *Day) decodeVisits(in *Decoder) {
	for range in.length(2) {
		name := in.name().text
		r := d.Merged.Resources[name]
		if r == nil || r.Distinct.Len() == 0 {
			in.fail()
			return
		}
		if d.Visits == nil {
			d.Visits = make(map[string]Visits)
		}
		d.Visits[name] = in.visits(r.Distinct.Len())
	}
}
