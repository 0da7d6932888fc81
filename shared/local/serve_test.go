package local_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/events/policies"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/local"
	"accord/shared/notice"
)

func open(t *testing.T, dir string) *local.Stack {
	t.Helper()
	s, err := local.Open(local.Config{Dir: dir, Mode: assess.ModeObserve, Clock: local.Story(time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)), Volatile: true,
		Provider: notice.Provider{Name: "P", From: "a@p.example", ReplyTo: "b@p.example", Admins: "c@p.example", BaseURL: "https://p.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s *local.Stack, method, path, body string) (int, string) {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	b, _ := io.ReadAll(w.Body)
	return w.Code, string(b)
}

const invoke = "/2015-03-31/functions/"

// TestHandler: what `accord up` serves, from an empty folder on.
func TestHandler(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	register, err := os.ReadFile(filepath.Join("testdata", "register.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says, method, path, body string
		status                   int
		want                     string
	}{
		{"no policy yet", "GET", "/policies/places-api", "", 404, ""},
		{"a policy is published", "POST", invoke + "publish-policy/invocations", `{"request":"p1","document":` + quoted(policies.Read("places-api.md")) + `}`, 200, `"version":1`},
		{"and read by anybody", "GET", "/policies/places-api", "", 200, "Keep to a fair volume"},
		{"a consumer is registered", "POST", invoke + "manage-consumer/invocations", string(register), 200, `"registered"`},
		{"registering again gets the first answer", "POST", invoke + "manage-consumer/invocations", string(register), 200, `"seq":1`},
		{"a mistake is the function's error, as Lambda tells it", "POST", invoke + "manage-consumer/invocations", `{"requst":"x"}`, 200, "errorMessage"},
		{"a function that runs by itself is not invoked", "POST", invoke + "deliver/invocations", `{}`, 200, "run by themselves"},
		{"the API answers with a key", "GET", "/gateway/places/1", "", 403, ""},
		{"an audit is asked for", "POST", "/audits", `{"request":"a1"}`, 202, `"a1"`},
		{"an unknown audit is not found", "GET", "/audits/nope", "", 404, "no audit"},
		{"a link that nobody was given", "GET", "/p/" + strings.Repeat("A", 43), "", 404, ""},
	} {
		status, body := ask(s, c.method, c.path, c.body)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %.300s", c.says, status, body)
		}
		if err := s.Settle(t.Context()); err != nil {
			t.Errorf("%s: %v", c.says, err)
		}
	}
	if mails := s.Mailbox.Mails(); len(mails) != 1 {
		t.Errorf("%d emails, want the welcome", len(mails))
	}
	r := httptest.NewRequest(http.MethodGet, "/gateway/places/7", nil)
	r.Header.Set("X-Api-Key", "guide01")
	w := httptest.NewRecorder()
	if s.Handler().ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("a call with the key answers %d", w.Code)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer("\\", "\\\\", `"`, `\"`, "\n", "\\n", "\t", "\\t").Replace(s) + `"`
}

// TestReopen: what was owed when the process ended is done when it is back.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if status, body := ask(s, "POST", invoke+"publish-policy/invocations", `{"request":"p1","document":`+quoted(policies.Read("places-api.md"))+`}`); !strings.Contains(body, `"version":1`) {
		t.Fatal(status, body)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if n, _ := s.Ledger.Open(t.Context()); n == 0 {
		t.Fatal("nothing was owed: the test shows nothing")
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, _ := s.Ledger.Open(t.Context()); n != 0 {
		t.Errorf("%d dues are open", n)
	}
}

// TestTheGatewayKeepsItsKeys: a key that was disabled still is when the process is back.
func TestTheGatewayKeepsItsKeys(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range []aup.KeyID{"on", "off"} {
		if err := s.Gateway.Create(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Gateway.SetEnabled(t.Context(), "off", false); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = open(t, dir)
	defer s.Close()
	for key, want := range map[aup.KeyID]int{"on": 200, "off": 403, "none": 403} {
		if got := s.Gateway.Call(key, "GET", "/places/1", "192.0.2.1"); got != want {
			t.Errorf("a call with key %s answers %d, want %d", key, got, want)
		}
	}
}
