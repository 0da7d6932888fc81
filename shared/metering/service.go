package metering

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// serviceKey stands for all keys of a part together. No key of API Gateway's has a slash.
func serviceKey(part int) aup.KeyID { return aup.KeyID(fmt.Sprintf("all/%02d", part)) }

// whole adds what all keys of the partition did together.
func (all window) whole(w WindowPart) {
	if len(all.keys) == 0 {
		return
	}
	t := new(total)
	for _, k := range all.keys {
		t.Count(&k.Tally)
		t.overlap = t.overlap || k.overlap
	}
	all.keys[serviceKey(w.Part)] = t
}

// Service returns what all keys did together, by window, from the day of one moment to that of another, both
// included. A window that some part has not folded yet, or in which calls may be there twice, is left out: a
// share of it could come out too large.
func (m *Meter) Service(ctx context.Context, from, until time.Time) (map[int64]usage.Counts, error) {
	windows, parts, doubtful := map[int64]usage.Counts{}, map[int64]int{}, map[int64]bool{}
	for part := range m.parts.most() {
		days, err := m.Days(ctx, serviceKey(part), from, until.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			for w, n := range d.Windows {
				n.Add(windows[w])
				windows[w] = n
				parts[w]++
			}
			for _, w := range d.Overlaps {
				doubtful[w] = true
			}
		}
	}
	for w := range windows {
		if parts[w] < m.parts.at(time.Unix(w, 0)) || doubtful[w] {
			delete(windows, w)
		}
	}
	return windows, nil
}

// LastCall returns the end of the newest window that has a logged call of any key, of today and the day before;
// zero where there is none.
func (m *Meter) LastCall(ctx context.Context, now time.Time) (last time.Time, err error) {
	for part := range m.parts.most() {
		days, err := m.Days(ctx, serviceKey(part), now.AddDate(0, 0, -1), now.AddDate(0, 0, 1))
		if err != nil {
			return last, err
		}
		for _, d := range days {
			for w := range d.Windows {
				if end := time.Unix(w, 0).UTC().Add(usage.Window); end.After(last) {
					last = end
				}
			}
		}
	}
	return last, nil
}
