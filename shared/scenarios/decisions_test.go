package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"accord/shared/aup"
)

// decide ACTION ID [clause=C] [case=C] [keepCase=yes] [probation=FILE] REASON...: a person's decision, by direct
// invocation.
func (s *stage) decide(a []string) error {
	event := s.decision(a)
	_, err := s.invoke("decide-case", event)
	return err
}

func (s *stage) decision(a []string) map[string]any {
	event := map[string]any{"action": a[0], "consumer": a[1]}
	var reason []string
	for _, word := range a[2:] {
		if name, value, ok := strings.Cut(word, "="); ok {
			event[name] = value
			if n, err := strconv.Atoi(value); err == nil {
				event[name] = n
			}
			if value == "yes" {
				event[name] = true
			}
			if doc, ok := s.documents[value]; ok {
				event[name] = string(doc)
			}
			if value == "open" {
				event[name] = s.openCaseOf(a[1])
			}
		} else {
			reason = append(reason, word)
		}
	}
	event["reason"] = strings.Join(reason, " ")
	return event
}

// openCaseOf is the id of a consumer's first open case: what `case=open` stands for.
func (s *stage) openCaseOf(id string) aup.CaseID {
	st, err := s.stack.Ledger.Standing(s.t.Context(), aup.ConsumerID(id))
	if err != nil || len(st.Cases) == 0 {
		return "none"
	}
	return st.Cases[0].ID
}

// approve WHO ID case=C [decision=D] REASON...: an approval through the API, signed by an IAM user, of the
// decision that the last email about the consumer names, that the first one did (first), or that is given.
func (s *stage) approve(a []string) error {
	s.requests++
	event := s.decision(append([]string{"approve"}, a[1:]...))
	switch named := s.decisionsMailed(a[1]); {
	case event["decision"] == nil && len(named) > 0:
		event["decision"] = named[len(named)-1]
	case event["decision"] == "first":
		event["decision"] = named[0]
	}
	event["request"] = fmt.Sprintf("story-%d", s.requests)
	b, err := json.Marshal(event)
	if err != nil {
		return err
	}
	w := httptest.NewRecorder()
	api := s.stack.Desk.HTTP(s.stack.Audits, func(*http.Request) string { return "arn:aws:iam::123456789012:user/" + a[0] })
	api.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/admin/decisions", strings.NewReader(string(b))))
	s.say("the API answers %d", w.Code)
	if w.Code >= 400 {
		s.say("%s", strings.TrimSpace(w.Body.String()))
	}
	return nil
}

// open-case ID CLAUSE REASON...: what a person observed.
func (s *stage) openCase(a []string) error {
	_, err := s.invoke("manage-consumer", map[string]any{"action": "open-case", "consumer": a[0], "clause": a[1], "reason": strings.Join(a[2:], " ")})
	return err
}

// audit [ID]: POST /audits, and once all is settled GET /audits/{id}.
func (s *stage) audit(a []string) error {
	s.requests++
	id := fmt.Sprintf("audit-%d", s.requests)
	api := s.stack.Desk.HTTP(s.stack.Audits, func(*http.Request) string { return "" })
	body := fmt.Sprintf(`{"request":%q,"consumer":%q}`, id, strings.Join(a, ""))
	for range 2 { // asking again asks for nothing more
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/audits", strings.NewReader(body)))
		s.say("POST /audits answers %d %s", w.Code, strings.TrimSpace(w.Body.String()))
	}
	if err := s.stack.Settle(s.t.Context()); err != nil {
		return err
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/audits/"+id, nil))
	var r struct {
		Keys      int
		Consumers []struct {
			Consumer, Level, Action string
		}
		Problems []string
	}
	read(w.Body.Bytes(), &r)
	s.say("GET /audits/%s answers %d: %d keys collected, %v %v", id, w.Code, r.Keys, r.Consumers, r.Problems)
	return nil
}
