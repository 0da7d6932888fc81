package simulate

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

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

// The sums that a report ends with.
var sums = []struct {
	name string
	of   func(traffic.Kind) bool
}{
	{"honest, tuned on", func(k traffic.Kind) bool { return !k.Crawls && !k.HeldOut }},
	{"honest, held out", func(k traffic.Kind) bool { return !k.Crawls && k.HeldOut }},
	{"ordered crawling, tuned on", func(k traffic.Kind) bool { return k.Ordered && !k.HeldOut }},
	{"ordered crawling, held out", func(k traffic.Kind) bool { return k.Ordered && k.HeldOut }},
	{"unordered crawling, tuned on", func(k traffic.Kind) bool { return k.Crawls && !k.Ordered && !k.Hidden && !k.HeldOut }},
	{"crawling hidden in honest use", func(k traffic.Kind) bool { return k.Hidden }},
	{"unordered crawling, held out", func(k traffic.Kind) bool { return k.Crawls && !k.Ordered && !k.Hidden && k.HeldOut }},
}

// Print writes a report as text.
func Print(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tDOES\tHELD OUT\tKEYS\tFLAGGED\tOTHERWISE\tSUSPENDED\tMEDIAN REQUESTS TO THE FIRST FLAG\tWITHIN 150\tWITHIN 250 OR TWO MINUTES\tWITHIN 600\tIN TIME")
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, func(a, b Row) int {
		return cmp.Or(rank(a.Kind.HeldOut)-rank(b.Kind.HeldOut), rank(a.Kind.Crawls)-rank(b.Kind.Crawls))
	})
	for _, r := range ordered {
		does := "honest"
		if r.Kind.Crawls {
			does = "crawls"
		}
		r.print(t, does)
	}
	for _, s := range sums {
		if sum := Sum(rows, "ALL: "+s.name, s.of); sum.Keys > 0 {
			sum.print(t, "")
		}
	}
	return t.Flush()
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r Row) print(w io.Writer, does string) {
	out, median := "", "-"
	if r.Kind.HeldOut {
		out = "held out"
	}
	if len(r.After) > 0 {
		median = fmt.Sprint(r.Median())
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d (%.0f %%)\t%d\t%d\t%s\t%d\t%d\t%d\t%d\n", r.Kind.Name, does, out, r.Keys, r.Flagged,
		100*float64(r.Flagged)/float64(max(1, r.Keys)), r.Otherwise, r.Suspended, median, r.Within(150), r.Soon, r.Within(600), r.InTime)
}
