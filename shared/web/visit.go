package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/notice"
)

// visitPage is the page of a link.
type visitPage struct {
	frame
	Base     string // of the forms' addresses, relative to the page's, which holds under any stage of the REST API
	Org      string
	Contact  string
	Said     string // what was just done
	Entered  bool   // a code was entered: the forms and the record are shown
	Problems []problem
	Form     form // what was typed, shown again beside a problem
	Todo     []todo
	Issue    aup.Issue
	Status   string // of the issue, in a sentence
	Issued   bool
	Document template.HTML
	PageHash string
	Accept   bool // the form is shown
	Early    bool // accepting is not needed, but possible
	Signers  string
	Disagree bool // the form is shown
	Cases    []caseView
	Usage    *chart
	History  []entry
	Earlier  int // entries that are not shown
}

// problem is what is wrong with a form, and the field it is about.
type problem struct{ Field, Text string }

// bad is the problem of a field; nil: it has none.
func (p visitPage) bad(field string) *problem {
	i := slices.IndexFunc(p.Problems, func(b problem) bool { return b.Field == field })
	if i < 0 {
		return nil
	}
	return &p.Problems[i]
}

// form is what was typed into one of the forms.
type form struct {
	Case             aup.CaseID
	Name, Role, Text string
	MayBind          bool
}

// todo is something to do, and where on the page.
type todo struct{ Text, Href string }

// visit shows the page. A GET changes nothing.
func (s *site) visit(w http.ResponseWriter, r *http.Request, v Visit) {
	s.show(w, r, v, http.StatusOK, form{})
}

func (s *site) show(w http.ResponseWriter, r *http.Request, v Visit, status int, f form, problems ...problem) {
	if !v.Entered {
		v.Cases, v.Usage, v.History = nil, nil, nil
	}
	p := visitPage{frame: s.frame("Your policy"), Org: notice.Short(v.Consumer.Name, 120),
		Contact: notice.Short(v.Contact.Name, 120), Problems: problems, Form: f, Entered: v.Entered,
		Usage: chartOf(v.Usage, v.Terms, s.now())}
	if r.Method != http.MethodPost { // a POST's own address lies one level deeper
		p.Base = r.PathValue("token") + "/"
	}
	if p.Org == "" {
		p.Org = string(v.Consumer.ID)
	}
	if p.Amiss = len(problems) > 0; !p.Amiss {
		p.Said = said(r.URL.Query().Get("done"), v)
	}
	p.Cases = casesOf(v)
	p.History, p.Earlier = historyOf(v.History, v.Policy)
	if err := p.policy(v, s.now()); err != nil {
		s.fail(w, r, "GET /p/{token}", err)
		return
	}
	if p.Todo = p.todos(v); !v.Entered {
		p.lock()
	}
	s.write(w, status, "visit", p)
}

// lock leads everything there is to do by way of a code.
func (p *visitPage) lock() {
	for i := range p.Todo {
		if p.Todo[i].Href != "" {
			p.Todo[i].Href = "#s_code"
		}
	}
}

// policy fills in what binds the consumer, and whether this contact can accept it.
func (p *visitPage) policy(v Visit, now time.Time) (err error) {
	issue := v.Standing.Issue(v.Policy.Version.Number)
	if issue == nil {
		return nil
	}
	p.Issued, p.Issue, p.Status = true, *issue, status(v, *issue, now)
	p.Title = notice.Short(v.Policy.Version.Policy.Title, 120)
	if p.Document, p.PageHash, err = shown(v); err != nil {
		return err
	}
	open := issue.Accepted.IsZero() && issue.ReAccept && v.Standing.State != aup.HasEnded
	p.Accept = open && v.Contact.Role == aup.Authority
	p.Disagree = issue.How != aup.Explicit && v.Standing.State != aup.HasEnded && v.Standing.CaseByID(aup.DisagreeCase(issue.Version)) == nil
	p.Early = open && issue.Mode != aup.Explicit
	if open && !p.Accept {
		p.Signers = signers(v.Standing)
	}
	return nil
}

// signers names the contacts who may accept.
func signers(s aup.Standing) string {
	var ids []string
	for _, c := range s.Contacts {
		if c.Role == aup.Authority {
			ids = append(ids, string(c.ID))
		}
	}
	return strings.Join(ids, ", ")
}

// status says where the consumer stands with the latest version.
func status(v Visit, i aup.Issue, now time.Time) string {
	bound := "It has applied since " + notice.Moment(i.Applies) + "."
	if now.Before(i.Applies) {
		bound = "It applies from " + notice.Moment(i.Applies) + "."
		if old, ok := v.Standing.InForce(now); ok {
			bound += fmt.Sprintf(" Until then, version %d applies.", old.Version)
		}
	}
	switch {
	case !i.Accepted.IsZero() && i.How == aup.Explicit:
		return bound + " It was accepted for you on " + notice.Moment(i.Accepted) + "."
	case !i.Accepted.IsZero():
		return bound + " You have used the API under it since " + notice.Moment(i.Accepted) + "."
	case !i.ReAccept:
		return bound + " The changes are small: nobody needs to accept them."
	case i.Mode == aup.Explicit:
		return bound + " It has not been accepted yet."
	}
	return bound + " By using the API you agree to it."
}

