package metering

import (
	"bytes"
	"context"
	"encoding/json"
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
}

// keyWindow is the body of a key's folded window.
type keyWindow struct {
	Seen    int           `json:"seen"` // how many items the window had
	Summary usage.Summary `json:"summary"`
}

// Fold reads all that a window's partition has and stores what it comes to: each key's window, then each
// key's day. Folding again, at the same time or from a part of what is there by now, never undoes a
// fuller fold. One key's failure does not stop the others; after an error, fold again.
func (m *Meter) Fold(ctx context.Context, w WindowPart) (Folded, error) {
	all, err := m.gather(ctx, w)
	if err != nil {
		return Folded{}, fmt.Errorf("fold %s: %w", w.PK(), err)
	}
	f := Folded{Keys: slices.Sorted(maps.Keys(all.keys))}
	var failed []error
	for _, key := range f.Keys {
		changed, err := m.settle(ctx, w, key, all)
		if err != nil {
			failed = append(failed, fmt.Errorf("fold %s, key %q: %w", w.PK(), key, err))
		}
		if changed {
			f.Changed = append(f.Changed, key)
		}
	}
	return f, errors.Join(failed...)
}

// settle stores a key's window and puts it into the key's day. The day is read first: of two workers, the
// one whose day is stored last has then seen the window of the other.
func (m *Meter) settle(ctx context.Context, w WindowPart, key aup.KeyID, all window) (changed bool, err error) {
	date := usage.DateOf(w.Start)
	for range maxTries {
		day := usage.Day{Date: date}
		item, err := m.get(ctx, dayKey(key, date), &day)
		if err != nil {
			return changed, err
		}
		now, stored, err := m.settleWindow(ctx, w, key, all)
		if err != nil {
			return changed, err
		}
		changed = changed || stored
		day.Put(w.Start, now)
		lost, same, err := m.replaceDay(ctx, item, day)
		if err != nil || !lost {
			return changed || !same, err
		}
	}
	return changed, errBusy
}

// settleWindow stores a key's window, unless a fold that saw more did so before, and returns what is
// stored now.
func (m *Meter) settleWindow(ctx context.Context, w WindowPart, key aup.KeyID, all window) (now usage.Summary, stored bool, err error) {
	for range maxTries {
		var old keyWindow
		item, err := m.get(ctx, windowKey(key, w.Start), &old)
		if err != nil {
			return now, false, err
		}
		if old.Seen == all.seen && !same(old.Summary, all.keys[key]) {
			// As many items with another content: which is newer shows only to who reads them after item.
			if all, err = m.gather(ctx, w); err != nil {
				return now, false, err
			}
		}
		if old.Seen > all.seen || all.keys[key] == nil || same(old.Summary, all.keys[key]) {
			return old.Summary, false, nil
		}
		body, err := json.Marshal(keyWindow{all.seen, *all.keys[key]})
		if err != nil {
			return now, false, err
		}
		item.TTL = w.Start.Add(WindowsKept).Unix()
		if lost, err := m.replace(ctx, item, body); err != nil || !lost {
			return *all.keys[key], err == nil, err
		}
	}
	return now, false, errBusy
}

// same compares summaries as they are stored.
func same(a usage.Summary, b *usage.Summary) bool {
	if b == nil {
		return false
	}
	if a.Counts != b.Counts {
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// replaceDay stores a day in place of item, unless that says the same already.
func (m *Meter) replaceDay(ctx context.Context, item table.Item, day usage.Day) (lost, same bool, err error) {
	body, err := json.Marshal(day)
	if err != nil || bytes.Equal(body, item.Body) {
		return false, true, err
	}
	if date, err := time.Parse(usage.DateLayout, day.Date); err == nil {
		item.TTL = date.Add(DaysKept).Unix()
	}
	lost, err = m.replace(ctx, item, body)
	return lost, err != nil, err
}
