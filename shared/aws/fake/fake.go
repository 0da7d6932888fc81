// Package fake holds servers that speak the wire protocols of the AWS services Accord talks to, for tests.
//
// Each server keeps what a test asks about afterwards: the emails that SES accepted, the messages in the
// queues, which keys are enabled and every call that changed one. Each can be told to fail: to refuse a
// call, or to do what was asked and lose the answer, which is the failure that distributed programs get
// wrong. They know just enough of each protocol for the unmodified SDK. A Function runs a real bootstrap
// against a Lambda Runtime API. DynamoDB is not here: AWS publishes its own, and table/dynamo tests with it.
package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Fault is how the next call of an operation goes wrong.
type Fault struct {
	Status  int    // answer with this status, and do nothing
	Code    string // the error's name, such as "TooManyRequestsException"
	Message string
	Lose    bool // do what is asked, then close the connection without an answer
}

// server is what the fakes have in common: one operation a request, and faults by operation.
type server struct {
	URL string

	mu     sync.Mutex
	faults map[string][]Fault
	calls  map[string]int
}

// problem is an error answer.
type problem struct {
	status  int
	code    string
	message string
}

// start serves until the test ends. operation names a request's operation; do makes it, under the lock, and
// returns the answer's body.
func (s *server) start(t testing.TB, operation func(*http.Request) string,
	do func(op string, r *http.Request, body []byte) (any, *problem)) {
	s.faults, s.calls = map[string][]Fault{}, map[string]int{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		op := operation(r)
		s.mu.Lock()
		s.calls[op]++
		fault := s.nextFault(op)
		var answer any
		var refused *problem
		if fault.Status != 0 {
			refused = &problem{fault.Status, fault.Code, fault.Message}
		} else {
			answer, refused = do(op, r, body)
		}
		s.mu.Unlock()
		if fault.Lose {
			panic(http.ErrAbortHandler)
		}
		write(w, answer, refused)
	}))
	t.Cleanup(srv.Close)
	s.URL = srv.URL
}

func (s *server) nextFault(op string) Fault {
	queued := s.faults[op]
	if len(queued) == 0 {
		return Fault{}
	}
	s.faults[op] = queued[1:]
	return queued[0]
}

// Fail makes the next calls of an operation go wrong, one fault a call. Mind that the SDK may repeat calls.
func (s *server) Fail(operation string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[operation] = append(s.faults[operation], faults...)
}

// Calls is how often an operation was asked for, failures included.
func (s *server) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// write answers in the form that both of AWS's JSON protocols understand.
func write(w http.ResponseWriter, answer any, refused *problem) {
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		w.Header().Set("X-Amzn-ErrorType", refused.code)
		w.WriteHeader(refused.status)
		answer = map[string]string{"__type": refused.code, "message": refused.message}
	}
	_ = json.NewEncoder(w).Encode(answer) // a client that went away is its own affair
}
