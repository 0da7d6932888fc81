package cwlogs

import (
	"encoding/binary"
	"strings"

	"accord/shared/accesslog"
	"accord/shared/metering"
	"accord/shared/usage"
)

// scan reads a batch in the shape CloudWatch Logs is known to send: the documented fields, each once, plain
// ids and names, escapes as json.Marshal-like encoders write them. ok is false for any other shape, also for
// one that is wrong: the strict decoder has the last word.
func scan(c *cursor, lines *accesslog.Reader) (out metering.Batch, kind Kind, ok bool) {
	c.last = &out.Last
	c.ahead(far)
	seen := 0
	ok = c.object(func(name string) bool {
		var bit int
		var fine bool
		switch name {
		case "messageType":
			bit = 1
			var v string
			v, fine = c.plain()
			kind = Kind(strings.Clone(v))
		case "logGroup":
			bit = 2
			out.Group, fine = c.kept()
		case "logStream":
			bit = 4
			out.Stream, fine = c.kept()
		case "owner":
			bit = 8
			_, fine = c.plain()
		case "subscriptionFilters":
			bit = 16
			fine = c.array(func() bool { _, ok := c.plain(); return ok })
		case "logEvents":
			bit = 32
			fine = c.array(func() bool { return c.any(&out, lines) })
			c.ahead(far)
		}
		fine = fine && seen&bit == 0
		seen |= bit
		return fine
	})
	for c.space(); c.i == len(c.b) && c.bring(); c.space() {
	}
	out.Last = strings.Clone(out.Last)
	return out, kind, ok && kind != "" && c.i == len(c.b)
}

// How much text is to be there before an event is read: as much as nearly all take, and as much as one with
// the longest line takes, or what stands around the events.
const (
	near = 4 << 10
	far  = 2 * accesslog.MaxLine
)

func (c *cursor) any(out *metering.Batch, lines *accesslog.Reader) bool {
	c.ahead(near)
	if c.usual(out, lines) {
		return true
	}
	c.ahead(far)
	ok := c.event(out, lines)
	if out.Count == 1 {
		out.First = strings.Clone(out.First)
	}
	return ok
}

// The usual event, around its id, its timestamp and its message.
const (
	beforeID        = `{"id":"`
	beforeTimestamp = `","timestamp":`
	beforeMessage   = `,"message":"`
)

// usual reads an event in the usual spelling whose line has a layout that was met, in one go. Otherwise
// the cursor stays where it is.
func (c *cursor) usual(out *metering.Batch, lines *accesslog.Reader) bool {
	t := cursor{b: c.b, i: c.i}
	if !t.literal(beforeID) {
		return false
	}
	start := t.i
	if most := len(out.Last) / 2; len(t.b)-t.i > most && string(t.b[t.i:t.i+most]) == out.Last[:most] {
		t.i += most // ids of a stream begin alike
	}
	t.i = run(t.b, t.i)
	id := t.b[start:t.i]
	if !t.literal(beforeTimestamp) || !t.today() || !t.literal(beforeMessage) {
		return false
	}
	n := lines.InJSON(t.b[t.i:])
	if n == 0 {
		return false
	}
	out.Saw(text(id))
	if out.Count == 1 {
		out.First = strings.Clone(out.First)
	}
	if c.i = t.i + n; !c.next('}') {
		*c = cursor{} // the line is counted: only the strict decoder can go on
	}
	return true
}

// today steps over a timestamp of 13 digits, as they are until the year 2286.
func (c *cursor) today() bool {
	if len(c.b)-c.i < 13 || c.b[c.i] == '0' {
		return false
	}
	_, first := usage.Digits(binary.LittleEndian.Uint64(c.b[c.i:]), 8)
	_, last := usage.Digits(binary.LittleEndian.Uint64(c.b[c.i+5:]), 8)
	c.i += 13
	return first && last
}

func (c *cursor) literal(s string) bool {
	if len(c.b)-c.i < len(s) || string(c.b[c.i:c.i+len(s)]) != s {
		return false
	}
	c.i += len(s)
	return true
}

// event reads an event in any spelling.
func (c *cursor) event(out *metering.Batch, lines *accesslog.Reader) bool {
	seen := 0
	return c.object(func(name string) bool {
		var bit int
		var fine bool
		switch name {
		case "id":
			bit = 1
			var id string
			id, fine = c.plain()
			out.Saw(id)
		case "timestamp":
			bit = 2
			_, fine = c.number()
		case "message":
			bit = 4
			var line []byte
			line, fine = c.text()
			lines.Line(line)
		}
		fine = fine && seen&bit == 0
		seen |= bit
		return fine
	}) && seen == 1|2|4
}
