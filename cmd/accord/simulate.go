package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"accord/shared/policydoc"
	"accord/shared/simulate"
)

// simulateCmd makes access logs of which it is known who crawls.
type simulateCmd struct {
	Seed   uint64 `default:"1" help:"The first seed. The same seed gives the same log."`
	Seeds  int    `default:"1" help:"How many seeds a report covers."`
	Size   string `default:"small" enum:"small,large" help:"small: 130 keys. large: 1,000 keys."`
	Kinds  string `default:"first" enum:"${sets}" help:"${kinds}"`
	Out    string `placeholder:"DIR" help:"Write access.jsonl, labels.csv and policy.md there."`
	Report bool   `help:"Judge the log, and print for each kind of use who was flagged, who suspended, and how many requests it took."`
}

// kindsVars are the values of --kinds and its help.
func kindsVars() kong.Vars {
	var names, says []string
	for _, set := range simulate.Sets {
		names, says = append(names, set.Name), append(says, set.Name+": "+set.Says+".")
	}
	return kong.Vars{"sets": strings.Join(names, ","), "kinds": strings.Join(says, " ")}
}

// Run writes a log, or reports how it is judged, or both.
func (c simulateCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	size := simulate.Small
	if c.Size == simulate.Large.Name {
		size = simulate.Large
	}
	size.Set = c.Kinds
	if c.Out == "" && !c.Report {
		return errors.New("say where to write the log (--out DIR) or ask for a report (--report)")
	}
	if c.Out != "" {
		if err := c.write(simulate.New(c.Seed, size), stdout); err != nil {
			return err
		}
	}
	if !c.Report {
		return nil
	}
	var seeds []uint64
	for i := range c.Seeds {
		seeds = append(seeds, c.Seed+uint64(i))
	}
	rows, err := simulate.Score(ctx, size, seeds)
	if err != nil {
		return err
	}
	return simulate.Print(stdout, rows)
}

func (c simulateCmd) write(corpus *simulate.Corpus, stdout io.Writer) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	err := errors.Join(
		writeFile(filepath.Join(c.Out, "access.jsonl"), func(w io.Writer) error { _, err := corpus.WriteTo(w); return err }),
		writeFile(filepath.Join(c.Out, "labels.csv"), corpus.WriteLabels),
		writeFile(filepath.Join(c.Out, "policy.md"), func(w io.Writer) error { _, err := w.Write(corpus.Size.Policy()); return err }))
	if err == nil {
		_, err = fmt.Fprintf(stdout, "%s of %s in %s\n", policydoc.Count(int64(corpus.Len()), "line"), policydoc.Count(int64(len(corpus.Keys)), "key"), c.Out)
	}
	return err
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(w), w.Flush(), f.Close())
}
