package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"accord/shared/assess"
	"accord/shared/local"
	"accord/shared/notice"
)

type upCmd struct {
	Data string `default:"accord-data" placeholder:"DIR" help:"Where the tables, the mailbox and the access log lie (default: ${default})."`
	Addr string `default:"127.0.0.1:8787" placeholder:"HOST:PORT" help:"Where to listen (default: ${default}, this machine only)."`
	Mode string `default:"observe" enum:"observe,warn,enforce" help:"What it may do by itself: ${enum} (default: ${default})."`
}

// Run keeps an empty stack going until it is interrupted.
func (c upCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	base := "http://" + listener.Addr().String()
	stack, err := local.Open(local.Config{Dir: c.Data, Mode: assess.Mode(c.Mode), SlowPlan: local.SlowPlan, DigestAt: 6 * time.Hour, Clock: &local.Clock{},
		Provider: notice.Provider{Name: "The API's provider", From: "aup@provider.example", ReplyTo: "people@provider.example",
			Admins: "admins@provider.example", BaseURL: base}})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: stack.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // ends with Shutdown below
	fmt.Fprintf(stdout, welcome, base, c.Mode, c.Data)
	stack.Run(ctx, func(err error) { slog.Error("work failed and stays owed", "error", err) })
	closing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(closing), stack.Close())
}

const welcome = `Accord is up at %[1]s, in mode %[2]s; its data lies in %[3]s. Ctrl-C ends it.

Publish a policy:     go run ./cmd/accord policy event events/policies/places-api.md |
                      curl --data-binary @- %[1]s/2015-03-31/functions/publish-policy/invocations
Register a consumer:  curl --data-binary @events/manage-consumer-register.json %[1]s/2015-03-31/functions/manage-consumer/invocations
Read the policy:      %[1]s/policies/places-api
Read the emails:      %[1]s/mailbox/
Call the API:         curl -H 'x-api-key: a1b2c3d4e5' %[1]s/gateway/places/1
`
