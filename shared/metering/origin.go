package metering

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// Origin is one batch's share of what a key did in a window.
type Origin struct {
	Window   time.Time `json:"window"`
	Part     int       `json:"part"`
	Batch    string    `json:"batch"` // its identity: the item's sort key
	Group    string    `json:"group"`
	Stream   string    `json:"stream"`
	First    string    `json:"first"` // ids of its first and last line
	Last     string    `json:"last"`
	Lines    int       `json:"lines"` // of all keys and windows
	Requests int64     `json:"requests"`
	Covered  bool      `json:"covered,omitempty"` // a larger batch has all its lines: it does not count
	Doubted  bool      `json:"doubted,omitempty"` // it may share some lines with another batch
}

// Origins tells from which batches a key's figures of a window came, those that do not count included. Parts
// are kept for PartsKept: of an older window there are none.
func (m *Meter) Origins(ctx context.Context, key aup.KeyID, window time.Time) ([]Origin, error) {
	var all []Origin
	w := m.PartOf(key, window)
	batches, _, err := m.batches(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("origins of %s: %w", w.PK(), err)
	}
	for _, d := range batches {
		keys := make(map[aup.KeyID]*total)
		if err := d.merge(w, usage.Names{}, keys); err != nil {
			return nil, err
		}
		if t := keys[key]; t != nil {
			all = append(all, Origin{w.Start, w.Part, d.batch.ID(), d.batch.Group, d.batch.Stream, d.batch.First, d.batch.Last,
				d.batch.Count, t.Summary().Requests, d.covered, d.doubted})
		}
	}
	return all, nil
}
