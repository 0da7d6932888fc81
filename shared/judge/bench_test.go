package judge_test

import (
	"fmt"
	"testing"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// BenchmarkReach is one judgement of a consumer with one busy key over 28 days.
func BenchmarkReach(b *testing.B) {
	now := time.Date(2027, 1, 28, 12, 0, 0, 0, time.UTC)
	var days []usage.Day
	for d := range 28 {
		start := now.Truncate(24*time.Hour).AddDate(0, 0, d-27)
		day := usage.Day{Date: aup.Date(start)}
		for w := range 100 {
			at := start.Add(time.Duration(w) * usage.Window)
			var s usage.Summary
			for n := range 20 {
				s.Add(usage.Call{At: at, Key: "k", Method: "GET", Template: "/places/{id}", Path: fmt.Sprintf("/live/places/%d", w*20+n*31%97), Status: 200})
			}
			day.Put(at, s)
		}
		days = append(days, day)
	}
	v := aup.Version{Number: 1, Policy: aup.Policy{ID: "p", Terms: aup.Terms{
		PerDay:    &aup.Limit{Clause: "c", Limit: 1500, Notify: []float64{0.8, 1}, Significant: 10},
		PerMinute: &aup.Limit{Clause: "c", Limit: 100, Significant: 10},
		Crawling:  &aup.Crawling{Clause: "d", Catalogue: 5000, Significant: 0.2}}}}
	in := judge.Input{Standing: aup.Standing{State: aup.Active}, Mode: assess.ModeEnforce,
		Subject: audit.Subject{Consumer: "c", Policy: aup.Tailor(v, nil, now), Now: now, Keys: map[aup.KeyID][]usage.Day{"k": days}}}
	for b.Loop() {
		judge.Reach(in)
	}
}
