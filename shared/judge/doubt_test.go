package judge_test

import (
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger/ledgertest"
	"accord/shared/usage"
)

// Figures that contradict each other are in doubt, and said; those of an ordinary day are not.
func TestWhatContradictsItselfIsInDoubt(t *testing.T) {
	const name = "GET /places0/{id}"
	day := ledgertest.Day1.Truncate(24 * time.Hour)
	for _, tt := range []struct {
		desc   string
		change func(d *usage.Day)
		says   string
	}{
		{"an ordinary day", func(*usage.Day) {}, ""},
		{"more looks than calls", func(d *usage.Day) { d.Looks[name][3].N = 31 }, "31 looks at GET /places0/{id} in a window of 30 calls"},
		{"more looks that found nothing than looks", func(d *usage.Day) { d.Missed[name][3].N = 31 }, "31 of 30 looks at GET /places0/{id} found nothing"},
		{"less than none", func(d *usage.Day) { d.Missed[name][3].N = -1 }, "-1 of 30 looks"},
		{"of what was not looked at", func(d *usage.Day) { d.Missed["GET /other"] = d.Missed[name] }, "of 0 looks at GET /other found nothing"},
	} {
		d := busyDay(day, day.AddDate(0, 0, 1), 1)
		tt.change(&d)
		doubt := judge.Doubt(map[aup.KeyID][]usage.Day{"c1-1": {d}}, day.AddDate(0, 0, 1))
		if got := doubt.OverCounted; got == "" != (tt.says == "") || !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q; want %q", tt.desc, got, tt.says)
		}
	}
}
