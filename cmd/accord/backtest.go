package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/backtest/page"
	"accord/shared/policydoc"
)

// backtestCmd judges recorded logs; it needs no account and no network.
type backtestCmd struct {
	Policy     string   `required:"" placeholder:"FILE" help:"The policy document to judge against, published or not."`
	Agreements string   `placeholder:"DIR" help:"A folder of agreements (.yaml, .json). Each key is a consumer of its own: an agreement is for the key that its consumer names."`
	Against    string   `placeholder:"FILE" help:"Another policy document: show what would change from it to the policy."`
	JSON       bool     `name:"json" help:"Print the report as JSON."`
	HTML       string   `name:"html" placeholder:"FILE" help:"Write the report as one HTML page, with a chart for each key."`
	Logs       []string `arg:"" name:"log" help:"Access logs, one JSON object a line, gzipped or not; folders of them; or - for the standard input. Files may overlap in time."`
}

// Run prints who would have been contacted or suspended.
func (c backtestCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := c.config()
	if err != nil {
		return err
	}
	report, err := c.judge(ctx, cfg)
	if err != nil {
		return err
	}
	if c.HTML != "" {
		if err := writeFile(c.HTML, func(w io.Writer) error { return page.Write(w, report) }); err != nil {
			return err
		}
	}
	if c.JSON {
		err = writeJSON(stdout, report)
	} else {
		err = printReport(stdout, report)
	}
	if err == nil && len(report.Consumers) == 0 && report.Lines > 0 {
		err = errNothing
	}
	return err
}

// errNothing lets a script know that its log was no log.
var errNothing = errors.New("not one line of the log could be judged: the report says why")

// garbage is how much there may be for what is in use, in percent: a backtest makes much for what it keeps, and
// collecting it at the usual 100 takes a sixth of the time.
const garbage = 200

// judge reads the logs, and says in the report what is to be known of them.
func (c backtestCmd) judge(ctx context.Context, cfg backtest.Config) (backtest.Report, error) {
	paths, notes, err := backtest.Expand(c.Logs...)
	if err != nil {
		return backtest.Report{}, err
	}
	var sources []backtest.Source
	var files []*backtest.File
	for _, path := range paths {
		f, err := backtest.Open(path)
		if err != nil {
			return backtest.Report{}, err
		}
		defer f.Close()
		sources, files = append(sources, f), append(files, f)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	progress, done := progressOn(os.Stderr)
	lines := backtest.Merge(sources...)
	report, err := backtest.Run(ctx, cfg, lines, progress)
	done()
	report.Policy, report.Against = filepath.Base(c.Policy), ""
	if c.Against != "" {
		report.Against = filepath.Base(c.Against)
	}
	report.Notes = append(notes, report.Notes...)
	if note := lines.Note(); note != "" {
		report.Notes = append(report.Notes, note)
	}
	for _, f := range files {
		if note := f.Note(); note != "" {
			report.Notes = append(report.Notes, note)
		}
	}
	return report, err
}

func (c backtestCmd) config() (backtest.Config, error) {
	rules, err := c.rules(c.Policy)
	cfg := backtest.Config{Policy: rules.Policy, Agreements: rules.Agreements}
	if err != nil || c.Against == "" {
		return cfg, err
	}
	against, err := c.rules(c.Against)
	cfg.Against = &against
	return cfg, err
}

// rules are a policy, and the agreements about it.
func (c backtestCmd) rules(file string) (backtest.Rules, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return backtest.Rules{}, err
	}
	p, problems := parsePolicy(file, doc, "")
	if err := policydoc.Refused(problems); err != nil {
		return backtest.Rules{}, fmt.Errorf("the policy has errors:\n%w", err)
	}
	agreements, err := loadAgreements(c.Agreements, p)
	return backtest.Rules{Policy: aup.Version{Policy: p, Number: 1, Hash: aup.Hash(doc), Document: doc}, Agreements: agreements}, err
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
