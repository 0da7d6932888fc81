package backtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"accord/shared/accesslog"
	"accord/shared/usage"
)

// batch is a run of lines, parsed.
type batch struct {
	calls   []usage.Call
	lines   int64
	refused []refused
	without [len(sights)]int64
	looked  []lacking // at some of the lines that were rejected or have no key
	err     error     // after the lines
}

// refused is why a line was rejected, and where it was, if its source tells.
type refused struct{ why, place string }

// lacking are the fields that a line lacks, of those that judging needs.
type lacking map[string]bool

const (
	batchLines = 1024
	lookAt     = 100 // lines that are not understood
)

// read parses lines ahead of the judging, until the source or the context ends.
func read(ctx context.Context, lines Source, out chan<- batch) {
	defer close(out)
	looks := lookAt
	for {
		b := batch{calls: make([]usage.Call, 0, batchLines)}
		for b.lines < batchLines && b.err == nil {
			line, err := lines.Next()
			if b.err = err; err != nil {
				break
			}
			b.lines++
			c, why := parse(line)
			if why != "" {
				b.refused = append(b.refused, refused{why, placeOf(lines)})
			} else {
				b.calls = append(b.calls, c)
				for i, s := range sights {
					if s.lacks(&c) {
						b.without[i]++
					}
				}
			}
			if looks > 0 && (why != "" || c.Key == "") {
				looks--
				b.looked = append(b.looked, lacks(exported(line)))
			}
		}
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

// parse reads a line, or says why it is refused.
func parse(line []byte) (c usage.Call, why string) {
	c, err := accesslog.Parse(exported(line))
	var reason accesslog.Reason
	switch {
	case errors.As(err, &reason):
		why = string(reason)
	case c.At.Before(earliest):
		why = InSeconds
	}
	return c, why
}

// earliest is the year in which API Gateway began (9 July 2015): what was asked for before is a time in seconds.
var earliest = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// exported is the line without the time that an export of CloudWatch Logs to S3 puts before each.
func exported(line []byte) []byte {
	const longest = len("2027-01-11T00:00:00.000000000Z ")
	if len(line) == 0 || line[0] < '0' || line[0] > '9' {
		return line
	}
	if i := bytes.IndexByte(line[:min(len(line), longest)], ' '); i > 0 && i+1 < len(line) && line[i+1] == '{' {
		return line[i+1:]
	}
	return line
}

// sights are fields without which a line can be read, and what cannot be seen then.
var sights = [...]struct {
	field, what string
	lacks       func(*usage.Call) bool
}{
	{"path", "crawling and caching are", func(c *usage.Call) bool { return c.Path == "" }},
	{"resourcePath", "crawling, caching and operations are", func(c *usage.Call) bool { return c.Template == "-" }},
	{"httpMethod", "operations are", func(c *usage.Call) bool { return c.Method == "-" }},
	{"ip", "sources are", func(c *usage.Call) bool { return c.Source == "" }},
}

// Needed are the fields without which a line cannot be judged, or says little.
var Needed = []string{"requestTimeEpoch", "status", "apiKeyId", "httpMethod", "resourcePath", "path"}

// lacks says which fields a line lacks; nil when it is no JSON object at all.
func lacks(line []byte) lacking {
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return nil
	}
	l := lacking{}
	for _, name := range Needed {
		v, has := fields[name]
		l[name] = !has || string(v) == `"-"` || string(v) == `""` || string(v) == "null"
	}
	return l
}
