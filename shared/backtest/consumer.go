package backtest

import (
	"math"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// growth is by which part of its day's requests so far a consumer grows before it is judged again.
// Crossing a limit is judged at once.
const growth = 8

// least is how many requests more a consumer makes at least before it is judged again.
const least = 12

// consumer is one owner of keys, as the backtest comes to know it.
type consumer struct {
	subject  audit.Subject
	standing aup.Standing
	told     []aup.Agreement // all of the consumer's, in force or not
	keys     []*keyLog

	dirty       bool // with calls since it was judged
	crossed     bool // a limit, since it was judged
	total, next int64
	last        time.Time // of the latest call
	again       time.Time // when a suspension's second judgement is due; zero: none
	perDay      int64     // requests of the latest day
	minute      int64     // the latest, and its requests
	perMinute   int64
}

func newConsumer(id aup.ConsumerID, first aup.KeyID, cfg Config) *consumer {
	c := &consumer{next: audit.LeastLooks}
	c.standing = aup.Standing{Consumer: id, State: aup.Active, Policy: cfg.Policy.Policy.ID}
	for _, a := range cfg.Agreements {
		if a.Consumer == id || cfg.Owner == nil && string(a.Consumer) == string(first) {
			c.told = append(c.told, a)
		}
	}
	c.subject = audit.Subject{Consumer: id, Policy: aup.Tailor(cfg.Policy, nil, time.Time{}), Agreements: c.told}
	return c
}

// count keeps the figures that tell when judging is due.
func (c *consumer) count(at time.Time, m marks) {
	c.total, c.dirty = c.total+1, true
	if at.Before(c.last) && !sameDay(at, c.last) {
		return
	}
	if c.perDay++; m.day[c.perDay] {
		c.crossed = true
	}
	if minute := at.Unix() / 60; minute != c.minute {
		c.minute, c.perMinute = minute, 0
	}
	if c.perMinute++; m.minute[c.perMinute] {
		c.crossed = true
	}
	if at.After(c.last) {
		c.last = at
	}
}

func sameDay(a, b time.Time) bool { return a.Unix()/86400 == b.Unix()/86400 }

// passDay judges what is left of a day before the next one's first call.
func (c *consumer) passDay(at time.Time) {
	if c.last.IsZero() || sameDay(at, c.last) || at.Before(c.last) {
		return
	}
	c.judgeLast(c.last)
	c.perDay, c.next = 0, max(c.total+least, audit.LeastLooks)
}

func (c *consumer) due() bool { return c.crossed || c.total >= c.next }

// judgeLast judges what was not judged yet.
func (c *consumer) judgeLast(now time.Time) {
	if c.dirty && (c.crossed || c.total >= audit.LeastLooks) {
		c.judge(now)
	}
}

// judgeAgain makes the second judgement that is due by now.
func (c *consumer) judgeAgain(now time.Time) {
	if again := c.again; !again.IsZero() && !again.After(now) {
		c.again = time.Time{}
		c.judge(again)
	}
}

// judge judges until nothing more follows. A suspended consumer is not judged any more: its calls
// would have been refused.
func (c *consumer) judge(now time.Time) {
	c.dirty, c.crossed = false, false
	c.next = c.total + max(least, c.perDay/growth)
	for c.standing.State != aup.IsSuspended {
		v := judge.Reach(c.input(now))
		worst, _ := v.Assessment.Worst()
		switch v.Decision.Action {
		case assess.Suspend:
			c.standing.State = aup.IsSuspended
		case assess.Consider:
			c.standing.Considered = &aup.Considered{Clause: worst.Clause, At: now}
			c.again = v.Decision.Deadline
			return
		case assess.Contact:
			c.standing.Cases = append(c.standing.Cases, aup.CaseRef{Clause: worst.Clause, State: aup.CaseOpen, Level: aup.NonUrgent, Opened: now})
		default:
			return
		}
		c.record(worst, v.Assessment.Level, now)
	}
}

func (c *consumer) input(now time.Time) judge.Input {
	s := c.subject
	if s.Now = now; len(c.told) > 0 {
		s.Policy = aup.Tailor(s.Policy.Version, c.told, now)
	}
	s.Keys = make(map[aup.KeyID][]usage.Day, len(c.keys))
	for _, k := range c.keys {
		s.Keys[k.id] = k.settle()
	}
	return judge.Input{Subject: s, Standing: c.standing, Mode: assess.ModeEnforce, Guard: assess.Guard{Consumers: math.MaxInt},
		Circumstances: assess.Circumstances{Now: now, Told: true}}
}

// record notes a decision at each key that the finding names.
func (c *consumer) record(f aup.Finding, level aup.Level, now time.Time) {
	for _, k := range c.keys {
		for _, id := range f.Keys {
			if id == k.id {
				k.level = level
				k.decisions = append(k.decisions, Decision{At: now.UTC(), AfterRequests: k.requests, Clause: f.Clause,
					Detector: f.Detector, Level: level, Reason: f.Reason})
			}
		}
	}
}

// marks are the numbers of requests at which a limit is crossed, of the policy or of any agreement.
type marks struct{ day, minute map[int64]bool }

func marksOf(cfg Config) marks {
	m := marks{map[int64]bool{}, map[int64]bool{}}
	terms := []aup.Terms{cfg.Policy.Policy.Terms}
	for _, a := range cfg.Agreements {
		terms = append(terms, a.Terms)
	}
	for _, t := range terms {
		mark(m.day, t.PerDay)
		mark(m.minute, t.PerMinute)
	}
	return m
}

func mark(at map[int64]bool, l *aup.Limit) {
	if l == nil {
		return
	}
	at[l.Limit+1] = true
	if l.Significant > 0 {
		at[int64(math.Ceil(l.Significant*float64(l.Limit)))] = true
	}
}
