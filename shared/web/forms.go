package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"accord/shared/aup"
	"accord/shared/notice"
)

// The longest texts a form takes, in characters.
const (
	maxLine = 200
	maxText = 10_000
)

// accept records that a person accepted the version that was shown. When the text changed since it was
// shown, nothing is recorded and the new one is.
func (s *site) accept(w http.ResponseWriter, r *http.Request, v Visit) {
	_, hash, err := shown(v)
	if err != nil {
		s.fail(w, r, "POST /p/{token}/accept", err)
		return
	}
	f := form{Name: line(r, "name"), Role: line(r, "role"), MayBind: r.PostForm.Get("may-bind") == "yes"}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil || version != v.Policy.Version.Number || r.PostForm.Get("page") != hash {
		s.show(w, r, v, http.StatusConflict, f, changed(v))
		return
	}
	if problems := f.check(); len(problems) > 0 {
		s.show(w, r, v, http.StatusUnprocessableEntity, f, problems...)
		return
	}
	_, err = s.record.Accept(r.Context(), pass(r), Acceptance{Version: version, Name: f.Name, Role: f.Role,
		MayBind: f.MayBind, PageHash: hash, At: s.now().UTC(), Address: client(r), Agent: notice.Short(r.UserAgent(), 256)})
	switch {
	case errors.Is(err, ErrSuperseded):
		s.show(w, r, v, http.StatusConflict, f, changed(v))
	case errors.Is(err, ErrNoAuthority):
		s.show(w, r, v, http.StatusForbidden, f, problem{Text: "Only a contact who may sign for your organisation can accept. Nothing was recorded."})
	case errors.Is(err, ErrNotEntered):
		s.show(w, r, v, http.StatusForbidden, f, notEntered)
	case err != nil:
		s.fail(w, r, "POST /p/{token}/accept", err)
	default:
		back(w, r, "accepted")
	}
}

func changed(v Visit) problem {
	return problem{Text: fmt.Sprintf("The policy has changed since you opened this page. Nothing was recorded. Below is version %d as it is now: please read it and then accept it.", v.Policy.Version.Number)}
}

// check says what is missing in an acceptance.
func (f form) check() []problem {
	var all []problem
	if f.Name == "" {
		all = append(all, problem{"name", "Give your name."})
	}
	if f.Role == "" {
		all = append(all, problem{"role", "Say what you do in your organisation."})
	}
	if utf8.RuneCountInString(f.Name) > maxLine || utf8.RuneCountInString(f.Role) > maxLine {
		all = append(all, problem{"name", fmt.Sprintf("Use at most %d characters for your name and for what you do.", maxLine)})
	}
	if !f.MayBind {
		all = append(all, problem{"may-bind", "Tick that you may accept for your organisation."})
	}
	return all
}

// answer keeps what a contact says about a case, or asks.
func (s *site) answer(w http.ResponseWriter, r *http.Request, v Visit) {
	f := form{Case: aup.CaseID(r.PostForm.Get("case")), Text: typed(r, "text")}
	field, done := "ask-text", "asked"
	if f.Case != "" {
		field, done = "text-"+string(f.Case), "answered"
		if !open(v, f.Case) {
			s.show(w, r, v, http.StatusNotFound, form{Text: f.Text}, problem{"ask-text", "This matter is closed. Nothing was recorded. You can still write to us below."})
			return
		}
	}
	if n := utf8.RuneCountInString(f.Text); n == 0 || n > maxText {
		text := "Please write something first."
		if n > 0 {
			text = "Please write at most 10,000 characters. Nothing was recorded."
		}
		s.show(w, r, v, http.StatusUnprocessableEntity, f, problem{field, text})
		return
	}
	if err := s.record.Answer(r.Context(), pass(r), f.Case, f.Text); err != nil {
		s.fail(w, r, "POST /p/{token}/answer", err)
		return
	}
	back(w, r, done)
}

// disagree opens a case: they do not agree with the version that was shown. Words are welcome, not needed.
func (s *site) disagree(w http.ResponseWriter, r *http.Request, v Visit) {
	f := form{Case: disagreeing, Text: typed(r, "text")}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil || version != v.Policy.Version.Number {
		s.show(w, r, v, http.StatusConflict, f, changed(v))
		return
	}
	if utf8.RuneCountInString(f.Text) > maxText {
		s.show(w, r, v, http.StatusUnprocessableEntity, f, problem{"disagree-text", "Please write at most 10,000 characters. Nothing was recorded."})
		return
	}
	if f.Text == "" {
		f.Text = fmt.Sprintf("We do not agree with version %d.", version)
	}
	err = s.record.Disagree(r.Context(), pass(r), version, f.Text)
	switch {
	case errors.Is(err, ErrSuperseded):
		s.show(w, r, v, http.StatusConflict, f, changed(v))
	case err != nil:
		s.fail(w, r, "POST /p/{token}/disagree", err)
	default:
		back(w, r, "disagreed")
	}
}

// disagreeing marks the form of that name where a text was typed.
const disagreeing aup.CaseID = "disagree"

func open(v Visit, id aup.CaseID) bool {
	for _, c := range v.Cases {
		if c.ID == id && c.State != aup.CaseClosed {
			return true
		}
	}
	return false
}

// line is a field of one line, without what does not show.
func line(r *http.Request, name string) string {
	return strings.Join(strings.Fields(notice.Clean(r.PostForm.Get(name))), " ")
}

// typed is a field of several lines as it was typed, with the line ends of a text file.
func typed(r *http.Request, name string) string {
	s := strings.ReplaceAll(r.PostForm.Get(name), "\r\n", "\n")
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}

// client is the address of who sent the request.
func client(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// back leads to the page again, by an address that holds under any stage of the REST API.
func back(w http.ResponseWriter, r *http.Request, done string) {
	w.Header().Set("Location", "../"+r.PathValue("token")+"?done="+done+"#s_main")
	w.WriteHeader(http.StatusSeeOther)
}

// said is what was just done, where the record shows that it was: the address alone proves nothing.
func said(done string, v Visit) string {
	switch issue := v.Standing.Issue(v.Policy.Version.Number); {
	case done == "code" && !v.Entered:
		return "If your address is right, a code is on its way to it. It works for 10 minutes."
	case !v.Entered:
		return ""
	case done == "entered":
		return "Thank you. For the next hour you can accept, answer, and see your usage."
	case done == "accepted" && issue != nil && !issue.Accepted.IsZero():
		return fmt.Sprintf("Thank you. Version %d is accepted. A receipt is on its way to all your contacts.", issue.Version)
	case done == "disagreed" && happened[aup.Disagreed](v):
		return "Thank you for telling us. People here read it, and write to you to find an answer together."
	case done == "answered" && happened[aup.CaseReplied](v):
		return "Thank you. We have your answer, and people here read it."
	case done == "asked" && happened[aup.Asked](v):
		return "Thank you. We have your message, and answer by email."
	}
	return ""
}

func happened[F aup.Fact](v Visit) bool {
	for _, e := range v.History {
		if _, ok := e.Fact.(F); ok {
			return true
		}
	}
	return false
}
