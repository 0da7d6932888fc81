package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"

	"pgregory.net/rapid"
)

func subject(keys map[aup.KeyID][]usage.Day, agreements ...aup.Agreement) audit.Subject {
	return audit.Subject{Consumer: "acme", Policy: aup.Tailor(version, agreements, now), Agreements: agreements, Now: now, Keys: keys}
}

// of keeps the findings of one detector.
func of(detector string, s audit.Subject) (out []aup.Finding) {
	found, _ := audit.Detect(s)
	for _, f := range found {
		if f.Detector == detector {
			out = append(out, f)
		}
	}
	return out
}

func TestVolume(t *testing.T) {
	yesterday := today.AddDate(0, 0, -1)
	day := func(n int) map[aup.KeyID][]usage.Day { return days(spread(key, today, 17, n, same)...) }
	gateway := func(k map[aup.KeyID][]usage.Day, n int64) map[aup.KeyID][]usage.Day {
		k[key][0].Gateway = map[string]usage.Reading{"gold": {Used: n - 100}, "silver": {Used: 100}}
		return k
	}
	tests := []struct {
		name, desc string
		s          audit.Subject
		change     func(*audit.Subject)
		reason     string // of the one finding; empty: none
		covered    bool
		extreme    bool
		agreement  int
		step       float64 // of the one notice; 0: none
	}{
		{name: "quiet", desc: "below the lowest step there is nothing to say", s: subject(day(799))},
		{name: "step", desc: "at a step below the limit there is a notice and no finding", s: subject(day(800)), step: .8},
		{name: "limit", desc: "the limit itself is allowed", s: subject(day(1000)), step: 1},
		{name: "beyond", desc: "one request beyond the limit is a finding", s: subject(day(1001)), step: 1,
			reason: "1,001 requests on 15 January 2027 (UTC) over 1 key: 100.1 % of the 1,000 a day that dos-api version 12 allows."},
		{name: "extreme", desc: "from the policy's significant figure on it is extreme", s: subject(day(3000)), step: 1, extreme: true,
			reason: "3,000 requests on 15 January 2027 (UTC) over 1 key: 300 % of the 1,000 a day that dos-api version 12 allows. From 300 % on, it counts as a significant risk."},
		{name: "two keys", desc: "a consumer's keys count together", step: 1,
			s:      subject(days(append(spread(key, today, 17, 600, same), spread("key-two", today, 17, 600, same)...)...)),
			reason: "over 2 keys: 120 %"},
		{name: "gateway", desc: "what GetUsage says counts where it is more", s: subject(gateway(day(10), 1200)), step: 1, reason: "1,200 requests"},
		{name: "gateway only", desc: "days without logs are judged from GetUsage alone",
			s: subject(map[aup.KeyID][]usage.Day{key: {{Date: "2027-01-15", Gateway: map[string]usage.Reading{"gold": {Used: 1500}}}}}), step: 1, reason: "1,500 requests"},
		{name: "late", desc: "yesterday is judged too, when its figures come late",
			s: subject(days(spread(key, yesterday, 24, 1100, same)...)), step: 1, reason: "1,100 requests on 14 January 2027"},
		{name: "long ago", desc: "the day before yesterday is over", s: subject(days(spread(key, yesterday.AddDate(0, 0, -1), 24, 1100, same)...))},
		{name: "future", desc: "a day that has not come yet is not judged", s: subject(days(spread(key, today.AddDate(0, 0, 1), 24, 1100, same)...))},
		{name: "no term", desc: "without a limit nothing is judged", s: subject(day(5000)),
			change: func(s *audit.Subject) {
				s.Policy = aup.Tailored{Version: aup.Version{Policy: aup.Policy{ID: "dos-api"}}}
			}},
		{name: "covered", desc: "what an agreement allows is covered by it", s: subject(day(1500), agreement(perDay(5000))), covered: true, agreement: 3,
			reason: "150 % of the 1,000 a day in dos-api version 12, but within the 5,000 that agreement 3 allows."},
		{name: "beyond agreed", desc: "what is beyond the agreement is held against the agreement", s: subject(day(5500), agreement(perDay(5000))), agreement: 3,
			reason: "110 % of the 5,000 a day that agreement 3 allows."},
		{name: "agreed less", desc: "an agreement may allow less than the policy", s: subject(day(600), agreement(perDay(500))), agreement: 3,
			reason: "120 % of the 500 a day that agreement 3 allows."},
		{name: "agreement over", desc: "what was agreed until midnight covers yesterday, not today", covered: true, agreement: 3,
			s: subject(days(spread(key, yesterday, 24, 1100, same)...), agreement(func(a *aup.Agreement) { perDay(5000)(a); a.Until = today })), reason: "within the 5,000"},
		{name: "agreement to come", desc: "an agreement that begins tomorrow covers nothing", step: 1,
			s: subject(day(1100), agreement(func(a *aup.Agreement) { perDay(5000)(a); a.From = today.AddDate(0, 0, 1) })), reason: "110 % of the 1,000"},
		{name: "other policy", desc: "an agreement about another policy covers nothing", step: 1,
			s: subject(day(1100), agreement(func(a *aup.Agreement) { perDay(5000)(a); a.Policy = "other" })), reason: "110 % of the 1,000"},
		{name: "over-counted", desc: "where something may be counted twice, a finding is incomplete and never extreme", s: subject(day(5000)),
			change: func(s *audit.Subject) { s.Doubt.OverCounted = "more logged than GetUsage says" }, reason: "5,000 requests"},
		{name: "missing", desc: "missing lines protect nobody", s: subject(day(4000)), step: 1, extreme: true,
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }, reason: "Lines are missing (batches overdue), so the true figure can only be higher."},
		{name: "since", desc: "what lies before the matter was settled does not count", s: subject(day(1700)), step: .8,
			change: func(s *audit.Subject) { s.Since = today.Add(9 * time.Hour) }},
		{name: "since, gateway", desc: "GetUsage cannot tell the settled part of a day from the rest", s: subject(gateway(day(1700), 9000)), step: .8,
			change: func(s *audit.Subject) { s.Since = today.Add(9 * time.Hour) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.change != nil {
				tt.change(&tt.s)
			}
			_, notices := audit.Detect(tt.s)
			found := of("volume", tt.s)
			if len(found) != min(1, len(tt.reason)) || len(notices) != min(1, int(10*tt.step)) {
				t.Fatalf("%s:\ngot %+v\nand %+v", tt.desc, found, notices)
			}
			if len(notices) == 1 && notices[0].Step != tt.step {
				t.Errorf("%s: step %v, want %v", tt.desc, notices[0].Step, tt.step)
			}
			if len(found) == 0 {
				return
			}
			f := found[0]
			if !strings.Contains(f.Reason, tt.reason) {
				t.Errorf("%s:\ngot  %s\nwant %s", tt.desc, f.Reason, tt.reason)
			}
			if f.Covered != tt.covered || f.Extreme != tt.extreme || f.Agreement != tt.agreement || f.Version != tt.s.Policy.Version.Number {
				t.Errorf("%s: got %+v", tt.desc, f)
			}
			if f.Clause != "fair-volume" || f.Term != aup.TermPerDay || aup.Date(f.From) != aup.Date(f.Until) {
				t.Errorf("%s: clause, term or stretch of %+v", tt.desc, f)
			}
			if (f.Incomplete != "") != (tt.s.Doubt.OverCounted != "") {
				t.Errorf("%s: incomplete %q", tt.desc, f.Incomplete)
			}
		})
	}
}

