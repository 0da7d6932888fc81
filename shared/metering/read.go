package metering

import (
	"context"
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// Days returns what is known of a key's days, from the day of from up to but not including the day of
// until, in order. Days without calls are left out.
func (m *Meter) Days(ctx context.Context, key aup.KeyID, from, until time.Time) ([]usage.Day, error) {
	var days []usage.Day
	q := table.Query{PK: dayKey(key, "").PK, From: dayKey(key, usage.DateOf(from)).SK, Until: dayKey(key, usage.DateOf(until)).SK}
	err := table.Each(ctx, m.table, q, func(item table.Item) error {
		d, err := DecodeDay(item.Body)
		if err != nil {
			return fmt.Errorf("%s: %w", item.Key, err)
		}
		d.Unlogged = m.Unlogged && len(d.Windows) == 0
		days = append(days, d)
		return nil
	})
	return days, err
}

// Window is what a key did in one window.
type Window struct {
	Start   time.Time
	Summary usage.Summary
}

// Windows returns a key's folded windows that start at from or later and before until, in order.
func (m *Meter) Windows(ctx context.Context, key aup.KeyID, from, until time.Time) ([]Window, error) {
	var windows []Window
	q := table.Query{PK: windowKey(key, from).PK, From: windowKey(key, ceil(from)).SK, Until: windowKey(key, ceil(until)).SK}
	err := table.Each(ctx, m.table, q, func(item table.Item) error {
		start, err := time.Parse(startLayout, strings.TrimPrefix(item.SK, "5m#"))
		if err != nil {
			return fmt.Errorf("%s: not a window: %w", item.Key, err)
		}
		w, err := decodeWindow(start, item.Body)
		if err != nil {
			return fmt.Errorf("%s: %w", item.Key, err)
		}
		windows = append(windows, Window{start, w.summary})
		return nil
	})
	return windows, err
}

// ceil returns the start of the first window that does not start before t.
func ceil(t time.Time) time.Time {
	if w := usage.WindowOf(t); w.Before(t) {
		return w.Add(usage.Window)
	}
	return t
}
