package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/events/policies"
	"accord/shared/aup"
	"accord/shared/notice"
	"accord/shared/policydoc"
	"accord/shared/usage"
)

// The fixed moment, and a link's secret.
var at = time.Date(2027, 6, 3, 9, 30, 0, 0, time.UTC)

const token = "4Zr0dUuQmC2sYtq1nB7wXh9kLpVeAoGiJfRcTyN5xM8"

// session is the secret of the one that the right code opens.
const session, rightCode = "s9kLpVeAoGiJfRcTyN5xM84Zr0dUuQmC2sYtq1nB7wX", "042917"

var provider = notice.Provider{Name: "Places team", From: "places@example.org", ReplyTo: "help@example.org", Phone: "+44 20 7946 0000",
	BaseURL: "https://aup.example.org", Admins: "admins@example.org"}

// record is a Record of one consumer that behaves as the ledger's does, and counts what changes it.
type record struct {
	visit     Visit
	standard  aup.Version
	fail      error // of every call
	accepted  []Acceptance
	answers   map[aup.CaseID][]string
	opened    []string
	codes     int // asked for
	disagreed []string
	tries     []string
}

var _ Record = (*record)(nil)

func (f *record) Published(_ context.Context, id aup.PolicyID) (aup.Version, error) {
	if f.fail == nil && id != f.standard.Policy.ID {
		return aup.Version{}, ErrNotFound
	}
	return f.standard, f.fail
}

func (f *record) Open(_ context.Context, p Pass) (Visit, error) {
	f.opened = append(f.opened, p.Link)
	if f.fail == nil && p.Link != token {
		return Visit{}, ErrNotFound
	}
	v := f.visit
	v.Entered = p.Session == session
	return v, f.fail
}

func (f *record) AskCode(context.Context, string) error {
	if f.codes++; f.codes > 5 {
		return ErrTooMany
	}
	return f.fail
}

func (f *record) Enter(_ context.Context, _, code string) (string, error) {
	if f.tries = append(f.tries, code); code != rightCode {
		return "", ErrWrongCode
	}
	return session, f.fail
}

func (f *record) Accept(_ context.Context, _ Pass, a Acceptance) (aup.Event, error) {
	if f.fail != nil {
		return aup.Event{}, f.fail
	}
	if i := f.visit.Standing.Issue(a.Version); i.Accepted.IsZero() {
		i.Accepted, i.How = a.At, aup.Explicit
		f.accepted = append(f.accepted, a)
	}
	return aup.Event{Fact: aup.Accepted{Version: a.Version}}, nil
}

func (f *record) Answer(_ context.Context, _ Pass, id aup.CaseID, text string) error {
	if f.fail != nil {
		return f.fail
	}
	if f.answers == nil {
		f.answers = map[aup.CaseID][]string{}
	}
	f.answers[id] = append(f.answers[id], text)
	var fact aup.Fact = aup.Asked{}
	if id != "" {
		fact = aup.CaseReplied{Case: id}
	}
	f.visit.History = append(f.visit.History, aup.Event{At: at, Fact: fact})
	return nil
}

func (f *record) Disagree(_ context.Context, _ Pass, version int, text string) error {
	if f.fail == nil {
		f.disagreed = append(f.disagreed, text)
		f.visit.History = append(f.visit.History, aup.Event{At: at, Fact: aup.Disagreed{Version: version, Contact: "jo"}})
	}
	return f.fail
}

// changes counts what a Record was asked to change.
func (f *record) changes() int {
	return len(f.accepted) + len(f.answers) + f.codes + len(f.tries) + len(f.disagreed)
}

