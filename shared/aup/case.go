package aup

import (
	"fmt"
	"strings"
	"time"
)

// The states of a case.
const (
	CaseOpen      CaseState = "open"      // contact was made, or is owed
	CaseAnswered  CaseState = "answered"  // the consumer replied
	CaseEscalated CaseState = "escalated" // the deadline passed without an answer: a person decides
	CaseHeld      CaseState = "held"      // a suspension waits for people
	CaseSuspended CaseState = "suspended" // access is suspended over it
	CaseClosed    CaseState = "closed"    // agreed, back within the terms, or dropped; never reopened
)

// CaseState is where a case stands.
type CaseState string

// Case is an open matter with one consumer about one clause. Its answers may hold personal data, so the
// record lives outside the chain; the events keep what was decided.
type Case struct {
	ID         CaseID     `json:"id"`
	Consumer   ConsumerID `json:"consumer"`
	Clause     ClauseID   `json:"clause"`
	State      CaseState  `json:"state"`
	Opened     time.Time  `json:"opened"`
	Closed     time.Time  `json:"closed,omitzero"`
	Deadline   time.Time  `json:"deadline,omitzero"` // the consumer's, to answer; the admins', to decide a held one
	Assessment Assessment `json:"assessment"`        // the latest
	Answers    []Answer   `json:"answers,omitempty"`
	HeldFor    string     `json:"heldFor,omitempty"`   // CaseHeld: the event's why
	Approvals  []string   `json:"approvals,omitempty"` // who approved the held suspension: IAM ARNs
	Outcome    string     `json:"outcome,omitempty"`
}

// DisagreeCase is the id of the case in which a consumer does not agree with a version. It has no clause.
func DisagreeCase(version int) CaseID { return CaseID(fmt.Sprintf("disagree-%d", version)) }

// NotAcceptedCase is the id of the case that a version, to be accepted by a person, was not. It has no clause.
func NotAcceptedCase(version int) CaseID { return CaseID(fmt.Sprintf("not-accepted-%d", version)) }

// question starts the id of a case that a consumer's question opened.
const question = "question-"

// QuestionCase is the id of the case of a question that is asked by a consumer's next event, seq.
func QuestionCase(seq int64) CaseID { return CaseID(fmt.Sprintf("%s%d", question, seq)) }

// Question says that a consumer asked something. Such a case is about no clause, and nothing of the standing.
func (c Case) Question() bool { return strings.HasPrefix(string(c.ID), question) }

// Answer is what a consumer said about a case, or what an admin recorded that they said.
type Answer struct {
	At      time.Time `json:"at"`
	Contact ContactID `json:"contact,omitempty"`
	Channel string    `json:"channel"` // "page", "email", "phone"; ChannelProvider: it is the provider's answer to them
	Text    string    `json:"text"`
}

// ChannelProvider is the channel of what the provider answered.
const ChannelProvider = "provider"

// Waiting is the first thing that the consumer said since the provider last answered; ok is false when
// nothing waits for an answer.
func (c Case) Waiting() (first Answer, ok bool) {
	for _, a := range c.Answers {
		switch {
		case a.Channel == ChannelProvider:
			ok = false
		case !ok:
			first, ok = a, true
		}
	}
	return first, ok
}

// CaseOf is the case that a fact is about; empty when it is about none.
func CaseOf(f Fact) CaseID {
	switch f := f.(type) {
	case CaseOpened:
		return f.Case
	case CaseReassessed:
		return f.Case
	case CaseReplied:
		return f.Case
	case CaseReminded:
		return f.Case
	case Escalated:
		return f.Case
	case CaseAnsweredBack:
		return f.Case
	case ReplyOverdue:
		return f.Case
	case CaseEnded:
		return f.Case
	case Asked:
		return f.Case
	case Disagreed:
		return f.Case
	case NotAccepted:
		return f.Case
	case Suspended:
		return f.Case
	case SuspensionHeld:
		return f.Case
	case SilenceConfirmed:
		return f.Case
	case SuspensionApproved:
		return f.Case
	case Reported:
		return f.Case
	case Reinstated:
		return f.Case
	case KeyStillWorks:
		return f.Case
	case KeyDrift:
		return f.Case
	}
	return ""
}
