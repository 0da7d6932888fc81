package assess

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/aup"
)

// What a deployment may do by itself: package aup's words.
const (
	ModeObserve = aup.ModeObserve
	ModeWarn    = aup.ModeWarn
	ModeEnforce = aup.ModeEnforce
)

// Mode is what a deployment may do by itself. The empty mode is ModeObserve.
type Mode = aup.Mode

// ParseMode reads a deployment's parameter; empty is ModeObserve.
func ParseMode(s string) (Mode, error) {
	switch m := Mode(s); m {
	case "":
		return ModeObserve, nil
	case ModeObserve, ModeWarn, ModeEnforce:
		return m, nil
	}
	return "", fmt.Errorf("mode %q: use %s, %s or %s", s, ModeObserve, ModeWarn, ModeEnforce)
}

const (
	guardSpan   = time.Hour
	guardKept   = 2 * guardSpan // judges' clocks differ: what one finds an hour old, another may have to count
	leastBudget = 3
	budgetShare = 100 // one in so many consumers
)

// Guard keeps a machine from running wild: how many consumers there are, and when it suspended any of
// them lately. It is one stored item, checked and written with each suspension.
type Guard struct {
	Consumers int         `json:"consumers"`
	Recent    []time.Time `json:"recent,omitempty"`   // suspensions of the last hours
	Held      []time.Time `json:"held,omitempty"`     // suspensions that were held, the last few
	Suspected time.Time   `json:"suspected,omitzero"` // when the admins were last told that the sensor may be broken
}

// Budget is how many suspensions an hour may see: the larger of 3 and 1 % of the consumers.
func (g Guard) Budget() int { return max(leastBudget, g.Consumers/budgetShare) }

// Room says whether one more suspension at the moment now stays within the budget of any hour. Entries in
// the future, from a clock that is ahead, count.
func (g Guard) Room(now time.Time) bool { return g.Lately(now) < g.Budget() }

// Lately is how many suspensions the hour before the moment now saw.
func (g Guard) Lately(now time.Time) int { return len(since(g.Recent, now, guardSpan)) }

// Crowded says whether more consumers than the budget were to be suspended within the last hour, held ones
// included: more than plausible. What looks at them is suspected before they are.
func (g Guard) Crowded(now time.Time) bool {
	return g.Lately(now)+len(since(g.Held, now, guardSpan)) > g.Budget()
}

// suspectedFor is for how long the admins, once told that the sensor may be broken, are not told again.
const suspectedFor = 24 * time.Hour

// WithHeld returns the guard with a suspension that is held at the moment now. tell is whether the admins
// are to be told of it: of each, but once a day of all that are held because of the sensor.
func (g Guard) WithHeld(why string, now time.Time) (next Guard, tell bool) {
	next, tell = g, true
	next.Held = append(since(g.Held, now, guardKept), now.UTC())
	next.Held = next.Held[max(0, len(next.Held)-g.Budget()-1):] // more tell nothing more
	if why == HeldSensor {
		if tell = g.Suspected.IsZero() || now.Sub(g.Suspected) >= suspectedFor; tell {
			next.Suspected = now.UTC()
		}
	}
	return next, tell
}

// With returns the guard with a suspension at the moment now, without those that no judge can have to count.
func (g Guard) With(now time.Time) Guard {
	g.Recent = append(since(g.Recent, now, guardKept), now.UTC())
	return g
}

func since(all []time.Time, now time.Time, span time.Duration) []time.Time {
	return slices.DeleteFunc(slices.Clone(all), func(t time.Time) bool { return now.Sub(t) > span })
}
