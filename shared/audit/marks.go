package audit

import (
	"math"
	"time"

	"accord/shared/usage"
)

// windowSeconds is the length of a window.
const windowSeconds = int64(usage.Window / time.Second)

// mark is when a resource of a sample was looked at.
type mark struct {
	hash  uint32
	at    int64 // the first window, in windows since 1970
	again bool  // in another window, too
}

// marksOf puts together when the resources of a sample were looked at, in the order of their hashes: none
// where one of the days does not tell.
func marksOf(name string, sample *usage.Sketch, days []usage.Day) []mark {
	hashes := sample.Hashes()
	marks := make([]mark, len(hashes))
	for _, d := range days {
		r := d.Merged.Resources[name]
		if r == nil || r.Distinct.Len() == 0 {
			continue
		}
		midnight, err := time.Parse(usage.DateLayout, d.Date)
		visits := d.Visits[name]
		if err != nil || len(visits) != r.Distinct.Len() {
			return nil
		}
		first, i := midnight.Unix()/windowSeconds, 0
		for k, h := range r.Distinct.Hashes() {
			for i < len(hashes) && hashes[i] < h {
				i++
			}
			if i == len(hashes) {
				break
			}
			if hashes[i] == h {
				marks[i].add(h, first+int64(visits[k].Window()), visits[k].Again())
			}
		}
	}
	return marks
}

func (m *mark) add(hash uint32, at int64, again bool) {
	if m.at == 0 {
		*m = mark{hash, at, again}
		return
	}
	m.again = m.again || again || m.at != at
	m.at = min(m.at, at)
}

// cameAgain is how many of the sample were looked at in more than one window.
func (l *looked) cameAgain() (n float64) {
	for _, m := range l.marks {
		if m.again {
			n++
		}
	}
	return n
}

// neverAgain says whether hardly anything came again in another window where looks at random among so many
// resources would have brought repeats.
func (l *looked) neverAgain(among float64) bool {
	if len(l.marks) == 0 || among <= 0 {
		return false
	}
	return atMost(l.cameAgain(), float64(len(l.marks))*l.returning(among)) < unbelievable
}

// returning is the share of what is met at all that looks at random among so many resources meet in two windows or more.
func (l *looked) returning(among float64) float64 {
	rate := float64(l.looks) / among
	inOne := 0.0
	for _, w := range l.byWindow {
		in := float64(w.N) / among
		inOne += -math.Expm1(-in) * math.Exp(in-rate)
	}
	return 1 - inOne/-math.Expm1(-rate)
}

// atMost is how likely chance brings no more than so many of what it brings that often on average (Poisson).
func atMost(seen, mean float64) (p float64) {
	term := math.Exp(-mean)
	for k := 0.0; k <= seen; k++ {
		p += term
		term *= mean / (k + 1)
	}
	return p
}
