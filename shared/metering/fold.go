package metering

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// Folded says what a fold met.
type Folded struct {
	Keys    []aup.KeyID // every key that called in the window: judge these, for an earlier fold may have stopped before that
	Changed []aup.KeyID // the keys whose window or day this fold stored anew

	// Did is what each key did in the window, but for those that failed. The samples of one whose parts have
	// expired are left out.
	Did map[aup.KeyID]usage.Summary
}

// keyWindow is the body of a key's folded window: its figures. The samples of what was asked for stay in the parts, and
// are united in the day.
type keyWindow struct {
	seen    int  // how many items the window had
	overlap bool // some of its calls may be there twice
	summary usage.Summary
}

func (t *total) encode(start time.Time, seen int) []byte {
	var e usage.Encoder
	e.Uint(uint64(seen))
	overlap := uint64(0)
	if t.overlap {
		overlap = 1
	}
	e.Uint(overlap)
	e.Figures(start, &t.Tally)
	return e.Bytes()
}

func decodeWindow(start time.Time, body []byte) (w keyWindow, err error) {
	var t usage.Tally
	d := usage.NewDecoder(body, nil)
	w.seen, w.overlap = int(d.Uint()), d.Uint() != 0
	d.Tally(start, &t)
	w.summary = t.Summary()
	return w, d.End()
}

// Fold reads all that a window's partition has and stores what it comes to: each key's window, then each
// key's day. Folding again, at the same time or from a part of what is there by now, never undoes a
// fuller fold. One key's failure does not stop the others; after an error, fold again.
func (m *Meter) Fold(ctx context.Context, w WindowPart) (Folded, error) {
	all, err := m.gather(ctx, w)
	if err != nil {
		return Folded{}, fmt.Errorf("fold %s: %w", w.PK(), err)
	}
	f := Folded{Did: make(map[aup.KeyID]usage.Summary, len(all.keys))}
	var failed []error
	for _, key := range slices.Sorted(maps.Keys(all.keys)) {
		did, changed, err := m.settle(ctx, w, key, all)
		if err != nil {
			failed = append(failed, fmt.Errorf("fold %s, key %q: %w", w.PK(), key, err))
		}
		if key == serviceKey(w.Part) {
			continue
		}
		f.Keys = append(f.Keys, key)
		if err == nil {
			f.Did[key] = did
		}
		if changed {
			f.Changed = append(f.Changed, key)
		}
	}
	return f, errors.Join(failed...)
}

// settle stores a key's window and puts it into the key's day. The day is read first: of two workers, the
// one whose day is stored last has then seen the window of the other.
func (m *Meter) settle(ctx context.Context, w WindowPart, key aup.KeyID, all window) (did usage.Summary, changed bool, err error) {
	date := usage.DateOf(w.Start)
	for range maxTries {
		day, item, err := m.day(ctx, key, date)
		if err != nil {
			return did, changed, err
		}
		now, stored, err := m.settleWindow(ctx, w, key, all)
		if err != nil {
			return did, changed, err
		}
		changed = changed || stored
		day.Put(w.Start, now.summary)
		day.Overlap(w.Start, now.overlap)
		lost, same, err := m.replaceDay(ctx, item, day)
		if err != nil || !lost {
			return now.summary, changed || !same, err
		}
	}
	return did, changed, errBusy
}

// settleWindow stores a key's window, unless a fold that saw more did so before, and returns what the window
// has now: its samples are unknown where its parts have expired since.
func (m *Meter) settleWindow(ctx context.Context, w WindowPart, key aup.KeyID, all window) (now keyWindow, stored bool, err error) {
	for range maxTries {
		item, err := m.get(ctx, windowKey(key, w.Start))
		if err != nil {
			return now, false, err
		}
		var old keyWindow
		if item.V > 0 {
			if old, err = decodeWindow(w.Start, item.Body); err != nil {
				return now, false, fmt.Errorf("%s: %w", item.Key, err)
			}
		}
		if old.seen >= all.seen && !all.same(w, key, item, old) {
			// As many items with another content, or more: what is newest shows only to who reads them after item.
			if all, err = m.gather(ctx, w); err != nil {
				return now, false, err
			}
		}
		t := all.keys[key]
		switch {
		case all.same(w, key, item, old):
			return keyWindow{all.seen, t.overlap, t.Summary()}, false, nil
		case old.seen > all.seen || t == nil:
			return old, false, nil
		}
		item.TTL = w.Start.Add(WindowsKept).Unix()
		if lost, err := m.replace(ctx, item, t.encode(w.Start, all.seen)); err != nil || !lost {
			return keyWindow{all.seen, t.overlap, t.Summary()}, err == nil, err
		}
	}
	return now, false, errBusy
}

// same says whether a stored window tells of a key what was gathered now.
func (all window) same(w WindowPart, key aup.KeyID, item table.Item, old keyWindow) bool {
	t := all.keys[key]
	return t != nil && bytes.Equal(t.encode(w.Start, old.seen), item.Body)
}

// replaceDay stores a day in place of item, unless that says the same already.
func (m *Meter) replaceDay(ctx context.Context, item table.Item, day usage.Day) (lost, same bool, err error) {
	body := EncodeDay(&day)
	if bytes.Equal(body, item.Body) {
		return false, true, nil
	}
	if date, err := time.Parse(usage.DateLayout, day.Date); err == nil {
		item.TTL = date.Add(DaysKept).Unix()
	}
	lost, err = m.replace(ctx, item, body)
	return lost, err != nil, err
}
