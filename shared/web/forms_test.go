package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
	"accord/shared/hostiletest"
)

// TestAccept: each way in which an acceptance is taken or refused. What is refused is not recorded.
func TestAccept(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  func(*record, url.Values)
		status int
		says   string
	}{
		{"complete", func(*record, url.Values) {}, 303, ""},
		{"without a name", func(_ *record, v url.Values) { v.Set("name", " \u200b ") }, 422, "Give your name."},
		{"without a role", func(_ *record, v url.Values) { v.Del("role") }, 422, "Say what you do in your organisation."},
		{"without the tick", func(_ *record, v url.Values) { v.Del("may-bind") }, 422, "Tick that you may accept for your organisation."},
		{"a tick of another kind", func(_ *record, v url.Values) { v.Set("may-bind", "no") }, 422, "Tick that you may accept"},
		{"a name of ten kilobytes", func(_ *record, v url.Values) { v.Set("name", strings.Repeat("é", 5000)) }, 422, "Use at most 200 characters"},
		{"an older version", func(_ *record, v url.Values) { v.Set("version", "1") }, 409, "The policy has changed since you opened this page."},
		{"a version that is no number", func(_ *record, v url.Values) { v.Set("version", "2; drop") }, 409, "The policy has changed"},
		{"no version", func(_ *record, v url.Values) { v.Del("version") }, 409, "The policy has changed"},
		{"another text than the one there is", func(_ *record, v url.Values) { v.Set("page", aup.Hash(nil)) }, 409, "The policy has changed"},
		{"a newer version meanwhile", func(f *record, _ url.Values) { f.visit.Policy.Version.Number = 3 }, 409, "Below is version 3 as it is now"},
		{"an agreement meanwhile", func(f *record, _ url.Values) {
			f.visit.Policy = aup.Tailor(f.standard, []aup.Agreement{{Number: 1, Policy: "places-api", From: at, Until: at.AddDate(1, 0, 0)}}, at)
		}, 409, "The policy has changed"},
		{"a contact who may not sign", func(f *record, _ url.Values) { f.visit.Contact.Role = aup.Technical }, 403, "Nothing was recorded."},
		{"a body of more than 64 KB", func(_ *record, v url.Values) { v.Set("more", strings.Repeat("a", 65<<10)) }, 413, "That was too long"},
	} {
		f := newRecord(t)
		fields := f.form(t)
		c.spoil(f, fields)
		w := f.do("POST", "/p/"+token+"/accept", fields)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, want %d and %q", c.name, w.Code, c.status, c.says)
		}
		if recorded := len(f.accepted) == 1; recorded != (c.status == 303) {
			t.Errorf("%s: recorded %v", c.name, recorded)
		}
		checkHeaders(t, w)
	}
}

// refusing is a record that opens its page but refuses to change anything.
type refusing struct {
	*record
	with error
}

func (r refusing) Accept(context.Context, Pass, Acceptance) (aup.Event, error) {
	return aup.Event{}, r.with
}

func (r refusing) Answer(context.Context, Pass, aup.CaseID, string) error { return r.with }

// TestRefusedByTheRecord: what changes between reading and writing is refused by the record, and said.
func TestRefusedByTheRecord(t *testing.T) {
	for _, c := range []struct {
		err            error
		accept, answer int
	}{{ErrSuperseded, 409, 500}, {ErrNoAuthority, 403, 500}, {ErrNotFound, 404, 404}, {ErrGone, 410, 410}, {errors.New("x"), 500, 500}} {
		f := newRecord(t)
		fields := f.form(t)
		fields.Set("text", "words")
		pages := New(refusing{f, c.err}, provider, func() time.Time { return at })
		for path, want := range map[string]int{"/accept": c.accept, "/answer": c.answer} {
			if w := send(pages, "POST", "/p/"+token+path, fields); w.Code != want {
				t.Errorf("%v at %s: %d, want %d", c.err, path, w.Code, want)
			}
		}
	}
}

