package notice

import (
	"fmt"

	"accord/shared/aup"
)

// slowed tells that the keys are slowed while people decide about a suspension, why, and what to do.
func slowed(l Letter) (body, error) {
	f, err := told[aup.SuspensionHeld](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: "Your access to our API is slowed: please stop what caused it and answer us", title: "Your access is slowed"}
	b.p("On %s we slowed the access of %s. What we saw looks like a significant risk to the service. A person here decides by %s what to do. Until then your API keys still work, but only for a few calls at a time.", Moment(l.Event.At), l.org(), Moment(f.Deadline))
	b.p("Calls above that are answered with status 429. While a key is being slowed, and later when it is made fast again, calls with it may be refused for some seconds.")
	b.seen(l, f.Assessment)
	if err := b.against(l, f.Clause, f.Assessment); err != nil {
		return b, err
	}
	b.h("Who decided this")
	b.p("A machine decided to slow your keys, by the limits in the policy. It may not switch them off: that takes people, and no person has looked at it yet.")
	b.h("What you can do")
	b.list("Stop what caused it. Let what matters most use the calls that you have.", "Answer us: what happened, and what you have changed.",
		"Does this put anybody at risk? Say so at once.")
	b.button("Answer on your page")
	b.reply(l)
	return b, nil
}

// stays says why a key is in another usage plan than it should be in, and what to do about it.
var stays = map[aup.Stays][2]string{
	aup.StaysApart:  {"It was to go from its own usage plan to the slow one. It is in no usage plan, or in more than one, of the stages that the slow plan opens.", "Put the key into one usage plan that opens the stages it needs, or slow it another way."},
	aup.StaysOpen:   {"It was to go from its own usage plan to the slow one. Its plan opens stages that the slow plan does not: it would lose them.", "Let the slow usage plan open every stage that your other plans open."},
	aup.StaysNoPlan: {"The usage plan that it was to go to is not there.", "Was the plan deleted? Put the key into the plan that it should be in, by hand. Is it the slow plan? Name another one as SlowPlan, and deploy."},
}

// adminKeyStays tells that a key was not moved to the slow usage plan, or not back to its own.
func adminKeyStays(l Letter) (body, error) {
	f, err := told[aup.KeySet](l)
	if err != nil {
		return body{}, err
	}
	b := body{subject: fmt.Sprintf("Please look: a key of %s was not slowed", l.org()), title: "A key was not slowed"}
	now := "as fast as it was"
	if f.Slow {
		b.subject, b.title, now = fmt.Sprintf("Please look: a key of %s is still slow", l.org()), "A key is still slow", "in the slow usage plan"
	}
	why := stays[f.Stays]
	b.p("%s", why[0])
	b.rows("Consumer", string(l.Notice.Consumer), "Key", string(f.Key), "The key is now", now, "Seen", Moment(l.Event.At))
	b.h("What you can do")
	b.list(why[1])
	b.p("We do not try it again by ourselves. What waits for your decision goes on waiting.")
	return b, nil
}
