package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/shared/notice"
)

// TestWithoutACode: the link alone shows the policy, and nothing of what the consumer did or was asked; no
// form but those that lead to a code does anything.
func TestWithoutACode(t *testing.T) {
	for _, c := range []struct{ name, cookie string }{
		{"no cookie", ""},
		{"another session", cookie + "=" + strings.Repeat("a", 43)},
		{"a truncated one", cookie + "=" + session[:20]},
		{"a cookie that is no secret", cookie + `="x y"`},
		{"ten kilobytes", cookie + "=" + strings.Repeat("a", 10_000)},
	} {
		f := newRecord(t)
		pages := New(f, provider, func() time.Time { return at })
		w := send(pages, "GET", "/p/"+token, nil, "Cookie", c.cookie)
		body := w.Body.String()
		for _, want := range []string{"What changed since version 1", "Send me a code", `autocomplete="one-time-code"`, `<a href="#s_code">Please read version 2 and accept it.</a>`} {
			if w.Code != 200 || !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q", c.name, want)
			}
		}
		for _, not := range []string{"6,234", "may-bind", "You were registered", "Your usage in the last seven days", "<textarea", `name="case"`} {
			if strings.Contains(body, not) {
				t.Errorf("%s: the page shows %q", c.name, not)
			}
		}
		for path, fields := range map[string]url.Values{"/accept": f.form(t), "/answer": {"text": {"What I wrote"}}, "/disagree": {"version": {"2"}}} {
			w := send(pages, "POST", "/p/"+token+path, fields, "Cookie", c.cookie)
			if w.Code != http.StatusForbidden || f.changes() != 0 || !strings.Contains(w.Body.String(), "Please get a code first") {
				t.Errorf("%s: %s answers %d", c.name, path, w.Code)
			}
			if path == "/answer" && !strings.Contains(w.Body.String(), "What I wrote") {
				t.Errorf("%s: what was written is lost", c.name)
			}
		}
	}
}

// TestEnter: what is typed as a code, and what it leads to.
func TestEnter(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		status      int
		tried       bool
	}{
		{"the right code", rightCode, 303, true},
		{"with spaces, as people copy it", " 042 917\n", 303, true},
		{"a wrong one", "042918", 403, true},
		{"five digits are not even tried", "04291", 403, false},
		{"nor seven", "0429170", 403, false},
		{"nor nothing", "", 403, false},
		{"nor other digits than ours", "٠٤٢٩١٧", 403, false},
	} {
		f := newRecord(t)
		w := send(New(f, provider, func() time.Time { return at }), "POST", "/p/"+token+"/session", url.Values{"code": {c.typed}}, "Cookie", "")
		set := w.Header().Get("Set-Cookie")
		if w.Code != c.status || (len(f.tries) == 1) != c.tried || (set != "") != (c.status == 303) {
			t.Errorf("%s: %d, tried %q, cookie %q", c.name, w.Code, f.tries, set)
		}
		if c.status == 303 && (w.Header().Get("Location") != "../"+token+"?done=entered#s_main" || strings.Contains(w.Body.String(), session)) {
			t.Errorf("%s leads to %s", c.name, w.Header().Get("Location"))
		}
	}
}

// TestCookie: it is for this page of this host, out of reach of scripts, other sites and plain HTTP.
func TestCookie(t *testing.T) {
	for base, want := range map[string]string{
		"":                        "accord_session=x; Max-Age=3600; HttpOnly; Secure; SameSite=Lax",
		"https://aup.example.org": "accord_session=x; Max-Age=3600; HttpOnly; Secure; SameSite=Lax",
		"http://127.0.0.1:8787":   "accord_session=x; Max-Age=3600; HttpOnly; SameSite=Lax",
	} {
		s := newSite(newRecord(t), notice.Provider{BaseURL: base}, func() time.Time { return at })
		if got := s.cookie("x").String(); got != want {
			t.Errorf("%s: %s", base, got)
		}
	}
}

// TestTheCookieComesBack: a browser sends it to the page and its forms, under whatever stage, and nowhere else.
func TestTheCookieComesBack(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	address := func(path string) *url.URL { return &url.URL{Scheme: "https", Host: "api.example.org", Path: path} }
	s := newSite(newRecord(t), notice.Provider{}, func() time.Time { return at })
	jar.SetCookies(address("/live/p/one/session"), []*http.Cookie{s.cookie("x")})
	for path, want := range map[string]bool{"/live/p/one": true, "/live/p/one/accept": true, "/live/p/two": false, "/live/policies/places-api": false, "/": false} {
		if got := len(jar.Cookies(address(path))) == 1; got != want {
			t.Errorf("%s gets the cookie: %t, want %t", path, got, want)
		}
	}
}

// TestCodesAreFew: the page says when there were too many.
func TestCodesAreFew(t *testing.T) {
	f := newRecord(t)
	for i := range 6 {
		want := http.StatusSeeOther
		if i == 5 {
			want = http.StatusTooManyRequests
		}
		if w := f.do("POST", "/p/"+token+"/code", nil); w.Code != want {
			t.Errorf("time %d: %d, want %d", i+1, w.Code, want)
		}
	}
}

// TestFormsOfOtherSites: a form sent from another site changes nothing.
func TestFormsOfOtherSites(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"this page, as browsers say it", []string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, 303},
		{"this page, as older ones do", []string{"Origin", "http://example.com"}, 303},
		{"one that says nothing", nil, 303},
		{"without a referrer, an older one names no origin", []string{"Origin", "null"}, 303},
		{"another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"a neighbour under the same domain", []string{"Sec-Fetch-Site", "same-site", "Origin", "https://other.example.com"}, 403},
		{"a neighbour that hides its origin", []string{"Sec-Fetch-Site", "same-site", "Origin", "null"}, 403},
		{"another site, in an older browser", []string{"Origin", "https://evil.example"}, 403},
		{"an origin that is none", []string{"Origin", "%zz"}, 403},
	} {
		f := newRecord(t)
		w := send(New(f, provider, func() time.Time { return at }), "POST", "/p/"+token+"/answer", url.Values{"text": {"x"}}, c.headers...)
		if w.Code != c.status || (f.changes() == 1) != (c.status == 303) {
			t.Errorf("%s: %d, changes %d", c.name, w.Code, f.changes())
		}
	}
}
