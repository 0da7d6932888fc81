package metering

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
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

// Batch is a batch's identity, and the range of events it has: two deliveries with the same one are the
// same batch.
type Batch struct {
	Group  string
	Stream string
	First  string // id of the first event
	Last   string // id of the last event
	Count  int

	// Unordered says that the ids do not ascend, so that First and Last tell nothing of what is between.
	// It is no part of the identity.
	Unordered bool
}

// Batch returns the identity of a source that has events.
func (s Source) Batch() Batch {
	b := Batch{Group: s.Group, Stream: s.Stream}
	for _, e := range s.Events {
		b.Saw(e.ID)
	}
	return b
}

// Saw extends the batch by its next event. It keeps no copy of the id.
func (b *Batch) Saw(id string) {
	if b.Count == 0 {
		b.First = id
	} else if compareIDs(b.Last, id) >= 0 {
		b.Unordered = true
	}
	b.Last = id
	b.Count++
}

// compareIDs orders the ids of a stream's events, which are decimal numbers, by their value.
func compareIDs(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }

// ID is the identity as a sort key: no two identities share one.
func (b Batch) ID() string {
	return aup.Hash(fmt.Appendf(nil, "%q %q %q %q %d", b.Group, b.Stream, b.First, b.Last, b.Count))[:32]
}
