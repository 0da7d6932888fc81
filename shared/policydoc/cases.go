package policydoc

import (
	"time"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

const day = 24 * time.Hour

// cases reads how much time people have in a case.
func (r *reader) cases(to *aup.CaseTimes) read {
	return func(n *yaml.Node, where string) {
		r.fields(n, where, []key{
			{"answer-within", false, r.atLeast(&to.Answer, day)},
			{"remind", false, r.list(maxReminders, r.reminder(&to.Remind))},
			{"reply-within", false, r.atLeast(&to.Reply, time.Hour)},
			{"review-within", false, r.atLeast(&to.Review, time.Hour)},
			{"close-after", false, r.atLeast(&to.Settled, day)},
		})
		answer := to.OrDefault().Answer
		for _, before := range to.Remind {
			if before >= answer {
				r.at(lookup(n, "remind"), "%s.remind: %s before the day is not after the contact itself: answer-within is %s", where, Period(before), Period(answer))
			}
		}
	}
}

// atLeast reads a length of time that is not shorter than least.
func (r *reader) atLeast(to *time.Duration, least time.Duration) read {
	return func(n *yaml.Node, where string) {
		d, before := time.Duration(0), len(r.problems)
		r.period(&d)(n, where)
		switch {
		case len(r.problems) > before:
		case d < least:
			r.at(n, "%s: %s is shorter than %s", where, show(n.Value), Period(least))
		default:
			*to = d
		}
	}
}

// caseFacts are what a policy says of the time people have, as the tables of changes compare it.
func caseFacts(t aup.CaseTimes) []fact {
	t = t.OrDefault()
	return []fact{
		{"cases", "Time to answer us", Period(t.Answer)},
		{"cases", "Time in which we answer you", Period(t.Reply)},
		{"cases", "Time in which we review a suspension", Period(t.Review)},
		{"cases", "Closed by itself after", Period(t.Settled) + " within the terms"},
	}
}
