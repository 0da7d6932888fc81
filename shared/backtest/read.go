package backtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"accord/shared/accesslog"
	"accord/shared/usage"
)

// batch is a run of lines, parsed.
type batch struct {
	calls           []usage.Call
	lines, rejected int64
	reasons         map[string]int64 // why lines were rejected
	looked          []lacking        // at some of the lines that were rejected or have no key
	err             error            // after the lines
}

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
		b := batch{calls: make([]usage.Call, 0, batchLines), reasons: map[string]int64{}}
		for b.lines < batchLines && b.err == nil {
			line, err := lines.Next()
			if b.err = err; err != nil {
				break
			}
			b.lines++
			c, err := accesslog.Parse(exported(line))
			if err != nil {
				b.rejected++
				var reason accesslog.Reason
				errors.As(err, &reason)
				b.reasons[string(reason)]++
			} else {
				b.calls = append(b.calls, c)
			}
			if looks > 0 && (err != nil || c.Key == "") {
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
