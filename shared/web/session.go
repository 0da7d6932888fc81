package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// cookie holds the secret of a session.
const cookie = "accord_session"

// sessionSeconds is for how long a browser keeps the cookie: as long as the session lasts.
const sessionSeconds = 3600

var notEntered = problem{"code", "Please get a code first, or again: a session lasts an hour. Nothing was recorded."}

// pass is what a request shows of who is there.
func pass(r *http.Request) Pass {
	p := Pass{Link: r.PathValue("token")}
	if c, err := r.Cookie(cookie); err == nil && secret.MatchString(c.Value) {
		p.Session = c.Value
	}
	return p
}

// askCode has a code sent. Whether there is such an address is not told.
func (s *site) askCode(w http.ResponseWriter, r *http.Request, v Visit) {
	err := s.record.AskCode(r.Context(), r.PathValue("token"))
	switch {
	case errors.Is(err, ErrTooMany):
		s.show(w, r, v, http.StatusTooManyRequests, form{}, problem{"code",
			"Too many codes were asked for. Use the latest one, or try again in an hour."})
	case err != nil:
		s.fail(w, r, "POST /p/{token}/code", err)
	default:
		back(w, r, "code")
	}
}

// enter opens a session with a code. Every wrong code looks the same, whatever is wrong with it.
func (s *site) enter(w http.ResponseWriter, r *http.Request, v Visit) {
	code := strings.Join(strings.FieldsFunc(r.PostForm.Get("code"), func(c rune) bool { return c < '0' || c > '9' }), "")
	session, err := "", ErrWrongCode
	if len(code) == 6 {
		session, err = s.record.Enter(r.Context(), r.PathValue("token"), code)
	}
	switch {
	case errors.Is(err, ErrWrongCode):
		s.show(w, r, v, http.StatusForbidden, form{}, problem{"code",
			"This code does not open the page. It works once, for 10 minutes, on the page where you asked for it, and may be tried five times. You can ask for a new one."})
	case err != nil:
		s.fail(w, r, "POST /p/{token}/session", err)
	default:
		http.SetCookie(w, s.cookie(session))
		back(w, r, "entered")
	}
}

// cookie is for this host alone and for this link's page alone. It names no path: a browser then takes that
// of the request (RFC 6265, section 5.1.4), with whatever stage of the REST API stands before it, which the
// handler does not see. Only a site without TLS, on somebody's own machine, has one that is not Secure: it
// could not be kept.
func (s *site) cookie(session string) *http.Cookie {
	return &http.Cookie{Name: cookie, Value: session, MaxAge: sessionSeconds, HttpOnly: true,
		Secure: !strings.HasPrefix(s.provider.BaseURL, "http://"), SameSite: http.SameSiteLaxMode}
}

// elsewhere says whether a form was sent from another site, as the browser says. The form's address holds
// the link's secret, which another site does not know; this is the second lock.
func elsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	case "same-origin", "none":
		return false
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err != nil || origin.Host != "" && origin.Host != r.Host
}
