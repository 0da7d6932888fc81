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
	Recent    []time.Time `json:"recent,omitempty"` // suspensions of the last hours
}

// Budget is how many suspensions an hour may see: the larger of 3 and 1 % of the consumers.
func (g Guard) Budget() int { return max(leastBudget, g.Consumers/budgetShare) }

// Room says whether one more suspension at the moment now stays within the budget of any hour. Entries in
// the future, from a clock that is ahead, count.
func (g Guard) Room(now time.Time) bool { return len(since(g.Recent, now, guardSpan)) < g.Budget() }

// With returns the guard with a suspension at the moment now, without those that no judge can have to count.
func (g Guard) With(now time.Time) Guard {
	g.Recent = append(since(g.Recent, now, guardKept), now.UTC())
	return g
}

func since(all []time.Time, now time.Time, span time.Duration) []time.Time {
	return slices.DeleteFunc(slices.Clone(all), func(t time.Time) bool { return now.Sub(t) > span })
}
