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

	waiting []arrival
	calls   chan []arrival
	done    chan struct{}
}

// arrival is a call, and the latest time in the log so far.
type arrival struct {
	call  *usage.Call
	clock time.Time
}

func newShard(cfg Config) *shard {
	s := &shard{cfg: cfg, keys: map[aup.KeyID]*keyLog{}, consumers: map[aup.ConsumerID]*consumer{},
		calls: make(chan []arrival, 4), done: make(chan struct{})}
	for _, r := range cfg.rules() {
		s.marks = append(s.marks, marksOf(r))
	}
	go s.run(s.calls)
	return s
}

func (s *shard) send() {
	if len(s.waiting) > 0 {
		s.calls <- s.waiting
		s.waiting = make([]arrival, 0, cap(s.waiting))
	}
}

func (s *shard) run(calls <-chan []arrival) {
	defer close(s.done)
	for batch := range calls {
		for _, a := range batch {
			s.add(a.call, a.clock)
		}
	}
}

// add takes in one call, and judges its consumer when that may have come to something else.
func (s *shard) add(c *usage.Call, clock time.Time) {
	k := s.keys[c.Key]
	if k == nil {
		k = s.key(aup.KeyID(strings.Clone(string(c.Key))))
	}
	k.owner.before(c.At, clock)
	k.add(c)
	k.owner.count(c.At, s.marks)
	k.owner.after(clock)
}

func (s *shard) key(id aup.KeyID) *keyLog {
	owner := s.cfg.owner(id)
	c := s.consumers[owner]
	if c == nil {
		c = newConsumer(owner, id, s.cfg)
		s.consumers[owner] = c
	}
	k := &keyLog{id: id, owner: c, perDay: map[int64]int64{}}
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
