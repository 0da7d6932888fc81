package metering

import (
	"context"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// StraysKept is how long it is kept which nobody's keys called on a day.
const StraysKept = 7 * 24 * time.Hour

func strayKey(date string, key aup.KeyID) table.Key {
	return table.Key{PK: "strays#" + date, SK: string(key)}
}

// Stray notes that a key called in a window that belongs to no consumer, once a day. What it did is metered like any
// key's; only nobody's name leads to it, and no usage plan may.
func (m *Meter) Stray(ctx context.Context, key aup.KeyID, window time.Time) error {
	item, err := m.get(ctx, strayKey(usage.DateOf(window), key))
	if err != nil || item.V > 0 {
		return err
	}
	item.V, item.TTL, item.Body = 1, window.Add(StraysKept).Unix(), []byte("{}")
	return m.table.Write(ctx, table.Put(item, table.Any))
}

// Strays are the keys that were noted from the day of one moment to that of another, both included, in order.
// Some may have found their consumer since.
func (m *Meter) Strays(ctx context.Context, from, until time.Time) ([]aup.KeyID, error) {
	keys := map[aup.KeyID]bool{}
	for day := from; usage.DateOf(day) <= usage.DateOf(until); day = day.AddDate(0, 0, 1) {
		err := table.Each(ctx, m.table, table.Query{PK: strayKey(usage.DateOf(day), "").PK}, func(item table.Item) error {
			keys[aup.KeyID(item.SK)] = true
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(keys)), nil
}
