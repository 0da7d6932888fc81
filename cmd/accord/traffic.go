package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"accord/shared/aup"
)

// The day's traffic, minute by minute.
const (
	minutes   = 8 * 60 // from 09:00
	tourCalls = 5      // a minute: 2,400 in the day, beyond the 2,000 agreed
	walkSteps = 1200   // places a minute that the crawler and the mirror read, in order
	walkFrom  = 60     // the minute at which they begin
	walkFor   = 5      // minutes
)

// day plays a day of calls. After each minute everything that follows from them is done, as on AWS
// within about a minute.
func (s *story) day(ctx context.Context) error {
	s.stack.Clock.Advance(90 * time.Minute)
	bar := s.progress(minutes)
	random := rand.New(rand.NewPCG(1, 2))
	for minute := range minutes {
		s.minute(minute, random)
		s.stack.Clock.Advance(time.Minute)
		if err := s.stack.Settle(ctx); err != nil {
			return err
		}
		bar.Add(1) //nolint:errcheck // a progress bar
	}
	bar.Finish() //nolint:errcheck // a progress bar
	return s.tellDay(ctx)
}

func (s *story) minute(minute int, random *rand.Rand) {
	s.call(guide, 1+int(random.ExpFloat64()*20))
	for range tourCalls {
		s.call(tours, 1+int(random.ExpFloat64()*300))
	}
	if minute < walkFrom || minute >= walkFrom+walkFor {
		return
	}
	for step := range walkSteps {
		id := (minute-walkFrom)*walkSteps + step + 1
		s.call(mirror, id)
		if s.call(harvest, id) == http.StatusForbidden {
			s.refused++
		}
	}
}

// call asks for one place with a consumer's key.
func (s *story) call(id string, place int) int {
	return s.stack.Gateway.Call(aup.KeyID(key(id)), http.MethodGet, fmt.Sprintf("/places/%d", place), "192.0.2.10")
}

func (s *story) progress(steps int64) *progressbar.ProgressBar {
	if s.pause == 0 || !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(steps)
	}
	return progressbar.NewOptions64(steps, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("  09:00 to 17:00"),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(40))
}

// tellDay says what the day led to, in the order in which it happened.
func (s *story) tellDay(ctx context.Context) error {
	var all []aup.Event
	for _, c := range cast {
		events, err := s.stack.Ledger.Events(ctx, aup.ConsumerID(c.id))
		if err != nil {
			return err
		}
		all = append(all, events...)
	}
	slices.SortStableFunc(all, func(a, b aup.Event) int { return a.At.Compare(b.At) })
	for _, e := range all {
		if said := saying(string(e.Consumer), e.Fact); said != "" && e.At.After(beginning.Add(time.Hour)) {
			fmt.Fprintf(s.out, "  %s  %s\n", e.At.Format("_2 Jan 15:04"), said)
		}
	}
	s.say("After that, calls with the key of %[2]s were refused: %[1]d.", s.refused, harvest)
	return nil
}

func saying(id string, f aup.Fact) string {
	switch f := f.(type) {
	case aup.Accepted:
		if f.How == aup.ByUse {
			return fmt.Sprintf("%s called the API: version %d applies to it by use, and it got a receipt.", id, f.Version)
		}
	case aup.UsageNoticed:
		return fmt.Sprintf("%s was told that it has used %.0f %% of what was agreed.", id, 100*f.Usage.Step)
	case aup.CaseOpened:
		return fmt.Sprintf("%s was contacted. %s", id, f.Assessment.Reason)
	case aup.FindingCovered:
		return fmt.Sprintf("%s does the same, and it is fine: %s", id, f.Finding.Reason)
	case aup.Suspended:
		return fmt.Sprintf("%s was suspended. %s", id, f.Reason)
	case aup.KeySet:
		return fmt.Sprintf("The key of %s was made as its standing says (enabled: %t), and read back.", id, f.Enabled)
	}
	return ""
}
