package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"accord/shared/sweep"
)

// maxEvent is the most bytes of an event that a function is invoked with.
const maxEvent = 1 << 20

// Handler is everything of the stack that speaks HTTP:
//
//	/policies/, /p/             the consumer's pages
//	/audits, /admin/decisions   the admins' API; who calls is the person at this machine
//	/gateway/                   the small API behind the gateway, with x-api-key
//	/mailbox/                   the emails that were sent
//	POST /2015-03-31/functions/{name}/invocations
//	                            an admin's function, invoked as Lambda's API invokes it
func (s *Stack) Handler() http.Handler {
	mux := http.NewServeMux()
	api := s.Desk.HTTP(s.Audits, func(*http.Request) string { return "arn:local:iam:::user/this-machine" })
	mux.Handle("/policies/", s.Pages)
	mux.Handle("/p/", s.Pages)
	mux.Handle("/audits", api)
	mux.Handle("/audits/", api)
	mux.Handle("/admin/", api)
	mux.Handle("/gateway/", http.StripPrefix("/gateway", s.Gateway))
	mux.Handle("/mailbox/", http.StripPrefix("/mailbox/", http.FileServer(http.Dir(s.Mailbox.Dir))))
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", s.invoke)
	return mux
}

// Invoke calls one of the admins' functions by the name of its folder.
func (s *Stack) Invoke(ctx context.Context, name string, event json.RawMessage) (json.RawMessage, error) {
	call, ok := map[string]func(context.Context, json.RawMessage) (json.RawMessage, error){
		"publish-policy":  s.Desk.PublishPolicy,
		"manage-consumer": s.Desk.ManageConsumer,
		"decide-case":     s.Desk.DecideCase,
		"audit-usage":     s.Desk.Figures,
		"collect-usage":   s.collect,
		"sweep":           s.swept,
	}[name]
	if !ok {
		return nil, fmt.Errorf("function %q: invoke publish-policy, manage-consumer, decide-case, audit-usage, collect-usage or sweep; the others run by themselves", name)
	}
	return call(ctx, event)
}

func (s *Stack) collect(ctx context.Context, _ json.RawMessage) (json.RawMessage, error) {
	r, err := s.Audits.Scheduled(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

func (s *Stack) swept(ctx context.Context, _ json.RawMessage) (json.RawMessage, error) {
	r, err := s.Sweep(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

// Sweep finds what was forgotten, as the schedule does on AWS.
func (s *Stack) Sweep(ctx context.Context) (sweep.Report, error) {
	s.settling.Lock()
	defer s.settling.Unlock()
	return s.Sweeper.Sweep(ctx)
}

// invoke answers as Lambda does: an error of the function is a 200 with X-Amz-Function-Error.
func (s *Stack) invoke(w http.ResponseWriter, r *http.Request) {
	event, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer, err := s.Invoke(r.Context(), r.PathValue("name"), event)
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		json.NewEncoder(w).Encode(map[string]string{"errorMessage": err.Error(), "errorType": "error"}) //nolint:errcheck // the caller has gone
		return
	}
	w.Write(answer) //nolint:errcheck // the caller has gone
}

// Run keeps the stack going until ctx ends: what there is to do is done at once, and the sweeper sweeps
// every minute. Problem is told of work that failed, which stays owed.
func (s *Stack) Run(ctx context.Context, problem func(error)) {
	soon, minutely := time.NewTicker(250*time.Millisecond), time.NewTicker(time.Minute)
	defer soon.Stop()
	defer minutely.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-soon.C:
			err = s.Settle(ctx)
		case <-minutely.C:
			_, err = s.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			problem(err)
		}
	}
}
