package accesslog_test

import (
	"bufio"
	"compress/gzip"
	"iter"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/needtest"
	"accord/shared/usage"
)

var now = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)

// read gives lines to a reader and returns what they come to.
func read(r *accesslog.Reader, lines iter.Seq[[]byte]) *accesslog.Batch {
	r.Reset(now)
	for line := range lines {
		r.Line(line)
	}
	return r.Batch()
}

func TestAReaderFoldsByWindowAndKey(t *testing.T) {
	lines := [][]byte{
		lineAt("aaaaaaaaaa", now.Add(-time.Minute), 1),
		[]byte(`garbage`),
		lineAt("bbbbbbbbbb", now.Add(-time.Minute), 2),
		nil,
		lineAt("aaaaaaaaaa", now.Add(-6*time.Minute), 3),
		lineAt("-", now.Add(-time.Minute), 4),
		lineAt("aaaaaaaaaa", now.Add(-2*time.Minute), 5),
	}
	b := read(new(accesslog.Reader), slices.Values(lines))
	got := make(map[string]map[aup.KeyID]int64)
	for _, s := range b.Shares {
		w := time.Unix(s.Start, 0).UTC().Format("15:04")
		if got[w] == nil {
			got[w] = make(map[aup.KeyID]int64)
		}
		got[w][s.Key] = s.Tally.Requests()
	}
	want := map[string]map[aup.KeyID]int64{
		"11:55": {"aaaaaaaaaa": 2, "bbbbbbbbbb": 1, "": 1},
		"11:50": {"aaaaaaaaaa": 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if b.Lines != 7 || b.Rejected[accesslog.NotJSON] != 2 || b.Keyless != 1 || b.Late+b.Future != 0 {
		t.Errorf("%+v", b)
	}
}

func TestLateAndFutureLinesAreCountedByWholeWindows(t *testing.T) {
	for _, c := range []struct {
		says         string
		at           time.Time
		late, future int
	}{
		{"now", now, 0, 0},
		{"48 hours ago", now.Add(-48 * time.Hour), 0, 0},
		{"the first line of the window that ended 48 hours ago", now.Add(-48*time.Hour - 5*time.Minute), 0, 0},
		{"a line of the window before", now.Add(-48*time.Hour - 5*time.Minute - time.Millisecond), 1, 0},
		{"in ten minutes", now.Add(10 * time.Minute), 0, 0},
		{"in fifteen minutes", now.Add(15 * time.Minute), 0, 1},
	} {
		// A good line before must not open the way.
		lines := [][]byte{lineAt("aaaaaaaaaa", now, 1), lineAt("aaaaaaaaaa", c.at, 2)}
		b := read(new(accesslog.Reader), slices.Values(lines))
		if b.Late != c.late || b.Future != c.future {
			t.Errorf("%s: late %d, future %d", c.says, b.Late, b.Future)
		}
	}
}

func TestAReaderKeepsNoMemoryOfTheLines(t *testing.T) {
	buffer := make([]byte, 0, 1024)
	var want usage.Summary
	b := read(new(accesslog.Reader), func(yield func([]byte) bool) {
		for i := range 50 {
			buffer = append(buffer[:0], lineAt("aaaaaaaaaa", now, i)...)
			call, err := accesslog.Parse(buffer)
			if err != nil {
				t.Fatal(err)
			}
			want.Add(call)
			if !yield(buffer) {
				return
			}
			clear(buffer)
		}
	})
	if diff := cmp.Diff(want, b.Shares[0].Tally.Summary()); diff != "" {
		t.Error(diff)
	}
}

func TestReadingAllocatesNothingPerLine(t *testing.T) {
	var lines [][]byte
	for i := range 2000 {
		lines = append(lines, lineAt("aaaaaaaaaa", now.Add(time.Duration(i)*time.Millisecond), i))
	}
	var r accesslog.Reader
	if n := testing.AllocsPerRun(5, func() { read(&r, slices.Values(lines)) }); n > 2 {
		t.Errorf("%.0f allocations for 2,000 lines", n)
	}
}

// The log of a real web site is read to the last line, in the fast way but for one.
func TestRealLog(t *testing.T) {
	file, err := os.Open(needtest.Real(t, "elastic_apache.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	calls, keys := 0, make(map[aup.KeyID]bool)
	for in := bufio.NewScanner(unzipped); in.Scan(); calls++ {
		c, err := accesslog.Parse(in.Bytes())
		if err != nil {
			t.Fatalf("line %d: %v", calls+1, err)
		}
		keys[c.Key] = true
	}
	if calls != 10_000 || len(keys) != 1753 {
		t.Errorf("%d calls of %d keys", calls, len(keys))
	}
}
