package audit

import (
	"slices"
	"time"

	"accord/shared/aup"
)

// Total is how many requests a complete day saw, over all keys.
type Total struct {
	Date     string // UTC
	Requests int64
}

// What a forecast needs: fewer days tell nothing, growth that is not steady tells nothing, and a day that far
// away would be a guess.
const (
	leastForecast  = 5  // complete days in a row
	mostForecast   = 14 // that are looked at
	steadyForecast = 80 // % of the pairs of days of which the later one saw more
	farForecast    = 28 // days from now
)

// Forecast says on which day the requests of a day reach a limit if they go on growing as they did on the last
// complete days, and on how many days that rests. The days rise; what is not in a row with the last one is
// left out, and the last one is yesterday or the day before. ok is false when there is too little to tell.
func Forecast(days []Total, limit int64, now time.Time) (on time.Time, rests int, ok bool) {
	days = lastRow(days)
	n := len(days)
	today := now.UTC().Truncate(24 * time.Hour)
	if n < leastForecast || days[n-1].Date < aup.Date(today.AddDate(0, 0, -2)) {
		return on, n, false
	}
	slope, rising := growth(days)
	if slope <= 0 || rising < steadyForecast {
		return on, n, false
	}
	levels := make([]float64, n)
	for i, d := range days {
		levels[i] = float64(d.Requests) - slope*float64(i)
	}
	last, _ := time.Parse(time.DateOnly, days[n-1].Date)
	for ahead := 1; ahead <= farForecast; ahead++ {
		day := last.AddDate(0, 0, ahead)
		if median(levels)+slope*float64(n-1+ahead) >= float64(limit) && !day.Before(today) {
			return day, n, true
		}
	}
	return on, n, false
}

// lastRow are the last days that follow each other without a gap, at most mostForecast.
func lastRow(days []Total) []Total {
	first := max(0, len(days)-1)
	for ; first > 0 && len(days)-first < mostForecast; first-- {
		at, err := time.Parse(time.DateOnly, days[first].Date)
		if err != nil || aup.Date(at.AddDate(0, 0, -1)) != days[first-1].Date {
			break
		}
	}
	return days[first:]
}

// growth is the median of the growth a day between any two days, and of how many pairs in a hundred the later
// day saw more: one odd day moves neither much.
func growth(days []Total) (slope float64, rising int) {
	var slopes []float64
	up := 0
	for i := range days {
		for j := i + 1; j < len(days); j++ {
			slopes = append(slopes, float64(days[j].Requests-days[i].Requests)/float64(j-i))
			if days[j].Requests > days[i].Requests {
				up++
			}
		}
	}
	return median(slopes), 100 * up / len(slopes)
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
