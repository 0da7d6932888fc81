package web

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// TestThePage: what somebody who may sign finds behind the link.
func TestThePage(t *testing.T) {
	body := newRecord(t).do("GET", "/p/"+token, nil).Body.String()
	for _, want := range []string{
		`<html lang="en">`, `<a class="skip" href="#s_main">`, `<main id="s_main"`, "<header", "<footer", `<nav aria-label="On this page">`,
		"Harbour Bikes", "Please answer by 17 June 2027, 09:30 UTC: Keep to a fair volume", "Please read version 2 and accept it.",
		"It applies from 5 June 2027, 09:30 UTC. Until then, version 1 applies. It has not been accepted yet.",
		"What changed since version 1", "<del>120</del>", "6,234 requests a day", `<label for="f_name">`, `<label for="f_may-bind">`,
		`role="img" aria-label="12,877 requests in 7 days, at most 6,234 in one day, of 2,000 requests a day agreed"`, `<th scope="row">Tue 1 Jun</th>`, "311.7 %",
		"We asked you about “Keep to a fair volume”, for an answer by 17 June 2027, 09:30 UTC.",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"ZgotmplZ", "%!", "would", "suspend</", "<no value>", "jo@harbour.example"} {
		if strings.Contains(body, not) {
			t.Errorf("the page holds %q", not)
		}
	}
	if first, second := strings.Index(body, "What changed since"), strings.Index(body, "The full text"); first > second {
		t.Error("what changed does not come first")
	}
}

