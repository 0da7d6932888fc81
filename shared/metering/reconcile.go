package metering

import (
	"fmt"
	"time"

	"accord/shared/usage"
)

// State says how the log and GetUsage compare.
type State string

// The states of a day.
const (
	Unknown  State = "unknown"  // GetUsage says nothing of it
	Unlogged State = "unlogged" // the deployment reads no access log: there is nothing to compare with
	Lagging  State = "lagging"  // GetUsage was asked before it could know the whole day
	Agrees   State = "agrees"   // within the tolerance
	Gap      State = "gap"      // fewer calls logged than GetUsage says: lines are missing
	Over     State = "over"     // more calls logged than GetUsage says: some may be counted twice
)

// Doubt is what speaks against a day's figures.
type Doubt string

// The doubts.
const (
	NoDoubt     Doubt = ""
	Incomplete  Doubt = "incomplete"   // what was seen was done, but more was done than was seen
	OverCounted Doubt = "over-counted" // what was seen may not have been done
)

// Few is how many calls the two sources may always differ by.
const Few = 20

// Reconciliation compares the two sources for one key and day.
type Reconciliation struct {
	Date      string
	Logged    int64 // requests in the access log
	Unserved  int64 // of those, refused or throttled: GetUsage may or may not have them
	Gateway   int64 // over all plans
	Tolerance int64 // max(1 % of the larger, Few)
	State     State
	Overlaps  int // windows of the day in which calls may be there twice, whatever the two sources say
}

// Reconcile compares a day's log with what GetUsage says, at the time now. Today is never over.
func Reconcile(day usage.Day, now time.Time) Reconciliation {
	n := day.Counts()
	r := Reconciliation{Date: day.Date, Logged: n.Requests, Unserved: n.Refused + n.Throttled, Overlaps: len(day.Overlaps)}
	gateway, known := day.GatewayTotal()
	r.Gateway = gateway
	r.Tolerance = max((max(r.Logged, r.Gateway)+99)/100, Few)
	switch {
	case !known:
		r.State = Unknown
	case day.Unlogged:
		r.State = Unlogged
	case day.Date >= usage.DateOf(now) || !complete(day):
		r.State = Lagging
	case r.Logged+r.Tolerance < r.Gateway:
		r.State = Gap
	case r.Logged-r.Unserved > r.Gateway+r.Tolerance:
		r.State = Over
	default:
		r.State = Agrees
	}
	return r
}

// Doubt returns what speaks against the day's figures: batches of the log that overlap, and the comparison.
// A day that cannot be compared yet, or at all, is not in doubt for that.
func (r Reconciliation) Doubt() Doubt {
	switch {
	case r.Overlaps > 0 || r.State == Over:
		return OverCounted
	case r.State == Gap:
		return Incomplete
	}
	return NoDoubt
}

// Difference returns how many more calls were logged than GetUsage says; fewer are negative.
func (r Reconciliation) Difference() int64 { return r.Logged - r.Gateway }

func (r Reconciliation) String() string {
	if r.State == Unlogged {
		return fmt.Sprintf("%s: %d by GetUsage alone: no access log is read", r.Date, r.Gateway)
	}
	s := fmt.Sprintf("%s: %d logged, %d by GetUsage: %s (%+d, tolerance %d)", r.Date, r.Logged, r.Gateway, r.State, r.Difference(), r.Tolerance)
	if r.Overlaps > 0 {
		s += fmt.Sprintf("; in %d windows batches of the log overlap", r.Overlaps)
	}
	return s
}
