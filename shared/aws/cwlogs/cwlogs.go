// Package cwlogs unpacks what a CloudWatch Logs subscription delivers to a Lambda function.
//
// The event is base64 in JSON; inside is gzip; inside that is JSON again, whose logEvents carry one
// access-log line each, as a JSON string. The ingest-logs function calls Decode for every batch, which makes
// it the hot path: the expected shape is read by a scanner that makes nothing per line, and whatever is not
// in that shape by encoding/json. Both give the same Source; a test compares them.
package cwlogs

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

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

// MaxUnpacked is a bound for Decode that no honest batch comes near: Lambda's asynchronous events are at most
// 1 MB, and access logs shrink to a tenth.
const MaxUnpacked = 64 << 20

// Decode unpacks a subscription event. A batch that unpacks to more than maxBytes is refused before it takes
// that much memory. The Source shares its memory: keep nothing of it but copies.
func Decode(raw []byte, maxBytes int64) (metering.Source, Kind, error) {
	packed, err := payload(raw)
	if err != nil {
		return metering.Source{}, "", fmt.Errorf("subscription event: %w", err)
	}
	plain, err := unpack(packed, maxBytes)
	if err != nil {
		return metering.Source{}, "", fmt.Errorf("subscription event: %w", err)
	}
	source, kind, ok := scan(plain)
	if ok {
		return source, kind, nil
	}
	if plain, err = unpack(packed, maxBytes); err != nil { // scan wrote over it
		return metering.Source{}, "", fmt.Errorf("subscription event: %w", err)
	}
	return decode(plain)
}

const open, end = `{"awslogs":{"data":"`, `"}}`

// payload is the compressed batch within the event.
func payload(raw []byte) ([]byte, error) {
	var text []byte
	if inner, ok := bytes.CutPrefix(bytes.TrimSpace(raw), []byte(open)); ok {
		text, _ = bytes.CutSuffix(inner, []byte(end))
	}
	packed := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(packed, text)
	if err == nil && n > 0 {
		return packed[:n], nil
	}
	var e struct {
		AWSLogs struct {
			Data []byte `json:"data"`
		} `json:"awslogs"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("not JSON with base64 in awslogs.data: %w", err)
	}
	if len(e.AWSLogs.Data) == 0 {
		return nil, errors.New("awslogs.data is missing or empty: is this function started by something other than CloudWatch Logs?")
	}
	return e.AWSLogs.Data, nil
}

var readers = sync.Pool{New: func() any { return new(gzip.Reader) }}

func unpack(packed []byte, maxBytes int64) ([]byte, error) {
	z := readers.Get().(*gzip.Reader)
	defer readers.Put(z)
	if err := z.Reset(bytes.NewReader(packed)); err != nil {
		return nil, fmt.Errorf("awslogs.data is not gzip: %w", err)
	}
	plain := bytes.NewBuffer(make([]byte, 0, sizeHint(packed, maxBytes)))
	n, err := plain.ReadFrom(io.LimitReader(z, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("awslogs.data is not whole: %w", err)
	case n > maxBytes:
		return nil, fmt.Errorf("awslogs.data unpacks to more than %d bytes: refused", maxBytes)
	}
	return plain.Bytes(), nil
}

// sizeHint is the length that gzip's last four bytes claim, as far as it can be true: deflate shrinks to a
// thousandth at best. The spare room is what reading the end of the stream asks for.
func sizeHint(packed []byte, maxBytes int64) int64 {
	if len(packed) < 4 {
		return 0
	}
	claimed := int64(binary.LittleEndian.Uint32(packed[len(packed)-4:]))
	return min(claimed, int64(len(packed))*1032, maxBytes) + bytes.MinRead
}

// batch is the unpacked event, as AWS documents it.
type batch struct {
	MessageType Kind   `json:"messageType"`
	LogGroup    string `json:"logGroup"`
	LogStream   string `json:"logStream"`
	LogEvents   []struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	} `json:"logEvents"`
}

func decode(plain []byte) (metering.Source, Kind, error) {
	var b batch
	if err := json.Unmarshal(plain, &b); err != nil {
		return metering.Source{}, "", fmt.Errorf("subscription event: awslogs.data does not unpack to a batch: %w", err)
	}
	if b.MessageType == "" {
		return metering.Source{}, "", errors.New("subscription event: awslogs.data has no messageType")
	}
	s := metering.Source{Group: b.LogGroup, Stream: b.LogStream}
	for _, e := range b.LogEvents {
		s.Events = append(s.Events, metering.Event{ID: e.ID, At: time.UnixMilli(e.Timestamp).UTC(), Message: []byte(e.Message)})
	}
	return s, b.MessageType, nil
}
