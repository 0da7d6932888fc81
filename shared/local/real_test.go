package local_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"accord/shared/needtest"
)

// TestTheRealPolicyIsPublishedAsItIs: a document with none of Accord's keys is distributed, told and accepted,
// and enforces nothing.
func TestTheRealPolicyIsPublishedAsItIs(t *testing.T) {
	doc, err := os.ReadFile(needtest.Real(t, "acceptable_usage_policy.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, t.TempDir())
	defer s.Close()
	event, err := json.Marshal(map[string]any{"request": "real", "policy": "dos-api", "document": string(doc)})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Invoke(t.Context(), "publish-policy", event)
	if err != nil || !strings.Contains(string(answer), "enforces nothing") {
		t.Fatalf("%s, %v: want it published, with a note that it enforces nothing", answer, err)
	}
	_, err = s.Invoke(t.Context(), "manage-consumer", json.RawMessage(`{"request":"r","action":"register","consumer":"clinic",
		"profile":{"name":"Clinic","policy":"dos-api","keys":["clinic01"]},
		"contacts":[{"id":"lead","name":"Lead","email":"lead@clinic.example","role":"authority"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	mails := s.Mailbox.Mails()
	if len(mails) != 1 || len(mails[0].Email.Attachments) != 1 || string(mails[0].Email.Attachments[0].Body) != string(doc) {
		t.Fatalf("%d emails, want one with the document attached as it was published", len(mails))
	}
	if status, body := ask(s, "GET", "/policies/dos-api", ""); status != 200 || !strings.Contains(body, "Keep data fresh") {
		t.Errorf("the page answers %d", status)
	}
}
