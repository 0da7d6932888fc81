package backtest

import (
	"math"
	"slices"
	"time"

	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// growth is by which part of its day's requests so far, after the early ones, a consumer grows before it is judged again.
// Crossing a limit is judged at once.
const growth = 8

// early is how many requests a day are judged as often as any, since that is when a walk shows.
const early = 150

// least is how many requests more a consumer makes at least before it is judged again: after the 106th it is so at the 127th, the last at which a sample
// of different resources is all of them, and at the 148th.
const least = 21

// consumer is one owner of keys, as the backtest comes to know it.
type consumer struct {
	shard *shard
	keys  []*keyLog
	sides []*side // one for each of the rules

	total     int64
	last      time.Time // of the latest call
	perDay    int64     // requests of the latest day
	minute    int64     // the latest, and its requests
	perMinute int64
}

// side is a consumer under one of the rules.
type side struct {
	of       *consumer
	n        int // its place
	subject  audit.Subject
	standing aup.Standing
	told     []aup.Agreement // all of the consumer's, in force or not
	came     Outcome         // of all its keys together

	dirty   bool // with calls since it was judged
	crossed bool // a limit, since it was judged
	next    int64
	again   time.Time // when a suspension's second judgement is due; zero: none
	pending time.Time // when to judge again without a call, too; zero: not
}

func newConsumer(id aup.ConsumerID, first aup.KeyID, cfg Config) *consumer {
	c := &consumer{}
	for n, r := range cfg.rules() {
		s := &side{of: c, n: n, next: audit.LeastLooks}
		s.standing = aup.Standing{Consumer: id, State: aup.Active, Policy: r.Policy.Policy.ID}
		for _, a := range r.Agreements {
			if a.Consumer == id || cfg.Owner == nil && string(a.Consumer) == string(first) {
				s.told = append(s.told, a)
			}
		}
		s.subject = audit.Subject{Consumer: id, Policy: aup.Tailor(r.Policy, nil, time.Time{}), Agreements: s.told}
		c.sides = append(c.sides, s)
	}
	return c
}

// count keeps the figures that tell when judging is due; m are the marks of each side.
func (c *consumer) count(at time.Time, m []marks) {
	c.total++
	for _, s := range c.sides {
		s.dirty = true
	}
	if at.Before(c.last) && !sameDay(at, c.last) {
		return
	}
	c.perDay++
	if minute := at.Unix() / 60; minute != c.minute {
		c.minute, c.perMinute = minute, 0
	}
	c.perMinute++
	for i, s := range c.sides {
		s.crossed = s.crossed || m[i].day[c.perDay] || m[i].minute[c.perMinute]
	}
	if at.After(c.last) {
		c.last = at
	}
}

func sameDay(a, b time.Time) bool { return a.Unix()/86400 == b.Unix()/86400 }

// before judges what is due before a call at the moment at comes in: second judgements by the log's
// clock, and what is left of a day.
func (c *consumer) before(at, clock time.Time) {
	for _, s := range c.sides {
		s.judgeAgain(clock)
	}
	if c.last.IsZero() || sameDay(at, c.last) || at.Before(c.last) {
		return
	}
	for _, s := range c.sides {
		s.judgeLast(c.last)
		s.next = max(c.total+least, audit.LeastLooks)
	}
	c.perDay = 0
}

// after judges what the call that came in makes due.
func (c *consumer) after(clock time.Time) {
	for _, s := range c.sides {
		if s.crossed || c.total >= s.next {
			s.judge(clock)
		}
	}
}

// end judges what was not judged yet when the log ends: what was done on an earlier day, by that day.
func (c *consumer) end(clock time.Time) {
	for _, s := range c.sides {
		if !sameDay(c.last, clock) {
			s.judgeLast(c.last)
			s.judgePending(clock)
		}
		s.judgeLast(clock)
		s.judgeAgain(clock.Add(assess.Between))
	}
}

func (s *side) judgeLast(now time.Time) {
	if s.dirty {
		s.judge(now)
	}
}

// judgeAgain makes the second judgement that is due by now.
func (s *side) judgeAgain(now time.Time) {
	if again := s.again; !again.IsZero() && !again.After(now) {
		s.again = time.Time{}
		s.judge(again)
	}
}

// judgePending judges what was pending until now, at its own time: when a shard hears of that depends on
// who else is in it.
func (s *side) judgePending(now time.Time) {
	if at := s.pending; !at.IsZero() && !at.After(now) {
		if !sameDay(s.of.last, at) {
			s.judgeLast(s.of.last)
		}
		s.judge(at)
	}
}

// judge judges until nothing more follows. A suspended consumer is not judged any more: its calls
// would have been refused.
func (s *side) judge(now time.Time) {
	s.dirty, s.crossed = false, false
	s.next = s.of.total + least
	if s.of.perDay > early {
		s.next = s.of.total + s.of.perDay/growth
	}
	for s.pending = (time.Time{}); s.standing.State != aup.IsSuspended; {
		in := s.input(now)
		s.pending = audit.Again(in.Subject)
		s.of.shard.wake(s.pending)
		v := judge.Reach(in)
		worst, _ := v.Assessment.Worst()
		switch v.Decision.Action {
		case assess.Suspend, assess.Hold: // a policy's mode may leave it to people
			s.standing.State = aup.IsSuspended
		case assess.Consider:
			s.standing.Considered = &aup.Considered{Clause: worst.Clause, At: now}
			s.again = v.Decision.Deadline
			return
		case assess.Contact:
			s.standing.Cases = append(s.standing.Cases, aup.CaseRef{Clause: worst.Clause, State: aup.CaseOpen, Level: aup.NonUrgent, Opened: now})
		case assess.Observe:
			s.observe(v.Decision.Would, now)
		default:
			return
		}
		s.record(worst, v.Assessment, v.Decision.Action == assess.Observe, now)
	}
}

// observe notes, as the ledger would, what was recorded only: it is recorded again the next day.
func (s *side) observe(would string, now time.Time) {
	term := "observed " + would
	s.standing.Noticed = slices.DeleteFunc(s.standing.Noticed, func(n aup.Noticed) bool { return n.Term == term })
	s.standing.Noticed = append(s.standing.Noticed, aup.Noticed{Term: term, Period: aup.Date(now), Step: 1})
}

func (s *side) input(now time.Time) judge.Input {
	sub := s.tailored(now)
	sub.Now, sub.Population, sub.Index = now, s.of.shard.population, &s.of.shard.index
	sub.Keys = make(map[aup.KeyID][]usage.Day, len(s.of.keys))
	for _, k := range s.of.keys {
		sub.Keys[k.id] = k.settle()
	}
	return judge.Input{Subject: sub, Standing: s.standing, Mode: assess.ModeEnforce, Guard: assess.Guard{Consumers: math.MaxInt},
		Circumstances: assess.Circumstances{Now: now, Told: true}}
}

func (s *side) tailored(now time.Time) audit.Subject {
	sub := s.subject
	if len(s.told) > 0 {
		sub.Policy = aup.Tailor(sub.Policy.Version, s.told, now)
	}
	return sub
}

// record notes a decision of the consumer, and at each key that the finding names.
func (s *side) record(f aup.Finding, a aup.Assessment, observed bool, now time.Time) {
	d := Decision{At: now.UTC(), Clause: f.Clause, Detector: f.Detector, Level: a.Level, Score: a.Score, Reason: f.Reason, Observed: observed}
	s.came.add(d)
	for _, k := range s.of.keys {
		if slices.Contains(f.Keys, k.id) {
			d.AfterRequests = k.requests
			k.outcomes[s.n].add(d)
		}
	}
}

// marks are the numbers of requests at which a limit is crossed, of the policy or of any agreement.
type marks struct{ day, minute map[int64]bool }

func marksOf(r Rules) marks {
	m := marks{map[int64]bool{}, map[int64]bool{}}
	terms := []aup.Terms{r.Policy.Policy.Terms}
	for _, a := range r.Agreements {
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
