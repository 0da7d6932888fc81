package backtest

import (
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// shard judges some of the consumers, on its own: what a consumer comes to depends on nothing but its
// own calls and the clock at each of them.
type shard struct {
	cfg       Config
	marks     []marks // of each of the rules
	keys      map[aup.KeyID]*keyLog
	consumers map[aup.ConsumerID]*consumer

	pending    time.Time                   // when one of the consumers is to be judged though it calls no more; zero: none
	learning   map[string]usage.Population // what the keys ask for on the days that are not over, by date
	population usage.Population            // of the last day that is
	index      usage.Index
	date       date
	names      names
	spare      []*usage.Tally // of windows that are closed

	waiting []arrival
	calls   chan message
	done    chan struct{}
}

// message is what a shard is told: calls, that a day is over, or what all keys asked for on it.
type message struct {
	calls      []arrival
	day        string
	learned    chan<- usage.Population // what this shard's keys asked for on the day
	population *usage.Population       // what all keys asked for on it
}

// arrival is a call, and the latest time in the log so far.
type arrival struct {
	call  *usage.Call
	of    *place
	clock time.Time
}

func newShard(cfg Config) *shard {
	s := &shard{cfg: cfg, keys: map[aup.KeyID]*keyLog{}, consumers: map[aup.ConsumerID]*consumer{},
		learning: map[string]usage.Population{}, names: names{}, calls: make(chan message, 4), done: make(chan struct{})}
	for _, r := range cfg.rules() {
		s.marks = append(s.marks, marksOf(r))
	}
	go s.run(s.calls)
	return s
}

func (s *shard) send() {
	if len(s.waiting) > 0 {
		s.calls <- message{calls: s.waiting}
		s.waiting = make([]arrival, 0, cap(s.waiting))
	}
}

func (s *shard) run(calls <-chan message) {
	defer close(s.done)
	for m := range calls {
		for _, a := range m.calls {
			s.add(a)
		}
		switch {
		case m.learned != nil:
			m.learned <- s.learned(m.day)
		case m.population != nil:
			s.population = *m.population
		}
	}
}

// learned is what this shard's keys asked for on a day that is over.
func (s *shard) learned(day string) usage.Population {
	for _, k := range s.keys {
		k.settle()
	}
	p := s.learning[day]
	for date := range s.learning {
		if date <= day {
			delete(s.learning, date)
		}
	}
	return p
}

// learn takes in what a key looked at in a window. Keys that were found crawling tell nothing of what is popular.
func (s *shard) learn(k *keyLog, start time.Time, in *usage.Summary) {
	if o := k.outcomes[0]; o.Level != aup.None || o.Observed != "" {
		return
	}
	date := usage.DateOf(start)
	p := s.learning[date]
	p.AddWindow(k.id, in)
	s.learning[date] = p
}

// tally returns an empty one.
func (s *shard) tally() *usage.Tally {
	n := len(s.spare)
	if n == 0 {
		return new(usage.Tally)
	}
	t := s.spare[n-1]
	s.spare = s.spare[:n-1]
	t.Reset()
	return t
}

// judgePending judges whose time has come.
func (s *shard) judgePending(clock time.Time) {
	if s.pending.IsZero() || clock.Before(s.pending) {
		return
	}
	s.pending = time.Time{}
	for _, c := range s.consumers {
		for _, side := range c.sides {
			side.judgePending(clock)
			s.wake(side.pending)
		}
	}
}

// wake sees to it that what is pending until then is judged in time.
func (s *shard) wake(at time.Time) {
	if !at.IsZero() && (s.pending.IsZero() || at.Before(s.pending)) {
		s.pending = at
	}
}

// add takes in one call, and judges its consumer when that may have come to something else.
func (s *shard) add(a arrival) {
	s.judgePending(a.clock)
	k := a.of.log
	if k == nil {
		k = s.key(a.of.id)
		a.of.log = k
	}
	k.owner.before(a.call.At, a.clock)
	k.add(a.call)
	k.owner.count(a.call.At, s.marks)
	k.owner.after(a.clock)
}

func (s *shard) key(id aup.KeyID) *keyLog {
	owner := s.cfg.owner(id)
	c := s.consumers[owner]
	if c == nil {
		c = newConsumer(owner, id, s.cfg)
		c.shard = s
		s.consumers[owner] = c
	}
	k := &keyLog{id: id, owner: c, shard: s, perDay: map[int64]int64{}}
	for range c.sides {
		k.outcomes = append(k.outcomes, Outcome{Level: aup.None, Decisions: []Decision{}})
	}
	c.keys = append(c.keys, k)
	s.keys[id] = k
	return k
}

// owner is whose key it is.
func (cfg Config) owner(id aup.KeyID) aup.ConsumerID {
	if cfg.Owner != nil {
		return cfg.Owner(id)
	}
	return aup.ConsumerID(strings.ToLower(string(id)))
}
