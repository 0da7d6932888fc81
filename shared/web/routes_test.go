package web

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/contrasttest"
)

// TestEveryRouteHasItsRow: the routes and the authorization table are the same set, and the table is this
// one. A new route belongs in all three places, the last one being here, where somebody reviews it.
func TestEveryRouteHasItsRow(t *testing.T) {
	want := map[string]who{
		"GET /policies/{id}":       anyone,
		"GET /p/{token}":           linkHolder,
		"POST /p/{token}/code":     linkHolder,
		"POST /p/{token}/session":  linkHolder,
		"POST /p/{token}/accept":   authority,
		"POST /p/{token}/answer":   entered,
		"POST /p/{token}/disagree": entered,
	}
	if d := cmp.Diff(want, authorization); d != "" {
		t.Errorf("the authorization table differs (-want +got):\n%s", d)
	}
	for pattern := range (&site{}).routes() {
		if authorization[pattern] == "" {
			t.Errorf("%s has no row", pattern)
		}
	}
	if got := len((&site{}).routes()); got != len(authorization) {
		t.Errorf("%d routes, %d rows", got, len(authorization))
	}
}

// TestARouteWithoutARowIsNotServed: New refuses to start with one.
func TestARouteWithoutARowIsNotServed(t *testing.T) {
	const pattern = "GET /p/{token}"
	row := authorization[pattern]
	delete(authorization, pattern)
	defer func() {
		authorization[pattern] = row
		if recover() == nil {
			t.Error("New served a route that nobody is named for")
		}
	}()
	New(newRecord(t), provider, func() time.Time { return at })
}

// TestRoutesAndMethods: every route under every method, with the status and what is allowed instead. No
// GET, HEAD or method that is not allowed changes anything.
func TestRoutesAndMethods(t *testing.T) {
	const page, accept, answer, policy = "/p/" + token, "/p/" + token + "/accept", "/p/" + token + "/answer", "/policies/places-api"
	for _, c := range []struct {
		methods string
		path    string
		status  int
		allow   string
	}{
		{"GET HEAD", page, 200, ""},
		{"POST PUT PATCH DELETE OPTIONS TRACE", page, 405, "GET, HEAD"},
		{"GET HEAD PUT PATCH DELETE OPTIONS", accept, 405, "POST"},
		{"GET HEAD PUT PATCH DELETE OPTIONS", answer, 405, "POST"},
		{"GET HEAD PUT PATCH DELETE OPTIONS", page + "/code", 405, "POST"},
		{"GET HEAD PUT PATCH DELETE OPTIONS", page + "/session", 405, "POST"},
		{"GET HEAD PUT PATCH DELETE OPTIONS", page + "/disagree", 405, "POST"},
		{"GET HEAD", policy, 200, ""},
		{"GET HEAD", policy + ".md", 200, ""},
		{"GET HEAD", policy + ".json", 200, ""},
		{"POST PUT DELETE", policy, 405, "GET, HEAD"},
		{"GET", policy + ".xml", 404, ""},
		{"GET", policy + ".md.md", 404, ""},
		{"GET", "/policies/other", 404, ""},
		{"GET", "/policies/Not_An_Id", 404, ""},
		{"GET", "/policies/", 404, ""},
		{"GET POST", "/", 404, ""},
		{"GET", "/p/", 404, ""},
		{"GET", page + "/", 404, ""},
		{"GET POST", page + "/more", 404, ""},
	} {
		for method := range strings.FieldsSeq(c.methods) {
			f := newRecord(t)
			w := f.do(method, c.path, nil)
			if w.Code != c.status || w.Header().Get("Allow") != c.allow {
				t.Errorf("%s %s: %d, allowed %q; want %d, %q", method, c.path, w.Code, w.Header().Get("Allow"), c.status, c.allow)
			}
			if f.changes() != 0 {
				t.Errorf("%s %s changed something", method, c.path)
			}
			checkHeaders(t, w)
		}
	}
}

// checkHeaders holds an answer against what every answer must carry.
func checkHeaders(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, part := range []string{"default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "style-src 'sha256-"} {
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, part) || strings.Contains(csp, "unsafe") {
			t.Errorf("the content security policy lacks %s: %s", part, csp)
		}
	}
}

// TestStyleHasItsHash: the browser applies the style sheet, because its hash is the one in the header.
func TestStyleHasItsHash(t *testing.T) {
	for _, path := range []string{"/p/" + token, "/policies/places-api", "/nowhere"} {
		w := newRecord(t).do("GET", path, nil)
		_, rest, _ := strings.Cut(w.Body.String(), "<style>")
		css, _, _ := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(css))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(w.Header().Get("Content-Security-Policy"), want) {
			t.Errorf("%s: the header does not name %s", path, want)
		}
		if strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), "style=") {
			t.Errorf("%s holds a script or a style that the header forbids", path)
		}
	}
}

// TestCaching: what is behind a link is kept nowhere; the public text is kept for a few minutes, and a
// cache can ask whether it changed.
func TestCaching(t *testing.T) {
	f := newRecord(t)
	if got := f.do("GET", "/p/"+token, nil).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page of a link: %q", got)
	}
	w := f.do("GET", "/policies/places-api.md", nil)
	if w.Header().Get("Cache-Control") != "public, max-age=300" || w.Body.String() != string(f.standard.Document) {
		t.Errorf("the document: %q, %d bytes", w.Header().Get("Cache-Control"), w.Body.Len())
	}
	r := httptest.NewRequest("GET", "/policies/places-api.json", nil)
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	again := httptest.NewRecorder()
	New(f, provider, func() time.Time { return at }).ServeHTTP(again, r)
	if again.Code != http.StatusNotModified {
		t.Errorf("the same version again: %d, want 304", again.Code)
	}
}