// newRecord is Harbour Bikes: told of version 2, with a matter open about its volume, seen by Jo, who may sign.
func newRecord(t testing.TB) *record {
	t.Helper()
	v1, v2 := version(t, "places-api.md", 1), version(t, "places-api-v2.md", 2)
	deadline := at.Add(14 * 24 * time.Hour)
	seen := aup.Assessment{Level: aup.NonUrgent, Findings: []aup.Finding{{Detector: "volume", Clause: "fair-volume", Term: aup.TermPerDay,
		Measured: 6234, Allowed: 2000, Unit: "requests a day", From: at.Add(-9 * time.Hour), Until: at,
		Reason: "6,234 requests on 1 June 2027 (UTC) over 2 keys: 312 % of the 2,000 a day that places-api version 2 allows."}}}
	return &record{standard: v2, visit: Visit{
		Consumer: aup.Consumer{ID: "harbour-bikes", Name: "Harbour Bikes", Policy: "places-api"},
		Contact:  aup.Contact{ID: "jo", Name: "Jo Marsh", Email: "jo@harbour.example", Role: aup.Authority},
		Standing: aup.Standing{Consumer: "harbour-bikes", State: aup.Contacted, Policy: "places-api",
			Contacts: []aup.ContactState{{ID: "jo", Role: aup.Authority}, {ID: "sam", Role: aup.Technical}},
			Issued: []aup.Issue{{Version: 1, Applies: v1.Applies, Mode: aup.ByUse, ReAccept: true, Accepted: v1.Applies, How: aup.ByUse},
				{Version: 2, Hash: v2.Hash, Applies: at.Add(48 * time.Hour), Mode: aup.Explicit, ReAccept: true}}},
		Policy:   aup.Tailor(v2, nil, at),
		Terms:    v2.Policy.Terms,
		Previous: &v1,
		Cases:    []aup.Case{{ID: "fair-volume-7", Clause: "fair-volume", State: aup.CaseOpen, Opened: at, Deadline: deadline, Assessment: seen}},
		Usage:    days(),
		History: []aup.Event{
			{Seq: 1, At: at.Add(-140 * 24 * time.Hour), Fact: aup.Registered{}},
			{Seq: 2, At: at.Add(-139 * 24 * time.Hour), Fact: aup.PolicyIssued{Version: 1, Applies: v1.Applies}},
			{Seq: 3, At: at.Add(-139 * 24 * time.Hour), Fact: aup.NoticeDelivered{About: aup.Welcome, Contact: "jo"}},
			{Seq: 4, At: at.Add(-138 * 24 * time.Hour), Fact: aup.Accepted{Version: 1, How: aup.ByUse, At: v1.Applies}},
			{Seq: 5, At: at.Add(-time.Hour), Fact: aup.CaseOpened{Case: "fair-volume-7", Clause: "fair-volume", Deadline: deadline}},
			{Seq: 6, At: at, Fact: aup.Observed{Would: "suspend"}},
		},
		Expires: at.Add(90 * 24 * time.Hour),
	}}
}

// days are the last week's usage, but for one day that is missing.
func days() []usage.Day {
	var all []usage.Day
	for i, n := range []int64{1480, 1612, 900, 0, 6234, 2011, 640} {
		if n == 0 {
			continue
		}
		date := at.AddDate(0, 0, i-6)
		var d usage.Day
		d.Date = aup.Date(date)
		d.Windows = map[int64]usage.Counts{date.Truncate(usage.Window).Unix(): {Requests: n}}
		d.Merged.Minutes = map[int64]int64{date.Unix() / 60: n / 40}
		all = append(all, d)
	}
	return all
}

func version(t testing.TB, file string, number int) aup.Version {
	t.Helper()
	doc := policies.Read(file)
	p, problems := policydoc.Parse(file, []byte(doc), "")
	if err := policydoc.Refused(problems); err != nil {
		t.Fatal(err)
	}
	return aup.Version{Policy: p, Number: number, Hash: aup.Hash([]byte(doc)), Document: []byte(doc),
		Published: p.Effective.Add(-14 * 24 * time.Hour), Applies: p.Effective}
}

// do asks the record's pages.
func (f *record) do(method, target string, fields url.Values) *httptest.ResponseRecorder {
	return send(New(f, provider, func() time.Time { return at }), method, target, fields)
}

// send asks with the cookie of the session.
func send(pages http.Handler, method, target string, fields url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Browser/1")
	r.Header.Set("Cookie", cookie+"="+session)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)
	return w
}

// form is a complete acceptance of what the page shows now.
func (f *record) form(t testing.TB) url.Values {
	t.Helper()
	_, hash, err := shown(f.visit)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"name": {"Jo Marsh"}, "role": {"Head of mobility"}, "may-bind": {"yes"}, "version": {"2"}, "page": {hash}}
}
