// Package cwlogs reads what a CloudWatch Logs subscription delivers to a Lambda function.
//
// The event is base64 in JSON; inside is gzip; inside that is JSON again, whose logEvents carry one
// access-log line each, as a JSON string. The ingest-logs function has one Reader, which makes it the hot
// path: the expected shape is unpacked and read in one pass that makes nothing per line, each line where it
// lies, and whatever is not in that shape by compress/gzip and encoding/json. Both unpack and count the
// same; tests compare them.
package cwlogs

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"accord/shared/accesslog"
	"accord/shared/metering"
)

// Kind is the messageType of a batch. Batches of any kind but Data hold no lines and are skipped: Control,
// for one, only asks whether the subscriber is there.
type Kind string

// The kinds CloudWatch Logs is known to send.
const (
	Data    Kind = "DATA_MESSAGE"
	Control Kind = "CONTROL_MESSAGE"
)

// MaxUnpacked is a bound for Read that no honest batch comes near: Lambda's asynchronous events are at most
// 1 MB, and access logs shrink to a tenth.
const MaxUnpacked = 64 << 20

// Reader reads one event after another, and uses its memory again. It is for one goroutine.
type Reader struct {
	lines  accesslog.Reader
	packed []byte // padded
	quick  inflater
	text   bytes.Reader
	zip    gzip.Reader

	plain []byte // what is unpacked and not yet read, and history before it
	size  int64  // of all that was unpacked
	most  int64
	end   error // why there is no more: io.EOF at the end
	last  []byte
}

// Read reads a subscription event at the time now. A batch that unpacks to more than maxBytes is refused
// before it takes that much memory. What the lines came to is then in Lines.
func (r *Reader) Read(raw []byte, maxBytes int64, now time.Time) (metering.Batch, Kind, error) {
	b, kind, err := r.read(raw, maxBytes, now)
	if err != nil {
		return b, kind, fmt.Errorf("subscription event: %w", err)
	}
	return b, kind, nil
}

// Lines is what the lines of the last batch came to, until the next one is read.
func (r *Reader) Lines() *accesslog.Batch { return r.lines.Batch() }

func (r *Reader) read(raw []byte, maxBytes int64, now time.Time) (b metering.Batch, kind Kind, err error) {
	r.most = maxBytes
	if err := r.payload(raw); err != nil {
		return b, "", err
	}
	r.lines.Reset(now)
	r.plain, r.size, r.end = r.plain[:0], 0, nil
	r.quick.reset(r.packed)
	b, kind, ok := scan(&cursor{more: r.more}, &r.lines)
	switch {
	case errors.Is(r.end, errTooLarge):
		return b, "", r.end
	case ok && errors.Is(r.end, io.EOF):
		return b, kind, nil
	}
	refused := errors.Is(r.end, errRefused)
	r.lines.Reset(now)
	if err := r.unpack(); err != nil {
		return b, "", err
	}
	if refused {
		if b, kind, ok := scan(&cursor{b: r.plain}, &r.lines); ok {
			return b, kind, nil
		}
		r.lines.Reset(now)
	}
	return decode(r.plain, &r.lines)
}

const open, end = `{"awslogs":{"data":"`, `"}}`

// payload finds the compressed batch within the event.
func (r *Reader) payload(raw []byte) error {
	var text []byte
	if inner, ok := bytes.CutPrefix(bytes.TrimSpace(raw), []byte(open)); ok {
		text, _ = bytes.CutSuffix(inner, []byte(end))
	}
	var err error
	if r.packed, err = base64.StdEncoding.AppendDecode(r.packed[:0], text); err == nil && len(r.packed) > 0 {
		r.packed = pad(r.packed)
		return nil
	}
	var e struct {
		AWSLogs struct {
			Data []byte `json:"data"`
		} `json:"awslogs"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return fmt.Errorf("not JSON with base64 in awslogs.data: %w", err)
	}
	if len(e.AWSLogs.Data) == 0 {
		return errors.New("awslogs.data is missing or empty: is this function started by something other than CloudWatch Logs?")
	}
	r.packed = pad(e.AWSLogs.Data)
	return nil
}

// unpack unpacks a batch whole, by the library.
func (r *Reader) unpack() error {
	r.text.Reset(r.packed[:len(r.packed)-padding])
	if err := r.zip.Reset(&r.text); err != nil {
		return fmt.Errorf("awslogs.data is not gzip: %w", err)
	}
	plain := bytes.NewBuffer(r.plain[:0])
	n, err := plain.ReadFrom(io.LimitReader(&r.zip, r.most+1))
	r.plain = plain.Bytes()
	switch {
	case n > r.most:
		return r.tooLarge()
	case err != nil:
		return fmt.Errorf("awslogs.data is not whole: %w", err)
	}
	return nil
}

var errTooLarge = errors.New("refused")

func (r *Reader) tooLarge() error {
	return fmt.Errorf("awslogs.data unpacks to more than %d bytes: %w", r.most, errTooLarge)
}

// piece is how much is unpacked at once: little enough to be in the processor's cache when it is read.
const piece = 64 << 10

// more unpacks a piece for a cursor, which may be moved. It refuses what unpacks to more than most.
func (r *Reader) more(c *cursor) bool {
	if r.end != nil {
		return false
	}
	if drop := min(c.i, len(r.plain)-history); drop >= piece {
		r.last = append(r.last[:0], *c.last...)
		*c.last = text(r.last)
		r.plain = r.plain[:copy(r.plain, r.plain[drop:])]
		c.i -= drop
	}
	r.plain = slices.Grow(r.plain, piece+slack)
	from := len(r.plain)
	r.plain = r.plain[:r.quick.next(r.plain[:from+piece+slack], from)]
	c.b = r.plain
	r.size += int64(len(r.plain) - from)
	switch {
	case r.size > r.most:
		r.end = r.tooLarge()
	case r.quick.state == ended:
		r.end = io.EOF
	case r.quick.state == refused:
		r.end = errRefused
		return false
	}
	return true
}

// errRefused says that only the library can unpack a delivery, or say what is wrong with it.
var errRefused = errors.New("not in the usual shape")

// batch is the unpacked event, as AWS documents it.
type batch struct {
	MessageType Kind   `json:"messageType"`
	LogGroup    string `json:"logGroup"`
	LogStream   string `json:"logStream"`
	LogEvents   []struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"` // when the log service took it: not used
		Message   string `json:"message"`
	} `json:"logEvents"`
}

// decode reads a batch by the letter of JSON.
func decode(plain []byte, lines *accesslog.Reader) (metering.Batch, Kind, error) {
	var b batch
	if err := json.Unmarshal(plain, &b); err != nil {
		return metering.Batch{}, "", fmt.Errorf("awslogs.data does not unpack to a batch: %w", err)
	}
	if b.MessageType == "" {
		return metering.Batch{}, "", errors.New("awslogs.data has no messageType")
	}
	out := metering.Batch{Group: b.LogGroup, Stream: b.LogStream}
	for _, e := range b.LogEvents {
		out.Saw(e.ID)
		lines.Line([]byte(e.Message))
	}
	return out, b.MessageType, nil
}