// TestLinks: who is there is what the link says. What cannot be a secret is not even looked up.
func TestLinks(t *testing.T) {
	for _, c := range []struct {
		name, path string
		spoil      func(*record)
		status     int
		lookups    int
	}{
		{"the link", "/p/" + token, nil, 200, 1},
		{"an unknown one", "/p/" + strings.Repeat("a", 43), nil, 404, 1},
		{"an altered one", "/p/" + token[:42] + "x", nil, 404, 1},
		{"a truncated one", "/p/" + token[:30], nil, 404, 1},
		{"a guess", "/p/jo", nil, 404, 0},
		{"a path in it", "/p/..%2f" + token, nil, 404, 0},
		{"a line break in it", "/p/" + token + "%0d%0aX:1", nil, 404, 0},
		{"ten kilobytes", "/p/" + strings.Repeat("a", 10_000), nil, 404, 0},
		{"an expired one, as the record says", "/p/" + token, func(f *record) { f.fail = ErrGone }, 410, 1},
		{"an expired one, by its time", "/p/" + token, func(f *record) { f.visit.Expires = at }, 410, 1},
		{"a record that fails", "/p/" + token, func(f *record) { f.fail = errors.New("secret inner words") }, 500, 1},
	} {
		f := newRecord(t)
		if c.spoil != nil {
			c.spoil(f)
		}
		w := f.do("GET", c.path, nil)
		if w.Code != c.status || len(f.opened) != c.lookups {
			t.Errorf("%s: %d after %d look-ups, want %d after %d", c.name, w.Code, len(f.opened), c.status, c.lookups)
		}
		if strings.Contains(w.Body.String(), "secret inner") || w.Code != 200 && strings.Contains(w.Body.String(), "Harbour") {
			t.Errorf("%s: the page tells too much", c.name)
		}
		w = f.do("POST", c.path+"/answer", url.Values{"text": {"x"}})
		if c.status != 200 && (w.Code != c.status || f.changes() != 0) {
			t.Errorf("%s: a POST gave %d", c.name, w.Code)
		}
	}
}

// TestContrast: each pair of colours in the style sheet reads well, light and dark (WCAG AA: 4.5).
func TestContrast(t *testing.T) {
	pairs := [][2]string{{"ink", "paper"}, {"soft", "paper"}, {"blue", "paper"}, {"ink", "tint"}, {"soft", "tint"}, {"blue", "tint"}, {"onblue", "blue"},
		{"ink", "sheet"}, {"warn", "warntint"}, {"ink", "warntint"}, {"warn", "paper"}, {"good", "goodtint"}, {"addink", "add"}, {"cutink", "cut"}}
	themes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(style, -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes, want light and dark", len(themes))
	}
	for i, theme := range themes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+):#(\w+)`).FindAllStringSubmatch(theme[1], -1) {
			colours[m[1]] = m[2]
		}
		for _, p := range pairs {
			if c := contrasttest.Ratio(colours[p[0]], colours[p[1]]); c < contrasttest.Least {
				t.Errorf("theme %d: %s on %s: %.2f, want at least 4.5", i, p[0], p[1], c)
			}
		}
	}
}

// TestStatesHaveWords: each state of an open case and each kind of fact that a consumer sees.
func TestStatesHaveWords(t *testing.T) {
	for _, s := range []aup.CaseState{aup.CaseOpen, aup.CaseAnswered, aup.CaseEscalated, aup.CaseHeld, aup.CaseSuspended} {
		if states[s] == "" {
			t.Errorf("the state %s has no words", s)
		}
	}
	hidden := []string{"issue-held", "issue-deferred", "observed", "case-reassessed", "suspension-held", "suspension-considered", "suspension-approved", "reported", "silence-confirmed", "reply-overdue", "key-still-works"}
	for _, f := range []aup.Fact{aup.Registered{}, aup.KeyAttached{}, aup.ContactAdded{}, aup.ContactErased{}, aup.UsesRecorded{}, aup.PolicyIssued{},
		aup.NoticeSent{About: aup.Welcome}, aup.NoticeDelivered{About: aup.Welcome}, aup.NoticeDelayed{About: aup.Welcome}, aup.NoticeFailed{About: aup.Welcome}, aup.CodeAsked{}, aup.AcceptanceReminded{}, aup.NotAccepted{}, aup.Disagreed{}, aup.VersionWithdrawn{},
		aup.NoticeResent{}, aup.AgreementEnding{}, aup.AgreementEnded{}, aup.IssueHeld{}, aup.IssueDeferred{}, aup.Accepted{}, aup.AgreementMade{},
		aup.UsageNoticed{}, aup.FindingCovered{}, aup.Observed{}, aup.CaseOpened{}, aup.CaseReassessed{}, aup.CaseReplied{}, aup.CaseEnded{}, aup.Suspended{},
		aup.SuspensionHeld{}, aup.SuspensionConsidered{}, aup.SuspensionApproved{}, aup.Reinstated{}, aup.KeySet{}, aup.Ended{}, aup.Asked{}, aup.Reported{},
		aup.CaseReminded{}, aup.Escalated{}, aup.SilenceConfirmed{}, aup.CaseAnsweredBack{}, aup.ReplyOverdue{}, aup.KeyStillWorks{}, aup.KeyDrift{Key: "k", Found: aup.KeyDisabled, Want: aup.KeyEnabled}} {
		if words := told(f, aup.Tailored{}); (words == "") != slices.Contains(hidden, f.Kind()) {
			t.Errorf("%s is told as %q", f.Kind(), words)
		}
	}
	if w := told(aup.NoticeSent{About: aup.AdminHeld, Contact: aup.Admins}, aup.Tailored{}); w != "" {
		t.Errorf("an email to the admins is told: %s", w)
	}
}
