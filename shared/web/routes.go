package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/notice"
)

// who may use a route. The zero value is nobody.
type who string

const (
	anyone     who = "anyone"
	linkHolder who = "whoever holds a contact's link"
	entered    who = "whoever holds a contact's link and entered the code sent to that contact"
	authority  who = "the same, of a contact with authority"
)

// authorization says for every route who may use it. It is what is enforced: a route without a row here
// is not served, and New panics.
var authorization = map[string]who{
	"GET /policies/{id}":       anyone,
	"GET /p/{token}":           linkHolder,
	"POST /p/{token}/code":     linkHolder,
	"POST /p/{token}/session":  linkHolder,
	"POST /p/{token}/accept":   authority,
	"POST /p/{token}/answer":   entered,
	"POST /p/{token}/disagree": entered,
}

// routes are the pages, by method and path.
func (s *site) routes() map[string]page {
	return map[string]page{
		"GET /policies/{id}":       s.policy,
		"GET /p/{token}":           s.visit,
		"POST /p/{token}/code":     s.askCode,
		"POST /p/{token}/session":  s.enter,
		"POST /p/{token}/accept":   s.accept,
		"POST /p/{token}/answer":   s.answer,
		"POST /p/{token}/disagree": s.disagree,
	}
}

// page answers a request. The visit is zero on routes for anyone.
type page func(w http.ResponseWriter, r *http.Request, v Visit)

// site serves the pages.
type site struct {
	record   Record
	provider notice.Provider
	now      func() time.Time
	mux      *http.ServeMux
}

func newSite(record Record, provider notice.Provider, now func() time.Time) *site {
	s := &site{record: record, provider: provider, now: now, mux: http.NewServeMux()}
	methods := map[string][]string{}
	for pattern, p := range s.routes() {
		may := authorization[pattern]
		if may == "" {
			panic(fmt.Sprintf("web: %s has no row in the authorization table", pattern))
		}
		s.mux.HandleFunc(pattern, s.guarded(pattern, may, p))
		method, path, _ := strings.Cut(pattern, " ")
		methods[path] = append(methods[path], method)
	}
	for path, allowed := range methods {
		s.mux.HandleFunc(path, s.notAllowed(allowed))
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.message(w, notFound) })
	return s
}

// ServeHTTP serves a page under the headers that all pages have.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policyOfContent)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	s.mux.ServeHTTP(w, r)
}

// maxBody of a form, in bytes.
const maxBody = 64 << 10

// guarded lets those use a page who may.
func (s *site) guarded(pattern string, may who, p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if may == anyone {
			p(w, r, Visit{})
			return
		}
		v, err := s.open(r)
		if err != nil {
			s.fail(w, r, pattern, err)
			return
		}
		if r.Method == http.MethodPost {
			if !readForm(w, r) {
				s.message(w, tooLarge)
				return
			}
			if elsewhere(r) {
				s.message(w, foreign)
				return
			}
		}
		if may != linkHolder && !v.Entered {
			s.show(w, r, v, http.StatusForbidden, form{Text: typed(r, "text")}, notEntered)
			return
		}
		if may == authority && v.Contact.Role != aup.Authority {
			s.show(w, r, v, http.StatusForbidden, form{}, problem{Text: "Only a contact who may sign for your organisation can accept. Nothing was recorded."})
			return
		}
		p(w, r, v)
	}
}

// secret is what a link's token may look like; anything else is not looked up.
var secret = regexp.MustCompile(`^[A-Za-z0-9_-]{20,128}$`)

func (s *site) open(r *http.Request) (Visit, error) {
	token := r.PathValue("token")
	if !secret.MatchString(token) {
		return Visit{}, ErrNotFound
	}
	v, err := s.record.Open(r.Context(), pass(r))
	if err == nil && !v.Expires.IsZero() && !s.now().Before(v.Expires) {
		err = ErrGone
	}
	return v, err
}

// readForm reads a form of bounded size; false when it is larger.
func readForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	var tooLarge *http.MaxBytesError
	return !errors.As(r.ParseForm(), &tooLarge)
}

// fail answers an error of the record. What went wrong inside is logged without the link.
func (s *site) fail(w http.ResponseWriter, r *http.Request, pattern string, err error) {
	switch {
	case errors.Is(err, ErrNotFound):
		s.message(w, badLink)
	case errors.Is(err, ErrGone):
		s.message(w, expired)
	default:
		slog.ErrorContext(r.Context(), "a page failed", "route", pattern, "error", err)
		s.message(w, broken)
	}
}

func (s *site) notAllowed(allowed []string) http.HandlerFunc {
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.message(w, wrongMethod)
	}
}
