package policydoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
)

// TestWeighing: how the factors of an assessment count, and what is wrong with that.
func TestWeighing(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        aup.Weighing
		problem     string
	}{
		{"weights and a least score", "{weights: {beyond: 5, catalogue: 0}, least: 40}", aup.Weighing{Weights: map[string]int64{"beyond": 5, "catalogue": 0}, Least: 40}, ""},
		{"a least score by the default weights", "{least: 25}", aup.Weighing{Least: 25}, ""},
		{"what is no factor", "{weights: {beyound: 5}}", aup.Weighing{}, "did you mean beyond?"},
		{"a condition", "{weights: {told: 0}}", aup.Weighing{}, "told"},
		{"too heavy", "{weights: {beyond: 11}}", aup.Weighing{}, "out of range: give 0 to 10"},
		{"a share", "{weights: {beyond: 50%}}", aup.Weighing{}, "not a whole number"},
		{"less than nothing", "{weights: {beyond: -1}}", aup.Weighing{}, "not a whole number"},
		{"beyond the scale", "{least: 101}", aup.Weighing{}, "out of range: give 0 to 100"},
		{"a score that nothing reaches", "{weights: {beyond: 0, duration: 0, service-share: 0, service-errors: 0, service-at-risk: 0, catalogue: 0, earlier-contact: 0}, least: 1}",
			aup.Weighing{Weights: map[string]int64{"beyond": 0, "duration": 0, "service-share": 0, "service-errors": 0, "service-at-risk": 0, "catalogue": 0, "earlier-contact": 0}, Least: 1}, "no factor has a weight"},
		{"a word", "heavy", aup.Weighing{}, "assessment"},
	} {
		doc := strings.Replace(valid, "re-accept: true", "assessment: "+c.value, 1)
		p, problems := Parse("d", []byte(doc), "")
		err := Refused(problems)
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", c.name, err, c.problem)
		}
		if d := cmp.Diff(c.want, p.Assessment); err == nil && d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
