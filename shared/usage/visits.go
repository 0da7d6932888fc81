package usage

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

// visit makes the visits of a day's resources those of the samples united from what is there and a window. Where
// they are not known of what is there, or resources share a line, they stay unknown. It comes before the samples unite.
func (d *Day) visit(window int64, resources map[string]*Resource) {
	for name, r := range resources {
		if name == Others || r.Distinct.Len() == 0 {
			continue
		}
		var before []uint32
		if known := d.Merged.Resources[name]; known != nil && known.Distinct != nil {
			before = known.Distinct.low
		}
		if was := d.Visits[name]; len(was) == len(before) {
			if d.Visits == nil {
				d.Visits = make(map[string]Visits)
			}
			d.Visits[name] = unite(before, was, r.Distinct.low, Visit(window/int64(Window.Seconds())%windowsADay))
		}
	}
}

// visited forgets the visits of resources that have no line of their own, once the samples are united.
func (d *Day) visited() {
	for name, v := range d.Visits {
		if r := d.Merged.Resources[name]; r == nil || r.Distinct.Len() != len(v) {
			delete(d.Visits, name)
		}
	}
	if len(d.Visits) == 0 {
		d.Visits = nil
	}
}

// unite is the visits of a sample and one of a window, as a Sketch unites their hashes.
func unite(low []uint32, was Visits, added []uint32, at Visit) Visits {
	out := make(Visits, 0, min(len(low)+len(added), SketchSize))
	for i, j := 0, 0; len(out) < SketchSize && i+j < len(low)+len(added); {
		switch {
		case j == len(added) || i < len(low) && low[i] < added[j]:
			out = append(out, was[i])
			i++
		case i == len(low) || added[j] < low[i]:
			out = append(out, at)
			j++
		default:
			out = append(out, was[i].with(at))
			i++
			j++
		}
	}
	return out
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
