package admin_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var mailedCall = regexp.MustCompile(`(?:--stack-name \$STACK ([A-Za-z]+) --event '(\{.*\})'|POST /admin/(decisions) (\{.*\}))\n`)

// TestCallsInEmailsCanBeMade: each call that an email to the admins shows is one that the desk understands as it
// stands: nothing in it is unknown, missing or of the wrong kind, but for who and what it is about.
func TestCallsInEmailsCanBeMade(t *testing.T) {
	d, _ := desk(t, 1)
	doors := map[string]func(context.Context, json.RawMessage) (json.RawMessage, error){
		"ManageConsumer": d.ManageConsumer, "PublishPolicy": d.PublishPolicy, "AuditUsage": d.Figures, "DecideCase": d.DecideCase,
		"decisions": func(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
			return d.Decide(ctx, raw, "arn")
		},
	}
	wrong := regexp.MustCompile(`cannot be read|is not one of|unknown field|^(request|reason|channel|text|action|decision)\b`)
	files, err := filepath.Glob("../notice/testdata/admin-*.txt")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mailedCall.FindAllStringSubmatch(string(text), -1) {
			door, call := m[1]+m[3], m[2]+m[4]
			calls[call] = true
			if doors[door] == nil {
				t.Errorf("%s calls %q, which is nothing", file, door)
				continue
			}
			call = strings.NewReplacer("AN ID FOR THEM", "pat", "THEIR ADDRESS", "pat@x.example", "AN ID OF YOUR OWN", "mine-"+strings.Repeat("1", len(calls))).Replace(call)
			if _, err := doors[door](t.Context(), json.RawMessage(call)); err != nil && wrong.MatchString(err.Error()) {
				t.Errorf("%s: %s %s: %v", file, door, call, err)
			}
		}
	}
	if len(calls) < 12 {
		t.Errorf("only %d calls: do emails show them otherwise now?", len(calls))
	}
}