// TestAcceptanceIsWhatWasStated: what is handed to the record, once, however often it is sent.
func TestAcceptanceIsWhatWasStated(t *testing.T) {
	f := newRecord(t)
	fields := f.form(t)
	fields.Set("name", "  Jo\r\nMarsh\u202e ")
	w := f.do("POST", "/p/"+token+"/accept", fields)
	want := []Acceptance{{Version: 2, Name: "Jo Marsh", Role: "Head of mobility", MayBind: true, PageHash: fields.Get("page"), At: at, Address: "192.0.2.1", Agent: "Browser/1"}}
	if d := cmp.Diff(want, f.accepted); d != "" {
		t.Errorf("recorded (-want +got):\n%s", d)
	}
	if to := w.Header().Get("Location"); to != "../"+token+"?done=accepted#s_main" {
		t.Errorf("leads to %s", to)
	}
	if f.do("POST", "/p/"+token+"/accept", fields); len(f.accepted) != 1 {
		t.Errorf("sent twice, recorded %d times", len(f.accepted))
	}
	if body := f.do("GET", "/p/"+token+"?done=accepted", nil).Body.String(); !strings.Contains(body, "Thank you. Version 2 is accepted.") || strings.Contains(body, `name="may-bind"`) {
		t.Error("the page does not say that it is accepted")
	}
}

// TestAnswer: each way in which an answer is taken or refused.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		fields url.Values
		status int
		says   string
		want   map[aup.CaseID][]string
	}{
		{"an answer", url.Values{"case": {"fair-volume-7"}, "text": {" It was a test.\r\n\r\nIt is off now. "}}, 303, "", map[aup.CaseID][]string{"fair-volume-7": {"It was a test.\n\nIt is off now."}}},
		{"a question", url.Values{"text": {"May we?"}}, 303, "", map[aup.CaseID][]string{"": {"May we?"}}},
		{"nothing", url.Values{"text": {" \r\n "}}, 422, "Please write something first.", nil},
		{"no field at all", nil, 422, "Please write something first.", nil},
		{"too much", url.Values{"text": {strings.Repeat("é", 10_001)}}, 422, "Please write at most 10,000 characters.", nil},
		{"just enough", url.Values{"text": {strings.Repeat("e", 10_000)}}, 303, "", map[aup.CaseID][]string{"": {strings.Repeat("e", 10_000)}}},
		{"another consumer's case", url.Values{"case": {"other-1"}, "text": {"x"}}, 404, "This matter is closed.", nil},
		{"far too much", url.Values{"text": {strings.Repeat("a", 70<<10)}}, 413, "That was too long", nil},
		{"bytes that are no text", url.Values{"text": {"a\xffb"}}, 303, "", map[aup.CaseID][]string{"": {"a\uFFFDb"}}},
	} {
		f := newRecord(t)
		f.visit.Contact.Role = aup.Technical // every contact may answer
		w := f.do("POST", "/p/"+token+"/answer", c.fields)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, want %d and %q", c.name, w.Code, c.status, c.says)
		}
		if d := cmp.Diff(c.want, f.answers); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// TestDisagree: what opens a case about the version that was shown, and what does not.
func TestDisagree(t *testing.T) {
	for _, c := range []struct {
		name   string
		fields url.Values
		status int
		want   []string
	}{
		{"with words", url.Values{"version": {"2"}, "text": {"120 a minute is too few."}}, 303, []string{"120 a minute is too few."}},
		{"without", url.Values{"version": {"2"}}, 303, []string{"We do not agree with version 2."}},
		{"of an older version", url.Values{"version": {"1"}}, 409, nil},
		{"of none", url.Values{}, 409, nil},
		{"with too many words", url.Values{"version": {"2"}, "text": {strings.Repeat("a", 10_001)}}, 422, nil},
	} {
		f := newRecord(t)
		f.visit.Contact.Role = aup.Technical // every contact may say so
		w := f.do("POST", "/p/"+token+"/disagree", c.fields)
		if d := cmp.Diff(c.want, f.disagreed); w.Code != c.status || d != "" {
			t.Errorf("%s: %d (-want +got):\n%s", c.name, w.Code, d)
		}
		if done := f.do("GET", "/p/"+token+"?done=disagreed", nil).Body.String(); strings.Contains(done, "Thank you for telling us") != (c.want != nil) {
			t.Errorf("%s: the page says otherwise", c.name)
		}
	}
}

