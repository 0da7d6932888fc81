package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"accord/events/policies"
	"accord/shared/local"
)

// beginning is when the story begins: a Monday morning.
var beginning = time.Date(2027, 1, 18, 7, 30, 0, 0, time.UTC)

// The story's consumers.
const (
	guide   = "city-guide"      // keeps to the policy, and accepts with the button
	tours   = "tour-app"        // grows beyond what was agreed
	harvest = "place-harvest"   // crawls
	mirror  = "regional-mirror" // reads as much, with an agreement
	partner = "old-partner"     // its address is no longer there
)

var cast = []struct{ id, name, email, serves string }{
	{guide, "City Guide Ltd", "sam@city-guide.example", "Visitors of three cities"},
	{tours, "Tour App GmbH", "lea@tour-app.example", "Walkers who plan a day out"},
	{harvest, "Place Harvest Inc", "max@place-harvest.example", ""},
	{mirror, "Regional Mirror", "ines@regional-mirror.example", "Tourist offices of the region"},
	{partner, "Old Partner", "bounce@old-partner.example", ""},
}

// story plays the whole of design.md's first section on one stack.
type story struct {
	stack    *local.Stack
	out      io.Writer
	base     string // of the pages
	pause    time.Duration
	requests int
	refused  int // calls of the crawler's key after it was disabled
}

type chapter struct {
	title string
	play  func(context.Context) error
}

func (s *story) play(ctx context.Context) error {
	fmt.Fprintf(s.out, "Accord on this machine, in mode enforce. (A new deployment starts in observe.)\n")
	for _, c := range []chapter{
		{"The policy is published, and everyone is told", s.welcome},
		{"One consumer agrees something of its own", s.agree},
		{"One accepts with the button", s.accept},
		{"A day of traffic", s.day},
		{"The one that was contacted answers, and they agree", s.answer},
		{"The one that was cut off asks for a review", s.review},
		{"The policy changes", s.change},
	} {
		fmt.Fprintf(s.out, "\n%s\n", c.title)
		if err := c.play(ctx); err != nil {
			return fmt.Errorf("%s: %w", strings.ToLower(c.title), err)
		}
		if err := wait(ctx, s.pause); err != nil {
			return err
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *story) say(format string, a ...any) {
	fmt.Fprintf(s.out, "  %s  %s\n", s.stack.Clock.Now().Format("_2 Jan 15:04"), fmt.Sprintf(format, a...))
}

func (s *story) welcome(ctx context.Context) error {
	if _, err := s.publish(ctx, "places-api.md"); err != nil {
		return err
	}
	for _, c := range cast {
		call := map[string]any{"request": s.request(), "action": "register", "consumer": c.id,
			"profile":  map[string]any{"name": c.name, "policy": "places-api", "keys": []string{key(c.id)}, "serves": c.serves},
			"contacts": []map[string]any{{"id": "lead", "name": "The lead at " + c.name, "email": c.email, "role": "authority"}}}
		if err := s.manage(ctx, call); err != nil {
			return err
		}
	}
	if err := s.stack.Settle(ctx); err != nil {
		return err
	}
	s.say("%d consumers registered; each was sent the policy.", len(cast))
	s.say("%s could not be reached: its email came back, and the admins were told.", partner)
	return nil
}

// key is the id of a consumer's API key.
func key(id string) string { return strings.ReplaceAll(id, "-", "") + "01" }

func (s *story) request() string {
	s.requests++
	return fmt.Sprintf("demo-%d", s.requests)
}

// publish publishes a sample document and returns from when it applies.
func (s *story) publish(ctx context.Context, file string) (time.Time, error) {
	event, err := json.Marshal(map[string]any{"request": s.request(), "document": policies.Read(file)})
	if err != nil {
		return time.Time{}, err
	}
	answer, err := s.stack.Desk.PublishPolicy(ctx, event)
	if err != nil {
		return time.Time{}, err
	}
	var p struct {
		Version int
		Hash    string
		Applies time.Time
	}
	if err := json.Unmarshal(answer, &p); err != nil {
		return time.Time{}, err
	}
	s.say("places-api version %d is published (%s), and applies from %s.", p.Version, p.Hash[:12], p.Applies.Format("2 January"))
	return p.Applies, nil
}

func (s *story) manage(ctx context.Context, call map[string]any) error {
	event, err := json.Marshal(call)
	if err != nil {
		return err
	}
	_, err = s.stack.Desk.ManageConsumer(ctx, event)
	return err
}

func (s *story) agree(ctx context.Context) error {
	document, err := json.Marshal(policies.Read("agreement-mirror.yaml"))
	if err != nil {
		return err
	}
	err = s.manage(ctx, map[string]any{"request": s.request(), "action": "agreement", "consumer": mirror, "agreement": json.RawMessage(document)})
	if err != nil {
		return err
	}
	s.say("%s may read the whole catalogue, by an agreement that says why and until when.", mirror)
	return s.stack.Settle(ctx)
}

func (s *story) change(ctx context.Context) error {
	s.stack.Clock.Advance(24 * time.Hour)
	applies, err := s.publish(ctx, "places-api-v2.md")
	if err != nil {
		return err
	}
	if err := s.stack.Settle(ctx); err != nil {
		return err
	}
	s.say("Everyone was sent what changed, but for %s and %s: their agreements rest on what changes, and an admin decides first.", mirror, tours)
	for _, id := range []string{mirror, tours} {
		err = s.manage(ctx, map[string]any{"request": s.request(), "action": "decide-version", "consumer": id, "version": 2, "decision": "keep"})
		if err != nil {
			return err
		}
	}
	if err := s.stack.Settle(ctx); err != nil {
		return err
	}
	s.say("The agreements stay beside version 2: now %s and %s were sent it too.", mirror, tours)
	s.stack.Clock.Advance(applies.Sub(s.stack.Clock.Now()) + time.Hour)
	s.call(guide, 7)
	s.call(tours, 12)
	s.stack.Clock.Advance(time.Minute)
	s.say("%s and %s went on calling after it applied: version 2 now applies to them, and they were told so.", guide, tours)
	return s.stack.Settle(ctx)
}
