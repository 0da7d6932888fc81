package backtest_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/shared/backtest"

	"github.com/google/go-cmp/cmp"
)

func TestOpen(t *testing.T) {
	zipped := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := io.WriteString(z, s); err != nil {
			t.Fatal(err)
		}
		z.Close()
		return b.String()
	}
	damaged := func(s string) string { return s[:len(s)-8] + "xxxx" + s[len(s)-4:] }
	tests := []struct {
		name, desc, content string
		want                []string // "long" stands for a line over the limit
		err                 string
		note                string
	}{
		{name: "plain.jsonl", desc: "one line each, the last without an end", content: "a\nb\r\n\nc", want: []string{"a", "b", "c"}},
		{name: "zipped.jsonl.gz", desc: "gzipped", content: zipped("a\nb\n"), want: []string{"a", "b"}},
		{name: "twice.jsonl.gz", desc: "gzip files put one after another", content: zipped("a\n") + zipped("b\n"), want: []string{"a", "b"}},
		{name: "empty.jsonl", desc: "an empty log is a log", note: "is empty"},
		{name: "long.jsonl", desc: "an endless line costs its neighbours nothing", content: "a\n" + strings.Repeat("x", 1<<20) + "\nb\n", want: []string{"a", "long", "b"}},
		{name: "text.jsonl.gz", desc: "a name that lies", content: "a\n", want: []string{"a"}},
		{name: "zipped.jsonl", desc: "either way", content: zipped("a\n"), want: []string{"a"}},
		{name: "cut.jsonl.gz", desc: "of a file cut short, what is there", content: zipped(strings.Repeat("a\n", 10) + "b\n")[:22], want: strings.Split(strings.Repeat("a", 10)+"b", ""), note: "breaks off after 11 lines (unexpected EOF)"},
		{name: "sum.jsonl.gz", desc: "or of one that was damaged", content: damaged(zipped("a\nb\n")), want: []string{"a", "b"}, note: "breaks off after 2 lines (gzip: invalid checksum)"},
		{name: "head.jsonl.gz", desc: "one that is damaged at its start is none", content: "\x1f\x8b rubbish", err: "the gzip at its start is damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.name)
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, note, err := all(path)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("%s: got error %v, want %s", tt.desc, err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", tt.desc, diff)
			}
			if !strings.HasSuffix(strings.Split(note, ": what")[0], tt.note) || (note == "") != (tt.note == "") {
				t.Errorf("%s: noted %q", tt.desc, note)
			}
		})
	}
}

func all(path string) (lines []string, note string, err error) {
	f, err := backtest.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	for {
		line, err := f.Next()
		switch {
		case errors.Is(err, io.EOF):
			return lines, f.Note(), nil
		case err != nil:
			return lines, "", err
		case len(line) > 64<<10:
			line = []byte("long")
		}
		lines = append(lines, string(line))
	}
}

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.jsonl", "a.jsonl.gz", "notes.md", "c.log"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "empty.jsonl"), 0o700); err != nil {
		t.Fatal(err)
	}
	got, notes, err := backtest.Expand("-", dir, "nowhere.jsonl")
	want := []string{"-", filepath.Join(dir, "a.jsonl.gz"), filepath.Join(dir, "b.jsonl"), filepath.Join(dir, "c.log"), "nowhere.jsonl"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, _, err := backtest.Expand("-", dir, "-"); err == nil || err.Error() != "-: the standard input can be read once" {
		t.Errorf("the standard input twice: %v", err)
	}
	if len(notes) != 1 || !strings.HasPrefix(notes[0], dir+": what else is in the folder (2) was passed over") {
		t.Errorf("noted %q", notes)
	}
	if _, _, err := backtest.Expand(filepath.Join(dir, "empty.jsonl")); err == nil || !strings.Contains(err.Error(), "holds no log") {
		t.Errorf("a folder without logs: %v", err)
	}
}

func TestOpenNothing(t *testing.T) {
	if _, err := backtest.Open(filepath.Join(t.TempDir(), "none.jsonl")); err == nil || !strings.Contains(err.Error(), "couldn't open the log") {
		t.Errorf("got %v", err)
	}
}

// Streams that overlap come to the same as one log in order.
func TestMerge(t *testing.T) {
	var log, odd, even []entry
	log = together(calls("k1", start, 20*time.Second, 1000, ordered(1)), calls("k2", start, 7*time.Second, 3000, popular(500)))
	for i, e := range log {
		if i%2 == 0 {
			even = append(even, e)
		} else {
			odd = append(odd, e)
		}
	}
	want := run(t, judged(0), log)
	garbage := &memory{[][]byte{[]byte("{}"), []byte(`{"requestTimeEpoch":"x"}`)}}
	got, err := backtest.Run(t.Context(), judged(0), backtest.Merge(lines(odd), &memory{}, garbage, lines(even)), nil)
	if err != nil {
		t.Fatal(err)
	}
	want.Lines, want.Rejected, want.Reasons = want.Lines+2, 2, map[string]int64{"bad-number": 1, "missing-time": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := backtest.Run(t.Context(), judged(0), backtest.Merge(lines(odd), broken{lines(even)}), nil); err == nil {
		t.Error("a source that fails fails the whole")
	}
}

// Files may overlap: what stands in two of them counts once, and what a single one has twice counts twice, for a request has an id of its own.
func TestFilesMayOverlap(t *testing.T) {
	log := together(calls("k1", start, 20*time.Second, 300, ordered(1)), calls("k2", start, 7*time.Second, 900, popular(500)))
	want := run(t, judged(0), log)
	merged := backtest.Merge(lines(log[:800]), lines(log[500:]), lines(log))
	got, err := backtest.Run(t.Context(), judged(0), merged, nil)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if note := merged.Note(); note != "lines that stand in two of the files count once (1500)" {
		t.Errorf("noted %q", note)
	}
	once := backtest.Merge(lines(append(log[:1:1], log[0])))
	if r, err := backtest.Run(t.Context(), judged(0), once, nil); err != nil || r.Lines != 2 || once.Note() != "" {
		t.Errorf("%d lines (%v), noted %q", r.Lines, err, once.Note())
	}
}

// Whoever mends a log is told where to look: blank lines count, as they do in an editor.
func TestTheFirstLineRefusedHasAPlace(t *testing.T) {
	dir := t.TempDir()
	var logs []backtest.Source
	for name, content := range map[string]string{
		"a.jsonl": string(entry{key: "k1", at: start, id: 1}.line()) + "\n",
		"b.jsonl": string(entry{key: "k1", at: start.Add(time.Second), id: 2}.line()) + "\n\nGET /\nGET /\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := backtest.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		logs = append(logs, f)
	}
	r, err := backtest.Run(t.Context(), judged(0), backtest.Merge(logs...), nil)
	if diff := cmp.Diff(map[string]string{"not-json": filepath.Join(dir, "b.jsonl") + ":3"}, r.FirstAt); diff != "" || err != nil || r.Rejected != 2 {
		t.Errorf("%d refused, %v: %s", r.Rejected, err, diff)
	}
}
