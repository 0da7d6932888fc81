package policydoc

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestReminders: the schedule of reminders, and what is wrong with one.
func TestReminders(t *testing.T) {
	const day = 24 * time.Hour
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
