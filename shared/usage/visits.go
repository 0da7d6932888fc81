package usage

import "slices"

// Visits are when the resources of a sample were looked at, in the order of the sketch's hashes. They tell what
// the sketch cannot: whether what was met came again, and in which order.
type Visits []Visit

// Visit is the first window of the day in which a resource was looked at, counted from midnight, and whether
// it was looked at in another one too.
type Visit uint16

const (
	windowsADay = 24 * 60 / 5
	again       = Visit(1) << 15
	visitBits   = 10 // nine of the window, and one
)

// Window counts the windows from midnight to the first look.
func (v Visit) Window() int { return int(v &^ again) }

// Again says whether there were looks in more than one window.
func (v Visit) Again() bool { return v&again != 0 }

// with is the visit seen in one window more. Its order does not matter, nor does the same one twice.
func (v Visit) with(window Visit) Visit {
	if v.Window() == window.Window() {
		return v
	}
	return min(v&^again, window) | again
}

// visited makes the visits of a day's resources those of the samples united from before and a window. Where
// they are not known of what was there before, or resources share a line, they stay unknown.
func (d *Day) visited(before map[string]sampled, window int64, s Summary) {
	at := Visit(window / int64(Window.Seconds()) % windowsADay)
	for name := range s.Resources {
		r := d.Merged.Resources[name]
		if r == nil || name == Others || r.Distinct.Len() == 0 {
			continue
		}
		if v, ok := before[name].unite(r.Distinct, s.Resources[name].Distinct, at); ok {
			if d.Visits == nil {
				d.Visits = make(map[string]Visits)
			}
			d.Visits[name] = v
		}
	}
	for name, v := range d.Visits {
		if r := d.Merged.Resources[name]; r == nil || r.Distinct.Len() != len(v) {
			delete(d.Visits, name)
		}
	}
	if len(d.Visits) == 0 {
		d.Visits = nil
	}
}

// sampled is a sample and its visits.
type sampled struct {
	low    []uint32
	visits Visits
}

// samples copies those of the resources that s is going to change.
func (d *Day) samples(s Summary) map[string]sampled {
	out := make(map[string]sampled, len(s.Resources))
	for name := range s.Resources {
		if r := d.Merged.Resources[name]; r != nil && r.Distinct.Len() > 0 {
			out[name] = sampled{slices.Clone(r.Distinct.low), d.Visits[name]}
		}
	}
	return out
}

func (b sampled) unite(all, added *Sketch, at Visit) (Visits, bool) {
	if len(b.low) != len(b.visits) {
		return nil, false
	}
	out := make(Visits, len(all.low))
	i, j := 0, 0
	for n, h := range all.low {
		for i < len(b.low) && b.low[i] < h {
			i++
		}
		for j < added.Len() && added.low[j] < h {
			j++
		}
		was, is := i < len(b.low) && b.low[i] == h, j < added.Len() && added.low[j] == h
		switch {
		case was && is:
			out[n] = b.visits[i].with(at)
		case was:
			out[n] = b.visits[i]
		case is:
			out[n] = at
		default:
			return nil, false
		}
	}
	return out, true
}

// visits writes visits, each in so many bits.
func (e *Encoder) visits(all Visits) {
	word, used := uint64(0), 0
	for _, v := range all {
		word |= (uint64(v.Window()) | bit(v.Again(), 1<<(visitBits-1))) << used
		for used += visitBits; used >= 8; used -= 8 {
			e.body = append(e.body, byte(word))
			word >>= 8
		}
	}
	if used > 0 {
		e.body = append(e.body, byte(word))
	}
}

// visits reads as many visits.
func (d *Decoder) visits(n int) Visits {
	in := bitReader{b: d.b}
	all := make(Visits, n)
	for i := range all {
		v := in.bits(visitBits)
		all[i] = Visit(v & (1<<(visitBits-1) - 1))
		if v>>(visitBits-1) != 0 {
			all[i] |= again
		}
		if all[i].Window() >= windowsADay {
			d.fail()
		}
	}
	if in.short {
		d.fail()
		return nil
	}
	d.b = in.rest()
	return all
}
