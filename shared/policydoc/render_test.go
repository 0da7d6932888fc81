package policydoc

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"accord/shared/aup"
)

var update = flag.Bool("update", false, "write what the code makes into testdata")

// golden runs each archive of a folder of testdata: make turns its input files into further ones.
func golden(t *testing.T, folder string, inputs []string, make func(in map[string]string) map[string]string, outputs ...string) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata/%s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all := map[string]string{}
			for _, f := range archive.Files {
				all[f.Name] = string(f.Data)
			}
			want := &txtar.Archive{Comment: archive.Comment}
			for _, name := range inputs {
				want.Files = append(want.Files, txtar.File{Name: name, Data: []byte(all[name])})
			}
			made := make(all)
			for _, name := range outputs {
				want.Files = append(want.Files, txtar.File{Name: name, Data: []byte(made[name])})
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(want), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(want))); diff != "" {
				t.Errorf("%s(-want +got)\n%s", archive.Comment, diff)
			}
		})
	}
}

func TestRender(t *testing.T) {
	golden(t, "render", []string{"markdown"}, func(in map[string]string) map[string]string {
		html, err := Render(in["markdown"])
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"html": strings.TrimSpace(string(html)) + "\n", "text": Text(in["markdown"]) + "\n"}
	}, "html", "text")
}

func TestTextIsWrapped(t *testing.T) {
	for line := range strings.SplitSeq(Text(strings.Repeat("Wörter und Sätze. ", 200)+"\n\n- "+strings.Repeat("item ", 100)), "\n") {
		if utf8.RuneCountInString(line) > textWidth {
			t.Errorf("longer than %d: %s", textWidth, line)
		}
	}
}

// TestDeepNestingIsBounded is text that nests deeper than anybody reads: it costs no time and loses no words.
func TestDeepNestingIsBounded(t *testing.T) {
	if got := Text(strings.Repeat("> ", 2000) + "words"); !strings.HasSuffix(got, "words") || len(got) > 200 {
		t.Errorf("%d bytes: %.100s", len(got), got)
	}
}

func TestRenderClauses(t *testing.T) {
	clauses := []aup.Clause{{ID: "a", Heading: "1 < 2", Level: 1, Markdown: "One."}, {ID: "b", Heading: "B", Level: 2}}
	html, err := RenderClauses(clauses)
	if err != nil {
		t.Fatal(err)
	}
	if want := "<h1 id=\"a\">1 &lt; 2</h1>\n<p>One.</p>\n<h2 id=\"b\">B</h2>\n"; string(html) != want {
		t.Errorf("html %q, want %q", html, want)
	}
	if want := "1 < 2\n=====\n\nOne.\n\nB\n-"; TextClauses(clauses) != want {
		t.Errorf("text %q, want %q", TextClauses(clauses), want)
	}
}
