package metering

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// window is what one reading of a partition comes to.
type window struct {
	seen int // items there: it only grows, until they expire
	keys map[aup.KeyID]*total
}

// total is what one key did in a window.
type total struct {
	usage.Tally
	overlap bool // some of its calls may be there twice
}

// delivered is what a partition has of one batch.
type delivered struct {
	head                // of its first item that was met: items come in key order
	bodies  [][]byte    // the keys of each
	keys    []int       // how many they are
	covered bool        // a larger batch has all its events
	doubted bool        // it may share some events with another one
	items   []table.Key // where they were
}

// gather reads a whole partition and merges what counts.
func (m *Meter) gather(ctx context.Context, w WindowPart) (window, error) {
	out := window{keys: make(map[aup.KeyID]*total)}
	order, seen, err := m.batches(ctx, w)
	if out.seen = seen; err != nil {
		return out, err
	}
	names := usage.Names{}
	for _, d := range order {
		if d.covered {
			continue
		}
		if err := d.merge(w, names, out.keys); err != nil {
			return out, err
		}
	}
	out.whole(w)
	return out, nil
}

// batches reads a whole partition, compares the batches it has, and says how many items it read.
func (m *Meter) batches(ctx context.Context, w WindowPart) (order []*delivered, seen int, err error) {
	batches := make(map[string]*delivered)
	err = table.Each(ctx, m.table, table.Query{PK: w.PK()}, func(item table.Item) error {
		seen++
		h, body, err := decodeHead(item.Body)
		if err != nil {
			return fmt.Errorf("%s: %w", item.Key, err)
		}
		id, _ := chunk(item.SK)
		d := batches[id]
		if d == nil {
			d = &delivered{head: h}
			batches[id] = d
			order = append(order, d)
		}
		// A chunk that the first does not know of is left from an encoding that needed more of them, and its
		// keys are elsewhere now.
		if h.chunks == d.chunks {
			d.bodies, d.keys, d.items = append(d.bodies, body), append(d.keys, h.keys), append(d.items, item.Key)
		}
		return nil
	})
	compare(order)
	return order, seen, err
}

// merge adds what a batch says to what its keys did.
func (d *delivered) merge(w WindowPart, names usage.Names, keys map[aup.KeyID]*total) error {
	for i, body := range d.bodies {
		in := usage.NewDecoder(body, names)
		for range d.keys[i] {
			if in.Err() != nil {
				break
			}
			key := in.View()
			t := keys[aup.KeyID(key)]
			if t == nil {
				t = new(total)
				keys[aup.KeyID([]byte(key))] = t
			}
			in.Tally(w.Start, &t.Tally)
			t.overlap = t.overlap || d.doubted
		}
		if err := in.End(); err != nil {
			return fmt.Errorf("%s: %w", d.items[i], err)
		}
	}
	return nil
}

// complete says whether all items of the batch were met.
func (d *delivered) complete() bool { return len(d.bodies) == d.chunks }

// compare finds the batches that have events of others: deliveries of one stream that were cut
// otherwise. Of two, one within the other, the larger counts. Two that overlap in part both count, and
// are in doubt, like a batch of which it cannot be told.
func compare(batches []*delivered) {
	sorted := slices.Clone(batches)
	slices.SortFunc(sorted, func(a, b *delivered) int {
		return cmp.Or(cmp.Compare(a.batch.Group, b.batch.Group), cmp.Compare(a.batch.Stream, b.batch.Stream),
			compareIDs(a.batch.First, b.batch.First), compareIDs(b.batch.Last, a.batch.Last), cmp.Compare(b.batch.Count, a.batch.Count))
	})
	var last *delivered // of those that count, in this stream, the one that ends last
	for _, d := range sorted {
		switch {
		case d.batch.Unordered:
			d.doubted = true
			continue
		case last == nil || last.batch.Group != d.batch.Group || last.batch.Stream != d.batch.Stream ||
			compareIDs(d.batch.First, last.batch.Last) > 0:
			last = d
		case compareIDs(d.batch.Last, last.batch.Last) > 0:
			d.doubted, last.doubted = true, true
			last = d
		case last.complete() && d.batch.Count <= last.batch.Count:
			d.covered = true
		default:
			d.doubted, last.doubted = true, true
		}
	}
}
