package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"accord/shared/notice"
)

//go:embed *.tmpl
var templates embed.FS

//go:embed style.css
var style string

// policyOfContent allows a page its own style sheet, known by its hash, and forms to itself: no script,
// nothing from elsewhere.
var policyOfContent = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// parsed once, with the first page.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"clean": notice.Clean, "lines": notice.Lines, "day": notice.Day, "moment": notice.Moment,
		"iso": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"pair": func(p visitPage, c caseView) any {
			return struct {
				Page visitPage
				Case caseView
			}{p, c}
		},
		"bad": visitPage.bad,
	}).ParseFS(templates, "*.tmpl")
})

// frame is what every page has.
type frame struct {
	Title    string
	Amiss    bool // what was sent has a problem: the title, which is read out first, says so
	Style    template.CSS
	Provider notice.Provider
}

func (s *site) frame(title string) frame {
	return frame{Title: notice.Short(title, 120), Style: template.CSS(style), Provider: s.provider} //nolint:gosec // our own style sheet
}

// write renders a page whole before the first byte goes out, so that a failure is a page of its own.
func (s *site) write(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := render(&b, name, data); err != nil {
		slog.Error("a page cannot be rendered", "template", name, "error", err)
		http.Error(w, "Something went wrong on our side. Please try again later.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) //nolint:errcheck // the reader has gone when it fails
}

func render(b *bytes.Buffer, name string, data any) error {
	t, err := parsed()
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(b, name, data)
}
