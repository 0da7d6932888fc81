package metering

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"accord/shared/accesslog"
	"accord/shared/table"
	"accord/shared/usage"
)

// maxChunk is the most bytes of summaries that one item holds. One key's summary is at most a tenth.
const maxChunk = 300 << 10

// head is how the body of a window's item begins: whose share it is. What the keys did follows.
type head struct {
	batch  Batch
	parts  int // how many the window was split over when this was put
	chunks int // how many items the batch has in this partition
	keys   int
}

// encode makes the items of a batch in one partition from its shares in the order of their keys. It
// depends on nothing but its arguments, so that putting a batch again puts the same items.
func (m *Meter) encode(w WindowPart, b Batch, shares []accesslog.Share) []table.Item {
	var chunks []*usage.Encoder
	var keys []int
	for _, s := range shares {
		if n := len(chunks); n == 0 || chunks[n-1].Len() > maxChunk {
			chunks, keys = append(chunks, new(usage.Encoder)), append(keys, 0)
		}
		e := chunks[len(chunks)-1]
		e.Text(string(s.Key))
		e.Tally(w.Start, s.Tally)
		keys[len(keys)-1]++
	}
	items := make([]table.Item, len(chunks))
	for i, c := range chunks {
		items[i] = table.Item{
			Key:  table.Key{PK: w.PK(), SK: chunkKey(b.ID(), i)},
			V:    1,
			TTL:  w.Start.Add(PartsKept).Unix(),
			Body: append(head{b, m.parts.at(w.Start), len(chunks), keys[i]}.encode(), c.Bytes()...),
		}
	}
	return items
}

func (h head) encode() []byte {
	var e usage.Encoder
	for _, s := range []string{h.batch.Group, h.batch.Stream, h.batch.First, h.batch.Last} {
		e.Text(s)
	}
	unordered := 0
	if h.batch.Unordered {
		unordered = 1
	}
	for _, n := range []int{h.batch.Count, unordered, h.parts, h.chunks, h.keys} {
		e.Uint(uint64(n))
	}
	b := e.Bytes()
	return append(binary.AppendUvarint(nil, uint64(len(b))), b...)
}

// decodeHead reads a head, and returns the rest of the body.
func decodeHead(body []byte) (h head, rest []byte, err error) {
	n, size := binary.Uvarint(body)
	if size <= 0 || n > uint64(len(body)-size) {
		return h, nil, errors.New("a part of a window is damaged")
	}
	body = body[size:]
	d := usage.NewDecoder(body[:n], nil)
	for _, s := range []*string{&h.batch.Group, &h.batch.Stream, &h.batch.First, &h.batch.Last} {
		*s = d.Text()
	}
	var unordered int
	for _, v := range []*int{&h.batch.Count, &unordered, &h.parts, &h.chunks, &h.keys} {
		*v = int(d.Uint())
	}
	h.batch.Unordered = unordered != 0
	return h, body[n:], d.End()
}

func chunkKey(batch string, i int) string {
	if i == 0 {
		return batch
	}
	return fmt.Sprintf("%s#%d", batch, i)
}

// chunk is which of its batch's items an item is.
func chunk(sk string) (batch string, i int) {
	batch, n, _ := strings.Cut(sk, "#")
	i, _ = strconv.Atoi(n)
	return batch, i
}
