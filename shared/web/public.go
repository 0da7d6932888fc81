package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"accord/shared/aup"
)

// policy answers with the standard text: as a page, or, when the id ends in .md or .json, as the document
// or as data.
func (s *site) policy(w http.ResponseWriter, r *http.Request, _ Visit) {
	id, form, _ := strings.Cut(r.PathValue("id"), ".")
	if aup.CheckSlug("id", id) != nil || form != "" && form != "md" && form != "json" {
		s.message(w, notFound)
		return
	}
	v, err := s.record.Published(r.Context(), aup.PolicyID(id))
	if errors.Is(err, ErrNotFound) {
		s.message(w, notFound)
		return
	}
	if err != nil {
		s.fail(w, r, "GET /policies/{id}", err)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Del("X-Robots-Tag")
	switch form {
	case "md":
		s.bytes(w, r, v, "text/markdown; charset=utf-8", v.Document)
	case "json":
		s.bytes(w, r, v, "application/json", asJSON(v))
	default:
		s.publicPage(w, v)
	}
}

func (s *site) publicPage(w http.ResponseWriter, v aup.Version) {
	d, err := documentOf(aup.Tailored{Version: v, Terms: v.Policy.Terms, Clauses: v.Policy.Clauses, Hash: v.Hash}, nil)
	if err != nil {
		s.message(w, broken)
		return
	}
	s.write(w, http.StatusOK, "policy", struct {
		frame
		ID       aup.PolicyID
		Version  aup.Version
		Document document
	}{s.frame(d.Title), v.Policy.ID, v, d})
}

// bytes answers with a version in a form whose bytes follow from the version alone, so that a cache can
// ask whether it changed.
func (s *site) bytes(w http.ResponseWriter, r *http.Request, v aup.Version, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", `"`+v.Hash+`"`)
	http.ServeContent(w, r, "", v.Published, bytes.NewReader(body))
}

// asJSON is the public form of a version: a format of its own, since the stored one may change.
func asJSON(v aup.Version) []byte {
	b, err := json.MarshalIndent(struct {
		Policy    aup.PolicyID `json:"policy"`
		Title     string       `json:"title"`
		Version   int          `json:"version"`
		SHA256    string       `json:"sha256"` // of document
		Published time.Time    `json:"published"`
		Applies   time.Time    `json:"applies"`
		Terms     aup.Terms    `json:"terms"`
		Clauses   []aup.Clause `json:"clauses"`
		Document  string       `json:"document"`
	}{v.Policy.ID, v.Policy.Title, v.Number, v.Hash, v.Published.UTC(), v.Applies.UTC(), v.Policy.Terms, v.Policy.Clauses, string(v.Document)}, "", "  ")
	if err != nil {
		panic(err) // plain data: cannot fail
	}
	return append(b, '\n')
}
