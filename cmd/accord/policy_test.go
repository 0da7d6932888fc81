package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the commands print into testdata")

// TestPolicy runs each archive of testdata/policy: its comment says why, `cmd` is the command line, the other
// files are there for it, and `stdout` and `error` are what comes of it. ${policies} is the folder of samples.
func TestPolicy(t *testing.T) {
	policies, err := filepath.Abs("../../events/policies")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/policy/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			file, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			var line string
			inputs := archive.Files[:0:0]
			want := map[string]string{}
			for _, f := range archive.Files {
				switch f.Name {
				case "stdout", "error":
					want[f.Name] = string(f.Data)
					continue
				case "cmd":
					line = strings.ReplaceAll(string(f.Data), "${policies}", policies)
				default:
					if err := os.WriteFile(f.Name, f.Data, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				inputs = append(inputs, f)
			}
			got := run(strings.Fields(line))
			for name, text := range got {
				got[name] = strings.ReplaceAll(text, policies, "${policies}")
			}
			if *update {
				archive.Files = append(inputs, txtar.File{Name: "stdout", Data: []byte(got["stdout"])})
				if got["error"] != "" {
					archive.Files = append(archive.Files, txtar.File{Name: "error", Data: []byte(got["error"])})
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want["stdout"]+"\n-- error --\n"+want["error"], got["stdout"]+"\n-- error --\n"+got["error"]); diff != "" {
				t.Errorf("%s(-want +got)\n%s", archive.Comment, diff)
			}
		})
	}
}

// run is the command line without the process around it.
func run(args []string) map[string]string {
	var out bytes.Buffer
	var c struct {
		Policy policyCmd `cmd:""`
	}
	parser, err := kong.New(&c, kong.Name("accord"), kong.BindTo(&out, (*io.Writer)(nil)))
	if err != nil {
		return map[string]string{"error": fmt.Sprintln(err)}
	}
	ctx, err := parser.Parse(args)
	if err == nil {
		err = ctx.Run()
	}
	if err != nil {
		return map[string]string{"stdout": out.String(), "error": fmt.Sprintln(err)}
	}
	return map[string]string{"stdout": out.String()}
}

// TestARequestIsKnownByWhatItSays is why publishing a file twice is harmless, and a dry run before it too.
func TestARequestIsKnownByWhatItSays(t *testing.T) {
	e := publishEvent{Policy: "p", Document: "text"}
	dry, other, twin := e, e, e
	dry.DryRun, other.Document = true, "text."
	if e.id() != twin.id() {
		t.Error("the same request has two ids")
	}
	if e.id() == dry.id() || e.id() == other.id() {
		t.Errorf("different requests share an id: %s, dry run %s, other text %s", e.id(), dry.id(), other.id())
	}
}
