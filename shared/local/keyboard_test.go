package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"accord/shared/aup"
	"accord/shared/local"
)

// walker uses a page with the keyboard alone: Tab and Shift+Tab, Space, Enter, and typing. After each key it
// looks at where the focus is.
type walker struct {
	t     *testing.T
	ctx   context.Context
	stack *local.Stack
}

// focused is the element that has the focus: how a person would find it, and what is wrong with how it shows.
type focused struct {
	ID, Tag, Name, Type, Text, Form string
	Faults                          []string
}

// atFocus describes the focused element. Its outline must be two pixels or more, in a colour that stands out
// from what lies around it, and inside the window; and no key may make the page wider than the window.
const atFocus = `(() => {
	const e = document.activeElement, d = document.documentElement, faults = [];
	if (d.scrollWidth > d.clientWidth) faults.push((d.scrollWidth - d.clientWidth) + " px over the edge");
	if (e && e !== document.body && e.tabIndex >= 0) {
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		if (s.outlineStyle == "none" || parseFloat(s.outlineWidth) < 2) faults.push("no outline: " + s.outline);
		let p = e.parentElement;
		while (p.parentElement && getComputedStyle(p).backgroundColor == "rgba(0, 0, 0, 0)") p = p.parentElement;
		if (s.outlineColor == getComputedStyle(p).backgroundColor) faults.push("an outline that cannot be seen");
		if (r.width < 5 || r.height < 5 || r.bottom < 1 || r.right < 1 || r.top > innerHeight - 1 || r.left > innerWidth - 1) faults.push("out of sight");
	}
	return {ID: e.id, Tag: e.tagName, Name: e.name || "", Type: e.type || "", Text: e.textContent.trim().slice(0, 60), Faults: faults,
		Form: e.form ? e.form.getAttribute("action") : ""};
})()`

// at looks at the focus, and reports what is wrong with how it shows.
func (w walker) at() focused {
	w.t.Helper()
	f, err := chromedp.Run(w.ctx, chromedp.Evaluate[focused](atFocus))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fault := range f.Faults {
		w.t.Errorf("%s %s%s %q: %s", f.Tag, f.ID, f.Name, f.Text, fault)
	}
	return f
}

// press sends keys to wherever the focus is.
func (w walker) press(keys string, with ...chromedp.KeyOption) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.KeyEvent(keys, with...)); err != nil {
		w.t.Fatalf("press %q: %v", keys, err)
	}
}

// to presses Tab until the focus is at what is looked for.
func (w walker) to(what string, is func(focused) bool) {
	w.t.Helper()
	var way []focused
	for range 90 {
		w.press(kb.Tab)
		f := w.at()
		if is(f) {
			return
		}
		way = append(way, f)
	}
	w.t.Fatalf("the Tab key does not lead to %s, but to %+v", what, way[:10])
}

// stops are where a key leads to, from wherever the focus is to where the page ends.
func (w walker) stops(with ...chromedp.KeyOption) (all []string) {
	w.t.Helper()
	for range 90 {
		w.press(kb.Tab, with...)
		f := w.at()
		if f.Tag == "BODY" || f.Tag == "HTML" {
			return all
		}
		all = append(all, f.Tag+" "+f.Form+" "+f.ID+" "+f.Text)
	}
	w.t.Fatalf("the focus is trapped: %q", all[80:])
	return nil
}

func id(id string) func(focused) bool { return func(f focused) bool { return f.ID == id } }

// button is the one of the form that leads to such an address.
func button(action string) func(focused) bool {
	return func(f focused) bool {
		return f.Tag == "BUTTON" && strings.Contains(f.Form, action)
	}
}

// fill goes to a field, as the next keys lead to it, and types.
func (w walker) fill(field, text string) {
	w.t.Helper()
	if w.at().ID != field {
		w.to(field, id(field))
	}
	w.press(text)
}

// send presses the button after the field, and waits for an answer that has such an element.
func (w walker) send(action, key, shows string) {
	w.t.Helper()
	w.to("the button of "+action, button(action))
	w.answered(key, shows)
}

