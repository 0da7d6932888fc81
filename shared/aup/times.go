package aup

import "time"

// CaseTimes are how much time people have in a case, as the policy says. A field that is zero is the default.
type CaseTimes struct {
	Answer  time.Duration   `json:"answerWithin,omitempty"` // the consumer, to answer
	Remind  []time.Duration `json:"remind,omitempty"`       // how long before that day it is reminded
	Reply   time.Duration   `json:"replyWithin,omitempty"`  // the provider, to answer what the consumer said or asked
	Review  time.Duration   `json:"reviewWithin,omitempty"` // the provider, to decide what is held or review a suspension
	Settled time.Duration   `json:"closeAfter,omitempty"`   // within the terms for so long, a case is closed by itself
}

// DefaultCaseTimes hold where a policy says nothing else.
var DefaultCaseTimes = CaseTimes{
	Answer: 14 * 24 * time.Hour, Remind: []time.Duration{7 * 24 * time.Hour, 2 * 24 * time.Hour},
	Reply: 3 * 24 * time.Hour, Review: 24 * time.Hour, Settled: 14 * 24 * time.Hour,
}

// OrDefault puts the default in the place of what is not said. Reminders that would come before the contact
// itself are none.
func (t CaseTimes) OrDefault() CaseTimes {
	d := DefaultCaseTimes
	for _, f := range []struct{ to, from *time.Duration }{{&t.Answer, &d.Answer}, {&t.Reply, &d.Reply}, {&t.Review, &d.Review}, {&t.Settled, &d.Settled}} {
		if *f.to <= 0 {
			*f.to = *f.from
		}
	}
	if len(t.Remind) == 0 {
		t.Remind = d.Remind
	}
	var remind []time.Duration
	for _, before := range t.Remind {
		if before < t.Answer {
			remind = append(remind, before)
		}
	}
	t.Remind = remind
	return t
}
