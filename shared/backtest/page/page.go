// Package page makes one HTML page of a backtest's report: for each key a chart of its calls a day against
// its limit, with a mark where it would have been contacted or suspended, and a table that says why. The
// page stands alone: no script, nothing that is fetched, and it prints. The command line writes it to a
// file.
package page

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/policydoc"
)

// The bounds that keep a page readable: what is beyond them is counted.
const (
	shownKeys  = 1000 // with a chart of their own
	shownQuiet = 1000 // of the keys without a decision, the busiest
)

//go:embed page.html
var source string

//go:embed style.css
var style string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"count":  func(n int64) string { return policydoc.Number(n) },
	"many":   func(n int, thing string) string { return policydoc.Count(int64(n), thing) },
	"plural": policydoc.Count,
	"when":   func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04") },
	"day":    dayName,
	"does":   Does,
}).Parse(source))

// Does puts a level into what would have been done.
func Does(l aup.Level) string {
	switch l {
	case aup.Significant:
		return "suspended"
	case aup.NonUrgent:
		return "contacted"
	}
	return "nothing"
}

type view struct {
	Style    template.CSS
	Policy   string // of the security policy
	R        backtest.Report
	Totals   []total
	Compared []total // with what the policy is compared with
	Refused  []refused
	Keys     []keyView
	MoreKeys int
	Quiet    []quiet
	MoreQ    int
}

// total is one row of the summary.
type total struct {
	Name string
	Keys int
}

// refused is one reason why lines were not read.
type refused struct {
	Why   string
	Lines int64
}

type keyView struct {
	backtest.Consumer
	ID    string
	Marks []mark
	Chart *chart
	Same  bool // what it is compared with decides the same, at the same times
}

// quiet is a key of which nothing would follow.
type quiet struct {
	backtest.Consumer
	Busiest int64
	Spark   string
}

// mark is one decision, numbered as in the chart.
type mark struct {
	N int
	backtest.Decision
}

// Write writes the page of a report.
func Write(w io.Writer, r backtest.Report) error {
	sum := sha256.Sum256([]byte(style))
	v := view{Style: template.CSS(style), R: r, Refused: refusals(r), //nolint:gosec // our own file
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))}
	v.Totals, v.Compared = totals(r)
	for _, c := range Sorted(r) {
		if matters := len(c.Decisions) > 0 || c.Change != backtest.Same || c.Before != nil && len(c.Before.Decisions) > 0; !matters {
			if len(v.Quiet) == shownQuiet {
				v.MoreQ++
				continue
			}
			v.Quiet = append(v.Quiet, quiet{c, busiest(c), spark(c, r.From, r.To)})
			continue
		}
		if len(v.Keys) == shownKeys {
			v.MoreKeys++
			continue
		}
		v.Keys = append(v.Keys, newKey(len(v.Keys)+1, c, r))
	}
	return page.Execute(w, v)
}

func newKey(n int, c backtest.Consumer, r backtest.Report) keyView {
	k := keyView{Consumer: c, ID: fmt.Sprintf("key-%d", n), Chart: newChart(c, r.From, r.To)}
	for i, d := range c.Decisions {
		k.Marks = append(k.Marks, mark{i + 1, d})
	}
	k.Same = c.Before != nil && slices.Equal(c.Decisions, c.Before.Decisions)
	k.Chart.label(k.ID, c)
	return k
}

// Sorted gives the keys in the order of what matters: what changes, then the level, the score, the requests.
func Sorted(r backtest.Report) []backtest.Consumer {
	changes := []backtest.Change{backtest.NewlySuspended, backtest.NewlyContacted, backtest.ContactedElsewhere, backtest.NoLongerSuspended, backtest.NoLongerContacted, backtest.Same}
	levels := []aup.Level{aup.Significant, aup.NonUrgent, aup.None}
	keys := slices.Clone(r.Consumers)
	slices.SortStableFunc(keys, func(a, b backtest.Consumer) int {
		return cmp.Or(cmp.Compare(slices.Index(changes, a.Change), slices.Index(changes, b.Change)),
			cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)),
			cmp.Compare(score(b), score(a)), cmp.Compare(b.Requests, a.Requests))
	})
	return keys
}

func score(c backtest.Consumer) (most float64) {
	for _, d := range c.Decisions {
		most = max(most, d.Score)
	}
	return most
}

func totals(r backtest.Report) (all, compared []total) {
	n := map[string]int{}
	for _, c := range r.Consumers {
		if n[Does(c.Level)]++; c.Level == aup.None && c.Observed != "" {
			n["nothing"]--
			n["observed"]++
		}
		n[string(c.Change)]++
	}
	all = []total{{"Would be suspended", n["suspended"]}, {"Would be contacted", n["contacted"]}, {"Nothing would follow", n["nothing"]}}
	if n["observed"] > 0 {
		all = slices.Insert(all, 2, total{"Would only be recorded, for the policy observes", n["observed"]})
	}
	if r.Against == "" {
		return all, nil
	}
	for _, c := range []backtest.Change{backtest.NewlySuspended, backtest.NewlyContacted, backtest.ContactedElsewhere, backtest.NoLongerSuspended, backtest.NoLongerContacted} {
		name := string(c)
		compared = append(compared, total{strings.ToUpper(name[:1]) + name[1:], n[name]})
	}
	return all, compared
}

// Refusal puts a reason why lines were refused into words, with the place of the first of them.
func Refusal(r backtest.Report, reason string) string {
	if place := r.FirstAt[reason]; place != "" {
		return sentence(reason) + " (the first: " + place + ")"
	}
	return sentence(reason)
}

func sentence(reason string) string {
	switch reason {
	case backtest.TooLate:
		return "the line is more than 48 hours older than one before it: give each day's file by itself, or sort the log"
	case backtest.TooFarAhead:
		return "the line is more than a day ahead of the log, and alone with that"
	case backtest.InSeconds:
		return "requestTimeEpoch is before 2015, when API Gateway began: it must be in milliseconds"
	}
	return strings.TrimPrefix(accesslog.Reason(reason).Error(), "access log: ")
}

func refusals(r backtest.Report) (all []refused) {
	for _, why := range slices.Sorted(maps.Keys(r.Reasons)) {
		all = append(all, refused{Refusal(r, why), r.Reasons[why]})
	}
	return all
}

func dayName(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("2 Jan 2006")
}
