package policydoc

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
)

// TestReminders: the schedule of reminders, and what is wrong with one.
func TestReminders(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        []time.Duration
		problem     string
	}{
		{"days and hours", "[7d, 36h]", []time.Duration{7 * day, 36 * time.Hour}, ""},
		{"the day itself", "[7d, 0d]", []time.Duration{7 * day}, "reminders[2]: a reminder comes before the day itself"},
		{"twice the same", "[48h, 2d]", []time.Duration{2 * day}, `reminders[2]: "2d" is there twice`},
		{"no list", "7d", nil, "reminders: not a list"},
		{"no length of time", "[soon]", nil, `reminders[1]: "soon" is not a length of time`},
		{"too many", "[1d, 2d, 3d, 4d, 5d, 6d]", nil, "reminders: more than 5 values"},
	} {
		doc := strings.Replace(valid, "re-accept: true", "reminders: "+c.value, 1)
		p, problems := Parse("d", []byte(doc), "")
		if d := cmp.Diff(c.want, p.Reminders); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		err := Refused(problems)
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", c.name, err, c.problem)
		}
	}
}

// TestCaseTimes: how much time people have in a case, and what is wrong with it.
func TestCaseTimes(t *testing.T) {
	const written = "cases: {answer-within: 10d, remind: [5d, 1d], reply-within: 2d, review-within: 12h, close-after: 7d}"
	for _, c := range []struct{ name, value, problem string }{
		{"as it is", written, ""},
		{"only one", "cases: {answer-within: 21d}", ""},
		{"no time at all", "cases: {answer-within: 0d}", `d:9:24: error: cases.answer-within: "0d" is shorter than 1 day`},
		{"a reminder before the contact", "cases: {answer-within: 3d, remind: [7d]}", "d:9:36: error: cases.remind: 7 days before the day is not after the contact itself: answer-within is 3 days"},
		{"a reminder before the default", "cases: {remind: [20d]}", "cases.remind: 20 days before the day"},
		{"a slip of the pen", "cases: {anser-within: 3d}", "d:9:9: error: cases.anser-within: unknown key; did you mean answer-within?"},
		{"no unit", "cases: {reply-within: 3}", `cases.reply-within: "3" is not a length of time`},
		{"twice", "cases: {close-after: 7d, close-after: 8d}", "close-after"},
		{"no keys", "cases: 14d", "cases: not a list of keys: write it as {answer-within: ...}"},
		{"blank", "cases:", "cases"},
	} {
		p, problems := Parse("d", []byte(strings.Replace(valid, "re-accept: true", c.value, 1)), "")
		err := Refused(problems)
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", c.name, err, c.problem)
		}
		want := aup.CaseTimes{Answer: 10 * day, Remind: []time.Duration{5 * day, day}, Reply: 2 * day, Review: 12 * time.Hour, Settled: 7 * day}
		if d := cmp.Diff(want, p.Cases); c.value == written && d != "" {
			t.Error(d)
		}
	}
}
