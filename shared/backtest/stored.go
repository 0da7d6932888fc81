package backtest

import (
	"maps"
	"slices"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/usage"
)

// Stored is what is stored of one consumer, in place of a log.
type Stored struct {
	Consumer    aup.ConsumerID
	Uses        []string
	Keys        map[aup.KeyID][]usage.Day   // rising; the days before the first one judged that a judgement looks at, too
	Since       time.Time                   // what was before it is settled
	Populations map[string]usage.Population // by date: what all keys asked for
}

// KeptDays is how many days before the one judged a judgement looks at.
const KeptDays = keptDays - 1

// JudgeStored judges what is stored of a consumer as Run judges a log, but once for each day from the day
// of from to that of now: at its end, or now. What days do not tell, such as after how many requests, is not in it.
func JudgeStored(cfg Config, u Stored, from, now time.Time) Consumer {
	cfg.Owner = func(aup.KeyID) aup.ConsumerID { return u.Consumer }
	c := newConsumer(u.Consumer, "", cfg)
	c.shard = &shard{}
	for key := range maps.Keys(u.Keys) {
		k := &keyLog{id: key, owner: c, outcomes: make([]Outcome, len(c.sides))}
		c.keys = append(c.keys, k)
	}
	for _, s := range c.sides {
		s.came = Outcome{Level: aup.None, Decisions: []Decision{}}
		s.subject.Uses, s.subject.Since = u.Uses, u.Since
	}
	days := map[string]int64{}
	today := from.UTC().Truncate(24 * time.Hour)
	for ; today.Before(now); today = today.AddDate(0, 0, 1) {
		end := today.AddDate(0, 0, 1).Add(-time.Second)
		if now.Before(end) {
			end = now
		}
		c.atEnd(u, end, days)
	}
	return c.stored(days)
}

// atEnd judges at the end of a day, by the days up to it.
func (c *consumer) atEnd(u Stored, end time.Time, requests map[string]int64) {
	date := usage.DateOf(end)
	c.shard.population = u.Populations[usage.DateOf(end.AddDate(0, 0, -1))]
	known := map[aup.KeyID][]usage.Day{}
	for _, k := range c.keys {
		all := u.Keys[k.id]
		until, _ := slices.BinarySearchFunc(all, usage.DateOf(end.AddDate(0, 0, 1)), byDate)
		k.days = all[max(0, until-keptDays):until]
		known[k.id] = k.days
		if n := len(k.days); n > 0 && k.days[n-1].Date == date {
			requests[date] += k.days[n-1].Counts().Requests
		}
	}
	for _, s := range c.sides {
		s.subject.Doubt = judge.Doubt(known, end)
		s.judge(end)
		s.judgeAgain(end.Add(assess.Between))
	}
}

func (c *consumer) stored(days map[string]int64) Consumer {
	r := Consumer{Outcome: c.sides[0].came, Days: []Day{}}
	for _, date := range slices.Sorted(maps.Keys(days)) {
		r.Days = append(r.Days, Day{date, days[date]})
		r.Requests += days[date]
	}
	if len(c.sides) > 1 {
		r.Before = &c.sides[1].came
		r.Change = ChangeOf(*r.Before, r.Outcome)
	}
	return r
}
