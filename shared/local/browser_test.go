package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"accord/events/policies"
	"accord/shared/assess"
	"accord/shared/local"
	"accord/shared/needtest"
	"accord/shared/notice"
)

// The pages in a real browser. Without one, or without axe-core, the tests are skipped, unless
// ACCORD_REQUIRE=all.

// browser starts Chromium, and returns a context to drive it with.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		needtest.Missing(t, "a browser: run .ci/tools browser")
	}
	alloc, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()))...)
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithBrowserOption(chromedp.WithConsolef(t.Errorf)))
	patience := time.Minute
	if *update {
		patience = 10 * time.Minute
	}
	ctx, done := context.WithTimeout(ctx, patience)
	t.Cleanup(func() { done(); cancel(); stop() })
	return ctx
}

func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", ".tools", "axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		needtest.Missing(t, "axe-core: run .ci/tools axe")
	}
	return string(script)
}

// site is a stack with a policy and a consumer, behind a real server.
func site(t *testing.T) (stack *local.Stack, base string) {
	t.Helper()
	return siteAt(t, &local.Clock{})
}

func siteAt(t *testing.T, clock *local.Clock) (stack *local.Stack, base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + listener.Addr().String()
	stack, err = local.Open(local.Config{Dir: t.TempDir(), Mode: assess.ModeEnforce, Clock: clock, Volatile: true,
		Provider: notice.Provider{Name: "Places API team", From: "a@p.example", ReplyTo: "b@p.example", Admins: "c@p.example", BaseURL: base}})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: stack.Handler()}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close(); stack.Close() })
	register, err := os.ReadFile(filepath.Join("testdata", "register.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range [][2]string{{"publish-policy", `{"request":"p1","document":` + quoted(policies.Read("places-api.md")) + `}`}, {"manage-consumer", string(register)}} {
		if _, err := stack.Invoke(t.Context(), event[0], json.RawMessage(event[1])); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, stack)
	return stack, base
}

func settle(t *testing.T, s *local.Stack) {
	t.Helper()
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var (
	pageLink = regexp.MustCompile(`/p/[A-Za-z0-9_-]{43}`)
	code     = regexp.MustCompile(`(?m)\b(\d{6})$`)
)

// mailed is what the latest email that has such a thing says.
func mailed(s *local.Stack, what *regexp.Regexp) (found string) {
	for _, m := range s.Mailbox.Mails() {
		if match := what.FindString(m.Email.Text); match != "" {
			found = match
		}
	}
	return found
}

// serious asks axe-core for what it finds serious.
const serious = `;axe.run().then(r => r.violations.filter(v => v.impact == "serious" || v.impact == "critical").map(v => v.id + ": " + v.nodes[0].html))`

// TestPagesKeepNobodyOut: at phone and desktop width, before and after the code, nothing runs over the edge
// and axe-core finds nothing serious.
func TestPagesKeepNobodyOut(t *testing.T) {
	script := axe(t)
	ctx := browser(t)
	stack, base := site(t)
	page := base + mailed(stack, pageLink)
	look := func(says, url string) {
		t.Helper()
		for _, width := range []int64{320, 1200} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url)); err != nil {
				t.Fatalf("%s: %v", says, err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if err != nil || over > 0 {
				t.Errorf("%s at %d px: %d px over the edge (%v)", says, width, over, err)
			}
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script+serious, chromedp.EvalAwaitPromise))
			if err != nil || len(found) > 0 {
				t.Errorf("%s at %d px: axe says %s (%v)", says, width, strings.Join(found, "; "), err)
			}
		}
	}
	look("the standard text", base+"/policies/places-api")
	look("the page behind the link", page)
	enter(ctx, t, stack, page)
	look("the page once it is open", page)
	look("a link that nobody was given", base+"/p/"+strings.Repeat("A", 43))
}

// enter opens a page with the code that it has sent.
func enter(ctx context.Context, t *testing.T, stack *local.Stack, page string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	typeCode(ctx, t, stack)
}

// typeCode asks for a code on the page, and types it, with the keyboard alone.
func typeCode(ctx context.Context, t *testing.T, stack *local.Stack) {
	t.Helper()
	tab(ctx, t, `form[action*="code"] button`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatalf("ask for a code: %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.WaitVisible(`[role=status]`)); err != nil {
		t.Fatalf("the page does not say that a code was sent: %v", err)
	}
	settle(t, stack)
	tab(ctx, t, `input[name=code]`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(mailed(stack, code)), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(`form[action*="accept"]`)); err != nil {
		t.Fatalf("type the code: %v", err)
	}
}

// tab presses the Tab key until the focus is where a selector says.
func tab(ctx context.Context, t *testing.T, selector string) {
	t.Helper()
	here := fmt.Sprintf("document.activeElement === document.querySelector(%q)", selector)
	for range 60 {
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](here))
		if err != nil {
			t.Fatal(err)
		}
		if there {
			return
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("the Tab key does not lead to %s", selector)
}
