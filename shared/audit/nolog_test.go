package audit_test

import (
	"testing"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
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
