package notice

import (
	"math"
	"strconv"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// Day is "15 January 2027", in UTC.
func Day(t time.Time) string { return t.UTC().Format(aup.LongDay) }

// Moment is "15 January 2027, 09:30 UTC".
func Moment(t time.Time) string { return t.UTC().Format(aup.LongMinute + " UTC") }

// Span is a stretch of time, or a moment where it is shorter than a minute; empty where there is none.
func Span(from, until time.Time) string {
	switch {
	case from.IsZero():
		return ""
	case until.Sub(from) < time.Minute:
		return Moment(from)
	case aup.Date(from) == aup.Date(until):
		return from.UTC().Format(aup.LongMinute) + " to " + until.UTC().Format("15:04 UTC")
	}
	return from.UTC().Format(aup.LongMinute) + ", to " + Moment(until)
}

// from is a day, or a moment where it does not start with the day.
func from(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return Day(t) + " (00:00 UTC)"
	}
	return Moment(t)
}

// date reads "2027-01-15" as a day; what it cannot read stays as it is.
func date(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return Day(t)
}

// Figure is a measured number with its unit: "62,341 requests a day". Whole numbers have no decimals.
func Figure(v float64, unit string) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return ""
	case unit == "share" || strings.HasPrefix(unit, "share of "):
		return Percent(v) + strings.TrimPrefix(unit, "share")
	case unit != "":
		unit = " " + unit
	}
	if r := math.Round(v); math.Abs(v-r) < 1e-9 || math.Abs(v) >= 1000 {
		return policydoc.Number(int64(r)) + unit
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + unit
}

// Percent is a ratio: 0.8 is "80 %".
func Percent(v float64) string {
	if v >= 10 {
		return policydoc.Number(int64(math.Round(v*100))) + " %"
	}
	return strconv.FormatFloat(math.Round(v*1000)/10, 'f', -1, 64) + " %"
}
