package aup

import (
	"slices"
	"time"
)

// The ways in which the access log and GetUsage can differ about a day that both should know.
const (
	Short DifferenceKind = "short" // fewer calls logged than GetUsage says: lines are missing
	Over  DifferenceKind = "over"  // more calls logged: some may be counted twice
)

// DifferenceKind is the direction of a difference.
type DifferenceKind string

// GapNoticed says that the log and GetUsage differ about one key's day by more than is tolerated. It tells
// of the measuring and not of the consumer, and nothing of the standing but Gaps follows from it.
type GapNoticed struct {
	Key     KeyID          `json:"key"`
	Date    string         `json:"date"` // UTC
	How     DifferenceKind `json:"how"`
	Logged  int64          `json:"logged"`
	Gateway int64          `json:"gateway"` // calls by GetUsage, over all plans
}

// GapClosed says that the two agree about a day of which a gap was noticed: late lines came, or a later
// reading of GetUsage.
type GapClosed struct {
	Key     KeyID  `json:"key"`
	Date    string `json:"date"`
	Logged  int64  `json:"logged"`
	Gateway int64  `json:"gateway"`
}

// LogStopped says, once a day in the provider's own history, that GetUsage counts calls that were made after the
// last one that the access log has.
type LogStopped struct {
	Last  time.Time `json:"last,omitzero"` // when the last window with a logged call ended; zero: none that day nor the day before
	Calls int64     `json:"calls"`         // counted since then, at the least
}

func (LogStopped) Kind() string { return "log-stopped" }

func (LogStopped) apply(*Standing, Event) {}

func (GapNoticed) Kind() string { return "gap-noticed" }
func (GapClosed) Kind() string  { return "gap-closed" }

// Gaps are the keys whose figures of one day have a gap that was noticed and not closed.
type Gaps struct {
	Date string  `json:"date"`
	Keys []KeyID `json:"keys,omitempty"` // the first MaxGapKeys
	More int     `json:"more,omitempty"` // how many others
}

const (
	// MaxGapKeys is how many keys of a day a standing names.
	MaxGapKeys = 8
	// gapsKept is for how long a standing remembers a gap: no line comes so late that it could close one.
	gapsKept = 7 * 24 * time.Hour
)

// Gap says whether a gap of a key's day is open; sure is false where the standing does not name all keys.
func (s Standing) Gap(key KeyID, date string) (open, sure bool) {
	for _, g := range s.Gaps {
		if g.Date == date {
			named := slices.Contains(g.Keys, key)
			return named, named || g.More == 0
		}
	}
	return false, true
}

func (f GapNoticed) apply(s *Standing, e Event) {
	oldest := Date(e.At.Add(-gapsKept))
	s.Gaps = slices.DeleteFunc(s.Gaps, func(g Gaps) bool { return g.Date < oldest })
	i := slices.IndexFunc(s.Gaps, func(g Gaps) bool { return g.Date == f.Date })
	if i < 0 {
		i = len(s.Gaps)
		s.Gaps = append(s.Gaps, Gaps{Date: f.Date})
	}
	if g := &s.Gaps[i]; len(g.Keys) < MaxGapKeys {
		g.Keys = append(g.Keys, f.Key)
	} else {
		g.More++
	}
}

func (f GapClosed) apply(s *Standing, _ Event) {
	for i := range s.Gaps {
		g := &s.Gaps[i]
		if g.Date != f.Date {
			continue
		}
		if at := slices.Index(g.Keys, f.Key); at >= 0 {
			g.Keys = slices.Delete(g.Keys, at, at+1)
		} else {
			g.More = max(g.More-1, 0)
		}
	}
	s.Gaps = slices.DeleteFunc(s.Gaps, func(g Gaps) bool { return len(g.Keys)+g.More == 0 })
}
