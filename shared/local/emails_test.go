package local_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "take the pictures in docs/emails and docs/pages anew")

// What else is pictured of a few emails: on a telephone, and where the reader asks for dark colours.
var (
	emailsOnPhone = []string{"welcome", "suspended", "admin-digest"}
	emailsInDark  = []string{"new-version", "suspended"}
)

// emailsForAxe have, together, every block that an email can have; all have one style sheet.
var emailsForAxe = []string{"welcome", "new-version", "contact-person", "suspended", "admin-answer"}

// goldens are the emails as package notice renders them, by name, of every kind.
func goldens(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "notice", "testdata", "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatal("no emails", err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".html"))
	}
	return names
}

// subject of an email, as its text golden has it.
func subject(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "notice", "testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(b), "\nSubject: ")
	line, _, _ := strings.Cut(after, "\n")
	return line
}

const docs = "../../docs"

// TestEveryEmailHasAPicture: the index names every email, and every picture that it names is there.
func TestEveryEmailHasAPicture(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Every email, as a picture\n\nTaken by the tests' browser (`go test ./shared/local -run Picture -update`) at 600 px, of the goldens in\n" +
		"`shared/notice/testdata`, where the same emails lie as text. A few follow at the width of a telephone, and in dark.\n\n")
	row := func(name, file, how string) {
		fmt.Fprintf(&b, "- [%s](%s)%s: %s\n", name, file, how, subject(t, name))
		if _, err := os.Stat(filepath.Join(docs, "emails", file)); err != nil && !*update {
			t.Errorf("there is no picture of %s: run with -update, look at it, and keep it", name)
		}
	}
	for _, name := range goldens(t) {
		row(name, name+".png", "")
	}
	for _, name := range emailsOnPhone {
		row(name, name+"-phone.png", ", on a telephone")
	}
	for _, name := range emailsInDark {
		row(name, name+"-dark.png", ", in dark")
	}
	index(t, filepath.Join(docs, "emails"), b.String())
}

// index writes, or compares, the page that lists a folder's pictures, and finds pictures it does not list.
func index(t *testing.T, dir, want string) {
	t.Helper()
	file := filepath.Join(dir, "README.md")
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("%s does not list what there is: run with -update (%v)", file, err)
	}
	pictures, _ := filepath.Glob(filepath.Join(dir, "*.png")) // the pattern is a good one
	for _, p := range pictures {
		if !strings.Contains(want, "("+filepath.Base(p)+")") {
			t.Errorf("%s is a picture of nothing any more: remove it", p)
		}
	}
}

// emailFaults are what the browser says of the email it shows: what runs over the edge, what it loaded from
// elsewhere, a heading that skips a level, a page without a language.
const emailFaults = `(() => {
	const faults = [], d = document.documentElement;
	if (d.scrollWidth > d.clientWidth) faults.push((d.scrollWidth - d.clientWidth) + " px over the edge");
	for (const e of performance.getEntriesByType("resource")) faults.push("loads " + e.name);
	let level = 0;
	for (const h of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) {
		const l = +h.tagName[1];
		if (l > level + 1) faults.push("after h" + level + " comes h" + l + ": " + h.textContent);
		level = l;
	}
	if (document.querySelectorAll("h1").length != 1) faults.push("not one h1");
	if (!d.lang) faults.push("no language");
	return faults;
})()`

// contrast asks axe-core for text that is hard to read.
const contrast = `;axe.run({runOnly: ["color-contrast", "link-name", "image-alt", "list", "definition-list", "dlitem", "empty-heading"]})
	.then(r => r.violations.map(v => v.id + ": " + v.nodes[0].html))`

// TestEmailPictures: every email in a real browser, at phone width and at 600 px; the contrast of its blocks in
// light and in dark. With -update it takes the pictures.
func TestEmailPictures(t *testing.T) {
	script := axe(t)
	ctx := browser(t)
	for _, name := range goldens(t) {
		file, err := filepath.Abs(filepath.Join("..", "notice", "testdata", name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		at := (&url.URL{Scheme: "file", Path: file}).String()
		if err := chromedp.Do(ctx, colours("light"), chromedp.EmulateViewport(600, 100), chromedp.Navigate(at)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, width := range []int64{320, 600} {
			evaluate(ctx, t, fmt.Sprintf("%s at %d px", name, width), chromedp.EmulateViewport(width, 100), emailFaults)
		}
		if slices.Contains(emailsForAxe, name) {
			evaluate(ctx, t, name, colours("light"), script+contrast)
			evaluate(ctx, t, name+" in dark", colours("dark"), contrast[1:])
		}
		if *update {
			pictureEmail(ctx, t, name)
		}
	}
}

// evaluate does something, then has a script list faults.
func evaluate(ctx context.Context, t *testing.T, says string, first chromedp.Action[chromedp.Void], script string) {
	t.Helper()
	if err := chromedp.Do(ctx, first); err != nil {
		t.Fatalf("%s: %v", says, err)
	}
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise))
	if err != nil || len(faults) > 0 {
		t.Errorf("%s: %s (%v)", says, strings.Join(faults, "; "), err)
	}
}

func pictureEmail(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	take := func(width int64, scheme, file string) {
		if err := chromedp.Do(ctx, colours(scheme), chromedp.EmulateViewport(width, 100)); err != nil {
			t.Fatal(err)
		}
		picture(ctx, t, filepath.Join(docs, "emails", file))
	}
	take(600, "light", name+".png")
	if slices.Contains(emailsOnPhone, name) {
		take(360, "light", name+"-phone.png")
	}
	if slices.Contains(emailsInDark, name) {
		take(600, "dark", name+"-dark.png")
	}
}

// colours asks for light or dark ones.
func colours(scheme string) chromedp.Action[chromedp.Void] {
	return media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

func media(p emulation.SetEmulatedMediaParams) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (v chromedp.Void, err error) {
		_, err = cdp.Call(ctx, target, emulation.SetEmulatedMedia, p)
		return v, err
	}
}

// picture keeps the whole of what the browser shows, small.
func picture(ctx context.Context, t *testing.T, file string) {
	t.Helper()
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if shot, err = small(shot); err != nil {
		t.Fatal(err)
	}
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, shot) {
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, shot, 0o644); err != nil {
		t.Fatal(err)
	}
}
