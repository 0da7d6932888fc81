package accesslog

import (
	"errors"
	"iter"
	"strings"
	"time"
	"unsafe"

	"accord/shared/aup"
	"accord/shared/usage"
)

// How far a line's time may be from now. Both are judged for whole windows, so that the same batch
// delivered twice gives the same summary of a window or none, and never a part of it.
const (
	MaxAge   = 48 * time.Hour   // of the window's end: later lines are counted as late
	MaxAhead = 10 * time.Minute // of the window's start: lines further ahead are counted as future
)

// Batch is what the lines of one batch come to.
type Batch struct {
	Lines    int            // all of them
	Rejected map[Reason]int // lines that were refused
	Late     int            // lines that came too late to be folded
	Future   int            // lines from further ahead than clocks may be wrong
	Keyless  int            // folded lines of calls without a key: they are under the key ""

	// Windows has what was folded: by Unix second of the window's start and by key.
	Windows map[int64]map[aup.KeyID]*usage.Summary
}

// Summaries reads the lines of a batch, at the time now. A bad line is counted and costs its neighbours
// nothing. No memory of the lines is kept.
func Summaries(lines iter.Seq[[]byte], now time.Time) Batch {
	b := Batch{Rejected: make(map[Reason]int), Windows: make(map[int64]map[aup.KeyID]*usage.Summary)}
	f := folder{batch: &b, now: now}
	for line := range lines {
		f.line(line)
	}
	return b
}

// folder remembers the window of the line before, which is nearly always the next line's too.
type folder struct {
	batch *Batch
	now   time.Time
	call  usage.Call

	start int64
	keys  map[aup.KeyID]*usage.Summary
}

const windowSeconds = int64(usage.Window / time.Second)

func (f *folder) line(line []byte) {
	f.batch.Lines++
	if len(line) == 0 {
		f.batch.Rejected[NotJSON]++
		return
	}
	// The call's strings live no longer than line does: what a Summary keeps it copies.
	if r := parse(unsafe.String(&line[0], len(line)), &f.call); r != "" {
		f.batch.Rejected[r]++
		return
	}
	if unix := f.call.At.Unix(); f.keys == nil || unix < f.start || unix >= f.start+windowSeconds {
		switch err := Accepts(f.call.At, f.now); {
		case errors.Is(err, ErrLate):
			f.batch.Late++
			return
		case errors.Is(err, ErrFuture):
			f.batch.Future++
			return
		}
		f.open(unix - unix%windowSeconds)
	}
	s := f.keys[f.call.Key]
	if s == nil {
		s = new(usage.Summary)
		f.keys[aup.KeyID(strings.Clone(string(f.call.Key)))] = s
	}
	if f.call.Key == "" {
		f.batch.Keyless++
	}
	s.Add(f.call)
}

func (f *folder) open(start int64) {
	f.start, f.keys = start, f.batch.Windows[start]
	if f.keys == nil {
		f.keys = make(map[aup.KeyID]*usage.Summary)
		f.batch.Windows[start] = f.keys
	}
}

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
