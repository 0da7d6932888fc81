package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"accord/events/policies"
	"accord/shared/local"
)

// pictures of the consumer's pages: what they show, at which width, and in print.
var pictured = []struct {
	file, says string
	width      int64
	print      bool
}{
	{"policy.png", "the standard text, for anyone", 800, false},
	{"policy-phone.png", "the standard text, on a telephone", 360, false},
	{"policy-print.png", "the standard text, printed", 794, true},
	{"changed.png", "what changed, behind the link of an email", 800, false},
	{"changed-phone.png", "what changed, on a telephone", 360, false},
	{"open.png", "the page opened with a code: accept, answer, usage, history", 800, false},
	{"open-phone.png", "the opened page, on a telephone", 360, false},
	{"open-print.png", "the opened page, printed", 794, true},
	{"open-dark.png", "the opened page, in dark", 800, false},
}

// TestEveryPageHasAPicture: the index names what is there.
func TestEveryPageHasAPicture(t *testing.T) {
	var b strings.Builder
	b.WriteString("# The consumer's pages, as pictures\n\nTaken by the tests' browser (`go test ./shared/local -run Picture -update`) of a consumer in a story: it was told of\n" +
		"version 1, used it for eight days, and has just been told of version 2.\n\n")
	for _, p := range pictured {
		fmt.Fprintf(&b, "- [%s](%s): %s\n", strings.TrimSuffix(p.file, ".png"), p.file, p.says)
		if _, err := os.Stat(filepath.Join(docs, "pages", p.file)); err != nil && !*update {
			t.Errorf("there is no picture %s: run with -update, look at it, and keep it", p.file)
		}
	}
	index(t, filepath.Join(docs, "pages"), b.String())
}

// printFaults are what a printed page should not have: things to press, light letters, what runs over the edge.
const printFaults = `(() => {
	const faults = [], d = document.documentElement;
	if (d.scrollWidth > d.clientWidth) faults.push((d.scrollWidth - d.clientWidth) + " px over the edge");
	for (const e of document.querySelectorAll("button, input, textarea, nav")) if (e.offsetParent) faults.push("shows " + e.outerHTML.slice(0, 80));
	for (const e of document.querySelectorAll("main p, main li, main h1, main h2, main td")) {
		const c = getComputedStyle(e).color.match(/\d+/g).map(Number);
		if (e.offsetParent && c[0] + c[1] + c[2] > 3 * 140) faults.push("light letters: " + e.textContent.slice(0, 40));
	}
	return faults;
})()`

// TestPagePictures: the pages of a consumer in a story, at all widths, in dark and in print, for who asks for
// dark colours too. With -update it takes the pictures.
func TestPagePictures(t *testing.T) {
	ctx := browser(t)
	clock := local.Story(time.Date(2027, 5, 24, 8, 0, 0, 0, time.UTC))
	stack, base := siteAt(t, clock)
	lived(t, stack, clock)
	policy, page := base+"/policies/places-api", base+mailed(stack, pageLink)
	opened := false
	for _, p := range pictured {
		url := page
		if strings.HasPrefix(p.file, "policy") {
			url = policy
		}
		if strings.HasPrefix(p.file, "open") && !opened {
			enter(ctx, t, stack, page)
			opened = true
		}
		scheme := "light"
		if strings.Contains(p.file, "dark") {
			scheme = "dark"
		}
		if err := chromedp.Do(ctx, colours(scheme), chromedp.EmulateViewport(p.width, 100), chromedp.Navigate(url)); err != nil {
			t.Fatalf("%s: %v", p.says, err)
		}
		if p.print {
			for _, scheme := range []string{"dark", "light"} {
				evaluate(ctx, t, p.says+", by who likes it "+scheme, printed(scheme), printFaults)
			}
		}
		evaluate(ctx, t, p.says, func(context.Context, *chromedp.Target) (v chromedp.Void, err error) { return v, nil },
			`(d => d.scrollWidth > d.clientWidth ? ["over the edge"] : [])(document.documentElement)`)
		if *update {
			picture(ctx, t, filepath.Join(docs, "pages", p.file))
		}
	}
}

// printed is the page as it is printed.
func printed(scheme string) chromedp.Action[chromedp.Void] {
	return media(emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// lived lets the consumer use the API for eight days, and tells it of the second version then.
func lived(t *testing.T, stack *local.Stack, clock *local.Clock) {
	t.Helper()
	for day := range 8 {
		for n := range 200 + 190*day%900 {
			stack.Gateway.Call("guide01", "GET", fmt.Sprintf("/places/%d", n*7%40+1), "192.0.2.1")
		}
		settle(t, stack)
		clock.Advance(24 * time.Hour)
		settle(t, stack)
	}
	event := `{"request":"p2","document":` + quoted(strings.Replace(policies.Read("places-api-v2.md"), "effective: 2027-06-01", "effective: 2027-06-20", 1)) + `}`
	if _, err := stack.Invoke(t.Context(), "publish-policy", json.RawMessage(event)); err != nil {
		t.Fatal(err)
	}
	settle(t, stack)
}
