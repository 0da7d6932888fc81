package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"accord/shared/admin"
	"accord/shared/metering"
)

func init() {
	maps.Copy(commands, map[string]func(*stage, []string) error{
		"no-log":  (*stage).noLog,
		"hold":    (*stage).hold,
		"deliver": (*stage).deliver,
		"collect": (*stage).collect,
		"figures": (*stage).figures,
	})
}

// no-log: the deployment is given no log group; comes first.
func (s *stage) noLog([]string) error {
	s.unlogged = true
	return nil
}

// hold: the log lines of the calls from now on are kept back, as an outage of the log's delivery would.
func (s *stage) hold([]string) error {
	s.held = []metering.Event{}
	return nil
}

// keepBack takes the lines of the last calls, if lines are held.
func (s *stage) keepBack() {
	if s.held != nil {
		s.held = append(s.held, s.stack.Gateway.Lines()...)
	}
}

// deliver TIMES [FROM UNTIL]: hands what is held, or the lines from one place up to another of it, over as one
// batch, so often. Later calls are logged at once again.
func (s *stage) deliver(a []string) error {
	numbers := []int{1, 0, -1}
	for i, word := range a {
		n, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	if s.held != nil {
		s.late, s.held = s.held, nil
	}
	events := s.late
	if numbers[2] >= 0 {
		events = events[numbers[1]:numbers[2]]
	}
	for range numbers[0] {
		r, err := s.stack.Meter.Ingest(s.t.Context(), metering.Source{Group: "local", Stream: "late", Events: events}, s.clock.Now())
		if err != nil {
			return err
		}
		s.say("%d lines: %d too late, %d rejected", r.Lines, r.Late, len(r.Rejected))
		if err := s.stack.Settle(s.t.Context()); err != nil {
			return err
		}
	}
	return nil
}

// collect: what the schedule of collect-usage does.
func (s *stage) collect([]string) error {
	r, err := s.open().Audits.Scheduled(s.t.Context())
	if err != nil {
		return err
	}
	words := []string{}
	for _, v := range r.Consumers {
		words = append(words, fmt.Sprintf("%s %s, %s", v.Consumer, v.Level, v.Action))
	}
	slices.Sort(words)
	s.say("%d keys collected; judged: %v", r.Keys, words)
	return nil
}

// figures ID DATE: what audit-usage answers of a day, and what speaks against it.
func (s *stage) figures(a []string) error {
	answer, err := s.invoke("audit-usage", map[string]any{"consumer": a[0], "from": a[1], "until": a[1], "origins": true})
	if err != nil {
		return err
	}
	f := read(answer, &admin.Figures{})
	for _, days := range f.Keys {
		for _, d := range days {
			s.say("%s", d.Compare)
			said := map[string]bool{}
			for _, o := range d.Origins {
				what := fmt.Sprintf("from lines %d to %d of %s (covered: %t, doubted: %t)", id(o.First), id(o.Last), o.Stream, o.Covered, o.Doubted)
				if !said[what] {
					s.say("  %s", what)
				}
				said[what] = true
			}
		}
	}
	return nil
}

func id(event string) int {
	n, err := strconv.Atoi(event)
	if err != nil {
		panic(err) // the small gateway numbers its lines
	}
	return n
}
