package accesslog_test

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/usage"
)

var now = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)

func TestSummariesFoldsByWindowAndKey(t *testing.T) {
	lines := [][]byte{
		lineAt("aaaaaaaaaa", now.Add(-time.Minute), 1),
		[]byte(`garbage`),
		lineAt("bbbbbbbbbb", now.Add(-time.Minute), 2),
		nil,
		lineAt("aaaaaaaaaa", now.Add(-6*time.Minute), 3),
		lineAt("-", now.Add(-time.Minute), 4),
		lineAt("aaaaaaaaaa", now.Add(-2*time.Minute), 5),
	}
	b := accesslog.Summaries(slices.Values(lines), now)
	got := make(map[string]map[aup.KeyID]int64)
	for start, keys := range b.Windows {
		w := time.Unix(start, 0).UTC().Format("15:04")
		got[w] = make(map[aup.KeyID]int64)
		for key, s := range keys {
			got[w][key] = s.Requests
		}
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
		b := accesslog.Summaries(slices.Values(lines), now)
		if b.Late != c.late || b.Future != c.future {
			t.Errorf("%s: late %d, future %d", c.says, b.Late, b.Future)
		}
	}
}

func TestSummariesKeepNoMemoryOfTheLines(t *testing.T) {
	buffer := make([]byte, 0, 1024)
	var want usage.Summary
	b := accesslog.Summaries(func(yield func([]byte) bool) {
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
	}, now)
	if diff := cmp.Diff(&want, b.Windows[now.Unix()]["aaaaaaaaaa"]); diff != "" {
		t.Error(diff)
	}
}

func TestReadingAllocatesNothingPerLine(t *testing.T) {
	var lines [][]byte
	for i := range 2000 {
		lines = append(lines, lineAt("aaaaaaaaaa", now.Add(time.Duration(i)*time.Millisecond), i))
	}
	perLine := func(n int) float64 {
		return testing.AllocsPerRun(5, func() { accesslog.Summaries(slices.Values(lines[:n]), now) })
	}
	if few, many := perLine(1000), perLine(2000); many-few > 30 {
		t.Errorf("1000 lines more cost %.0f allocations more", many-few)
	}
}

// The log of a real web site is read to the last line, in the fast way but for one.
func TestRealLog(t *testing.T) {
	file, err := os.Open("../../../shared/real/elastic_apache.jsonl.gz")
	if err != nil {
		t.Skip("the real log elastic_apache.jsonl.gz is not beside the project:", err)
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
