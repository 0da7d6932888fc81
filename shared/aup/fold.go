package aup

import (
	"slices"
	"time"
)

func (f Registered) apply(s *Standing, _ Event) {
	s.State, s.Policy, s.Uses, s.Serves, s.Protected = Active, f.Policy, f.Uses, f.Serves, f.Protected
	for _, k := range f.Keys {
		s.Keys = append(s.Keys, KeyState{ID: k, Enabled: true})
	}
	for _, c := range f.Contacts {
		s.Contacts = append(s.Contacts, ContactState{ID: c.ID, Role: c.Role})
	}
}

func (f KeyAttached) apply(s *Standing, _ Event) {
	if s.Key(f.Key) == nil {
		s.Keys = append(s.Keys, KeyState{ID: f.Key, Enabled: s.State != IsSuspended && s.State != HasEnded})
	}
}

func (f ContactAdded) apply(s *Standing, _ Event) {
	ContactErased{f.Contact.ID}.apply(s, Event{})
	s.Contacts = append(s.Contacts, ContactState{ID: f.Contact.ID, Role: f.Contact.Role})
}

func (f ContactErased) apply(s *Standing, _ Event) {
	s.Contacts = slices.DeleteFunc(s.Contacts, func(c ContactState) bool { return c.ID == f.Contact })
}

func (f UsesRecorded) apply(s *Standing, _ Event) {
	s.Uses, s.Serves, s.Protected = f.Uses, f.Serves, f.Protected
}

func (f PolicyIssued) apply(s *Standing, _ Event) {
	s.Issued = append(s.Issued, Issue{Version: f.Version, Hash: f.Hash, Applies: f.Applies, Mode: f.Mode, ReAccept: f.ReAccept})
	slices.SortFunc(s.Issued, func(a, b Issue) int { return a.Version - b.Version })
	s.Issued = s.Issued[max(0, len(s.Issued)-keptIssues):]
	s.release(f.Version)
}

func (f NoticeSent) apply(*Standing, Event) {}

func (f NoticeDelivered) apply(s *Standing, e Event) {
	if c := s.Contact(f.Contact); c != nil {
		c.Undelivered = false
	}
	if i := s.Issue(f.Version); i != nil && i.Told.IsZero() && (f.About == Welcome || f.About == NewVersion) {
		i.Told = e.At
	}
	if c := s.CaseByID(f.Case); c != nil && c.Told.IsZero() && !f.Contact.OfProvider() {
		c.Told = e.At
	}
}

func (NoticeDelayed) apply(*Standing, Event) {}

func (f NoticeFailed) apply(s *Standing, _ Event) {
	if c := s.Contact(f.Contact); c != nil {
		c.Undelivered = true
	}
}

func (f Accepted) apply(s *Standing, _ Event) {
	if i := s.Issue(f.Version); i != nil && i.Accepted.IsZero() {
		i.Accepted, i.How = f.At, f.How
	}
	if f.How == Explicit {
		s.settled(f.Version)
	}
}

// settled closes the cases about a version: whether it is accepted is no question any more.
func (s *Standing) settled(version int) {
	s.Cases = slices.DeleteFunc(s.Cases, func(c CaseRef) bool {
		return c.ID == DisagreeCase(version) || c.ID == NotAcceptedCase(version)
	})
}

func (AcceptanceReminded) apply(*Standing, Event) {}

func (f NotAccepted) apply(s *Standing, e Event) {
	s.Cases = append(s.Cases, CaseRef{ID: f.Case, State: CaseOpen, Level: NonUrgent, Opened: e.At, Deadline: f.Deadline})
}

func (f Disagreed) apply(s *Standing, e Event) {
	s.Cases = append(s.Cases, CaseRef{ID: f.Case, State: CaseAnswered, Level: NonUrgent, Opened: e.At})
}

func (f VersionWithdrawn) apply(s *Standing, _ Event) {
	s.Issued = slices.DeleteFunc(s.Issued, func(i Issue) bool { return i.Version == f.Version })
	s.settled(f.Version)
	s.release(f.Version)
}