// More calls never make a finding vanish, become covered or less than extreme.
func TestVolumeIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(900, 3100).Draw(t, "calls")
		more := rapid.IntRange(0, 500).Draw(t, "more")
		calls := spread(key, today, 17, n, same)
		other := rapid.SampledFrom([]aup.KeyID{key, "key-two"}).Draw(t, "key")
		before := of("volume", subject(days(calls...)))
		after := of("volume", subject(days(append(calls, spread(other, today, 17, more, same)...)...)))
		if len(before) > len(after) {
			t.Fatalf("%d calls are a finding, %d more are none", n, more)
		}
		if len(before) == 1 && (after[0].Covered || before[0].Extreme && !after[0].Extreme || after[0].Measured < before[0].Measured) {
			t.Fatalf("%+v became %+v", before[0], after[0])
		}
	})
}

// atOnce is n calls at one moment.
func atOnce(k aup.KeyID, at time.Time, n int) (calls []usage.Call) {
	for range n {
		calls = append(calls, call(k, at, "same"))
	}
	return calls
}

// TestRateLater: a busier minute hides no later one that could end in a suspension as well.
func TestRateLater(t *testing.T) {
	nine := today.Add(9 * time.Hour)
	for _, tt := range []struct {
		says  string
		calls [][]usage.Call
		want  []float64
	}{
		{"a later minute that is significant too", [][]usage.Call{atOnce(key, nine, 900), atOnce(key, nine.Add(3*time.Hour), 600)}, []float64{900, 600}},
		{"the latest of several", [][]usage.Call{atOnce(key, nine, 900), atOnce(key, nine.Add(time.Hour), 700), atOnce(key, nine.Add(3*time.Hour), 601)}, []float64{900, 601}},
		{"an earlier one is not the latest", [][]usage.Call{atOnce(key, nine, 600), atOnce(key, nine.Add(3*time.Hour), 900)}, []float64{900}},
		{"a later one that is only beyond the limit", [][]usage.Call{atOnce(key, nine, 900), atOnce(key, nine.Add(3*time.Hour), 599)}, []float64{900}},
		{"one of the same window says nothing new of the service", [][]usage.Call{atOnce(key, nine, 900), atOnce(key, nine.Add(4*time.Minute), 600)}, []float64{900}},
		{"nor does any where the busiest is not significant", [][]usage.Call{atOnce(key, nine, 500), atOnce(key, nine.Add(3*time.Hour), 400)}, []float64{500}},
	} {
		var measured []float64
		for _, f := range of("rate", subject(days(slices.Concat(tt.calls...)...))) {
			measured = append(measured, f.Measured)
		}
		if !slices.Equal(measured, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.says, measured, tt.want)
		}
	}
}

