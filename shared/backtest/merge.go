package backtest

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
)

// Merged gives the lines of several sources in the order of their times, as far as each is in order itself:
// a log is often kept as one file for each of its streams. A line whose time cannot be seen goes with the
// line before it. Of a line that stands in several sources, to the letter, as where files overlap, one is given: a request has an id of its own.
type Merged struct {
	heads []*head
	given *head // whose line was given last, and is valid until the next call
	seed  maphash.Seed
	first map[uint64]*head // which source gave a line, by its hash, of the latest
	ring  [recent]uint64
	lines int
	twice int64
}

// recent is among how many lines the same one of another source is known again: streams come up to minutes late.
const recent = 1 << 14

type head struct {
	source Source
	line   []byte
	at     int64
}

// Merge merges sources.
func Merge(sources ...Source) *Merged {
	m := &Merged{seed: maphash.MakeSeed(), first: make(map[uint64]*head)}
	for _, s := range sources {
		m.heads = append(m.heads, &head{source: s})
	}
	return m
}

// Next implements Source.
func (m *Merged) Next() ([]byte, error) {
	if len(m.heads) == 1 {
		m.given = m.heads[0]
		return m.given.source.Next()
	}
	for {
		if err := m.advance(); err != nil {
			return nil, err
		}
		if !m.again(m.given) {
			return m.given.line, nil
		}
		m.twice++
	}
}

// advance goes on to the next line of all.
func (m *Merged) advance() error {
	if m.given == nil {
		for _, h := range m.heads {
			if err := h.next(); err != nil {
				return err
			}
		}
	} else if err := m.given.next(); err != nil {
		return err
	}
	m.given = nil
	for _, h := range m.heads {
		if h.line != nil && (m.given == nil || h.at < m.given.at) {
			m.given = h
		}
	}
	if m.given == nil {
		m.heads = nil
		return io.EOF
	}
	return nil
}

// again says whether another source gave the same line just before.
func (m *Merged) again(h *head) bool {
	hash := maphash.Bytes(m.seed, h.line)
	if from, known := m.first[hash]; known {
		return from != h
	}
	at := m.lines % recent
	delete(m.first, m.ring[at])
	m.ring[at], m.first[hash] = hash, h
	m.lines++
	return false
}

// Place is that of the line given last, where its source tells.
func (m *Merged) Place() string { return placeOf(m.given.source) }

// Note says what is to be known of the sources together; empty where that is nothing.
func (m *Merged) Note() string {
	if m.twice == 0 {
		return ""
	}
	return fmt.Sprintf("lines that stand in two of the files count once (%d)", m.twice)
}

// next reads the source's next line; none is left when the line is nil.
func (h *head) next() error {
	line, err := h.source.Next()
	if h.line = line; err != nil {
		h.line = nil
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	if at, ok := epoch(line); ok {
		h.at = at
	}
	return nil
}

var epochName = []byte(`"requestTimeEpoch":`)

// epoch sees a line's time without reading the line. Parsing it decides what the time really is.
func epoch(line []byte) (ms int64, ok bool) {
	i := bytes.Index(line, epochName)
	if i < 0 {
		return 0, false
	}
	line = bytes.TrimLeft(line[i+len(epochName):], ` "`)
	for ; len(line) > 0 && line[0]-'0' <= 9 && ms < 1<<50; line = line[1:] {
		ms, ok = ms*10+int64(line[0]-'0'), true
	}
	return ms, ok
}
