package aup

import "time"

// Provider is whose history keeps what concerns the provider itself: the digests that its admins are owed.
// It is no consumer: it lies in no directory, the guard does not count it, and nobody can register it.
const Provider ConsumerID = "provider"

// What a digest tells of, in the order in which it does.
const (
	ToldHeld         DigestKind = "held"             // a suspension waits for people
	ToldIssueHeld    DigestKind = "issue-held"       // a version waits for a decision about agreements
	ToldSuspended    DigestKind = "suspended"        //
	ToldKeyWorks     DigestKind = "key-still-works"  // a key works although it was disabled
	ToldDrift        DigestKind = "key-drift"        // a key was changed by hand
	ToldReinstated   DigestKind = "reinstated"       //
	ToldDisagreed    DigestKind = "disagreed"        // with a version
	ToldNotAccepted  DigestKind = "not-accepted"     // nobody accepted a version in time
	ToldOpened       DigestKind = "case-opened"      //
	ToldEscalated    DigestKind = "case-escalated"   // nobody answered in time
	ToldAnswered     DigestKind = "case-answered"    //
	ToldAsked        DigestKind = "asked"            // a question without a case
	ToldClosed       DigestKind = "case-closed"      //
	ToldUndelivered  DigestKind = "undelivered"      // an email came back, or has no address
	ToldNobody       DigestKind = "no-contacts"      // a version was issued, and there was nobody to tell
	ToldGap          DigestKind = "gap"              // the log and GetUsage differ about a key's day
	ToldGapClosed    DigestKind = "gap-closed"       //
	ToldAccepted     DigestKind = "accepted"         // by a person
	ToldByUse        DigestKind = "applies-by-use"   //
	ToldAgreed       DigestKind = "agreement-made"   //
	ToldAgreeEnding  DigestKind = "agreement-ending" //
	ToldAgreeEnded   DigestKind = "agreement-ended"  //
	ToldRelationOver DigestKind = "ended"            // the relation: revoked, or the consumer left
)

// DigestKinds are all of them.
var DigestKinds = []DigestKind{ToldHeld, ToldIssueHeld, ToldSuspended, ToldKeyWorks, ToldDrift, ToldReinstated, ToldDisagreed, ToldNotAccepted, ToldOpened,
	ToldEscalated, ToldAnswered, ToldAsked, ToldClosed, ToldUndelivered, ToldNobody, ToldGap, ToldGapClosed, ToldAccepted, ToldByUse, ToldAgreed, ToldAgreeEnding,
	ToldAgreeEnded, ToldRelationOver}

// DigestKind is one kind of what a digest tells of.
type DigestKind string

// OnlyCounted says that a digest does not list what there was of a kind: what goes by itself, and what it lists with
// what waits.
func (k DigestKind) OnlyCounted() bool { return k == ToldByUse || k == ToldIssueHeld }

// DigestLine stands for an event in a digest.
type DigestLine struct {
	Kind     DigestKind `json:"kind"`
	Consumer ConsumerID `json:"consumer"`
	Seq      int64      `json:"seq"`
	Case     CaseID     `json:"case,omitempty"`
	Contact  ContactID  `json:"contact,omitempty"` // whose email came back, who accepted
	Version  int        `json:"version,omitempty"`
	Number   int        `json:"number,omitempty"` // of an agreement
	About    NoticeKind `json:"about,omitempty"`  // ToldUndelivered
	How      string     `json:"how,omitempty"`    // ToldUndelivered; ToldGap: a DifferenceKind; ToldDrift: a KeyFound
	Owed     bool       `json:"owed,omitempty"`   // ToldDrift: it is switched again
	Over     bool       `json:"over,omitempty"`   // ToldDrift: it is as the standing has it again
	Key      KeyID      `json:"key,omitempty"`    // ToldKeyWorks, ToldDrift; ToldGap, ToldGapClosed, and the rest of them
	Date     string     `json:"date,omitempty"`
	Logged   int64      `json:"logged,omitempty"`
	Gateway  int64      `json:"gateway,omitempty"`

	Policy PolicyID `json:"policy,omitempty"` // of Version, where the event names it

	// ToldIssueHeld: what the version waits for. Of names the first few, at most ToldNames.
	Agreements []int      `json:"agreements,omitempty"`
	Clauses    []ClauseID `json:"clauses,omitempty"`
	Never      []string   `json:"never,omitempty"` // granted, and by the version never
}

// ToldNames is how many clauses, and how many permissions, a line names: a digest of hundreds of lines is one item. The
// last of so many stands for all that are not named.
const ToldNames = 4

