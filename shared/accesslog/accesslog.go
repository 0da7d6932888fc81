// Package accesslog reads API Gateway's access log: one line is one usage.Call, or a Reason why not.
//
// A line is one JSON object with the fields the template asks API Gateway to write: requestId,
// extendedRequestId, apiKeyId, requestTimeEpoch (milliseconds), httpMethod, resourcePath, path, status,
// responseLength, responseLatency (milliseconds) and ip; others are ignored. API Gateway puts values in
// as text, so that numbers may be strings and what is missing is "-". Some of that text is the caller's:
// a line in which a name occurs twice, or in two spellings that differ in case, may be a forgery and is
// refused. Nothing is stored here: a Reader turns batches of lines into what package metering stores.
package accesslog

import (
	"cmp"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// MaxLine is the longest line read, in bytes.
const MaxLine = 64 << 10

// Reason says why a line was refused. Reasons are counted and shown under these names.
type Reason string

// The reasons.
const (
	TooLong      Reason = "too-long"      // over MaxLine
	NotJSON      Reason = "not-json"      // not one JSON object and nothing else
	DuplicateKey Reason = "duplicate-key" // a name twice, or in two spellings that differ in case
	BadValue     Reason = "bad-value"     // a field of the wrong kind, or a text longer than it can be
	BadNumber    Reason = "bad-number"    // not a whole number in its range
	MissingTime  Reason = "missing-time"  // no requestTimeEpoch
	BadStatus    Reason = "bad-status"    // none, or not 100 to 599
	BadKey       Reason = "bad-key"       // apiKeyId cannot be the id of a key
)

var sentences = map[Reason]string{
	TooLong:      "the line is longer than 64 KiB",
	NotJSON:      "the line is not one JSON object",
	DuplicateKey: "a field is there twice, perhaps in another spelling: the line may be forged",
	BadValue:     "a field has a value of the wrong kind, or one longer than it can be",
	BadNumber:    "a number is not a whole number in its range",
	MissingTime:  "requestTimeEpoch is missing: the log format must have it",
	BadStatus:    "status is missing or not 100 to 599",
	BadKey:       "apiKeyId is not the id of an API key",
}

// Error says it in a sentence, without anything of the line itself.
func (r Reason) Error() string { return "access log: " + sentences[r] }

// Parse reads one line. Its error is a Reason.
func Parse(line []byte) (usage.Call, error) {
	if len(line) > MaxLine {
		return usage.Call{}, TooLong
	}
	var f fields
	var c usage.Call
	if r := parse(string(line), &f, &c); r != "" {
		return usage.Call{}, r
	}
	return c, nil
}

// parse fills c with strings that share memory with line; after a Reason c is undefined.
func parse(line string, f *fields, c *usage.Call) Reason {
	if len(line) > MaxLine {
		return TooLong
	}
	line = trimmed(line)
	*f = fields{}
	if !scan(line, f) {
		if r := decode(line, f); r != "" {
			return r
		}
	}
	return f.call(c)
}

// trimmed returns a line without the space after it.
func trimmed(line string) string {
	if strings.HasSuffix(line, "}") {
		return line
	}
	return strings.TrimRight(line, " \t\r\n")
}

// The longest texts that can be what they claim to be.
const (
	maxID       = 256
	maxMethod   = 32
	maxTemplate = 1024
	maxAddress  = 64
)

// The largest numbers that can be what they claim to be.
const (
	maxEpoch   = 253402300799999 // ms: the end of the year 9999
	maxLength  = 1 << 50
	maxLatency = 24 * 60 * 60 * 1000 // ms
)

// call makes the fields a call.
func (f *fields) call(c *usage.Call) Reason {
	if f[epoch].missing() {
		return MissingTime
	}
	ms, r := f[epoch].number(maxEpoch, 0)
	status, rs := f[status].number(599, 0)
	length, rl := f[responseLength].number(maxLength, 0)
	latency, rt := f[responseLatency].number(maxLatency, -1)
	if r != "" || rs != "" || rl != "" || rt != "" {
		return cmp.Or(r, rs, rl, rt)
	}
	if status < 100 {
		return BadStatus
	}
	if !f[extendedRequestID].text(maxID) || !f[requestID].text(maxID) || !f[apiKeyID].text(MaxLine) || !f[method].text(maxMethod) ||
		!f[template].text(maxTemplate) || !f[path].text(MaxLine) || !f[source].text(maxAddress) {
		return BadValue
	}
	key := aup.KeyID(f[apiKeyID].or(""))
	if key != "" && !key.Valid() {
		return BadKey
	}
	*c = usage.Call{
		At:        time.UnixMilli(ms).UTC(),
		Key:       key,
		RequestID: f[extendedRequestID].or(f[requestID].or("")),
		Method:    f[method].or("-"),
		Template:  f[template].or("-"),
		Path:      f[path].or(""),
		Status:    int(status),
		Bytes:     length,
		Latency:   time.Duration(latency) * time.Millisecond,
		Source:    f[source].or(""),
	}
	return ""
}
