package aup

import "time"

// What an email is about.
const (
	Welcome         NoticeKind = "welcome"           // the policy, to a new consumer
	NewVersion      NoticeKind = "new-version"       // the policy changed
	Receipt         NoticeKind = "receipt"           // a version was accepted, or now applies
	AgreementNotice NoticeKind = "agreement-made"    // an agreement was recorded
	Reminder        NoticeKind = "reminder"          // a version is still to be accepted
	NotAcceptedKind NoticeKind = "not-accepted"      // a version applies, and nobody has accepted it: a case
	WithdrawnNotice NoticeKind = "withdrawn"         // a version they were told of does not come into force
	AgreementEnds   NoticeKind = "agreement-ending"  // an agreement ends soon
	AgreementOver   NoticeKind = "agreement-ended"   // an agreement has ended: the standard text applies
	UsageNoticeKind NoticeKind = "usage-notice"      // a step below or at a limit was reached
	ContactNotice   NoticeKind = "contact"           // a case: agree a way forward
	CaseReminder    NoticeKind = "case-reminder"     // a contact is still to be answered
	AnswerNotice    NoticeKind = "answer"            // what the provider answers
	SuspendedNotice NoticeKind = "suspended"         // access was suspended
	SlowedNotice    NoticeKind = "slowed"            // the keys are slowed while people decide about a suspension
	ReinstateNotice NoticeKind = "reinstated"        // access is back
	ClosedNotice    NoticeKind = "case-closed"       // a case was closed
	EndedNotice     NoticeKind = "ended"             // access has ended
	OneTimeCode     NoticeKind = "one-time-code"     // to a contact, who asked for it on the page
	AdminHeld       NoticeKind = "admin-held"        // to the admins: a suspension waits for people
	AdminFailed     NoticeKind = "admin-failed"      // to the admins: a notice cannot be delivered
	AdminAnswer     NoticeKind = "admin-answer"      // to the admins: a consumer answered or asked
	AdminSuspended  NoticeKind = "admin-suspended"   // to the admins: a consumer was suspended
	AdminAcceptance NoticeKind = "admin-acceptance"  // to the admins: a consumer does not agree with a version
	AdminEscalated  NoticeKind = "admin-escalated"   // to the admins: a contact was not answered, and somebody must decide
	AdminOverdue    NoticeKind = "admin-overdue"     // to the admins: a consumer waits for an answer for longer than promised
	AdminKeyWorks   NoticeKind = "admin-key-works"   // to the admins: a key works although it was disabled
	AdminKeyStays   NoticeKind = "admin-key-stays"   // to the admins: a key was not moved to the slow usage plan, or not back
	AdminLogStopped NoticeKind = "admin-log-stopped" // to the admins: calls are made, and no log of them comes
	AdminDigest     NoticeKind = "admin-digest"      // to the admins: what happened in a day
)

// NoticeKind is what an email is about.
type NoticeKind string

// Urgent notices never wait behind a campaign: they have a queue and a share of the sending rate.
func (k NoticeKind) Urgent() bool {
	switch k {
	case Welcome, NewVersion, Receipt, AgreementNotice, UsageNoticeKind, Reminder, NotAcceptedKind, WithdrawnNotice, AgreementEnds, AgreementOver,
		AdminDigest:
		return false
	}
	return true
}

// Notice is one email owed to one contact, with its whole life. Its state is a set of facts: delivery
// events come in any order, and none wipes out another.
type Notice struct {
	ID        NoticeID   `json:"id"`
	Consumer  ConsumerID `json:"consumer"`
	Contact   ContactID  `json:"contact"`
	Kind      NoticeKind `json:"kind"`
	Event     int64      `json:"event"` // the event that caused it, which says all the email says
	Policy    PolicyID   `json:"policy,omitempty"`
	Version   int        `json:"version,omitempty"` // the policy version it tells about or refers to
	Link      string     `json:"link,omitempty"`    // OneTimeCode: SHA-256 of the link that the code is for
	Owed      time.Time  `json:"owed"`
	Attempts  int        `json:"attempts,omitempty"`  // sends begun, whatever came of them
	MessageID string     `json:"messageId,omitempty"` // SES's, of the last accepted send
	Sent      time.Time  `json:"sent,omitzero"`
	Delayed   time.Time  `json:"delayed,omitzero"` // first told to be; SES goes on trying
	Delivered time.Time  `json:"delivered,omitzero"`
	Bounced   time.Time  `json:"bounced,omitzero"`
	Why       string     `json:"why,omitempty"` // of the bounce, or of what keeps it from being sent
}

// NoticeRef stands for a notice in the event that owes it.
type NoticeRef struct {
	ID      NoticeID   `json:"id"`
	Contact ContactID  `json:"contact"`
	Kind    NoticeKind `json:"kind"`
}