func (CodeAsked) apply(*Standing, Event) {}

func (f AgreementMade) apply(s *Standing, _ Event) {
	s.Agreements = append(s.Agreements, AgreementRef{f.Number, f.From, f.Until})
}

func (f AgreementEnding) apply(s *Standing, _ Event) {
	for i, a := range s.Agreements {
		if a.Number == f.Number && !f.Instead.IsZero() {
			s.Agreements[i].Until = f.Until
		}
	}
}

func (AgreementEnded) apply(*Standing, Event) {}
func (NoticeResent) apply(*Standing, Event)   {}

func (f IssueHeld) apply(s *Standing, _ Event) {
	s.Held = &HeldIssue{Version: f.Version, Agreements: f.Agreements}
}

func (f IssueDeferred) apply(s *Standing, _ Event) {
	if s.Held != nil && s.Held.Version == f.Version {
		s.Held.Deferred = true
	}
}

// release forgets a held version once it, or a later one, is issued or taken back.
func (s *Standing) release(version int) {
	if s.Held != nil && s.Held.Version <= version {
		s.Held = nil
	}
}

func (f UsageNoticed) apply(s *Standing, e Event) {
	s.told(Noticed{f.Usage.Term, f.Usage.Period, f.Usage.Step, e.At})
}

// told remembers how much of a term's limit they were told of in a period, in place of what was told before.
func (s *Standing) told(is Noticed) {
	s.Noticed = slices.DeleteFunc(s.Noticed, func(n Noticed) bool { return n.Term == is.Term })
	s.Noticed = append(s.Noticed, is)
}

func (f FindingCovered) apply(s *Standing, _ Event) { s.remember(f.Finding) }

// remember that a finding of a term and day was recorded, so that it is recorded once.
func (s *Standing) remember(f Finding) {
	key := f.Term + " covered"
	s.Noticed = slices.DeleteFunc(s.Noticed, func(n Noticed) bool { return n.Term == key })
	s.Noticed = append(s.Noticed, Noticed{Term: key, Period: Date(f.Until), Step: 1})
}

func (f Observed) apply(s *Standing, e Event) {
	key := "observed " + f.Would
	s.Noticed = slices.DeleteFunc(s.Noticed, func(n Noticed) bool { return n.Term == key })
	s.Noticed = append(s.Noticed, Noticed{Term: key, Period: Date(e.At), Step: 1})
}

func (f CaseOpened) apply(s *Standing, e Event) {
	s.Cases = append(s.Cases, CaseRef{ID: f.Case, Clause: f.Clause, State: CaseOpen, Level: f.Assessment.Level,
		Opened: e.At, Deadline: f.Deadline})
	for _, over := range f.Assessment.Findings {
		s.contacted(over, e.At)
	}
}

// contacted remembers a contact about a day's volume as what it says of the day: a usage notice of less, or of as much,
// has nothing to add.
func (s *Standing) contacted(f Finding, at time.Time) {
	if f.Term != TermPerDay || f.Allowed <= 0 {
		return
	}
	is := Noticed{f.Term, Date(f.From), f.Measured / f.Allowed, at}
	for _, n := range s.Noticed {
		if n.Term == is.Term && (n.Period > is.Period || n.Period == is.Period && n.Step >= is.Step) {
			return
		}
	}
	s.told(is)
}

func (f CaseReassessed) apply(s *Standing, _ Event) {
	if c := s.CaseByID(f.Case); c != nil {
		c.Level = f.Assessment.Level
	}
}

func (f CaseReplied) apply(s *Standing, _ Event) {
	if c := s.CaseByID(f.Case); c != nil && (c.State == CaseOpen || c.State == CaseEscalated) {
		c.State, c.Silent = CaseAnswered, time.Time{}
	}
}

func (CaseReminded) apply(*Standing, Event)     {}
func (CaseAnsweredBack) apply(*Standing, Event) {}
func (ReplyOverdue) apply(*Standing, Event)     {}