func TestRate(t *testing.T) {
	nine := today.Add(9 * time.Hour)
	tests := []struct {
		name, desc string
		calls      []usage.Call
		change     func(*audit.Subject)
		reason     string
		extreme    bool
	}{
		{name: "limit", desc: "as many as allowed", calls: atOnce(key, nine, 60)},
		{name: "beyond", desc: "one more in a minute is a finding", calls: atOnce(key, nine, 61),
			reason: "61 requests in the minute from 15 January 2027, 09:00 (UTC) over 1 key: 102 % of the 60 a minute that dos-api version 12 allows."},
		{name: "two minutes", desc: "requests on both sides of a full minute do not add up", calls: append(atOnce(key, nine, 40), atOnce(key, nine.Add(time.Minute), 40)...)},
		{name: "two keys", desc: "the same minute of two keys adds up", calls: append(atOnce(key, nine, 40), atOnce("key-two", nine.Add(30*time.Second), 40)...),
			reason: "80 requests in the minute from 15 January 2027, 09:00 (UTC) over 2 keys"},
		{name: "extreme", desc: "ten times the limit is what this policy calls significant", calls: atOnce(key, nine, 600), extreme: true, reason: "1,000 %"},
		{name: "yesterday", desc: "yesterday's busiest minute is judged too", calls: atOnce(key, nine.AddDate(0, 0, -1), 61), reason: "14 January 2027, 09:00"},
		{name: "settled", desc: "a minute before the matter was settled does not count", calls: atOnce(key, nine, 600),
			change: func(s *audit.Subject) { s.Since = nine.Add(5 * time.Minute) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := subject(days(tt.calls...))
			if tt.change != nil {
				tt.change(&s)
			}
			found := of("rate", s)
			if len(found) != min(1, len(tt.reason)) {
				t.Fatalf("%s: got %+v", tt.desc, found)
			}
			if len(found) == 1 && (!strings.Contains(found[0].Reason, tt.reason) || found[0].Extreme != tt.extreme) {
				t.Errorf("%s: got %s, extreme %v", tt.desc, found[0].Reason, found[0].Extreme)
			}
		})
	}
}
