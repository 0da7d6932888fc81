package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDemo: the story ends as it must, says so in its JSON, and leaves its files where it was told to.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	var out strings.Builder
	begin := time.Now()
	if err := (demoCmd{Headless: true, JSON: true, Fast: true, Keep: dir}).Run(&out); err != nil {
		t.Fatal(err)
	}
	t.Logf("the story took %s", time.Since(begin).Round(time.Millisecond))
	var o outcome
	if err := json.Unmarshal([]byte(out.String()), &o); err != nil {
		t.Fatalf("%v in %q", err, out.String())
	}
	if err := o.check(); err != nil {
		t.Error(err)
	}
	mails, err := filepath.Glob(filepath.Join(dir, "mailbox", "*.eml"))
	if err != nil || len(mails) != o.Notices.Sent {
		t.Errorf("%d emails in the mailbox (%v), %d sent", len(mails), err, o.Notices.Sent)
	}
	for _, file := range []string{"accord.db", "access.jsonl"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Error(err)
		}
	}
	if err := (demoCmd{Headless: true, Keep: dir}).Run(&out); err == nil {
		t.Error("a second story was put on top of the first")
	}
}

// TestTheStoryIsChecked: an ending that is not as it must be is found.
func TestTheStoryIsChecked(t *testing.T) {
	var o outcome
	err := o.check()
	for _, want := range []string{"contacted", "suspended", "covered", "accepted", "refused"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing is said of %q: %v", want, err)
		}
	}
}
