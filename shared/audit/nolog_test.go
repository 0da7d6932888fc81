package audit_test

import (
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
)

// Without a log subscription days hold what GetUsage says and nothing else. Only volume is judged by them: every
// ratio and every absence needs lines.
func TestWithoutALogOnlyVolumeIsJudged(t *testing.T) {
	all := policy
	all.Terms.Caching = &aup.Caching{Clause: "keep-data-fresh"}
	all.Terms.Operations = &aup.Operations{Clause: "agreed-use", Allow: []string{"GET /nothing"}}
	all.Terms.Errors = &aup.ErrorShare{Clause: "fair-volume", Limit: .01}
	all.Terms.Sources = &aup.Sources{Clause: "agreed-use", Networks: 1}
	all.Terms.Crawling = &aup.Crawling{Clause: "dont-crawl", Catalogue: 100, Significant: .01}
	var days []usage.Day
	for ago := 3; ago >= 0; ago-- {
		d := usage.Day{Date: aup.Date(today.AddDate(0, 0, -ago))}
		d.Read("gold", usage.Reading{Used: 1_000_000, At: now})
		days = append(days, d)
	}
	v := version
	v.Policy = all
	for _, doubt := range []audit.Doubt{{}, {Missing: "the log has no calls"}} {
		s := audit.Subject{Consumer: "acme", Policy: aup.Tailor(v, nil, now), Now: now, Doubt: doubt, Keys: map[aup.KeyID][]usage.Day{key: days}}
		found, notices := audit.Detect(s)
		for _, f := range found {
			if f.Detector != "volume" {
				t.Errorf("doubt %+v: %s finds %s", doubt, f.Detector, f.Reason)
			}
		}
		if len(found) == 0 || len(notices) == 0 {
			t.Errorf("doubt %+v: a million requests a day are not noticed: %d findings, %d notices", doubt, len(found), len(notices))
		}
	}
}

// A finding begins with the first call of its own days, as far as windows tell: not at midnight, and not with another day's call.
func TestAFindingBeginsWithItsFirstCall(t *testing.T) {
	limited := policy
	limited.Terms = aup.Terms{PerDay: &aup.Limit{Clause: "fair-volume", Limit: 100}}
	v := version
	v.Policy = limited
	yesterday := usage.Day{Date: aup.Date(today.AddDate(0, 0, -1))}
	yesterday.Read("gold", usage.Reading{Used: 500, At: now})
	for _, tt := range []struct {
		desc  string
		calls []usage.Call
		from  map[string]time.Time // by the day it is about
	}{
		{"yesterday's calls are only known to the gateway, today's few begin at nine", spread(key, today.Add(9*time.Hour), 1, 50, ordered(1)),
			map[string]time.Time{yesterday.Date: today.AddDate(0, 0, -1)}},
		{"today's are too many, too", spread(key, today.Add(9*time.Hour+2*time.Minute), 1, 150, ordered(1)),
			map[string]time.Time{yesterday.Date: today.AddDate(0, 0, -1), aup.Date(today): today.Add(9 * time.Hour)}},
	} {
		s := subject(days(tt.calls...))
		s.Policy, s.Keys[key] = aup.Tailor(v, nil, now), append([]usage.Day{yesterday}, s.Keys[key]...)
		got := map[string]time.Time{}
		for _, f := range of("volume", s) {
			got[aup.Date(f.From)] = f.From
		}
		if diff := cmp.Diff(tt.from, got); diff != "" {
			t.Errorf("%s: %s", tt.desc, diff)
		}
	}
}
