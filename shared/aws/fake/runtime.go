package fake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Runtime is the Lambda Runtime API of one execution environment: it hands events to a bootstrap, one at a
// time, and takes back what the handler answered.
type Runtime struct {
	Timeout time.Duration // of one invocation, told to the function as its deadline

	server *httptest.Server
	events chan *invocation
	polled chan struct{} // closed at the first request for an event
	first  sync.Once

	mu      sync.Mutex
	pending map[string]*invocation
	count   int
	failed  *FunctionError // of the initialisation
}

type invocation struct {
	id     string
	event  []byte
	answer chan answer // takes one
}

type answer struct {
	body []byte
	err  error
}

// FunctionError is what a function reports instead of an answer.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// NewRuntime starts the API; Close ends it.
func NewRuntime() *Runtime {
	r := &Runtime{Timeout: 30 * time.Second, events: make(chan *invocation), polled: make(chan struct{}),
		pending: map[string]*invocation{}}
	mux := http.NewServeMux()
	const base = "/2018-06-01/runtime/"
	mux.HandleFunc("GET "+base+"invocation/next", r.next)
	mux.HandleFunc("POST "+base+"invocation/{id}/response", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		r.settle(w, req.PathValue("id"), answer{body, err})
	})
	mux.HandleFunc("POST "+base+"invocation/{id}/error", func(w http.ResponseWriter, req *http.Request) {
		r.settle(w, req.PathValue("id"), answer{err: reported(req)})
	})
	mux.HandleFunc("POST "+base+"init/error", func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.failed = reported(req)
		r.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
	})
	r.server = httptest.NewServer(mux)
	return r
}

// Address is the value of AWS_LAMBDA_RUNTIME_API.
func (r *Runtime) Address() string { return strings.TrimPrefix(r.server.URL, "http://") }

// Polled is closed when a bootstrap has asked for its first event: its cold start is over.
func (r *Runtime) Polled() <-chan struct{} { return r.polled }

// InitError is what the bootstrap reported instead of asking for an event; nil when it did not.
func (r *Runtime) InitError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		return nil
	}
	return r.failed
}

// Close ends the API and every request that waits in it.
func (r *Runtime) Close() {
	r.server.CloseClientConnections()
	r.server.Close()
}

// Invoke hands an event to the function and returns its answer, or what it reported: a *FunctionError.
func (r *Runtime) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	r.mu.Lock()
	r.count++
	inv := &invocation{fmt.Sprintf("8476a536-e9f4-11e8-9739-%012d", r.count), event, make(chan answer, 1)}
	r.pending[inv.id] = inv
	r.mu.Unlock()
	select {
	case r.events <- inv:
	case <-ctx.Done():
		return nil, fmt.Errorf("the function did not ask for the event: %w", ctx.Err())
	}
	select {
	case a := <-inv.answer:
		return a.body, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("the function did not answer: %w", ctx.Err())
	}
}

func (r *Runtime) next(w http.ResponseWriter, req *http.Request) {
	r.first.Do(func() { close(r.polled) })
	select {
	case inv := <-r.events:
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(r.Timeout).UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:123456789012:function:under-test")
		h.Set("Content-Type", "application/json")
		_, _ = w.Write(inv.event)
	case <-req.Context().Done():
	}
}

func (r *Runtime) settle(w http.ResponseWriter, id string, a answer) {
	r.mu.Lock()
	inv := r.pending[id]
	delete(r.pending, id)
	r.mu.Unlock()
	if inv == nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	inv.answer <- a
	w.WriteHeader(http.StatusAccepted)
}

func reported(req *http.Request) *FunctionError {
	e := &FunctionError{Type: "Unreadable"}
	if err := json.NewDecoder(req.Body).Decode(e); err != nil {
		e.Message = err.Error()
	}
	return e
}

// Function is a bootstrap running against a Runtime of its own.
type Function struct {
	*Runtime
	command *exec.Cmd
	log     *os.File // written by the process itself: what it printed before it answered is there
	ended   chan struct{}
	Started time.Duration // from the process's start to its first request for an event
}

// StartFunction runs a bootstrap with the environment Lambda would give it and env on top, and waits until it
// asks for its first event. A wrapper, such as an emulator, is put before it on the command line. A bootstrap
// that ends first is an error that carries its log. Stop ends the function.
func StartFunction(ctx context.Context, bootstrap string, env map[string]string, wrapper ...string) (*Function, error) {
	log, err := os.CreateTemp("", "function-*.log")
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", bootstrap, err)
	}
	f := &Function{Runtime: NewRuntime(), log: log, ended: make(chan struct{})}
	line := append(wrapper, bootstrap)
	f.command = exec.Command(line[0], line[1:]...)
	f.command.Env = f.environment(env)
	f.command.Stdout, f.command.Stderr = log, log
	begin := time.Now()
	if err := f.command.Start(); err != nil {
		f.discard()
		return nil, fmt.Errorf("start %s: %w", bootstrap, err)
	}
	go func() {
		_ = f.command.Wait() // how it ended is in its log
		close(f.ended)
	}()
	select {
	case <-f.Polled():
		f.Started = time.Since(begin)
		return f, nil
	case <-f.ended:
		defer f.discard()
		return nil, errors.Join(fmt.Errorf("%s ended before it asked for an event; its log:\n%s", bootstrap, f.Log()), f.InitError())
	case <-ctx.Done():
		defer f.Stop()
		return nil, fmt.Errorf("%s did not ask for an event: %w; its log:\n%s", bootstrap, ctx.Err(), f.Log())
	}
}

func (f *Function) environment(env map[string]string) []string {
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": f.Address(), "_HANDLER": "bootstrap", "AWS_LAMBDA_FUNCTION_NAME": "under-test",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_LOG_FORMAT": "JSON",
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "test",
		"PATH": os.Getenv("PATH"),
	}
	for k, v := range env {
		all[k] = v
	}
	var list []string
	for k, v := range all {
		list = append(list, k+"="+v)
	}
	return list
}

// Invoke hands the function an event; it fails at once when the function has ended.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-f.ended:
			cancel(errors.New("the function ended"))
		case <-ctx.Done():
		}
	}()
	body, err := f.Runtime.Invoke(ctx, event)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, fmt.Errorf("%w; its log:\n%s", cause, f.Log())
	}
	return body, err
}

// Log is what the function has printed so far; nothing after Stop.
func (f *Function) Log() string {
	b, err := os.ReadFile(f.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Stop ends the function as Lambda does, without asking.
func (f *Function) Stop() {
	_ = f.command.Process.Kill() // it may have ended already
	<-f.ended
	f.discard()
}

func (f *Function) discard() {
	f.Close()
	_ = f.log.Close()
	_ = os.Remove(f.log.Name())
}
