// Package scenarios tells the behaviour of the whole system as stories. It is only a test.
//
// A story is a txtar file in testdata. Its comment says what the story is about; its part "story" is a
// transcript: a line that starts with "$ " is a command, the lines under it are what followed, in order:
// events as they were appended, and emails as they were sent. `go test ./shared/scenarios -update` writes
// what really followed; read the difference before you keep it. Other parts of the file are documents
// that the story publishes. The clock stands still but for `advance` and `calls`. The commands are in
// commands_test.go, each with a line that says how it is used.
package scenarios

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what really followed into the stories")

func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			tell(t, file)
		})
	}
}

// tell plays one story and compares its transcript.
func tell(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := -1
	s := newStage(t)
	for i, f := range a.Files {
		s.documents[f.Name] = f.Data
		if f.Name == "story" {
			part = i
		}
	}
	if part < 0 {
		t.Fatal(`the file has no part "story"`)
	}
	want := string(a.Files[part].Data)
	got := s.play(want)
	if *update {
		a.Files[part].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("the story went otherwise (-as told, +as it went):\n%s", d)
	}
}

// play runs the commands of a transcript and returns the transcript as it really went.
func (s *stage) play(story string) string {
	for line := range strings.Lines(story) {
		line = strings.TrimRight(line, "\n")
		command, is := strings.CutPrefix(line, "$ ")
		switch {
		case is:
			s.out.WriteString(line + "\n")
			s.do(command)
			s.casesAgree(command)
			s.tellEvents()
			s.tellMails()
		case line == "", strings.HasPrefix(line, "#"):
			s.out.WriteString(line + "\n")
		}
	}
	return s.out.String()
}
