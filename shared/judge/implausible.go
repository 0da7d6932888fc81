package judge

import (
	"fmt"
	"time"

	"accord/shared/usage"
)

// What is more than a key can make: API Gateway lets a whole account make ten thousand calls a second, some
// ten times as many where that was raised.
const (
	mostInWindow = 100_000_000
	mostInDay    = 2_000_000_000
)

// implausible says in words what cannot be true of a key's days, whatever the key did: such figures are
// nobody's usage, and no evidence. The days are in order.
func implausible(days []usage.Day) string {
	for i, d := range days {
		if i > 0 && d.Date <= days[i-1].Date {
			return d.Date + " is there twice"
		}
		if what := impossible(d); what != "" {
			return d.Date + ": " + what
		}
	}
	return ""
}

func impossible(d usage.Day) string {
	busiest := int64(0)
	for _, n := range d.Merged.Minutes {
		busiest = max(busiest, n)
	}
	for start, n := range d.Windows {
		at := time.Unix(start, 0)
		for _, figure := range []int64{n.Requests, n.Successes, n.ClientErrors, n.Refused, n.NotFound, n.Throttled, n.ServerErrors} {
			if figure < 0 || figure > n.Requests || n.Requests > mostInWindow {
				return fmt.Sprintf("a window of %d calls, of which %d are of one kind", n.Requests, figure)
			}
		}
		if n.Requests > busiest*int64(usage.Window/time.Minute) {
			return fmt.Sprintf("a window of %d calls, where the day's busiest minute has %d", n.Requests, busiest)
		}
		if usage.DateOf(at) != d.Date || !usage.WindowOf(at).Equal(at) {
			return "a window of another time, " + at.UTC().Format(time.DateTime)
		}
	}
	return atOdds(d)
}

// atOdds says where parts of a day that tell of the same calls contradict each other.
func atOdds(d usage.Day) string {
	for minute, n := range d.Merged.Minutes {
		if within := d.Windows[usage.WindowOf(time.Unix(60*minute, 0)).Unix()].Requests; n < 0 || n > within {
			return fmt.Sprintf("%d calls in a minute whose window has %d", n, within)
		}
	}
	for name, looks := range d.Looks {
		for _, f := range looks {
			if f.N < 0 || f.N > d.Windows[f.Window].Requests {
				return fmt.Sprintf("%d looks at %s in a window of %d calls", f.N, name, d.Windows[f.Window].Requests)
			}
		}
	}
	for name, missed := range d.Missed {
		for _, f := range missed {
			if looks := d.Looks[name].At(f.Window); f.N < 0 || f.N > looks {
				return fmt.Sprintf("%d of %d looks at %s found nothing", f.N, looks, name)
			}
		}
	}
	for plan, n := range d.Gateway {
		if n.Used < 0 || n.Used > mostInDay {
			return fmt.Sprintf("GetUsage says %d calls of plan %s", n.Used, plan)
		}
	}
	return ""
}