// answered presses a key, and waits for the page that follows, which has such an element.
func (w walker) answered(key, shows string) {
	w.t.Helper()
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.documentElement.dataset.before = "yes"`)); err != nil {
		w.t.Fatal(err)
	}
	w.press(key)
	if err := chromedp.Do(w.ctx, chromedp.WaitVisible("html:not([data-before]) "+shows)); err != nil {
		w.t.Fatalf("no page with %s follows: %v", shows, err)
	}
	w.at()
}

// mend expects an answer that says what is wrong: in the title, in the first words of the content, which have
// the focus before them, and beside the field, to which the next Tab and Enter lead.
func (w walker) mend(field, says string) {
	w.t.Helper()
	looks := fmt.Sprintf(`(() => {
		const e = document.getElementById(%q), box = document.querySelector("[role=alert]"), own = e && document.getElementById("e_" + %[1]q.slice(2));
		const faults = [];
		if (!document.title.startsWith("That did not work yet")) faults.push("the title is " + document.title);
		if (!box || !box.textContent.includes(%[2]q)) faults.push("the box at the top says " + (box ? box.textContent : "nothing"));
		if (!own || !own.textContent.includes(%[2]q)) faults.push("beside the field stands " + (own ? own.textContent : "nothing"));
		if (e && !(e.getAttribute("aria-describedby") || "").split(" ").includes(own && own.id)) faults.push("the field is not described by it");
		if (e && e.getAttribute("aria-invalid") != "true") faults.push("the field is not marked");
		return faults;
	})()`, field, says)
	faults, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](looks))
	if err != nil || len(faults) > 0 {
		w.t.Errorf("after an error in %s: %s (%v)", field, strings.Join(faults, "; "), err)
	}
	w.press(kb.Tab)
	if f := w.at(); f.Tag != "A" || !strings.Contains(f.Text, says) {
		w.t.Errorf("the first stop after an error in %s is %s %q, want the words that lead to the field", field, f.Tag, f.Text)
	}
	w.press(kb.Enter)
	if f := w.at(); f.ID != field {
		w.t.Errorf("the words lead to %s %s, want %s", f.Tag, f.ID, field)
	}
}

const (
	worked = "[role=status]"
	failed = "[role=alert]"
)

// everyForm goes through all there is to do on the page, in each form first as somebody who forgets something.
func (w walker) everyForm(t *testing.T, page string) {
	if err := chromedp.Do(w.ctx, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	w.press(kb.Tab)
	if f := w.at(); !strings.Contains(f.Text, "Skip") {
		t.Errorf("the first stop is %q, want the link that skips to the content", f.Text)
	}
	w.press(kb.Enter)
	w.send("code", kb.Enter, worked)
	settle(t, w.stack)
	w.fill("f_code", "12 34")
	w.answered(kb.Enter, failed)
	w.mend("f_code", "This code does not open the page")
	w.press(mailed(w.stack, code))
	w.answered(kb.Enter, worked)
	s, err := w.stack.Ledger.Standing(t.Context(), "city-guide")
	if err != nil || len(s.Cases) != 1 {
		t.Fatalf("%d cases are open (%v), want one", len(s.Cases), err)
	}
	for _, f := range []struct{ field, action, text, key string }{
		{"f_text-" + string(s.Cases[0].ID), "answer", "The pages are gone.\nWe ask first from now on.", kb.Enter},
		{"f_ask-text", "answer", "May we show opening hours in our app? It is a new use.", " "},
	} {
		w.to(f.field, id(f.field))
		w.press("   ")
		w.send(f.action, f.key, failed)
		w.mend(f.field, "Please write something first.")
		w.press(f.text)
		w.send(f.action, f.key, worked)
	}
	w.fill("f_disagree-text", "Sixty days are too short.")
	w.send("disagree", " ", worked)

	w.fill("f_name", "   ")
	w.fill("f_role", "Head of product")
	w.to("the tick box", id("f_may-bind"))
	w.press(" ")
	w.send("accept", kb.Enter, failed)
	w.mend("f_name", "Give your name.")
	w.press("Sam Field")
	w.send("accept", kb.Enter, worked)
}

// TestEveryFormWithTheKeyboardAlone: the code, an answer to a case, a question, a disagreement, an acceptance,
// at the width of a desk and of a small telephone. Nobody uses a mouse, the focus can always be seen, and an error
// leads to its field.
func TestEveryFormWithTheKeyboardAlone(t *testing.T) {
	ctx := browser(t)
	for _, width := range []int64{1200, 320} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			clock := local.Story(time.Date(2027, 5, 24, 8, 0, 0, 0, time.UTC))
			stack, base := siteAt(t, clock)
			_, err := stack.Invoke(t.Context(), "manage-consumer", json.RawMessage(`{"request":"c1","actor":"jo","action":"open-case","consumer":"city-guide",
				"clause":"public-display","reason":"Places are shown on city-guide.example without permission."}`))
			if err != nil {
				t.Fatal(err)
			}
			settle(t, stack)
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 700)); err != nil {
				t.Fatal(err)
			}
			walker{t, ctx, stack}.everyForm(t, base+mailed(stack, pageLink))
			recorded(t, stack)
		})
	}
}

// TestTabLeadsThroughThePageAndBack: Tab stops at all there is to use, in the order of the page, and leaves it;
// Shift+Tab leads back the same way. Every stop can be seen, in light and in dark.
func TestTabLeadsThroughThePageAndBack(t *testing.T) {
	ctx := browser(t)
	stack, base := site(t)
	page := base + mailed(stack, pageLink)
	enter(ctx, t, stack, page)
	w := walker{t, ctx, stack}
	for scheme, width := range map[string]int64{"light": 1200, "dark": 320} {
		if err := chromedp.Do(ctx, colours(scheme), chromedp.EmulateViewport(width, 700), chromedp.Navigate(page)); err != nil {
			t.Fatal(err)
		}
		there := w.stops()
		back := w.stops(chromedp.KeyModifiers(chromedp.ModifierShift))
		slices.Reverse(back)
		if len(there) < 20 || !slices.Equal(there, back) {
			t.Errorf("in %s, Tab stops at %q, Shift+Tab at %q", scheme, there, back)
		}
		all, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, [tabindex='0'], summary").length`))
		if err != nil || all != len(there) {
			t.Errorf("in %s there are %d things to use, and Tab stops at %d (%v)", scheme, all, len(there), err)
		}
	}
}

// recorded checks that everything that was said and accepted is in the consumer's history.
func recorded(t *testing.T, stack *local.Stack) {
	t.Helper()
	s, err := stack.Ledger.Standing(t.Context(), "city-guide")
	if err != nil || s.Issued[0].Accepted.IsZero() {
		t.Errorf("the acceptance was not recorded: %+v (%v)", s.Issued, err)
	}
	events, err := stack.Ledger.Events(t.Context(), "city-guide")
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range events {
		n[e.Fact.Kind()]++
	}
	for _, k := range []string{aup.CaseReplied{}.Kind(), aup.Asked{}.Kind(), aup.Disagreed{}.Kind(), aup.Accepted{}.Kind()} {
		if n[k] != 1 {
			t.Errorf("%d events of kind %s, want one: %v", n[k], k, n)
		}
	}
}
