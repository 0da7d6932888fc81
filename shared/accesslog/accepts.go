package accesslog

import (
	"errors"
	"time"

	"accord/shared/usage"
)

// How far a line's time may be from now. Both are judged for whole windows, so that the same batch
// delivered twice gives the same summary of a window or none, and never a part of it.
const (
	MaxAge   = 48 * time.Hour   // of the window's end: later lines are counted as late
	MaxAhead = 10 * time.Minute // of the window's start: lines further ahead are counted as future
)

// Why a line with a good time is not folded.
var (
	ErrLate   = errors.New("the line came more than 48 hours after its window ended")
	ErrFuture = errors.New("the line's window starts more than 10 minutes from now")
)

// Accepts says whether a call at a time is folded now: nil, ErrLate or ErrFuture.
func Accepts(at, now time.Time) error {
	start := usage.WindowOf(at)
	switch {
	case now.Sub(start.Add(usage.Window)) > MaxAge:
		return ErrLate
	case start.Sub(now) > MaxAhead:
		return ErrFuture
	}
	return nil
}