// TestWhatWasTypedIsNotLost: beside a problem stands what was typed, and the field is marked.
func TestWhatWasTypedIsNotLost(t *testing.T) {
	f := newRecord(t)
	fields := f.form(t)
	fields.Del("may-bind")
	body := f.do("POST", "/p/"+token+"/accept", fields).Body.String()
	for _, want := range []string{`role="alert"`, `href="#f_may-bind"`, `value="Head of mobility"`, `value="yes" required aria-invalid="true"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	body = f.do("POST", "/p/"+token+"/answer", url.Values{"case": {"gone-1"}, "text": {"My <long> answer"}}).Body.String()
	if !strings.Contains(body, "My &lt;long&gt; answer</textarea>") {
		t.Error("the answer is lost")
	}
}

// TestTheAddressProvesNothing: a page that says something was done says so only where it was.
func TestTheAddressProvesNothing(t *testing.T) {
	f := newRecord(t)
	for _, done := range []string{"accepted", "answered", "asked", "<script>", ""} {
		if body := f.do("GET", "/p/"+token+"?done="+url.QueryEscape(done), nil).Body.String(); strings.Contains(body, "Thank you") || strings.Contains(body, "<script>") {
			t.Errorf("done=%s is believed", done)
		}
	}
}

// TestNothingFromOutsideBecomesATag: names, clauses, answers and reasons stay text wherever the page shows them.
func TestNothingFromOutsideBecomesATag(t *testing.T) {
	plain := newRecord(t).do("GET", "/p/"+token, nil).Body.String()
	for _, payload := range append(hostiletest.Texts(), []string{"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, `</textarea></main><iframe src=//x.example>`, "</style><style>*{}",
		"[x](javascript:alert(1))", "{{.Provider}}", "<svg/onload=alert(1)>", "x\u202egnp.exe\u2066", "شركة", strings.Repeat("ä", 5000)}...) {
		f := newRecord(t)
		v := &f.visit
		v.Consumer.Name, v.Contact.Name = payload, payload
		v.Policy.Version.Policy.Title, v.Policy.Version.Policy.Changes, v.Policy.Version.Policy.Summary = payload, payload, payload
		words := payload
		if strings.Contains(words, "![") {
			words = "" // the provider's own text may have a picture
		}
		v.Policy.Clauses = []aup.Clause{{ID: "fair-volume", Heading: payload, Level: 2, Markdown: words}}
		v.Policy.Version.Policy.Clauses = v.Policy.Clauses
		v.Cases[0].Answers = []aup.Answer{{At: at, Text: payload}}
		v.Cases[0].Assessment.Findings[0].Reason, v.Cases[0].Assessment.Findings[0].Unit = payload, payload
		v.History = append(v.History, aup.Event{At: at, Fact: aup.CaseEnded{Reason: payload}}, aup.Event{At: at, Fact: aup.AgreementMade{Reason: payload}},
			aup.Event{At: at, Fact: aup.AgreementEnding{Instead: at, Reason: payload}}, aup.Event{At: at, Fact: aup.AgreementEnded{Instead: at, Reason: payload}},
			aup.Event{At: at, Fact: aup.FindingCovered{Finding: aup.Finding{Reason: payload}}})
		for _, w := range []string{f.do("GET", "/p/"+token, nil).Body.String(),
			f.do("POST", "/p/"+token+"/answer", url.Values{"case": {"x"}, "text": {payload}}).Body.String(),
			f.do("POST", "/p/"+token+"/accept", url.Values{"name": {payload}, "role": {payload}, "version": {payload}}).Body.String()} {
			for _, tag := range []string{"<script", "<img", "<iframe", "<svg/", "<svg o", "onerror=", `="javascript:`, "<style", "</textarea>", "</main>", "\u202e", "\u2066"} {
				if was, is := strings.Count(plain, tag), strings.Count(strings.NewReplacer("x onerror=", "").Replace(w), tag); is > was {
					t.Errorf("%.30q made %s appear", payload, tag)
				}
			}
		}
	}
}
