package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/policydoc"
)

// backtestCmd judges recorded logs; it needs no account and no network.
type backtestCmd struct {
	Policy     string   `required:"" placeholder:"FILE" help:"The policy document to judge against, published or not."`
	Agreements string   `placeholder:"DIR" help:"A folder of agreements (.yaml, .json). Each key is a consumer of its own: an agreement is for the key that its consumer names."`
	JSON       bool     `name:"json" help:"Print the report as JSON."`
	Logs       []string `arg:"" name:"log" help:"Access logs, one JSON object a line: .jsonl, .jsonl.gz, or - for the standard input. Files may overlap in time."`
}

// Run prints who would have been contacted or suspended.
func (c backtestCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := c.config()
	if err != nil {
		return err
	}
	paths, err := backtest.Expand(c.Logs...)
	if err != nil {
		return err
	}
	var sources []backtest.Source
	var files []*backtest.File
	for _, path := range paths {
		f, err := backtest.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		sources, files = append(sources, f), append(files, f)
	}
	progress, done := progressOn(os.Stderr)
	report, err := backtest.Run(ctx, cfg, backtest.Merge(sources...), progress)
	done()
	if err != nil {
		return err
	}
	for _, f := range files {
		if note := f.Note(); note != "" {
			report.Notes = append(report.Notes, note)
		}
	}
	if c.JSON {
		return writeJSON(stdout, report)
	}
	return printReport(stdout, report)
}

func (c backtestCmd) config() (backtest.Config, error) {
	doc, err := os.ReadFile(c.Policy)
	if err != nil {
		return backtest.Config{}, err
	}
	p, problems := parsePolicy(c.Policy, doc, "")
	if err := policydoc.Refused(problems); err != nil {
		return backtest.Config{}, fmt.Errorf("the policy has errors:\n%w", err)
	}
	agreements, err := loadAgreements(c.Agreements, p)
	return backtest.Config{Policy: aup.Version{Policy: p, Number: 1, Hash: aup.Hash(doc), Document: doc}, Agreements: agreements}, err
}

// loadAgreements reads the agreements about a policy from a folder, and numbers each consumer's in the
// order of their files. Those about other policies are passed over.
func loadAgreements(dir string, p aup.Policy) ([]aup.Agreement, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var agreements []aup.Agreement
	var errs []error
	numbers := map[aup.ConsumerID]int{}
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		if e.IsDir() || !isAgreement(file) {
			continue
		}
		a, err := loadAgreement(file, p)
		if errs = append(errs, err); err != nil || a.Policy != p.ID {
			continue
		}
		numbers[a.Consumer]++
		a.Number = numbers[a.Consumer]
		agreements = append(agreements, a)
	}
	return agreements, errors.Join(errs...)
}

func loadAgreement(file string, p aup.Policy) (aup.Agreement, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return aup.Agreement{}, err
	}
	a, problems := policydoc.ParseAgreement(file, doc)
	if err := policydoc.Refused(problems); err != nil || a.Policy != p.ID {
		return a, err
	}
	if err := errors.Join(policydoc.CheckAgreement(p, a)...); err != nil {
		return a, fmt.Errorf("%s: %w", file, err)
	}
	return a, nil
}

// progressOn counts lines on a terminal; elsewhere it is silent.
func progressOn(f *os.File) (progress func(int64), done func()) {
	if !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription("judging"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("lines"),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	// A terminal that cannot be written to is no reason to stop judging.
	return func(n int64) { _ = bar.Set64(n) }, func() { _ = bar.Finish() }
}

// shownQuiet is how many of the keys without a decision are listed: the busiest.
const shownQuiet = 20

func printReport(w io.Writer, r backtest.Report) error {
	fmt.Fprintf(w, "%s lines, %s rejected, %s keys", policydoc.Number(r.Lines), policydoc.Number(r.Rejected), policydoc.Number(int64(len(r.Consumers))))
	if !r.From.IsZero() {
		fmt.Fprintf(w, ", from %s to %s (UTC)", minuteOf(r.From), minuteOf(r.To))
	}
	fmt.Fprint(w, "\n\n")
	rank := map[aup.Level]int{aup.Significant: 0, aup.NonUrgent: 1, aup.None: 2}
	keys := slices.Clone(r.Consumers)
	slices.SortStableFunc(keys, func(a, b backtest.Consumer) int {
		return cmp.Or(cmp.Compare(rank[a.Level], rank[b.Level]), cmp.Compare(b.Requests, a.Requests))
	})
	outcome := map[aup.Level]string{aup.Significant: "suspended", aup.NonUrgent: "contacted", aup.None: "-"}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "KEY\tREQUESTS\tRISK\tWOULD BE")
	quiet := 0
	for _, k := range keys {
		if k.Level == aup.None {
			if quiet++; quiet > shownQuiet {
				continue
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", k.Key, policydoc.Number(k.Requests), k.Level, outcome[k.Level])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if quiet > shownQuiet {
		fmt.Fprintf(w, "and %s more without a decision\n", policydoc.Number(int64(quiet-shownQuiet)))
	}
	return printDecisions(w, keys)
}

func printDecisions(w io.Writer, keys []backtest.Consumer) (err error) {
	fmt.Fprintln(w)
	n := 0
	for _, k := range keys {
		for _, d := range k.Decisions {
			n++
			_, err = fmt.Fprintf(w, "%s  %s  %s  after %s  %s: %s\n", minuteOf(d.At), k.Key, d.Level,
				policydoc.Count(d.AfterRequests, "request"), d.Clause, d.Reason)
		}
	}
	if n == 0 {
		_, err = fmt.Fprintln(w, "Nobody would have been contacted or suspended.")
	}
	return err
}

func minuteOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