// todos lists what the consumer needs to do, the most urgent first.
func (p *visitPage) todos(v Visit) []todo {
	var all []todo
	switch v.Standing.State {
	case aup.Contacted:
		if v.Standing.SlowPlan() != "" {
			all = append(all, todo{"Your access is slowed until a person here decides. Stop what caused it and answer us.", "#s_cases"})
		}
	case aup.IsSuspended:
		all = append(all, todo{"Your access is suspended. Answer us to get it back.", "#s_cases"})
	case aup.HasEnded:
		all = append(all, todo{"Your access has ended. If this is a mistake, tell us.", "#s_ask"})
	}
	for _, c := range p.Cases {
		if c.By != "" {
			all = append(all, todo{"Please answer by " + c.By + ": " + c.Heading, "#" + c.Anchor})
		}
	}
	if !p.Entered && len(v.Standing.Cases) > 0 {
		all = append(all, todo{"We have written to you about your use. Get a code to read it here and to answer.", "#s_code"})
	}
	if c := v.Standing.Contact(v.Contact.ID); c != nil && c.Undelivered {
		all = append(all, todo{"Our last email to you did not arrive. Tell us which address to use.", "#s_ask"})
	}
	if p.Accept && !p.Early {
		all = append(all, todo{fmt.Sprintf("Please read version %d and accept it.", p.Issue.Version), "#s_accept"})
	}
	if p.Signers != "" && !p.Early {
		all = append(all, todo{fmt.Sprintf("Somebody who may sign needs to accept version %d: %s.", p.Issue.Version, p.Signers), ""})
	}
	return all
}

// caseView is a matter that is open, as the page shows it.
type caseView struct {
	ID      aup.CaseID
	Anchor  string // an id on the page; the underscore keeps it apart from the clauses' own
	Heading string
	State   string
	By      string // when an answer is asked for; empty: none is
	Seen    []string
	Figures []figure
	Answers []aup.Answer
}

type figure struct{ Name, Value string }

var states = map[aup.CaseState]string{
	aup.CaseOpen:      "We are waiting for your answer.",
	aup.CaseAnswered:  "You have answered. We are reading it.",
	aup.CaseEscalated: "We have not heard from you, and a person here looks at it. You can still answer.",
	aup.CaseHeld:      "We are looking at this.",
	aup.CaseSuspended: "Your access is suspended because of this. A person will look at it when you ask.",
}

func casesOf(v Visit) []caseView {
	var all []caseView
	for _, c := range v.Cases {
		if c.State == aup.CaseClosed {
			continue
		}
		view := caseView{ID: c.ID, Anchor: "s_case_" + string(c.ID), Heading: matter(v.Policy, c), State: states[c.State], Answers: c.Answers}
		if c.State == aup.CaseOpen && !c.Deadline.IsZero() {
			view.By = notice.Moment(c.Deadline)
		}
		view.seen(c.Assessment)
		all = append(all, view)
	}
	return all
}

// seen puts the findings into words, the worst with its figures.
func (c *caseView) seen(a aup.Assessment) {
	for _, f := range a.Findings {
		c.Seen = append(c.Seen, notice.Clean(f.Reason))
	}
	worst, ok := a.Worst()
	if !ok {
		return
	}
	if worst.Unit != "" {
		agreed := "none of this kind"
		if worst.Allowed > 0 {
			agreed = notice.Figure(worst.Allowed, notice.Clean(worst.Unit))
		}
		c.Figures = append(c.Figures, figure{"Seen", notice.Figure(worst.Measured, notice.Clean(worst.Unit))}, figure{"Agreed", agreed})
	}
	if when := notice.Span(worst.From, worst.Until); when != "" {
		c.Figures = append(c.Figures, figure{"When", when})
	}
}

// matter is what a case is about: a clause, or the version itself.
func matter(t aup.Tailored, c aup.Case) string {
	switch {
	case c.Clause != "":
		return heading(t, c.Clause)
	case c.ID == aup.DisagreeCase(t.Version.Number):
		return "You do not agree with this version"
	}
	return "A version of the policy is not accepted"
}

// heading is what a clause is called; its id where the policy no longer has it.
func heading(t aup.Tailored, id aup.ClauseID) string {
	i := slices.IndexFunc(t.Clauses, func(c aup.Clause) bool { return c.ID == id })
	if i < 0 {
		return string(id)
	}
	return notice.Short(t.Clauses[i].Heading, 200)
}