// TestHeadingsAndLabels: headings go down by one level at a time, ids are unique, every field has a label.
func TestHeadingsAndLabels(t *testing.T) {
	for _, path := range []string{"/p/" + token, "/policies/places-api", "/nowhere"} {
		f := newRecord(t)
		for i, level := range []int{1, 2, 3, 2, 1} { // as in a document whose own headings start at the top
			f.standard.Policy.Clauses[i].Level = level
		}
		body := f.do("GET", path, nil).Body.String()
		last := byte('0')
		for _, m := range regexp.MustCompile(`<h([1-6])[ >]`).FindAllStringSubmatch(body, -1) {
			if m[1][0] > last+1 {
				t.Errorf("%s: a heading of level %s follows one of level %c", path, m[1], last)
			}
			last = m[1][0]
		}
		if n := strings.Count(body, "<h1"); n != 1 {
			t.Errorf("%s: %d headings of level 1", path, n)
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if ids[m[1]] {
				t.Errorf("%s: the id %s is there twice", path, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`(?:href="#|for="|labelledby="|describedby=")([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: nothing has the id %s", path, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`<(?:input|textarea) (?:type="checkbox" )?id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !strings.Contains(body, `for="`+m[1]+`"`) {
				t.Errorf("%s: the field %s has no label", path, m[1])
			}
		}
	}
}

// TestWhoSeesTheAcceptForm: only a contact with authority, while there is something to accept.
func TestWhoSeesTheAcceptForm(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(*Visit)
		form  bool
		words string
	}{
		{"somebody who may sign, explicit", func(*Visit) {}, true, "Please read version 2 and accept it."},
		{"somebody who may sign, by use", func(v *Visit) { v.Standing.Issued[1].Mode = aup.ByUse }, true, "You do not have to do this"},
		{"a technical contact", func(v *Visit) { v.Contact.Role = aup.Technical }, false, "Somebody who may sign needs to accept version 2: jo."},
		{"an out-of-hours contact, by use", func(v *Visit) { v.Contact.Role, v.Standing.Issued[1].Mode = aup.OutOfHours, aup.ByUse }, false, "Only a person who may sign for Harbour Bikes can accept this version: jo."},
		{"accepted already", func(v *Visit) { v.Standing.Issued[1].Accepted, v.Standing.Issued[1].How = at, aup.Explicit }, false, "It was accepted for you on 3 June 2027, 09:30 UTC."},
		{"applies by use", func(v *Visit) { v.Standing.Issued[1].Accepted, v.Standing.Issued[1].How = at, aup.ByUse }, false, "You have used the API under it since 3 June 2027"},
		{"a minor change", func(v *Visit) { v.Standing.Issued[1].ReAccept = false }, false, "nobody needs to accept them"},
		{"access has ended", func(v *Visit) { v.Standing.State = aup.HasEnded }, false, "Your access has ended."},
		{"suspended", func(v *Visit) { v.Standing.State = aup.IsSuspended }, true, "Your access is suspended. Answer us to get it back."},
		{"slowed", func(v *Visit) {
			v.Standing.State, v.Standing.Cases = aup.Contacted, []aup.CaseRef{{ID: "c-1", State: aup.CaseHeld, Slow: "slow"}}
		}, true, "Your access is slowed until a person here decides."},
		{"nothing issued yet", func(v *Visit) { v.Policy, v.Previous, v.Standing.Issued, v.Cases = aup.Tailored{}, nil, nil, nil }, false, "No policy has been issued to you yet."},
		{"our email came back", func(v *Visit) { v.Standing.Contacts[0].Undelivered = true }, true, "Our last email to you did not arrive."},
		{"nothing to do", func(v *Visit) { v.Cases, v.Standing.Issued[1].Accepted = nil, at }, false, "Nothing at the moment."},
	} {
		f := newRecord(t)
		c.set(&f.visit)
		w := f.do("GET", "/p/"+token, nil)
		if got := strings.Contains(w.Body.String(), `name="may-bind"`); w.Code != 200 || got != c.form || !strings.Contains(w.Body.String(), c.words) {
			t.Errorf("%s: status %d, form %v, %q there: %v", c.name, w.Code, got, c.words, strings.Contains(w.Body.String(), c.words))
		}
	}
}

// TestTailoredPage: what was agreed stands beside the text it changes.
func TestTailoredPage(t *testing.T) {
	f := newRecord(t)
	f.visit.Policy = aup.Tailor(f.standard, []aup.Agreement{{Number: 3, Policy: "places-api", From: at.Add(-time.Hour), Until: at.Add(time.Hour),
		Terms:       aup.Terms{PerDay: &aup.Limit{Limit: 20000}},
		Permissions: []aup.Permission{{Name: "cache", Reference: "PL-1", Issuer: "Places team", Expires: at.Add(time.Minute)}},
		Wording:     []aup.Wording{{Clause: "no-copying", Markdown: "You may read it **once a night**."}}}}, at)
	body := f.do("GET", "/p/"+token, nil).Body.String()
	for _, want := range []string{"Agreement 3 comes before the standard text", "cache: granted by Places team (PL-1) in agreement 3, until 3 June 2027",
		"At most 20,000 requests a day", "<strong>once a night</strong>", f.visit.Policy.Hash} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestPublicText: the standard text is the same thing in three forms, with no trace of any consumer.
func TestPublicText(t *testing.T) {
	f := newRecord(t)
	page := f.do("GET", "/policies/places-api", nil)
	if got := page.Header().Get("Content-Type"); got != "text/html; charset=utf-8" || !strings.Contains(page.Body.String(), "Keep to a fair volume") {
		t.Errorf("the page: %s", got)
	}
	if strings.Contains(page.Body.String(), "Harbour") || len(f.opened) > 0 {
		t.Error("the public page knows a consumer")
	}
	var data struct {
		Policy, SHA256, Document string
		Version                  int
		Clauses                  []aup.Clause
	}
	w := f.do("GET", "/policies/places-api.json", nil)
	if err := json.Unmarshal(w.Body.Bytes(), &data); err != nil {
		t.Fatal(err)
	}
	if data.Version != 2 || data.SHA256 != aup.Hash([]byte(data.Document)) || len(data.Clauses) != len(f.standard.Policy.Clauses) {
		t.Errorf("the data: version %d, hash %s, %d clauses", data.Version, data.SHA256, len(data.Clauses))
	}
}

// TestChart: bars stay in the picture whatever the figures are.
func TestChart(t *testing.T) {
	limit := func(n int64) aup.Terms { return aup.Terms{PerDay: &aup.Limit{Limit: n}} }
	of := func(n int64) []usage.Day {
		return []usage.Day{{Date: aup.Date(at), Windows: map[int64]usage.Counts{0: {Requests: n}}, Gateway: map[string]usage.Reading{"plan": {Used: 7}}}}
	}
	for _, c := range []struct {
		name  string
		days  []usage.Day
		terms aup.Terms
		today string // its requests
		over  bool
	}{
		{"nothing known", nil, aup.Terms{}, "0", false},
		{"no limit", of(500), aup.Terms{}, "500", false},
		{"at the limit", of(2000), limit(2000), "2,000", false},
		{"one above", of(2001), limit(2000), "2,001", true},
		{"the gateway counted more", of(3), limit(2000), "7", false},
		{"a tiny limit", of(1_000_000_000_000), limit(1), "1,000,000,000,000", true},
		{"a huge limit", of(1), limit(1 << 60), "7", false},
		{"a day of another year", []usage.Day{{Date: "1999-01-01", Windows: map[int64]usage.Counts{0: {Requests: 9}}}}, limit(5), "0", false},
	} {
		chart := chartOf(c.days, c.terms, at)
		today := chart.Bars[len(chart.Bars)-1]
		if len(chart.Bars) != 7 || today.Requests != c.today || today.Over != c.over {
			t.Errorf("%s: %d bars, today %s, over %v", c.name, len(chart.Bars), today.Requests, today.Over)
		}
		for _, b := range chart.Bars {
			if b.Y < 20 || b.H < 0 || b.Y+b.H != chart.Base || b.Above < 10 || len(b.Value) > 6 {
				t.Errorf("%s: a bar leaves the picture: %+v", c.name, b)
			}
		}
	}
}

// TestHistoryIsBounded: a long history shows its latest entries, and says how many it leaves out.
func TestHistoryIsBounded(t *testing.T) {
	f := newRecord(t)
	f.visit.History = nil
	for range 250 {
		f.visit.History = append(f.visit.History, aup.Event{At: at, Fact: aup.Asked{}})
	}
	body := f.do("GET", "/p/"+token, nil).Body.String()
	if n := strings.Count(body, "You asked us a question."); n != shownEvents || !strings.Contains(body, "150 earlier entries are not shown") {
		t.Errorf("%d entries are shown", n)
	}
}

// TestFormsLeadBack: the forms' addresses hold on the page itself and where it is shown again after a
// problem, under any stage of the REST API.
func TestFormsLeadBack(t *testing.T) {
	f := newRecord(t)
	for _, c := range []struct{ method, path string }{{"GET", "/p/" + token}, {"POST", "/p/" + token + "/accept"}, {"POST", "/p/" + token + "/answer"}} {
		w := f.do(c.method, c.path, nil)
		at, err := url.Parse("https://api.example.org/prod" + c.path)
		if err != nil {
			t.Fatal(err)
		}
		forms := regexp.MustCompile(`action="([^"]*)"`).FindAllStringSubmatch(w.Body.String(), -1)
		if len(forms) != 4 {
			t.Fatalf("%s %s: %d forms", c.method, c.path, len(forms))
		}
		for _, m := range forms {
			to, err := at.Parse(m[1])
			if err != nil || !strings.HasPrefix(to.String(), "https://api.example.org/prod/p/"+token+"/") {
				t.Errorf("%s %s: a form leads to %s", c.method, c.path, to)
			}
		}
	}
}
