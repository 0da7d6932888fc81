package web

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"accord/shared/aup"
	"accord/shared/notice"
	"accord/shared/policydoc"
	"accord/shared/usage"
)

// shownDays is how many days the chart has.
const shownDays = 7

// The chart's measures, in units of its view box.
const (
	chartWidth, chartHeight = 336, 190
	chartTop, chartBase     = 26, 164
	columnWidth, barWidth   = 48, 30
)

// chart is the usage of the last days against what was agreed, as bars and as a table.
type chart struct {
	Width, Height, Base, Right int
	Bars                       []bar
	Limit                      int // y of the line; 0: no limit
	LimitWords                 string
	PerMinute                  string
	Summary                    string
}

// bar is one day.
type bar struct {
	X, Y, W, H, Middle, Above int
	Over                      bool
	Day                       string // "Mon 31 May", in the table
	Short                     string // "Mon"
	Value                     string // "6.2k", above the bar
	Requests, Share, Busiest  string // in the table
}

// chartOf draws the days up to now. A day of which nothing is known has no requests.
func chartOf(days []usage.Day, t aup.Terms, now time.Time) *chart {
	c := &chart{Width: chartWidth, Height: chartHeight, Base: chartBase, Right: chartWidth}
	byDate := map[string]usage.Day{}
	top, limit := int64(1), int64(0)
	if t.PerDay != nil {
		limit = t.PerDay.Limit
		c.LimitWords = policydoc.Count(limit, "request") + " a day"
	}
	if t.PerMinute != nil {
		c.PerMinute = policydoc.Count(t.PerMinute.Limit, "request") + " a minute"
	}
	top = max(top, limit)
	for _, d := range days {
		byDate[d.Date] = d
		top = max(top, requests(d))
	}
	if limit > 0 {
		c.Limit = y(limit, top)
	}
	var total, most int64
	for i := range shownDays {
		date := now.UTC().AddDate(0, 0, i-shownDays+1)
		d := byDate[aup.Date(date)]
		n := requests(d)
		total, most = total+n, max(most, n)
		c.Bars = append(c.Bars, barOf(i, date, d, n, limit, top))
	}
	c.Summary = fmt.Sprintf("%s in %d days, at most %s in one day", policydoc.Count(total, "request"), shownDays, policydoc.Number(most))
	if limit > 0 {
		c.Summary += fmt.Sprintf(", of %s agreed", c.LimitWords)
	}
	return c
}

func barOf(i int, date time.Time, d usage.Day, n, limit, top int64) bar {
	at := y(n, top)
	b := bar{X: i*columnWidth + (columnWidth-barWidth)/2, Y: at, W: barWidth, H: chartBase - at, Middle: i*columnWidth + columnWidth/2, Above: at - 5,
		Day: date.Format("Mon 2 Jan"), Short: date.Format("Mon"), Value: compact(n), Requests: policydoc.Number(n), Busiest: busiest(d)}
	if i == shownDays-1 {
		b.Day = "Today so far"
	}
	if limit > 0 {
		b.Over, b.Share = n > limit, notice.Percent(float64(n)/float64(limit))
	}
	return b
}

// requests of a day: the larger of what was logged and what the gateway counted, as they are judged.
func requests(d usage.Day) int64 {
	gateway, _ := d.GatewayTotal()
	return max(0, d.Counts().Requests, gateway)
}

func busiest(d usage.Day) string {
	var most int64
	for _, n := range d.Merged.Minutes {
		most = max(most, n)
	}
	return policydoc.Number(most)
}

// y is where a number lies on a scale that ends at top.
func y(n, top int64) int {
	return chartBase - int(math.Round(float64(n)/float64(top)*(chartBase-chartTop)))
}

// compact is a number in a few characters.
func compact(n int64) string {
	f := float64(n)
	switch {
	case n < 10_000:
		return policydoc.Number(n)
	case n < 1_000_000:
		return strconv.FormatFloat(f/1e3, 'f', 0, 64) + "k"
	case n < 1_000_000_000:
		return strconv.FormatFloat(f/1e6, 'f', 1, 64) + "M"
	}
	return strconv.FormatFloat(f/1e9, 'f', 0, 64) + "G"
}
