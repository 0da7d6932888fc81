package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/policydoc"
)

// The chart's measures, in the units of its own view box.
const (
	width, height = 420.0, 230.0
	left, right   = 62.0, 8.0
	top, bottom   = 40.0, 34.0
	apart         = 22.0 // between the middles of two marks
	maxBars       = 120  // beyond that, days are drawn together
)

// chart is a key's calls a day, in SVG: bars, lines for the limits, marks for the decisions.
type chart struct {
	Width, Height     float64
	Left, Right, Base float64
	TitleID, Title    string
	Bars              []bar
	Grid              []line
	Limits            []line
	Marks             []point
	Dates             []label
	Together          int  // days in one bar
	Over              bool // a bar is over the limit
}

type bar struct {
	X, Y, W, H float64
	Over       bool
	Title      string
}

type line struct {
	Y      float64
	Text   string
	Class  string
	Beyond bool // higher than the chart
}

type point struct {
	X, Y  float64
	N     int
	Level aup.Level
}

type label struct {
	X    float64
	Text string
}

// newChart draws a key's days over the whole stretch of the log.
func newChart(c backtest.Consumer, from, to time.Time) *chart {
	first := from.UTC().Truncate(24 * time.Hour)
	days := max(1, int(to.UTC().Sub(first)/(24*time.Hour))+1)
	per := (days + maxBars - 1) / maxBars
	n := (days + per - 1) / per
	sums := make([]int64, n)
	for _, d := range c.Days {
		if i, ok := place(first, d.Date, per, n); ok {
			sums[i] = max(sums[i], d.Requests) // of days drawn together, the busiest: a limit is about one
		}
	}
	ch := &chart{Width: width, Height: height, Left: left, Right: width - right, Base: height - bottom, Together: per}
	most := c.Limit
	if c.Before != nil {
		most = max(most, c.Before.Limit)
	}
	most = limitShown(most, sums)
	scale := ch.axis(most)
	step := (width - left - right) / float64(n)
	for i, sum := range sums {
		h := float64(sum) * scale
		day := first.AddDate(0, 0, i*per).Format(time.DateOnly)
		ch.Bars = append(ch.Bars, bar{X: round(left + float64(i)*step + step*.12), W: round(min(step*.76, 60)), Y: round(ch.Base - h), H: round(h),
			Over: c.Limit > 0 && sum > c.Limit, Title: fmt.Sprintf("%s: %s", dayName(day), policydoc.Count(sum, "request"))})
	}
	ch.Over = slices.ContainsFunc(ch.Bars, func(b bar) bool { return b.Over })
	ch.limits(c, scale)
	ch.marks(c, first, per)
	ch.dates(first, n, per)
	return ch
}

// limitShown is how high the chart reaches. A limit far above what was used would only flatten the bars.
func limitShown(limit int64, sums []int64) int64 {
	most := int64(1)
	for _, n := range sums {
		most = max(most, n)
	}
	if limit <= 20*most {
		most = max(most, limit)
	}
	return most
}

// spark is a key's calls a day as the points of one line, 100 wide and 24 high.
func spark(c backtest.Consumer, from, to time.Time) string {
	ch := newChart(c, from, to)
	var b strings.Builder
	high := 1.0
	for _, bar := range ch.Bars {
		high = max(high, bar.H)
	}
	for i, bar := range ch.Bars {
		fmt.Fprintf(&b, "%g,%g ", round(float64(i)*100/float64(max(1, len(ch.Bars)-1))), round(23-22*bar.H/high))
	}
	return strings.TrimSpace(b.String())
}

func busiest(c backtest.Consumer) (most int64) {
	for _, d := range c.Days {
		most = max(most, d.Requests)
	}
	return most
}

func place(first time.Time, date string, per, n int) (int, bool) {
	t, err := time.Parse(time.DateOnly, date)
	i := int(t.Sub(first)/(24*time.Hour)) / per
	return i, err == nil && i >= 0 && i < n && !t.Before(first)
}

