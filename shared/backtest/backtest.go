// Package backtest judges recorded access logs against a policy, published or not: who would have been
// contacted or suspended, when, and why.
//
// It uses the functions that judge live traffic (accesslog.Parse, usage.Day, judge.Reach) with the
// latest line as its clock, as if every consumer had been told of the policy, the deployment enforced it
// and nothing limited suspensions. What the policy or a term only observes is told apart from what would be done. A second policy can be judged in the same pass (Config.Against). Memory
// grows with keys and their days, not with lines. Nothing is stored. The command line calls it; package page
// makes a page of a report.
package backtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/usage"
)

// Config is what the log is judged against.
type Config struct {
	Policy     aup.Version
	Agreements []aup.Agreement // each for the consumer that it names
	Against    *Rules          // what it is compared with; nil: nothing
	// Owner says whose key it is; it may be called by several goroutines at once. Nil: each key is a consumer of its own, and an agreement whose consumer
	// is the key's id, in lower case or as it is, is that key's.
	Owner func(aup.KeyID) aup.ConsumerID
	// Shards is among how many goroutines the consumers are divided; 0: one for each processor. The report
	// is the same with any number.
	Shards int
}

// Rules are another policy, and the agreements under it.
type Rules struct {
	Policy     aup.Version
	Agreements []aup.Agreement
}

// rules are what is judged by: the policy itself, and what it is compared with.
func (cfg Config) rules() []Rules {
	all := []Rules{{cfg.Policy, cfg.Agreements}}
	if cfg.Against != nil {
		all = append(all, *cfg.Against)
	}
	return all
}

// Source gives the lines of a log, roughly in the order of their times. The slice is valid until the
// next call; io.EOF ends it.
type Source interface {
	Next() ([]byte, error)
}

// placed is a Source that tells where the line was that it gave last, such as a file's name and the number of the line in it.
type placed interface{ Place() string }

func placeOf(s Source) string {
	if p, ok := s.(placed); ok {
		return p.Place()
	}
	return ""
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
		b.report.count(in)
		b.looked = append(b.looked, in.looked...)
		b.count(in)
		for i := range in.calls {
			b.line(&in.calls[i])
		}
		b.send()
		if progress != nil {
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

// maxJump is how far ahead of the log so far a single line is believed.
const maxJump = 24 * time.Hour

type backtest struct {
	report  Report
	looked  []lacking
	read    int64              // lines that were understood
	without [len(sights)]int64 // of those, so many lack each field
	clock   time.Time          // of the latest call that is believed
	ahead   *usage.Call        // a call more than maxJump ahead: believed once another one is
	shards  []*shard
	keys    map[aup.KeyID]*place
	owner   func(aup.KeyID) aup.ConsumerID
	agreed  []aup.Agreement
}

// newBacktest starts as many shards as there are processors.
func newBacktest(cfg Config) *backtest {
	b := &backtest{keys: map[aup.KeyID]*place{}, owner: cfg.owner, agreed: cfg.Agreements}
	for range cmp.Or(cfg.Shards, runtime.GOMAXPROCS(0)) {
		b.shards = append(b.shards, newShard(cfg))
	}
	return b
}

// learn lets every shard know what all keys asked for on a day that is over.
func (b *backtest) learn(day string) {
	b.send()
	learned := make(chan usage.Population)
	for _, s := range b.shards {
		s.calls <- message{day: day, learned: learned}
	}
	var all usage.Population
	for range b.shards {
		all.Merge(<-learned)
	}
	for _, s := range b.shards {
		s.calls <- message{population: &all}
	}
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
			b.refuse(TooFarAhead)
			return
		}
		b.clock = first.At
		b.accept(first)
	} else if b.ahead != nil {
		b.ahead = nil
		b.refuse(TooFarAhead)
	}
	b.accept(c)
}

func (b *backtest) accept(c *usage.Call) {
	if accesslog.Accepts(c.At, b.clock) != nil && c.At.Before(b.clock) {
		b.refuse(TooLate)
		return
	}
	if c.At.After(b.clock) {
		if !b.clock.IsZero() && !sameDay(c.At, b.clock) {
			b.learn(usage.DateOf(b.clock))
		}
		b.clock = c.At
	}
	if c.Key == "" {
		b.report.Keyless++
	} else {
		b.add(c)
	}
	b.stretch(c.At)
}

func (b *backtest) count(in batch) {
	b.read += int64(len(in.calls))
	for i, n := range in.without {
		b.without[i] += n
	}
}

// blind notes what cannot be seen in the log, because not one line that was understood has a field.
func (b *backtest) blind() {
	for i, s := range sights {
		if b.read > 0 && b.without[i] == b.read {
			b.report.Notes = append(b.report.Notes, fmt.Sprintf("no line has %s: %s not seen without it", s.field, s.what))
		}
	}
}

// unused notes whose agreements did nothing, because no key of the log is theirs.
func (b *backtest) unused() {
	theirs := map[aup.ConsumerID]bool{}
	for key := range b.keys {
		theirs[b.owner(key)], theirs[aup.ConsumerID(key)] = true, true
	}
	for _, a := range b.agreed {
		if !theirs[a.Consumer] {
			theirs[a.Consumer] = true
			b.report.Notes = append(b.report.Notes, fmt.Sprintf("the agreement of %s was not used: no key in this log is theirs (an agreement is for the key whose id its consumer is)", a.Consumer))
		}
	}
}

func (b *backtest) refuse(why string) { b.report.refuse(refused{why: why}) }

func (b *backtest) stretch(at time.Time) {
	if b.report.From.IsZero() || at.Before(b.report.From) {
		b.report.From = at
	}
	if at.After(b.report.To) {
		b.report.To = at
	}
}

// place is where a key is judged.
type place struct {
	id    aup.KeyID
	shard *shard
	log   *keyLog // the shard's
}

// add gives a call to the shard that has its consumer.
func (b *backtest) add(c *usage.Call) {
	p := b.keys[c.Key]
	if p == nil {
		key := aup.KeyID(strings.Clone(string(c.Key)))
		p = &place{id: key, shard: b.shards[usage.Hash(string(b.owner(key)))%uint64(len(b.shards))]}
		b.keys[key] = p
	}
	p.shard.waiting = append(p.shard.waiting, arrival{c, p, b.clock})
}

func (b *backtest) finish() Report {
	if b.ahead != nil {
		b.refuse(TooFarAhead)
	}
	b.send()
	b.stop()
	b.report.Consumers = []Consumer{}
	for _, s := range b.shards {
		s.judgePending(b.clock)
		for _, c := range s.consumers {
			c.end(b.clock)
		}
		for _, k := range s.keys {
			b.report.Consumers = append(b.report.Consumers, k.consumer())
		}
	}
	slices.SortFunc(b.report.Consumers, func(x, y Consumer) int { return strings.Compare(string(x.Key), string(y.Key)) })
	b.blind()
	b.unused()
	b.report.missing(b.looked)
	return b.report
}
