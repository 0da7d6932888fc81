package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"accord/shared/ledger"
)

// Results reads the results of audits.
type Results interface {
	Result(ctx context.Context, id string) (json.RawMessage, error)
}

// maxBody is the most bytes of a request's body.
const maxBody = 64 << 10

// HTTP is the admins' part of the REST API. API Gateway lets only IAM principals in; caller tells whom,
// from the request, and must return "" when nobody was authenticated.
//
//	POST /audits            202 and the audit's id
//	GET  /audits/{id}       its result, or its status
//	POST /admin/decisions   a DecideCall, with the caller as the actor
func (d Desk) HTTP(results Results, caller func(*http.Request) string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /audits", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			reply(w, http.StatusRequestEntityTooLarge, nil, err)
			return
		}
		status, answer, err := d.postAudit(r.Context(), body)
		reply(w, status, answer, err)
	})
	mux.HandleFunc("GET /audits/{id}", func(w http.ResponseWriter, r *http.Request) {
		status, answer, err := d.getAudit(r.Context(), r.PathValue("id"), results)
		reply(w, status, answer, err)
	})
	mux.HandleFunc("POST /admin/decisions", func(w http.ResponseWriter, r *http.Request) {
		who := caller(r)
		if who == "" {
			reply(w, http.StatusForbidden, nil, errors.New("sign the request with IAM: decisions need a known caller"))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			reply(w, http.StatusRequestEntityTooLarge, nil, err)
			return
		}
		answer, err := d.Decide(r.Context(), body, who)
		reply(w, http.StatusOK, answer, err)
	})
	return mux
}

func (d Desk) getAudit(ctx context.Context, id string, results Results) (int, any, error) {
	result, err := results.Result(ctx, id)
	if err == nil {
		return http.StatusOK, result, nil
	}
	if !errors.Is(err, ledger.ErrUnknown) {
		return http.StatusInternalServerError, nil, err
	}
	if requested, err := d.Ledger.Asked(ctx, "audit#"+id); err != nil || !requested {
		return http.StatusNotFound, nil, errors.Join(err, errors.New("no audit was asked for with this id"))
	}
	return http.StatusOK, map[string]string{"id": id, "status": "requested"}, nil
}

// reply writes an answer, or an error as the caller's: what the ledger refuses is 400, what it does not
// know 404, what it cannot do now 409.
func reply(w http.ResponseWriter, status int, answer any, err error) {
	if err != nil {
		answer = map[string]string{"error": err.Error()}
		if status < 400 {
			status = statusOf(err)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer) //nolint:errcheck // the caller has gone; nothing to tell them
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, ledger.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, ledger.ErrReused), errors.Is(err, ledger.ErrConflict):
		return http.StatusConflict
	}
	return http.StatusBadRequest
}
