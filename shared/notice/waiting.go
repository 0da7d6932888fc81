package notice

import (
	"fmt"
	"slices"
	"strings"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// waitingShown is how many consumers a digest names of those that one version waits for.
const waitingShown = 100

// waiting lists what waits for a decision, with the calls that decide it.
func (b *body) waiting(lines []aup.DigestLine) {
	if len(lines) == 0 {
		return
	}
	b.h("Waiting for your decision: " + policydoc.Number(int64(len(lines))))
	type version struct {
		policy aup.PolicyID
		number int
	}
	var held []aup.DigestLine
	var versions []version
	of := map[version][]aup.DigestLine{}
	for _, l := range lines {
		if l.Kind != aup.ToldIssueHeld {
			held = append(held, l)
			continue
		}
		v := version{l.Policy, l.Version}
		if of[v] == nil {
			versions = append(versions, v)
		}
		of[v] = append(of[v], l)
	}
	b.heldSuspensions(held)
	for _, v := range versions {
		b.heldVersion(of[v])
	}
}

func (b *body) heldSuspensions(lines []aup.DigestLine) {
	if len(lines) == 0 {
		return
	}
	b.p("Suspend them or not? Nothing is switched off until people approve it.")
	b.list(digestLines(lines)...)
	first := lines[0]
	b.do(fmt.Sprintf("What did %s do? This says it. Its answer names the decision of the case:", first.Consumer), lookAt(first.Consumer))
	b.do("Approve that decision:", approve(first.Consumer, first.Case, "THE DECISION"))
	b.do("Or drop it:", decide("close", first.Consumer, "case", first.Case))
}

// heldVersion is one version and the consumers that it waits for.
func (b *body) heldVersion(lines []aup.DigestLine) {
	slices.SortFunc(lines, func(a, b aup.DigestLine) int { return strings.Compare(string(a.Consumer), string(b.Consumer)) })
	first := lines[0]
	b.p("May version %d of %s apply beside what you agreed with them? It changes clauses that these agreements rest on. "+
		"Until you decide, the version before it goes on applying to them.", first.Version, first.Policy)
	var rows []string
	for _, l := range lines[:min(len(lines), waitingShown)] {
		rows = append(rows, fmt.Sprintf("%s: %s, about %s%s", l.Consumer, agreementsIn(l), clausesIn(l), neverIn(l)))
	}
	if more := len(lines) - len(rows); more > 0 {
		rows = append(rows, fmt.Sprintf("and %s more", policydoc.Number(int64(more))))
	}
	b.list(rows...)
	if len(lines) > waitingShown {
		b.do("All of them have “held” in this call's answer:", progressOf(first.Policy, first.Version))
	}
	if i := slices.IndexFunc(lines, func(l aup.DigestLine) bool { return len(l.Never) == 0 }); i >= 0 {
		b.do(fmt.Sprintf("Does an agreement fit as it is? Keep it, and they are sent the version. For %s:", lines[i].Consumer), decideVersion("keep", lines[i]))
	}
	b.do(fmt.Sprintf("Must it be agreed anew? Make this call: the version then waits. For %s:", first.Consumer), decideVersion("renegotiate", first))
	b.do("When you have agreed, end the old agreement and record the new one (action agreement). Then keep what is there. To end it:",
		manage("end-agreement", first.Consumer, "number", first.Agreements[0], "reason", yourReason))
}

func agreementsIn(l aup.DigestLine) string {
	if len(l.Agreements) == 1 {
		return fmt.Sprintf("agreement %d", l.Agreements[0])
	}
	return "agreements " + numbers(l.Agreements)
}

func clausesIn(l aup.DigestLine) string {
	var ids []string
	for _, id := range l.Clauses {
		ids = append(ids, string(id))
	}
	return some(ids)
}

// neverIn says why an agreement cannot be kept beside the version.
func neverIn(l aup.DigestLine) string {
	if len(l.Never) == 0 {
		return ""
	}
	return fmt.Sprintf(". Version %d never grants %s to anybody, so this cannot be kept", l.Version, some(slices.Clone(l.Never)))
}

// some joins names of which the last stands for others where there are as many as a line names.
func some(names []string) string {
	if len(names) == aup.ToldNames {
		names[len(names)-1] = "others"
	}
	return and(names)
}
