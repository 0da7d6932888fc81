package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/backtest/page"
	"accord/shared/policydoc"
)

// shownQuiet is how many of the keys without a decision are listed: the busiest.
const shownQuiet = 20

func printReport(w io.Writer, r backtest.Report) error {
	fmt.Fprintf(w, "%s, %s rejected, %s", policydoc.Count(r.Lines, "line"), policydoc.Number(r.Rejected), policydoc.Count(int64(len(r.Consumers)), "key"))
	if !r.From.IsZero() {
		fmt.Fprintf(w, ", from %s to %s (UTC)", minuteOf(r.From), minuteOf(r.To))
	}
	fmt.Fprintln(w)
	printNotes(w, r)
	fmt.Fprintln(w)
	keys := page.Sorted(r)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	head := "KEY\tREQUESTS\tRISK\tWOULD BE"
	if r.Against != "" {
		head += "\tCHANGE"
	}
	fmt.Fprintln(t, head)
	quiet := 0
	for _, k := range keys {
		if k.Level == aup.None && k.Observed == "" && k.Change == backtest.Same {
			if quiet++; quiet > shownQuiet {
				continue
			}
		}
		row := fmt.Sprintf("%s\t%s\t%s\t%s", k.Key, policydoc.Number(k.Requests), risk(k.Outcome), does(k.Outcome))
		if r.Against != "" {
			row += "\t" + string(k.Change)
		}
		fmt.Fprintln(t, row)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if quiet > shownQuiet {
		fmt.Fprintf(w, "and %s more without a decision\n", policydoc.Number(int64(quiet-shownQuiet)))
	}
	return printDecisions(w, keys)
}

// risk is the highest that was found, whether anything would be done about it or not.
func risk(o backtest.Outcome) aup.Level {
	if o.Level == aup.Significant || o.Observed == "" {
		return o.Level
	}
	return o.Observed
}

func does(o backtest.Outcome) string {
	switch {
	case o.Level != aup.None:
		return page.Does(o.Level)
	case o.Observed != "":
		return "only recorded"
	}
	return "-"
}

// printNotes says what was not read, and why.
func printNotes(w io.Writer, r backtest.Report) {
	for _, note := range r.Notes {
		fmt.Fprintln(w, note)
	}
	for _, why := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(w, "%s not read: %s\n", policydoc.Count(r.Reasons[why], "line"), page.Refusal(r, why))
	}
	if r.Keyless > 0 {
		fmt.Fprintf(w, "%s without a key, and so nobody's\n", policydoc.Count(r.Keyless, "line"))
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(w, "Nothing in this log could be judged: every line lacks %s. The log format of the stage must have them.\n", strings.Join(r.Missing, ", "))
	}
}

func printDecisions(w io.Writer, keys []backtest.Consumer) (err error) {
	fmt.Fprintln(w)
	n := 0
	for _, k := range keys {
		for _, d := range k.Decisions {
			level := string(d.Level)
			if n++; d.Observed {
				level += ", only recorded"
			}
			_, err = fmt.Fprintf(w, "%s  %s  %s  after %s  %s: %s\n", minuteOf(d.At), k.Key, level,
				policydoc.Count(d.AfterRequests, "request"), d.Clause, d.Reason)
		}
	}
	if n == 0 {
		_, err = fmt.Fprintln(w, "Nobody would have been contacted or suspended.")
	}
	return err
}

func minuteOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