// axis draws the grid up to a round number above most, and returns the units of height of one request.
func (ch *chart) axis(most int64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(float64(most))))
	for _, part := range []float64{.2, .25, .5, 1} {
		if float64(most)/(step*part) <= 5 {
			step = max(1, step*part)
			break
		}
	}
	lines := math.Ceil(float64(most) / step)
	scale := (height - top - bottom) / (lines * step)
	for i := 0.0; i <= lines; i++ {
		ch.Grid = append(ch.Grid, line{Y: round(ch.Base - i*step*scale), Text: compact(int64(i * step))})
	}
	return scale
}

// limits are lines across the chart. What they mean stands below it: over the bars it could not be read.
func (ch *chart) limits(c backtest.Consumer, scale float64) {
	add := func(limit int64, what, class string) {
		if limit <= 0 {
			return
		}
		l := line{Y: round(ch.Base - float64(limit)*scale), Text: what + " " + policydoc.Number(limit), Class: class}
		if l.Beyond = l.Y < top-1; l.Beyond {
			l.Text += ", far above"
		}
		ch.Limits = append(ch.Limits, l)
	}
	add(c.Limit, "limit", "limit")
	if c.Before != nil && c.Before.Limit != c.Limit {
		add(c.Before.Limit, "before", "limit before")
	}
}

// marks puts each decision above its day, and above the mark that is there already.
func (ch *chart) marks(c backtest.Consumer, first time.Time, per int) {
	for n, d := range c.Decisions {
		i, ok := place(first, d.At.UTC().Format(time.DateOnly), per, len(ch.Bars))
		if !ok {
			continue
		}
		b := ch.Bars[i]
		p := point{X: b.X + b.W/2, Y: b.Y - 13, N: n + 1, Level: d.Level}
		for slices.ContainsFunc(ch.Marks, p.touches) {
			if p.Y -= apart; p.Y < apart/2 {
				p.X, p.Y = p.X+apart, b.Y-13
			}
		}
		p.X, p.Y = round(p.X), round(p.Y)
		ch.Marks = append(ch.Marks, p)
	}
}

func (p point) touches(other point) bool {
	return math.Abs(p.X-other.X) < apart && math.Abs(p.Y-other.Y) < apart
}

// compact is a number on the axis, where there is little room.
func compact(n int64) string {
	for _, unit := range []struct {
		of   int64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if n >= 10*unit.of || n >= 1e6 && n >= unit.of {
			return strconv.FormatFloat(float64(n)/float64(unit.of), 'f', -1, 64) + unit.name
		}
	}
	return policydoc.Number(n)
}

// dates labels the first day and some after it.
func (ch *chart) dates(first time.Time, n, per int) {
	every := max(1, (n+4)/5)
	for i := 0; i < n; i += every {
		b := ch.Bars[i]
		ch.Dates = append(ch.Dates, label{X: round(b.X + b.W/2), Text: first.AddDate(0, 0, i*per).Format("2 Jan")})
	}
}

// label is what the chart says to who cannot see it.
func (ch *chart) label(id string, c backtest.Consumer) {
	ch.TitleID = id + "-chart"
	most := backtest.Day{}
	for _, d := range c.Days {
		if d.Requests > most.Requests {
			most = d
		}
	}
	says := []string{fmt.Sprintf("Calls a day of %s: at most %s, on %s", c.Key, policydoc.Number(most.Requests), dayName(most.Date))}
	if c.Limit > 0 {
		says = append(says, "the limit is "+policydoc.Number(c.Limit))
	}
	for i, d := range c.Decisions {
		does := Does(d.Level)
		if d.Observed {
			does = "only recorded as " + does
		}
		says = append(says, fmt.Sprintf("mark %d, %s, on %s", i+1, does, d.At.UTC().Format("2 Jan 2006")))
	}
	ch.Title = strings.Join(says, "; ") + "."
}

// round keeps the page small: a tenth of a unit cannot be seen.
func round(x float64) float64 { return math.Round(x*10) / 10 }
