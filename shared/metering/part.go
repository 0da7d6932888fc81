package metering

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// maxChunk is the most bytes of summaries that one item holds. One key's summary is at most a tenth.
const maxChunk = 300 << 10

// share is the body of a window's item: what one batch, or a chunk of it, says of the window.
type share[S any] struct {
	Batch  Batch           `json:"batch"`
	Parts  int             `json:"parts"`  // how many the window was split over when this was put
	Chunks int             `json:"chunks"` // how many items the batch has in this partition
	Keys   map[aup.KeyID]S `json:"keys"`
}

// encode makes the items of a batch in one partition. It depends on nothing but its arguments, so that
// putting a batch again puts the same items.
func (m *Meter) encode(w WindowPart, b Batch, keys map[aup.KeyID]*usage.Summary) ([]table.Item, error) {
	var chunks []share[json.RawMessage]
	room := 0
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		raw, err := json.Marshal(keys[key])
		if err != nil {
			return nil, err
		}
		if room -= len(raw); room < 0 || len(chunks) == 0 {
			chunks = append(chunks, share[json.RawMessage]{Batch: b, Parts: m.parts, Keys: make(map[aup.KeyID]json.RawMessage)})
			room = maxChunk - len(raw)
		}
		chunks[len(chunks)-1].Keys[key] = raw
	}
	items := make([]table.Item, len(chunks))
	for i, c := range chunks {
		c.Chunks = len(chunks)
		body, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		items[i] = table.Item{
			Key:  table.Key{PK: w.PK(), SK: chunkKey(b.ID(), i)},
			V:    1,
			TTL:  w.Start.Add(PartsKept).Unix(),
			Body: body,
		}
	}
	return items, nil
}

func chunkKey(batch string, i int) string {
	if i == 0 {
		return batch
	}
	return fmt.Sprintf("%s#%d", batch, i)
}

// window is what one reading of a partition comes to.
type window struct {
	seen int // items there: it only grows, until they expire
	keys map[aup.KeyID]*usage.Summary
}

// gather reads a whole partition and merges it.
func (m *Meter) gather(ctx context.Context, w WindowPart) (window, error) {
	out := window{keys: make(map[aup.KeyID]*usage.Summary)}
	chunks := make(map[string]int) // how many the first chunk of each batch promises
	err := table.Each(ctx, m.table, table.Query{PK: w.PK()}, func(item table.Item) error {
		out.seen++
		var s share[usage.Summary]
		if err := json.Unmarshal(item.Body, &s); err != nil {
			return fmt.Errorf("%s: %w", item.Key, err)
		}
		if !counts(item.SK, s.Chunks, chunks) {
			return nil
		}
		for key, summary := range s.Keys {
			if out.keys[key] == nil {
				out.keys[key] = new(usage.Summary)
			}
			out.keys[key].Merge(summary)
		}
		return nil
	})
	return out, err
}

// counts says whether an item takes part in a fold. Items come in key order, a batch's first chunk before
// the others. A chunk that the first does not know of is left from an encoding that needed more of them,
// and its keys are elsewhere now. Batches that overlap in part are told apart here too, once that is built.
func counts(sk string, promised int, chunks map[string]int) bool {
	batch, _, more := strings.Cut(sk, "#")
	if !more {
		chunks[batch] = promised
		return true
	}
	n, known := chunks[batch]
	return !known || n == promised
}
