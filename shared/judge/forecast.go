package judge

import (
	"context"
	"maps"
	"slices"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/usage"
)

// forecastDays is how many days before today a forecast looks at.
const forecastDays = 15

// forecast adds to a usage notice on which day the limit is reached if the last complete days go on. Who is at
// the limit is told that, and nothing more.
func (j Judge) forecast(ctx context.Context, in Input, n *aup.UsageNotice) error {
	if n.Step >= 1 || n.Term != aup.TermPerDay {
		return nil
	}
	now := in.Subject.Now
	keys, err := j.days(ctx, in.Standing, now.AddDate(0, 0, -forecastDays), now)
	if err != nil {
		return err
	}
	if on, days, ok := audit.Forecast(complete(keys, now), int64(n.Allowed), now); ok {
		n.Reaches, n.Days = aup.Date(on), days
	}
	return nil
}

// complete are the days before today of which the log of every key that called agrees with GetUsage, added
// up and in order.
func complete(keys map[aup.KeyID][]usage.Day, now time.Time) []audit.Total {
	totals, doubtful := map[string]int64{}, map[string]bool{}
	for _, all := range keys {
		for _, d := range all {
			r := metering.Reconcile(d, now)
			totals[d.Date] += r.Logged
			doubtful[d.Date] = doubtful[d.Date] || r.State != metering.Agrees || r.Doubt() != metering.NoDoubt
		}
	}
	var days []audit.Total
	for _, date := range slices.Sorted(maps.Keys(totals)) {
		if !doubtful[date] && date < aup.Date(now) {
			days = append(days, audit.Total{Date: date, Requests: totals[date]})
		}
	}
	return days
}
