package audit_test

import (
	"slices"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
)

// TestForecast: Friday 15 January 2027 is today, and the limit is 1,000 requests a day.
func TestForecast(t *testing.T) {
	today := time.Date(2027, 1, 15, 9, 30, 0, 0, time.UTC)
	upTo := func(ago int, requests ...int64) []audit.Total {
		var days []audit.Total
		for i, n := range requests {
			days = append(days, audit.Total{Date: aup.Date(today.AddDate(0, 0, i-len(requests)+1-ago)), Requests: n})
		}
		return days
	}
	for _, c := range []struct {
		says string
		days []audit.Total
		on   string // empty: nothing can be said
		in   string // the day of the week
	}{
		{"a hundred more each day", upTo(1, 400, 500, 600, 700, 800), "2027-01-16", "Saturday"},
		{"fifty more each day", upTo(1, 500, 550, 600, 650, 700, 750), "2027-01-19", "Tuesday"},
		{"it would be today", upTo(1, 500, 600, 700, 800, 900), "2027-01-15", "Friday"},
		{"yesterday is not complete yet", upTo(2, 400, 500, 600, 700, 800), "2027-01-15", "Friday"},
		{"one odd day does not hide the growth", upTo(1, 400, 450, 500, 900, 600, 650, 700, 750), "2027-01-19", "Tuesday"},
		{"four days are too few", upTo(1, 500, 600, 700, 800), "", ""},
		{"nothing at all", nil, "", ""},
		{"the last three days are not known", upTo(4, 400, 500, 600, 700, 800), "", ""},
		{"a gap leaves too few in a row", slices.Delete(upTo(1, 300, 400, 500, 600, 700, 800), 2, 3), "", ""},
		{"as ever", upTo(1, 800, 800, 800, 800, 800, 800), "", ""},
		{"less and less", upTo(1, 900, 850, 800, 750, 700), "", ""},
		{"two working weeks and their weekends", upTo(1, 700, 720, 200, 180, 710, 730, 690, 700, 740, 190, 210, 705, 715, 720), "", ""},
		{"up and down", upTo(1, 400, 800, 300, 900, 350, 850), "", ""},
		{"so slowly that it would be a guess", upTo(1, 100, 101, 102, 103, 104, 105), "", ""},
		{"a date that is none", []audit.Total{{"", 1}, {"", 2}, {"x", 3}, {"y", 4}, {"z", 5}}, "", ""},
	} {
		on, _, ok := audit.Forecast(c.days, 1000, today)
		if ok != (c.on != "") || ok && (aup.Date(on) != c.on || on.Weekday().String() != c.in) {
			t.Errorf("%s: %t, %s %s; want %q, a %s", c.says, ok, aup.Date(on), on.Weekday(), c.on, c.in)
		}
	}
}
