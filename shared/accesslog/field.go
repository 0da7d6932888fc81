package accesslog

// field is one of the names this package knows: the ones that are read, then ones that are often there
// and ignored, which only makes finding them twice cheap.
type field int

const (
	extendedRequestID field = iota
	requestID
	apiKeyID
	epoch
	method
	template
	path
	status
	responseLength
	responseLatency
	source
	numRead
)

const (
	requestTime = numRead + iota
	protocol
	userAgent
	numFields
)

var names = [numFields]string{
	extendedRequestID: "extendedRequestId",
	requestID:         "requestId",
	apiKeyID:          "apiKeyId",
	epoch:             "requestTimeEpoch",
	method:            "httpMethod",
	template:          "resourcePath",
	path:              "path",
	status:            "status",
	responseLength:    "responseLength",
	responseLatency:   "responseLatency",
	source:            "ip",
	requestTime:       "requestTime",
	protocol:          "protocol",
	userAgent:         "userAgent",
}

// fieldOf finds a known name, spelled exactly so.
func fieldOf(name string) (field, bool) {
	switch name {
	case "extendedRequestId":
		return extendedRequestID, true
	case "requestId":
		return requestID, true
	case "apiKeyId":
		return apiKeyID, true
	case "requestTimeEpoch":
		return epoch, true
	case "httpMethod":
		return method, true
	case "resourcePath":
		return template, true
	case "path":
		return path, true
	case "status":
		return status, true
	case "responseLength":
		return responseLength, true
	case "responseLatency":
		return responseLatency, true
	case "ip":
		return source, true
	case "requestTime":
		return requestTime, true
	case "protocol":
		return protocol, true
	case "userAgent":
		return userAgent, true
	}
	return 0, false
}

// kind of a value as the line has it.
type kind uint8

const (
	absent kind = iota
	text        // a string, unquoted
	number      // as written
	other       // null, true, false, an object or an array
	parsed      // a number, read already
)

// value is one field's value.
type value struct {
	kind kind
	s    string
	n    int64 // of a parsed one
}

// fields are the values of the fields that are read; the others, and the place of what is unknown, stay
// out of what is compared and used.
type fields [numFields + 1]value

// missing says whether the line tells nothing: no field, or "-".
func (v *value) missing() bool { return v.kind == absent || v.kind == text && v.s == "-" }

// text says whether v can be a text of at most so many bytes.
func (v *value) text(most int) bool { return v.kind <= text && len(v.s) <= most }

func (v *value) or(missing string) string {
	if v.missing() {
		return missing
	}
	return v.s
}

// number reads a whole number from 0 to most, written plainly: no sign, fraction, exponent or leading zero.
func (v *value) number(most, missing int64) (int64, Reason) {
	if v.kind == parsed {
		if v.n > most {
			return 0, BadNumber
		}
		return v.n, ""
	}
	if v.missing() {
		return missing, ""
	}
	s := v.s
	if v.kind == other {
		return 0, BadValue
	}
	if len(s) == 0 || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		return 0, BadNumber
	}
	var n int64
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, BadNumber
		}
		n = n*10 + int64(d)
	}
	if n > most {
		return 0, BadNumber
	}
	return n, ""
}
