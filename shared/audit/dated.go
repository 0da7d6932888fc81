package audit

import (
	"strings"
	"time"
)

// lately is how far from now the dates lie that daily work is about: today's list, last week's report, tomorrow's appointments.
const lately = 8 * 24 * time.Hour

// dated says whether a path names a day near now. What is read of a day is another resource every day: that it does not come
// again is no sign of a sweep.
func dated(path string, now time.Time) bool {
	for part := range strings.SplitSeq(path, "/") {
		if day, err := time.Parse(time.DateOnly, part); err == nil && now.Sub(day).Abs() <= lately {
			return true
		}
	}
	return false
}

// daily says whether all examples of what is looked at name days near now.
func (l *looked) daily(now time.Time) bool {
	for _, path := range l.examples {
		if !dated(path, now) {
			return false
		}
	}
	return len(l.examples) > 0
}