// Digested is what a digest says of an event; ok is false where it says nothing.
func Digested(e Event) (l DigestLine, ok bool) {
	switch f := e.Fact.(type) {
	case SuspensionHeld:
		l = DigestLine{Kind: ToldHeld, Case: f.Case}
	case IssueHeld:
		l = DigestLine{Kind: ToldIssueHeld, Version: f.Version, Policy: f.Policy, Agreements: f.Agreements,
			Clauses: f.Clauses[:min(len(f.Clauses), ToldNames)], Never: f.Never[:min(len(f.Never), ToldNames)]}
	case Suspended:
		l = DigestLine{Kind: ToldSuspended, Case: f.Case}
	case KeyStillWorks:
		l = DigestLine{Kind: ToldKeyWorks, Case: f.Case, Key: f.Key}
	case KeyDrift:
		l = DigestLine{Kind: ToldDrift, Case: f.Case, Key: f.Key, How: string(f.Found), Owed: f.Owed, Over: f.Over()}
	case Reinstated:
		l = DigestLine{Kind: ToldReinstated}
	case Disagreed:
		l = DigestLine{Kind: ToldDisagreed, Case: f.Case, Version: f.Version}
	case NotAccepted:
		l = DigestLine{Kind: ToldNotAccepted, Case: f.Case, Version: f.Version}
	case CaseOpened:
		l = DigestLine{Kind: ToldOpened, Case: f.Case}
	case Escalated:
		l = DigestLine{Kind: ToldEscalated, Case: f.Case}
	case CaseReplied:
		l = DigestLine{Kind: ToldAnswered, Case: f.Case}
	case Asked:
		l = DigestLine{Kind: ToldAsked, Case: f.Case}
	case CaseEnded:
		l = DigestLine{Kind: ToldClosed, Case: f.Case}
	case NoticeFailed:
		l = DigestLine{Kind: ToldUndelivered, Contact: f.Contact, About: f.About, How: f.How}
	case PolicyIssued:
		l = DigestLine{Kind: ToldNobody, Policy: f.Policy, Version: f.Version}
	case GapNoticed:
		l = DigestLine{Kind: ToldGap, Key: f.Key, Date: f.Date, How: string(f.How), Logged: f.Logged, Gateway: f.Gateway}
	case GapClosed:
		l = DigestLine{Kind: ToldGapClosed, Key: f.Key, Date: f.Date, Logged: f.Logged, Gateway: f.Gateway}
	case Accepted:
		l = accepted(f)
	case AgreementMade:
		l = DigestLine{Kind: ToldAgreed, Number: f.Number}
	case AgreementEnding:
		l = DigestLine{Kind: ToldAgreeEnding, Number: f.Number}
	case AgreementEnded:
		l = DigestLine{Kind: ToldAgreeEnded, Number: f.Number}
	case Ended:
		l = DigestLine{Kind: ToldRelationOver}
	}
	if l.Kind == "" || l.Kind == ToldNobody && len(e.Notices) > 0 || e.Consumer == Provider {
		return DigestLine{}, false
	}
	l.Consumer, l.Seq = e.Consumer, e.Seq
	return l, true
}

func accepted(f Accepted) DigestLine {
	if f.How == ByUse {
		return DigestLine{Kind: ToldByUse, Policy: f.Policy, Version: f.Version}
	}
	return DigestLine{Kind: ToldAccepted, Policy: f.Policy, Version: f.Version, Contact: f.Contact}
}

// ProviderOpened starts the provider's own history.
type ProviderOpened struct{}

// DigestMade owes the admins a digest of what happened from From until Until.
type DigestMade struct {
	From     time.Time           `json:"from"`
	Until    time.Time           `json:"until"`
	Sections []DigestSection     `json:"sections,omitempty"`
	Waiting  []DigestLine        `json:"waiting,omitempty"` // what was held, then or before, and still waits
	Overdue  map[DueKind]Overdue `json:"overdue,omitempty"`
	Policy   PolicyID            `json:"policy,omitempty"`  // of Version
	Version  int                 `json:"version,omitempty"` // the latest that something happened about

	Unserved int `json:"unserved,omitempty"` // consumers of whom nobody said what stops if their access stops
}

// DigestSection is what happened of one kind.
type DigestSection struct {
	Kind  DigestKind   `json:"kind"`
	Count int          `json:"count"`
	Lines []DigestLine `json:"lines,omitempty"` // the first few
}

// Overdue is what of one kind has been owed for long.
type Overdue struct {
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest"`
}

// Empty says that there is nothing to tell.
func (f DigestMade) Empty() bool { return len(f.Sections)+len(f.Waiting)+len(f.Overdue) == 0 }

func (ProviderOpened) Kind() string { return "provider-opened" }
func (DigestMade) Kind() string     { return "digest-made" }

func (ProviderOpened) apply(s *Standing, _ Event) { s.State = Active }
func (DigestMade) apply(s *Standing, e Event)     { s.Digest = e.Seq }
