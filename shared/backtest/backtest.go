// Package backtest judges recorded access logs against a policy, published or not: who would have been
// contacted or suspended, when, and why.
//
// It uses the functions that judge live traffic (accesslog.Parse, usage.Day, judge.Reach) with the
// latest line as its clock, as if every consumer had been told of the policy, the deployment enforced it
// and nothing limited suspensions. Memory grows with keys, not with lines. Nothing is stored.
// The command line calls it.
package backtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"accord/shared/accesslog"
	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/usage"
)

// Config is what the log is judged against.
type Config struct {
	Policy     aup.Version
	Agreements []aup.Agreement // each for the consumer that it names
	// Owner says whose key it is; it may be called by several goroutines at once. Nil: each key is a consumer of its own, and an agreement whose consumer
	// is the key's id, in lower case or as it is, is that key's.
	Owner func(aup.KeyID) aup.ConsumerID
}

// Source gives the lines of a log, roughly in the order of their times. The slice is valid until the
// next call; io.EOF ends it.
type Source interface {
	Next() ([]byte, error)
}

// Report is what a backtest comes to.
type Report struct {
	Lines     int64      `json:"lines"`
	Rejected  int64      `json:"rejected"` // lines that are no access log, or whose time cannot be
	From      time.Time  `json:"from"`     // the earliest call
	To        time.Time  `json:"to"`       // the latest
	Consumers []Consumer `json:"consumers"`
}

// Consumer is what one key came to. Keys of one owner are judged together.
type Consumer struct {
	Key       aup.KeyID  `json:"key"`
	Requests  int64      `json:"requests"`
	Level     aup.Level  `json:"level"` // the highest reached
	Decisions []Decision `json:"decisions"`
}

// Decision is a contact or a suspension: the level for a clause rose.
type Decision struct {
	At            time.Time    `json:"at"`
	AfterRequests int64        `json:"afterRequests"` // of this key, in this log
	Clause        aup.ClauseID `json:"clause"`
	Detector      string       `json:"detector"`
	Level         aup.Level    `json:"level"`
	Reason        string       `json:"reason"`
}

// Run judges a log. Progress, which may be nil, is told now and then how many lines were read.
func Run(ctx context.Context, cfg Config, lines Source, progress func(n int64)) (Report, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b := newBacktest(cfg)
	defer b.stop()
	batches := make(chan batch, 4)
	go read(ctx, lines, batches)
	for in := range batches {
		b.report.Rejected += in.rejected
		for i := range in.calls {
			b.line(&in.calls[i])
		}
		b.send()
		if b.report.Lines += in.lines; progress != nil {
			progress(b.report.Lines)
		}
		if in.err != nil && !errors.Is(in.err, io.EOF) {
			return Report{}, fmt.Errorf("the log after line %d: %w", b.report.Lines, in.err)
		}
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return b.finish(), nil
}

// batch is a run of lines, parsed.
type batch struct {
	calls           []usage.Call
	lines, rejected int64
	err             error // after the lines
}

const batchLines = 1024

// read parses lines ahead of the judging, until the source or the context ends.
func read(ctx context.Context, lines Source, out chan<- batch) {
	defer close(out)
	for {
		b := batch{calls: make([]usage.Call, 0, batchLines)}
		for b.lines < batchLines && b.err == nil {
			line, err := lines.Next()
			if b.err = err; err != nil {
				break
			}
			b.lines++
			if c, err := accesslog.Parse(line); err != nil {
				b.rejected++
			} else {
				b.calls = append(b.calls, c)
			}
		}
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

// maxJump is how far ahead of the log so far a single line is believed.
const maxJump = 24 * time.Hour

type backtest struct {
	report Report
	clock  time.Time   // of the latest call that is believed
	ahead  *usage.Call // a call more than maxJump ahead: believed once another one is
	shards []*shard
	of     map[aup.KeyID]*shard
	owner  func(aup.KeyID) aup.ConsumerID
}

// newBacktest starts as many shards as there are processors.
func newBacktest(cfg Config) *backtest {
	b := &backtest{of: map[aup.KeyID]*shard{}, owner: cfg.owner}
	for range runtime.GOMAXPROCS(0) {
		b.shards = append(b.shards, newShard(cfg))
	}
	return b
}

// send lets the shards have what is waiting for them.
func (b *backtest) send() {
	for _, s := range b.shards {
		s.send()
	}
}

// stop ends the shards, and waits for them. It may be called twice.
func (b *backtest) stop() {
	for _, s := range b.shards {
		if s.calls != nil {
			close(s.calls)
			s.calls = nil
		}
	}
	for _, s := range b.shards {
		<-s.done
	}
}

// line takes in one call.
func (b *backtest) line(c *usage.Call) {
	if !b.clock.IsZero() && c.At.Sub(b.clock) > maxJump {
		first := b.ahead
		if b.ahead = c; first == nil {
			return
		}
		if b.ahead = nil; c.At.Sub(first.At).Abs() > maxJump {
			b.ahead = c
			b.report.Rejected++
			return
		}
		b.clock = first.At
		b.accept(first)
	} else if b.ahead != nil {
		b.ahead = nil
		b.report.Rejected++
	}
	b.accept(c)
}

func (b *backtest) accept(c *usage.Call) {
	if accesslog.Accepts(c.At, b.clock) != nil && c.At.Before(b.clock) {
		b.report.Rejected++
		return
	}
	if c.At.After(b.clock) {
		b.clock = c.At
	}
	if c.Key != "" {
		b.add(c)
	}
	b.stretch(c.At)
}

func (b *backtest) stretch(at time.Time) {
	if b.report.From.IsZero() || at.Before(b.report.From) {
		b.report.From = at
	}
	if at.After(b.report.To) {
		b.report.To = at
	}
}

// add gives a call to the shard that has its consumer.
func (b *backtest) add(c *usage.Call) {
	s := b.of[c.Key]
	if s == nil {
		key := aup.KeyID(strings.Clone(string(c.Key)))
		s = b.shards[usage.Hash(string(b.owner(key)))%uint64(len(b.shards))]
		b.of[key] = s
	}
	s.waiting = append(s.waiting, arrival{c, b.clock})
}

func (b *backtest) finish() Report {
	if b.ahead != nil {
		b.report.Rejected++
	}
	b.send()
	b.stop()
	b.report.Consumers = []Consumer{}
	for _, s := range b.shards {
		for _, c := range s.consumers {
			c.judgeLast(b.clock)
			c.judgeAgain(b.clock.Add(assess.Between))
		}
		for _, k := range s.keys {
			b.report.Consumers = append(b.report.Consumers, Consumer{k.id, k.requests, k.level, k.decisions})
		}
	}
	slices.SortFunc(b.report.Consumers, func(x, y Consumer) int { return strings.Compare(string(x.Key), string(y.Key)) })
	return b.report
}
