package backtest

import (
	"bytes"
	"errors"
	"io"
)

// Merge gives the lines of several sources in the order of their times, as far as each is in order itself:
// a log is often kept as one file for each of its streams. A line whose time cannot be seen goes with the
// line before it.
func Merge(sources ...Source) Source {
	if len(sources) == 1 {
		return sources[0]
	}
	m := &merge{}
	for _, s := range sources {
		m.heads = append(m.heads, &head{source: s})
	}
	return m
}

type merge struct {
	heads []*head
	given *head // whose line was given last, and is valid until the next call
}

type head struct {
	source Source
	line   []byte
	at     int64
}

func (m *merge) Next() ([]byte, error) {
	if m.given == nil {
		for _, h := range m.heads {
			if err := h.next(); err != nil {
				return nil, err
			}
		}
	} else if err := m.given.next(); err != nil {
		return nil, err
	}
	m.given = nil
	for _, h := range m.heads {
		if h.line != nil && (m.given == nil || h.at < m.given.at) {
			m.given = h
		}
	}
	if m.given == nil {
		m.heads = nil
		return nil, io.EOF
	}
	return m.given.line, nil
}

// Place is that of the line given last, where its source tells.
func (m *merge) Place() string { return placeOf(m.given.source) }

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
