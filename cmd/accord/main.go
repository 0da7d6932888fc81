// Command accord is Accord's command line: it plays the story, runs the stack on one machine, checks and
// compares policies, and judges recorded logs.
package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
)

type cli struct {
	Demo     demoCmd     `cmd:"" help:"Play the whole story on this machine."`
	Up       upCmd       `cmd:"" help:"Run the stack on this machine, empty, until it is interrupted."`
	Policy   policyCmd   `cmd:"" help:"Check, compare and publish policy documents."`
	Backtest backtestCmd `cmd:"" help:"Judge recorded access logs against a policy: who would be contacted, who suspended, when and why."`
	Simulate simulateCmd `cmd:"" help:"Make access logs of honest use and of crawling, and measure the detectors by them."`
}

func main() {
	ctx := kong.Parse(&cli{}, kong.Name("accord"), kong.Description("Acceptable use policies: delivered, agreed to, measured, acted upon."),
		kindsVars(), kong.UsageOnError(), kong.BindTo(os.Stdout, (*io.Writer)(nil)))
	ctx.FatalIfErrorf(ctx.Run())
}
