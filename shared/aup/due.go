package aup

import "time"

// What is owed to the outside world.
const (
	DueEmail      DueKind = "email"      // a notice, to be sent
	DueKey        DueKind = "key"        // an API key, to be made as the standing says
	DueDistribute DueKind = "distribute" // a version, to be issued to a directory shard or to one consumer
	DueAudit      DueKind = "audit"      // a requested audit, to be made
	DueDeadline   DueKind = "deadline"   // a day of one consumer that has come, or will
)

// What is to be done when a day has come, and of a distribution that is not the publication itself.
const (
	StepRemind      Step = "remind"       // of a version that nobody has accepted yet
	StepNotAccepted Step = "not-accepted" // and talk about it
	StepEnding      Step = "ending"       // of an agreement: say so
	StepEnded       Step = "ended"        // an agreement is over: say so
	StepHeld        Step = "held"         // a suspension that waits for people: tell them again
	StepConfirm     Step = "confirm"      // DueAudit: judge a consumer once more, nothing else
	StepCaseRemind  Step = "case-remind"  // of a contact that was not answered yet
	StepEscalate    Step = "escalate"     // a contact that was not answered: a person decides
	StepReply       Step = "reply"        // what a consumer said waits for the provider's answer
	StepLook        Step = "look"         // DueKey: see whether a key is as the standing has it
	StepWithdraw    Step = "withdraw"     // DueDistribute: take a version back
	StepResend      Step = "resend"       // DueDistribute: send a version's email again to whom it did not reach
	StepDigest      Step = "digest"       // of the provider: what happened since the last one
)

// To whom a version's email is sent again.
const (
	ToNotReceived Unreached = "not-received" // contacts whom it did not reach
	ToNotAccepted Unreached = "not-accepted" // contacts of consumers that have not accepted it, who had it or not
)

// Unreached is whom a version has not reached.
type Unreached string

// Step of a due.
type Step string

// DueKind is what is owed.
type DueKind string

// Due is something owed to the outside world, recorded before it is done. It lies under the moment of
// its next attempt; a worker claims it by moving that moment past its lease, and clears it in the write
// that records the outcome.
type Due struct {
	ID       string     `json:"id"`
	Kind     DueKind    `json:"kind"`
	Urgent   bool       `json:"urgent,omitempty"` // DueEmail: which queue
	Consumer ConsumerID `json:"consumer,omitempty"`
	Notice   NoticeID   `json:"notice,omitempty"`
	Key      KeyID      `json:"key,omitempty"`
	Policy   PolicyID   `json:"policy,omitempty"`
	Version  int        `json:"version,omitempty"`
	Number   int        `json:"number,omitempty"`  // StepEnding, StepEnded: of the agreement
	Shard    int        `json:"shard,omitempty"`   // DueDistribute: the directory shard
	Cursor   string     `json:"cursor,omitempty"`  // DueDistribute: the last consumer done; StepDigest: from when on
	Step     Step       `json:"step,omitempty"`    // DueDeadline; StepWithdraw of DueDistribute
	Case     CaseID     `json:"case,omitempty"`    // StepHeld, StepCaseRemind, StepEscalate, StepReply
	Until    time.Time  `json:"until,omitzero"`    // StepRemind: by when it is to be accepted; StepHeld, StepCaseRemind, StepEscalate: the deadline; StepReply: when it was said
	To       Unreached  `json:"to,omitempty"`      // StepResend: to whom
	Request  string     `json:"request,omitempty"` // StepResend: the call that asked for it; StepLook: CloudTrail's event, empty for the sweeper
	Audit    string     `json:"audit,omitempty"`   // DueAudit: the id of its answer
	Plan     string     `json:"plan,omitempty"`    // DueAudit: one usage plan; empty with Consumer empty: all
	Created  time.Time  `json:"created"`
	Next     time.Time  `json:"next"`             // not before; a claim moves it past the lease
	Attempts int64      `json:"attempts"`         // claims so far
	Why      string     `json:"why,omitempty"`    // of the last failure, free of personal data; empty while it is tried
	Doubt    bool       `json:"doubt,omitempty"`  // an earlier attempt may have been done: how it ended is not known
	Waited   bool       `json:"waited,omitempty"` // DueEmail in doubt: SES's event about that attempt was waited for
}

// Planned says whether a due is for a later day than it was made: until that day nothing is owed.
func (d Due) Planned() bool { return d.Attempts == 0 && d.Next.After(d.Created) }
