package notice

import (
	"encoding/json"
	"fmt"
	"strings"

	"accord/shared/aup"
)

// call shows a call as it is typed or pasted, on a line of its own.
func (b *body) call(line string) { b.blocks = append(b.blocks, block{Call: Clean(line)}) }

// invoke is a call of one of the functions, as the guide to deployment makes them. The event's keys and values are
// given in turn.
func invoke(function string, pairs ...any) string {
	return "sam remote invoke --stack-name $STACK " + function + " --event '" + event(pairs...) + "'"
}

// event is a JSON object that can stand between single quotes in a shell.
func event(pairs ...any) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		b, err := json.Marshal(pairs[i+1])
		if err != nil {
			panic(err) // texts and numbers: cannot fail
		}
		all = append(all, fmt.Sprintf("%q: %s", pairs[i], b))
	}
	return "{" + strings.ReplaceAll(strings.Join(all, ", "), "'", `\u0027`) + "}"
}

// What a person puts in place of these words before the call is made.
const (
	yourReason = "YOUR REASON"
	yourText   = "YOUR TEXT"
	yourID     = "AN ID OF YOUR OWN" // of who approves: two people with the same id would count as one call, repeated
)

// do says what can be done, and the call that does it.
func (b *body) do(what, call string) {
	b.p("%s", what)
	b.call(call)
}

// overview is how things stand with all consumers.
func overview() string { return invoke("AuditUsage", "overview", true) }

func lookAt(id aup.ConsumerID) string { return invoke("AuditUsage", "consumer", id) }

func progressOf(id aup.PolicyID, version int) string {
	return invoke("PublishPolicy", "action", "progress", "policy", id, "version", version)
}

func resendAll(id aup.PolicyID, version int) string {
	return invoke("PublishPolicy", "request", yourID, "action", "resend", "policy", id, "version", version, "to", aup.ToNotReceived)
}

// manage is a call about a consumer. The pairs are what the action needs besides.
func manage(action string, id aup.ConsumerID, pairs ...any) string {
	return invoke("ManageConsumer", append([]any{"request", yourID, "action", action, "consumer", id}, pairs...)...)
}

func decideVersion(decision string, l aup.DigestLine) string {
	pairs := []any{"request", fmt.Sprintf("%s-%s-%d", decision, l.Consumer, l.Version), "action", "decide-version", "consumer", l.Consumer,
		"version", l.Version, "decision", decision}
	if decision == "renegotiate" {
		pairs = append(pairs, "reason", yourReason)
	}
	return invoke("ManageConsumer", pairs...)
}

// addressOf is the call that records a contact's address.
func addressOf(id aup.ConsumerID, contact aup.ContactID) string {
	type person struct {
		ID    aup.ContactID `json:"id"`
		Name  string        `json:"name"`
		Email string        `json:"email"`
		Role  aup.Role      `json:"role"`
	}
	return manage("contacts", id, "contacts", []person{{contact, "THEIR NAME", "THEIR ADDRESS", aup.Authority}})
}

// decide is a call that decides about a consumer, with a reason.
func decide(action string, id aup.ConsumerID, pairs ...any) string {
	return invoke("DecideCase", decision(action, id, pairs...)...)
}

// approve is the call that approves a decision. It enters through API Gateway alone, signed by whoever approves.
func approve(id aup.ConsumerID, c aup.CaseID, which string) string {
	return "POST /admin/decisions " + event(decision("approve", id, "case", c, "decision", which)...)
}

func decision(action string, id aup.ConsumerID, pairs ...any) []any {
	pairs = append([]any{"request", yourID, "action", action, "consumer", id}, pairs...)
	return append(pairs, "reason", yourReason)
}
