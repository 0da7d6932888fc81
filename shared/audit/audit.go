// Package audit holds usage against what was agreed. A finding says what was measured, what is allowed,
// by which document, and why, in a sentence that a person can check.
//
// A detector is a pure function of a Subject (the terms in force, usage, the clock) and lives in a file
// of its own: volume, rate, crawling (crawling.go, walk.go, sweep.go), caching, operations, errors,
// sources, permissions. Nothing is stored here. Package judge asks for findings about live
// traffic and about recorded logs alike, and package assess weighs them.
//
// The agreement is asked first: what it allows comes out as covered, with its number. Where terms changed
// during the stretch a finding is about, the most generous of them count, so that nobody is accused of
// what was allowed when it was done.
package audit

import (
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// Subject is one consumer, what binds it, and what it did.
type Subject struct {
	Consumer   aup.ConsumerID
	Policy     aup.Tailored              // as it binds the consumer at Now
	Agreements []aup.Agreement           // in force now; those that ended within the days given help, too
	Uses       []string                  // recorded intended uses
	Now        time.Time                 //
	Keys       map[aup.KeyID][]usage.Day // rising dates, the last may be today
	Doubt      Doubt
	Population usage.Population // what all keys asked for on a day before; empty where it is not known
	Index      *usage.Index     // of the caller, who judges many; nil: nothing is kept from one judgement to the next

	// Since is when the usage to be judged begins, such as when the version came to bind the consumer or
	// a person reinstated it. Windows that start earlier do not count: callers round it down to
	// a window where what lies before is harmless, and up where it is settled. Zero: all days given.
	Since time.Time
}

// Doubt says what is doubtful about the usage, in words; empty is without doubt. A window that is still
// open is not a doubt.
type Doubt struct {
	Missing     string // lines may be missing: only lowers what is evidence by being there
	OverCounted string // something may be counted twice: no evidence is good
}

// Detect runs every detector. Usage notices are those of the highest step reached on each day judged,
// told before or not.
func Detect(s Subject) ([]aup.Finding, []aup.UsageNotice) {
	findings, notices := volume(s)
	findings = append(findings, rate(s)...)
	for _, detect := range []func(Subject) []aup.Finding{crawling, caching, operations, errorFlood, sources, permissions} {
		findings = append(findings, detect(s)...)
	}
	for i := range findings {
		findings[i].Version = s.Policy.Version.Number
		s.began(&findings[i])
		s.doubted(&findings[i])
	}
	if s.Doubt.OverCounted != "" {
		notices = nil
	}
	return findings, notices
}

// began lets a finding begin with the first window in which a call was made, where windows tell.
func (s Subject) began(f *aup.Finding) {
	first := f.Until.Unix()
	for _, days := range s.Keys {
		for i := range days {
			for w := range days[i].Windows {
				if w < first && w+windowSeconds > f.From.Unix() {
					first = w
				}
			}
		}
	}
	if at := time.Unix(first, 0).UTC(); first < f.Until.Unix() && at.After(f.From) {
		f.From = at
	}
}

// doubted applies what every detector has in common about doubtful data.
func (s Subject) doubted(f *aup.Finding) {
	switch {
	case s.Doubt.OverCounted != "":
		f.Incomplete, f.Extreme = s.Doubt.OverCounted, false
	case s.Doubt.Missing != "" && f.Detector != "permissions":
		f.Reason += " Lines are missing (" + s.Doubt.Missing + "), so the true figure can only be higher."
	}
}

// stretch is a run of days that is judged together, and the part of it that can have been used by now.
type stretch struct {
	dates       []string
	from, until time.Time
}

// lastDays is the stretch of n days that ends with the one ago days before today, as far as Since
// reaches; ok is false when nothing of it is to be judged.
func (s Subject) lastDays(n, ago int) (st stretch, ok bool) {
	today := s.Now.UTC().Truncate(24 * time.Hour)
	end := today.AddDate(0, 0, 1-ago)
	st.until = end.Add(-time.Second)
	if s.Now.Before(st.until) {
		st.until = s.Now.UTC()
	}
	for day := end.AddDate(0, 0, -n); day.Before(end); day = day.AddDate(0, 0, 1) {
		if day.AddDate(0, 0, 1).After(s.Since) {
			st.dates = append(st.dates, aup.Date(day))
		}
	}
	if len(st.dates) == 0 {
		return st, false
	}
	st.from = end.AddDate(0, 0, -len(st.dates))
	if st.from.Before(s.Since) {
		st.from = s.Since.UTC()
	}
	return st, !st.until.Before(st.from)
}

// first writes the day that the stretch begins on.
func (st stretch) first() string { return st.from.Format(aup.LongDay) }

// days are a key's days within a stretch.
func (st stretch) days(all []usage.Day) []usage.Day {
	var in []usage.Day
	for _, d := range all {
		if slices.Contains(st.dates, d.Date) {
			in = append(in, d)
		}
	}
	return in
}

// whole says whether all that a day holds is to be judged.
func (s Subject) whole(d usage.Day) bool {
	if s.Since.IsZero() {
		return true
	}
	for w := range d.Windows {
		if w < s.Since.Unix() {
			return false
		}
	}
	return true
}
