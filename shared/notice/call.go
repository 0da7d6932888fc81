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

func lookAt(id aup.ConsumerID) string { return invoke("AuditUsage", "consumer", id) }

func progressOf(id aup.PolicyID, version int) string {
	return invoke("PublishPolicy", "request", fmt.Sprintf("progress-%s-%d", id, version), "action", "progress", "policy", id, "version", version)
}

func decideVersion(decision string, l aup.DigestLine) string {
	pairs := []any{"request", fmt.Sprintf("%s-%s-%d", decision, l.Consumer, l.Version), "action", "decide-version", "consumer", l.Consumer,
		"version", l.Version, "decision", decision}
	if decision == "renegotiate" {
		pairs = append(pairs, "reason", yourReason)
	}
	return invoke("ManageConsumer", pairs...)
}

// What a person puts in place of these words before the call is made.
const (
	yourReason = "YOUR REASON"
	yourID     = "AN ID OF YOUR OWN" // of who approves: two people with the same id would count as one call, repeated
)

// decide is the call that decides a case. It enters through API Gateway, signed by a person. The pairs are what the
// action needs besides.
func decide(action string, id aup.ConsumerID, pairs ...any) string {
	pairs = append([]any{"request", yourID, "action", action, "consumer", id}, pairs...)
	return "POST /admin/decisions " + event(append(pairs, "reason", yourReason)...)
}
