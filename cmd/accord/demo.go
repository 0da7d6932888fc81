package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"accord/shared/assess"
	"accord/shared/local"
	"accord/shared/notice"
)

type demoCmd struct {
	Headless bool   `help:"End when the story has ended: exit 0 when it ended as it must, 1 otherwise."`
	JSON     bool   `name:"json" help:"Print what happened as JSON at the end, and nothing else."`
	Fast     bool   `help:"No pauses between the chapters."`
	Keep     string `placeholder:"DIR" help:"Leave the tables, the mailbox and the access log in this folder."`
}

// Run plays the story on a stack of its own, with a clock of its own, in mode enforce.
func (c demoCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, tidy, err := c.dir()
	if err != nil {
		return err
	}
	defer tidy()
	s, close, err := c.open(dir, stdout)
	if err != nil {
		return err
	}
	defer close()
	if err := s.play(ctx); err != nil {
		return err
	}
	outcome, err := s.outcome(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(stdout).Encode(outcome); err != nil {
			return err
		}
	}
	s.ending(outcome, filepath.Join(dir, "mailbox"), c.stays(), c.Keep != "")
	if err := outcome.check(); err != nil {
		return fmt.Errorf("the story did not end as it must: %w", err)
	}
	if c.stays() {
		fmt.Fprintf(stdout, "  They stay open until you press Ctrl-C.\n")
		s.stack.Run(ctx, func(err error) { fmt.Fprintln(stdout, err) })
	}
	return nil
}

// stays says whether somebody is there to look at the pages.
func (c demoCmd) stays() bool {
	return !c.Headless && !c.JSON && term.IsTerminal(int(os.Stdout.Fd()))
}

// dir is where the story's files lie: kept, or in a temporary folder that goes when the story does.
func (c demoCmd) dir() (string, func(), error) {
	if c.Keep == "" {
		dir, err := os.MkdirTemp("", "accord-demo-")
		return dir, func() { os.RemoveAll(dir) }, err // the system tidies what is left
	}
	if _, err := os.Stat(filepath.Join(c.Keep, "accord.db")); err == nil {
		return "", nil, fmt.Errorf("--keep %s: there is a story in it already; name another folder", c.Keep)
	}
	return c.Keep, func() {}, nil
}

// open starts the stack, and its pages on a free port of this machine.
func (c demoCmd) open(dir string, stdout io.Writer) (*story, func(), error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	base := "http://" + listener.Addr().String()
	stack, err := local.Open(local.Config{Dir: dir, Mode: assess.ModeEnforce, DigestAt: 6 * time.Hour, Clock: local.Story(beginning), Volatile: true,
		Provider: notice.Provider{Name: "Places API team", From: "places-api@provider.example", ReplyTo: "people@provider.example",
			Phone: "+44 20 7946 0000", Admins: "admins@provider.example", BaseURL: base}})
	if err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: stack.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // ends with Close below
	out := stdout
	if c.JSON {
		out = io.Discard
	}
	s := &story{stack: stack, out: out, base: base}
	if c.stays() && !c.Fast {
		s.pause = 700 * time.Millisecond
	}
	return s, func() { server.Close(); stack.Close() }, nil // the story is over
}
