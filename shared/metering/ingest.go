package metering

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/shared/accesslog"
	"accord/shared/table"
)

// Report says what became of a batch.
type Report struct {
	Lines    int
	Rejected map[accesslog.Reason]int
	Late     int
	Future   int
	Keyless  int
	Windows  []WindowPart // that have a new or renewed part, and are to be folded
}

// Ingest reads a batch and stores what it comes to: see Store.
func (m *Meter) Ingest(ctx context.Context, s Source, now time.Time) (Report, error) {
	var r accesslog.Reader
	r.Reset(now)
	for _, e := range s.Events {
		r.Line(e.Message)
	}
	return m.Store(ctx, s.Batch(), r.Batch())
}

// Store stores what a batch comes to. After an error any of it may have been stored: storing the batch
// again makes it whole, and storing it twice makes no difference.
func (m *Meter) Store(ctx context.Context, b Batch, read *accesslog.Batch) (Report, error) {
	r := Report{Lines: read.Lines, Rejected: read.Rejected, Late: read.Late, Future: read.Future, Keyless: read.Keyless}
	var items []table.Item
	for w, shares := range m.split(read.Shares) {
		r.Windows = append(r.Windows, w)
		items = append(items, m.encode(w, b, shares)...)
	}
	if err := m.table.PutAll(ctx, items); err != nil {
		return r, fmt.Errorf("ingest batch %s: %w", b.ID(), err)
	}
	return r, nil
}

// split sorts shares and yields those of each partition, the earliest window first.
func (m *Meter) split(shares []accesslog.Share) func(func(WindowPart, []accesslog.Share) bool) {
	part := func(s accesslog.Share) WindowPart { return m.PartOf(s.Key, time.Unix(s.Start, 0)) }
	parts := make([]WindowPart, 0, len(shares))
	order := make([]int, 0, len(shares))
	for i, s := range shares {
		parts, order = append(parts, part(s)), append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(parts[a].compare(parts[b]), strings.Compare(string(shares[a].Key), string(shares[b].Key)))
	})
	return func(yield func(WindowPart, []accesslog.Share) bool) {
		for len(order) > 0 {
			w, n := parts[order[0]], 0
			var of []accesslog.Share
			for n < len(order) && parts[order[n]] == w {
				of = append(of, shares[order[n]])
				n++
			}
			if order = order[n:]; !yield(w, of) {
				return
			}
		}
	}
}
