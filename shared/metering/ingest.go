package metering

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// Source is one batch as the log service delivers it: events of one stream, in its order.
type Source struct {
	Group, Stream string
	Events        []Event
}

// Event is one log event. Message is one access-log line.
type Event struct {
	ID      string
	At      time.Time // when the log service took it
	Message []byte
}

// Batch is a batch's identity: two deliveries with the same one are the same batch.
type Batch struct {
	Group  string `json:"group"`
	Stream string `json:"stream"`
	First  string `json:"first"` // id of the first event
	Last   string `json:"last"`
	Count  int    `json:"count"`
}

// Batch returns the identity of a source that has events.
func (s Source) Batch() Batch {
	n := len(s.Events)
	return Batch{s.Group, s.Stream, s.Events[0].ID, s.Events[n-1].ID, n}
}

// ID is the identity as a sort key: no two identities share one.
func (b Batch) ID() string {
	return aup.Hash(fmt.Appendf(nil, "%q %q %q %q %d", b.Group, b.Stream, b.First, b.Last, b.Count))[:32]
}

// Report says what became of a batch.
type Report struct {
	Lines    int
	Rejected map[accesslog.Reason]int
	Late     int
	Future   int
	Keyless  int
	Windows  []WindowPart // that have a new or renewed part, and are to be folded
}

// Ingest stores what a batch comes to. After an error any of it may have been stored: ingesting the batch
// again makes it whole, and ingesting it twice makes no difference.
func (m *Meter) Ingest(ctx context.Context, s Source, now time.Time) (Report, error) {
	if len(s.Events) == 0 {
		return Report{}, nil
	}
	read := accesslog.Summaries(func(yield func([]byte) bool) {
		for i := range s.Events {
			if !yield(s.Events[i].Message) {
				return
			}
		}
	}, now)
	r := Report{Lines: read.Lines, Rejected: read.Rejected, Late: read.Late, Future: read.Future, Keyless: read.Keyless}
	shares := m.split(read)
	r.Windows = slices.SortedFunc(maps.Keys(shares), func(a, b WindowPart) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return a.Part - b.Part
	})
	var items []table.Item
	for _, w := range r.Windows {
		chunks, err := m.encode(w, s.Batch(), shares[w])
		if err != nil {
			return r, fmt.Errorf("ingest batch %s: %w", s.Batch().ID(), err)
		}
		items = append(items, chunks...)
	}
	if err := m.table.PutAll(ctx, items); err != nil {
		return r, fmt.Errorf("ingest batch %s: %w", s.Batch().ID(), err)
	}
	return r, nil
}

// split gives every summary to the partition it belongs to.
func (m *Meter) split(b accesslog.Batch) map[WindowPart]map[aup.KeyID]*usage.Summary {
	out := make(map[WindowPart]map[aup.KeyID]*usage.Summary)
	for start, keys := range b.Windows {
		for key, s := range keys {
			w := m.PartOf(key, time.Unix(start, 0).UTC())
			if out[w] == nil {
				out[w] = make(map[aup.KeyID]*usage.Summary)
			}
			out[w][key] = s
		}
	}
	return out
}
