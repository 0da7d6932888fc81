package scenarios

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// How a person uses the page: by the link in their latest email that has one, with the code that is mailed
// to them when they ask for it, and with the browser's cookie.

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="([a-z-]+)" value="([^"]*)"`)
	link   = regexp.MustCompile(`https://places\.example(/p/[A-Za-z0-9_-]{43})`)
	digits = regexp.MustCompile(`(?m)\b(\d{6})$`)
)

// link of the latest email to an address that has one.
func (s *stage) link(address string) (path string) {
	for _, m := range s.open().Mailbox.Mails() {
		if found := link.FindStringSubmatch(m.Email.Text); m.Email.To == address && found != nil {
			path = found[1]
		}
	}
	return path
}

// mailed is the code of the latest email to an address that has one.
func (s *stage) mailed(address string) (code string) {
	for _, m := range s.open().Mailbox.Mails() {
		if found := digits.FindStringSubmatch(m.Email.Text); m.Email.To == address && found != nil && strings.Contains(m.Email.Subject, "code") {
			code = found[1]
		}
	}
	return code
}

// browse asks for a page with the address's cookie, and keeps the cookie that comes back.
func (s *stage) browse(method, address, path string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", s.cookies[address])
	w := httptest.NewRecorder()
	s.stack.Pages.ServeHTTP(w, r)
	if set, _, ok := strings.Cut(w.Header().Get("Set-Cookie"), ";"); ok {
		s.cookies[address] = set
	}
	return w
}

// form posts a form of an address's page, with its hidden fields, once a code has opened the page.
func (s *stage) form(address, to string, values url.Values) (int, error) {
	path := s.link(address)
	page, err := s.opened(address, path)
	if err != nil {
		return 0, err
	}
	for _, h := range hidden.FindAllStringSubmatch(page, -1) {
		if values.Get(h[1]) == "" {
			values.Set(h[1], h[2])
		}
	}
	return s.browse(http.MethodPost, address, path+to, values).Code, nil
}

// opened is an address's page, once a code has opened it.
func (s *stage) opened(address, path string) (string, error) {
	page := s.browse(http.MethodGet, address, path, nil).Body.String()
	if !strings.Contains(page, "Send me a code") {
		return page, nil
	}
	s.browse(http.MethodPost, address, path+"/code", nil)
	if err := s.stack.Settle(s.t.Context()); err != nil {
		return "", err
	}
	s.browse(http.MethodPost, address, path+"/session", url.Values{"code": {s.mailed(address)}})
	return s.browse(http.MethodGet, address, path, nil).Body.String(), nil
}

var entry = regexp.MustCompile(`</time> <span>([^<]*)</span></li>`)

// history ADDRESS WORDS...: what the history on an address's page says with these words, the latest first.
func (s *stage) history(a []string) error {
	page, err := s.opened(a[0], s.link(a[0]))
	for _, m := range entry.FindAllStringSubmatch(page, -1) {
		if said := html.UnescapeString(m[1]); strings.Contains(said, strings.Join(a[1:], " ")) {
			s.say("%s", said)
		}
	}
	return err
}

// page ADDRESS: what the page of the latest email shows, as far as it can be told apart.
func (s *stage) page(a []string) error {
	w := s.browse(http.MethodGet, a[0], s.link(a[0]), nil)
	s.say("the page answers %d", w.Code)
	for _, mark := range []struct{ html, words string }{
		{"Send me a code", "it offers a code"}, {`name="may-bind"`, "it offers to accept"}, {"Your usage in the last", "it shows the usage"},
	} {
		if strings.Contains(w.Body.String(), mark.html) {
			s.say("%s", mark.words)
		}
	}
	return nil
}

// code ADDRESS: asks for a code on the page of the latest email.
func (s *stage) code(a []string) error {
	s.say("the page answers %d", s.browse(http.MethodPost, a[0], s.link(a[0])+"/code", nil).Code)
	return nil
}

// enter ADDRESS [CODE]: types the latest code mailed to the address, or another, on its page.
func (s *stage) enter(a []string) error {
	code := s.mailed(a[0])
	if len(a) > 1 {
		code = a[1]
	}
	s.say("the page answers %d", s.browse(http.MethodPost, a[0], s.link(a[0])+"/session", url.Values{"code": {code}}).Code)
	return nil
}

// letter ADDRESS: the words of the last email to an address.
func (s *stage) letter(a []string) error {
	for _, m := range slices.Backward(s.stack.Mailbox.Mails()) {
		if m.Email.To != a[0] {
			continue
		}
		for line := range strings.Lines(m.Email.Text) {
			if line = strings.TrimSpace(line); line != "" && strings.Trim(line, "-=") != "" {
				s.say("| %s", line)
			}
		}
		return nil
	}
	return fmt.Errorf("nothing was sent to %s", a[0])
}