func (f Escalated) apply(s *Standing, _ Event) {
	if c := s.CaseByID(f.Case); c != nil && c.State == CaseOpen {
		c.State = CaseEscalated
	}
}

func (f SilenceConfirmed) apply(s *Standing, e Event) {
	if c := s.CaseByID(f.Case); c != nil {
		c.Silent = e.At
	}
}

func (f CaseEnded) apply(s *Standing, e Event) {
	c := s.CaseByID(f.Case)
	if c == nil {
		return // a question
	}
	s.Considered = nil
	if c.Clause != "" {
		s.Settled = e.At // one without a clause is about the policy, not about usage
	}
	if c.Slow != "" {
		s.remake()
	}
	s.Cases = slices.DeleteFunc(s.Cases, func(c CaseRef) bool { return c.ID == f.Case })
}

func (f SuspensionConsidered) apply(s *Standing, e Event) {
	s.Considered = &Considered{Clause: f.Clause, At: e.At}
}

func (f Suspended) apply(s *Standing, e Event) {
	s.Considered = nil
	s.caseState(f.Case, f.Clause, CaseSuspended, e)
	c := s.CaseByID(f.Case)
	c.Slow, c.Deadline = "", f.ReviewBy
	s.State = IsSuspended
	s.switchKeys(false)
}

func (f SuspensionHeld) apply(s *Standing, e Event) {
	s.Considered = nil
	s.caseState(f.Case, f.Clause, CaseHeld, e)
	c := s.CaseByID(f.Case)
	if c.Deadline = f.Deadline; f.Slow != "" && c.Slow == "" {
		c.Slow = f.Slow
		s.remake()
	}
}

func (s *Standing) caseState(id CaseID, clause ClauseID, state CaseState, e Event) {
	c := s.CaseByID(id)
	if c == nil {
		s.Cases = append(s.Cases, CaseRef{ID: id, Clause: clause, Opened: e.At})
		c = &s.Cases[len(s.Cases)-1]
	}
	c.State, c.Level, c.Decision = state, Significant, ""
}

func (s *Standing) switchKeys(on bool) {
	for i := range s.Keys {
		s.Keys[i].Enabled = on
	}
	s.remake()
}

// remake begins a generation: each key is to be made as it should be now.
func (s *Standing) remake() {
	s.Generation++
	for i := range s.Keys {
		s.Keys[i].Again = 0
	}
}

func (SuspensionApproved) apply(*Standing, Event) {}

func (f Reinstated) apply(s *Standing, e Event) {
	s.State, s.Settled, s.Considered = Active, e.At, nil
	s.switchKeys(true)
	if c := s.CaseByID(f.Case); c != nil {
		c.State, c.Level, c.Deadline, c.Told, c.Silent = CaseOpen, NonUrgent, f.Deadline, time.Time{}, time.Time{}
	}
	s.Cases = slices.DeleteFunc(s.Cases, func(c CaseRef) bool { return c.State == CaseSuspended })
	if f.Probation != nil {
		f.Probation.apply(s, e)
	}
}

func (f KeyDisabling) apply(s *Standing, _ Event) {
	if k := s.Key(f.Key); k != nil {
		k.OursOff = true
	}
}

func (f KeySet) apply(s *Standing, e Event) {
	k := s.Key(f.Key)
	if k == nil {
		return
	}
	k.Made = max(k.Made, f.Generation)
	if k.Moving = false; !f.Slow {
		k.Slow = 0
	}
	k.OursOff = k.OursOff && !f.Enabled
	if k.Off = e.At.Unix(); f.Enabled {
		k.Off = 0
	}
	if f.Enabled == k.Enabled && !f.Missing {
		k.Drift = ""
	}
}

func (f Ended) apply(s *Standing, _ Event) {
	s.State = HasEnded
	s.switchKeys(false)
	s.Cases, s.Considered = nil, nil
}

func (Asked) apply(*Standing, Event)    {}
func (Reported) apply(*Standing, Event) {}
