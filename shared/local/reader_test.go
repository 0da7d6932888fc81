package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// heard is one thing that a screen reader meets on a page.
type heard struct{ Role, Name, Description string }

// tree is what the browser tells a screen reader of the page it shows, in order.
func tree(ctx context.Context, t *testing.T) (all []heard) {
	t.Helper()
	_, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (v chromedp.Void, err error) {
		r, err := cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			return v, err
		}
		for _, n := range r.Nodes {
			if h := (heard{said(n.Role), said(n.Name), said(n.Description)}); !n.Ignored && h.Role != "" {
				if h.Role == "heading" {
					for _, p := range n.Properties {
						if p.Name == "level" {
							h.Role += said(p.Value)
						}
					}
				}
				all = append(all, h)
			}
		}
		return v, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// said is a value as words.
func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s any
	if json.Unmarshal(v.Value, &s) != nil || s == nil {
		return ""
	}
	return fmt.Sprint(s)
}

// once are the roles that a page has one time each; named are those that say nothing without a name.
var (
	once  = []string{"heading1", "main", "banner", "contentinfo"}
	named = []string{"textbox", "checkbox", "button", "link", "navigation", "image", "region", "article", "alert"}
)

// hear checks what every page owes to who listens to it.
func hear(t *testing.T, says string, all []heard) map[string]int {
	t.Helper()
	n, level := map[string]int{}, 0
	for _, h := range all {
		n[h.Role]++
		var l int
		if k, _ := fmt.Sscanf(h.Role, "heading%d", &l); k == 1 {
			if l > level+1 {
				t.Errorf("%s: after a heading of level %d comes %q of level %d", says, level, h.Name, l)
			}
			level = l
		}
		for _, role := range named {
			if h.Role == role && strings.TrimSpace(h.Name) == "" {
				t.Errorf("%s: a %s has no name", says, role)
			}
		}
	}
	for _, role := range once {
		if n[role] != 1 {
			t.Errorf("%s: %d of %s, want one", says, n[role], role)
		}
	}
	return n
}

// TestPagesForWhoListens: what the browser tells a screen reader has one main heading, landmarks, a name for
// everything to use, the chart as a sentence with a table that has heads, and, after an error, an alert that
// says what is wrong and a field that repeats it.
func TestPagesForWhoListens(t *testing.T) {
	ctx := browser(t)
	stack, base := site(t)
	page := base + mailed(stack, pageLink)
	for says, url := range map[string]string{"the standard text": base + "/policies/places-api", "behind the link": page, "a bad link": base + "/p/" + strings.Repeat("A", 43)} {
		if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
			t.Fatal(err)
		}
		hear(t, says, tree(ctx, t))
	}
	enter(ctx, t, stack, page)
	all := tree(ctx, t)
	n := hear(t, "the opened page", all)
	if n["image"] != 1 || n["table"] < 1 || n["columnheader"] < 3 || n["rowheader"] < 7 || n["navigation"] != 1 || n["textbox"] < 4 || n["checkbox"] != 1 || n["status"] != 1 {
		t.Errorf("the opened page has %v", n)
	}
	for _, h := range all {
		if h.Role == "image" && !strings.Contains(h.Name, "7 days") {
			t.Errorf("the chart is called %q", h.Name)
		}
	}

	w := walker{t, ctx, stack}
	w.fill("f_ask-text", "  ")
	w.send("answer", kb.Enter, failed)
	all = tree(ctx, t)
	if n := hear(t, "after an error", all); n["alert"] != 1 {
		t.Errorf("after an error there are %d alerts", n["alert"])
	}
	const wrong = "Please write something first."
	var link, field bool
	for _, h := range all {
		link = link || h.Role == "link" && h.Name == wrong
		field = field || h.Role == "textbox" && strings.Contains(h.Description, wrong)
	}
	if !link || !field {
		t.Errorf("what is wrong is a link: %v; is said with its field: %v", link, field)
	}
}
