package simulate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/simulate/traffic"
)

// Row is what became of the keys of one kind.
type Row struct {
	Kind      traffic.Kind
	Keys      int
	Flagged   int   // found crawling
	Otherwise int   // not that, but contacted about another clause
	Suspended int   //
	After     []int // requests to the first flag, rising
	Soon      int   // flagged within 250 requests, or within two minutes of the key's first
	InTime    int   // flagged within 150 requests, or for crawls without order 600 requests or 26 hours
}

// Score judges corpora of some seeds, and counts by kind.
func Score(ctx context.Context, size Size, seeds []uint64) ([]Row, error) {
	var rows []Row
	for _, k := range size.Kinds() {
		rows = append(rows, Row{Kind: k})
	}
	for _, seed := range seeds {
		c := New(seed, size)
		r, err := backtest.Run(ctx, backtest.Config{Policy: size.policy()}, c.Lines(), nil)
		if err != nil {
			return nil, fmt.Errorf("seed %d: %w", seed, err)
		}
		c.count(rows, r)
	}
	for i := range rows {
		slices.Sort(rows[i].After)
	}
	return rows, nil
}

func (c *Corpus) count(rows []Row, r backtest.Report) {
	judged := map[aup.KeyID]backtest.Consumer{}
	for _, k := range r.Consumers {
		judged[k.Key] = k
	}
	first := map[aup.KeyID]time.Time{}
	for _, l := range c.lines {
		if at, known := first[l.key]; !known || l.At.Before(at) {
			first[l.key] = l.At
		}
	}
	for _, key := range c.Keys {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.Kind.Name == key.Kind.Name })
		rows[i].add(judged[key.ID], first[key.ID])
	}
}

func (r *Row) add(k backtest.Consumer, began time.Time) {
	r.Keys++
	if k.Level == aup.Significant {
		r.Suspended++
	}
	first := slices.IndexFunc(k.Decisions, func(d backtest.Decision) bool { return d.Detector == "crawling" })
	switch {
	case first >= 0:
		r.Flagged++
		d := k.Decisions[first]
		r.After = append(r.After, int(d.AfterRequests))
		if d.AfterRequests <= 250 || d.At.Sub(began) <= 2*time.Minute {
			r.Soon++
		}
		if d.AfterRequests <= 150 || !r.Kind.Ordered && (d.AfterRequests <= 600 || d.At.Sub(began) <= 26*time.Hour) {
			r.InTime++
		}
	case len(k.Decisions) > 0:
		r.Otherwise++
	}
}

// Median is how many requests the middle one of the flagged keys had made.
func (r Row) Median() int {
	if len(r.After) == 0 {
		return 0
	}
	return r.After[len(r.After)/2]
}

// Within is how many keys were flagged within so many requests.
func (r Row) Within(requests int) int {
	n, _ := slices.BinarySearch(r.After, requests+1)
	return n
}

// Sum adds up the rows that a condition holds for.
func Sum(rows []Row, name string, of func(traffic.Kind) bool) Row {
	sum := Row{Kind: traffic.Kind{Name: name}}
	for _, r := range rows {
		if of(r.Kind) {
			sum.Keys += r.Keys
			sum.Flagged += r.Flagged
			sum.Otherwise += r.Otherwise
			sum.Suspended += r.Suspended
			sum.Soon += r.Soon
			sum.InTime += r.InTime
			sum.After = append(sum.After, r.After...)
		}
	}
	slices.Sort(sum.After)
	return sum
}

// The sorts of kinds, each of which a report sums up.
var sorts = []struct {
	name string
	of   func(traffic.Kind) bool
}{
	{"HONEST, tuned on", func(k traffic.Kind) bool { return !k.Crawls && !k.HeldOut }},
	{"HONEST, held out", func(k traffic.Kind) bool { return !k.Crawls && k.HeldOut }},
	{"ORDERED CRAWLING, tuned on", func(k traffic.Kind) bool { return k.Ordered && !k.HeldOut }},
	{"ORDERED CRAWLING, held out", func(k traffic.Kind) bool { return k.Ordered && k.HeldOut }},
	{"UNORDERED CRAWLING, tuned on", func(k traffic.Kind) bool { return k.Crawls && !k.Ordered && !k.Hidden && !k.HeldOut }},
	{"UNORDERED CRAWLING, held out", func(k traffic.Kind) bool { return k.Crawls && !k.Ordered && !k.Hidden && k.HeldOut }},
	{"CRAWLING HIDDEN in honest use", func(k traffic.Kind) bool { return k.Hidden }},
}

// legend says what the columns of a report count.
const legend = `
flagged    found crawling
otherwise  not that, but contacted about another clause
median     requests that a key had made when it was flagged, the middle one of those flagged
in 150     flagged within so many requests; in 250 or 2 min: or within two minutes of the key's first
in time    flagged within 150 requests or, where a crawl does not go by number, 600 requests or 26 hours
`

// Print writes a report as text: each sort of kinds in sum, and its kinds.
func Print(w io.Writer, rows []Row) error {
	widest := len("CRAWLING HIDDEN in honest use")
	for _, r := range rows {
		widest = max(widest, utf8.RuneCountInString(r.Kind.Name)+2)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%*s  keys     flagged  suspended  otherwise  median  in 150  in 250 or 2 min  in 600  in time\n", widest, "")
	for _, s := range sorts {
		sum := Sum(rows, s.name, s.of)
		if sum.Keys == 0 {
			continue
		}
		b.WriteString(sum.line(widest, "") + "\n")
		for _, r := range rows {
			if s.of(r.Kind) {
				b.WriteString(r.line(widest, "  ") + "\n")
			}
		}
	}
	_, err := io.WriteString(w, b.String()+legend)
	return err
}

func (r Row) line(widest int, indent string) string {
	found := fmt.Sprintf("%d (%.0f %%)", r.Flagged, 100*float64(r.Flagged)/float64(max(1, r.Keys)))
	line := fmt.Sprintf("%-*s  %4d  %10s  %9d  %9d", widest, indent+r.Kind.Name, r.Keys, found, r.Suspended, r.Otherwise)
	if r.Flagged == 0 {
		return line
	}
	return line + fmt.Sprintf("  %6d  %6d  %15d  %6d  %7d", r.Median(), r.Within(150), r.Soon, r.Within(600), r.InTime)
}
