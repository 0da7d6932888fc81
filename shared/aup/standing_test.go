package aup

import (
	"encoding/json"
	"testing"
	"time"
)

// history folds facts, a minute apart, and returns the standing after the last.
func history(t *testing.T, facts ...Fact) Standing {
	t.Helper()
	var s Standing
	for i, f := range facts {
		e := Event{Seq: s.Seq + 1, Consumer: "city-guide", At: day1.Add(time.Duration(i) * time.Minute), Prev: s.Head, Fact: f}
		stored, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.After(e, stored); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

var (
	registered = Registered{Policy: "places-api", Keys: []KeyID{"k1", "k2"}, Contacts: []ContactRef{{ID: "ann", Role: Authority}}}
	opened     = CaseOpened{Case: "fair-volume-3", Clause: "fair-volume", Deadline: day1, Assessment: Assessment{Level: NonUrgent}}
	suspended  = Suspended{Case: "dont-crawl-3", Clause: "dont-crawl"}
	slowed     = SuspensionHeld{Case: "no-copying-2", Clause: "no-copying", Why: "protected", Deadline: day1, Slow: "slow"}
)

func issue(n int, applies time.Time) PolicyIssued {
	return PolicyIssued{Policy: "places-api", Version: n, Applies: applies, Mode: ByUse, ReAccept: true}
}

func TestStanding(t *testing.T) {
	opened := opened
	opened.Deadline = day1.Add(3 * time.Minute)
	got, escalated, silent := NoticeDelivered{Contact: "ann", Case: opened.Case}, Escalated{Case: opened.Case}, SilenceConfirmed{Case: opened.Case}
	welcomed := NoticeDelivered{Contact: "ann", About: Welcome, Version: 1}
	for _, c := range []struct {
		says  string
		facts []Fact
		holds func(Standing) bool
	}{
		{"a registered consumer is active and its keys are to be enabled", []Fact{registered},
			func(s Standing) bool { return s.State == Active && s.Keys[1].Enabled && s.Generation == 0 }},
		{"an open case makes it contacted", []Fact{registered, opened},
			func(s Standing) bool { return s.State == Contacted && s.Case("fair-volume").State == CaseOpen }},
		{"an answer is kept with the case", []Fact{registered, opened, CaseReplied{Case: opened.Case}},
			func(s Standing) bool { return s.State == Contacted && s.Cases[0].State == CaseAnswered }},
		{"closing the last case makes it active again", []Fact{registered, opened, CaseEnded{Case: opened.Case}},
			func(s Standing) bool { return s.State == Active && len(s.Cases) == 0 }},
		{"suspension disables every key under a new generation", []Fact{registered, suspended},
			func(s Standing) bool {
				return s.State == IsSuspended && !s.Keys[0].Enabled && !s.Keys[1].Enabled && s.Generation == 1
			}},
		{"a key attached while suspended is to be disabled too", []Fact{registered, suspended, KeyAttached{"k3"}},
			func(s Standing) bool { return !s.Key("k3").Enabled }},
		{"reinstatement enables them under another generation and closes what suspended", []Fact{registered, suspended, Reinstated{}},
			func(s Standing) bool {
				return s.State == Active && s.Keys[0].Enabled && s.Generation == 2 && len(s.Cases) == 0
			}},
		{"reinstatement leaves other cases open", []Fact{registered, opened, suspended, Reinstated{}},
			func(s Standing) bool { return s.State == Contacted && len(s.Cases) == 1 }},
		{"a case that is kept goes on as an open one, of which they are told anew", []Fact{registered, suspended, Reinstated{Case: suspended.Case, Deadline: day1}},
			func(s Standing) bool {
				return s.State == Contacted && s.Cases[0].State == CaseOpen && s.Cases[0].Deadline.Equal(day1) && s.Cases[0].Told.IsZero()
			}},
		{"a contact over a day's limit tells what a usage notice of that day could", []Fact{registered, UsageNoticed{UsageNotice{Term: TermPerDay, Period: "2027-01-15", Step: .8}},
			CaseOpened{Case: "a-2", Clause: "a", Assessment: Assessment{Findings: []Finding{
				{Term: TermPerDay, From: time.Date(2027, 1, 14, 0, 0, 0, 0, time.UTC), Measured: 5000, Allowed: 2000},
				{Term: TermPerDay, From: time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC), Measured: 2400, Allowed: 2000}, {Term: TermPerMinute, From: day1, Measured: 9, Allowed: 3}}}}},
			func(s Standing) bool {
				return len(s.Noticed) == 1 && s.Noticed[0].Period == "2027-01-15" && s.Noticed[0].Step == 1.2
			}},
		{"a contact takes no higher step of that day back", []Fact{registered, UsageNoticed{UsageNotice{Term: TermPerDay, Period: "2027-01-15", Step: 1.5}},
			CaseOpened{Case: "a-2", Clause: "a", Assessment: Assessment{Findings: []Finding{
				{Term: TermPerDay, From: time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC), Measured: 2400, Allowed: 2000}}}}},
			func(s Standing) bool { return len(s.Noticed) == 1 && s.Noticed[0].Step == 1.5 }},
		{"and a case about anything else does not", []Fact{registered, UsageNoticed{UsageNotice{Term: TermPerDay, Period: "2027-01-15", Step: .8}}, CaseOpened{Case: "a-2", Clause: "a", Assessment: Assessment{Findings: []Finding{
			{Term: TermPerDay, From: day1.AddDate(0, 0, -9), Measured: 5000, Allowed: 2000}, {Term: TermPerDay, From: day1.AddDate(9, 0, 0), Measured: 1}}}}},
			func(s Standing) bool { return len(s.Noticed) == 1 && s.Noticed[0].Step == .8 }},
		{"a probation is an agreement", []Fact{registered, suspended, Reinstated{Probation: &AgreementMade{Number: 1, Until: day1.AddDate(1, 0, 0)}}},
			func(s Standing) bool { return s.State == Active && len(s.Agreements) == 1 }},
		{"a key that we disabled is ours to enable", []Fact{registered, suspended, KeyDisabling{Key: "k1"}, KeySet{Key: "k1", Generation: 1}},
			func(s Standing) bool { return s.Key("k1").OursOff && s.Key("k1").Made == 1 }},
		{"a key that was off before us is not", []Fact{registered, suspended, KeySet{Key: "k1", Generation: 1, WasOff: true}},
			func(s Standing) bool { return !s.Key("k1").OursOff }},
		{"one that was enabled again is no longer", []Fact{registered, suspended, KeyDisabling{Key: "k1"}, Reinstated{}, KeySet{Key: "k1", Enabled: true, Generation: 2}},
			func(s Standing) bool { return !s.Key("k1").OursOff }},
		{"an older generation never hides a newer one", []Fact{registered, suspended, Reinstated{}, KeySet{Key: "k1", Enabled: true, Generation: 2}, KeySet{Key: "k1", Generation: 1}},
			func(s Standing) bool { return s.Key("k1").Made == 2 }},
		{"a key that works although disabled is to be made once more", []Fact{registered, suspended, KeyDisabling{Key: "k1"}, KeySet{Key: "k1", Generation: 1}, KeyStillWorks{Key: "k1", Generation: 1}},
			func(s Standing) bool { return s.Key("k1").OursOff && s.Key("k1").Made == 0 && s.Key("k1").Off == 0 }},
		{"a key that was changed by hand is remembered as it was found", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}},
			func(s Standing) bool {
				return s.Key("k1").Drift == KeyDisabled && s.Key("k1").Enabled && s.State == Active
			}},
		{"and no more when that is over", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}, KeyDrift{Key: "k1", Found: KeyEnabled, Want: KeyEnabled}},
			func(s Standing) bool { return s.Key("k1").Drift == "" }},
		{"nor when we made it as it should be", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}, suspended, KeySet{Key: "k1", Generation: 1, WasOff: true}},
			func(s Standing) bool { return s.Key("k1").Drift == "" }},
		{"one that was deleted stays so", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDeleted, Want: KeyEnabled}, suspended, KeySet{Key: "k1", Generation: 1, Missing: true}},
			func(s Standing) bool { return s.Key("k1").Drift == KeyDeleted }},
		{"a key that may not be used and was enabled is to be made once more", []Fact{registered, suspended, KeySet{Key: "k1", Generation: 1}, KeyDrift{Key: "k1", Found: KeyEnabled, Want: KeyDisabled, Owed: true}},
			func(s Standing) bool { return s.Key("k1").Made == 0 && s.Key("k1").Again == 4 }},
		{"a held suspension that slows begins a generation, in which the keys stay enabled", []Fact{registered, slowed},
			func(s Standing) bool { return s.SlowPlan() == "slow" && s.Generation == 1 && s.Keys[0].Enabled }},
		{"one that does not slow begins none", []Fact{registered, SuspensionHeld{Case: "c-2", Clause: "c"}},
			func(s Standing) bool { return s.SlowPlan() == "" && s.Generation == 0 }},
		{"held on after its deadline, it goes on in the same", []Fact{registered, slowed, SuspensionHeld{Case: slowed.Case, Clause: "c", Why: "deadline", Slow: "slow"}},
			func(s Standing) bool { return s.SlowPlan() == "slow" && s.Generation == 1 }},
		{"its end begins another", []Fact{registered, slowed, CaseEnded{Case: slowed.Case}},
			func(s Standing) bool { return s.SlowPlan() == "" && s.Generation == 2 }},
		{"the end of another case does not", []Fact{registered, opened, slowed, CaseEnded{Case: opened.Case}},
			func(s Standing) bool { return s.SlowPlan() == "slow" && s.Generation == 1 }},
		{"who is suspended needs no slow plan", []Fact{registered, slowed, suspended},
			func(s Standing) bool { return s.SlowPlan() == "" && s.Generation == 2 }},
		{"what was held before is slow again when access is given back", []Fact{registered, slowed, suspended, Reinstated{}},
			func(s Standing) bool { return s.SlowPlan() == "slow" && s.Generation == 3 }},
		{"what was held and suspended is not", []Fact{registered, slowed, Suspended{Case: slowed.Case}, Reinstated{Case: slowed.Case}},
			func(s Standing) bool { return s.SlowPlan() == "" && s.Cases[0].Slow == "" }},
		{"a key remembers which event took it out of its plan, there and back", []Fact{registered, slowed, KeyMoving{Key: "k1", From: "own", To: "slow"}, KeySet{Key: "k1", Enabled: true, Generation: 1, Slow: true}, KeyMoving{Key: "k1", From: "slow", To: "own"}},
			func(s Standing) bool { return s.Key("k1").Slow == 3 && s.Key("k1").Moving }},
		{"and no more when it is back", []Fact{registered, KeyMoving{Key: "k1", From: "own", To: "slow"}, KeySet{Key: "k1", Enabled: true}},
			func(s Standing) bool { return s.Key("k1").Slow == 0 && !s.Key("k1").Moving }},
		{"ending disables the keys and nothing is open", []Fact{registered, opened, Ended{}},
			func(s Standing) bool { return s.State == HasEnded && !s.Keys[0].Enabled && len(s.Cases) == 0 }},
		{"a version is told when its notice is delivered", []Fact{registered, issue(1, day1), welcomed},
			func(s Standing) bool { return !s.Issued[0].Told.IsZero() }},
		{"another notice about the version does not tell it", []Fact{registered, issue(1, day1), NoticeDelivered{Contact: "ann", About: Receipt, Version: 1}},
			func(s Standing) bool { return s.Issued[0].Told.IsZero() }},
		{"the first acceptance stays", []Fact{registered, issue(1, day1), Accepted{Version: 1, How: Explicit, At: day1}, Accepted{Version: 1, How: ByUse, At: day1.Add(time.Hour)}},
			func(s Standing) bool { return s.Issued[0].How == Explicit && s.Issued[0].Accepted.Equal(day1) }},
		{"a bounce marks the contact, a later delivery clears it", []Fact{registered, NoticeFailed{Contact: "ann"}, NoticeDelivered{Contact: "ann"}},
			func(s Standing) bool { return !s.Contact("ann").Undelivered }},
		{"only the last six versions are remembered", []Fact{registered, issue(1, day1), issue(2, day1), issue(3, day1), issue(4, day1), issue(5, day1), issue(6, day1), issue(7, day1)},
			func(s Standing) bool { return len(s.Issued) == 6 && s.Issued[0].Version == 2 }},
		{"an answer comes too late for nobody", []Fact{registered, opened, got, escalated, silent, CaseReplied{Case: opened.Case}},
			func(s Standing) bool {
				return !s.Ignored() && s.Cases[0].State == CaseAnswered && s.Cases[0].Silent.IsZero()
			}},
		{"what was delivered, escalated and confirmed was ignored", []Fact{registered, opened, got, escalated, silent},
			func(s Standing) bool { return s.Ignored() && s.State == Contacted }},
		{"the deadline alone is no silence", []Fact{registered, opened, got, escalated}, func(s Standing) bool { return !s.Ignored() }},
		{"who was never told has ignored nothing", []Fact{registered, opened, escalated, silent}, func(s Standing) bool { return !s.Ignored() }},
		{"an email to the admins tells the consumer nothing", []Fact{registered, opened, NoticeDelivered{Contact: Admins, Case: opened.Case}, escalated, silent},
			func(s Standing) bool { return !s.Ignored() && s.Cases[0].Told.IsZero() }},
		{"what is over was not ignored", []Fact{registered, opened, got, escalated, silent, CaseEnded{Case: opened.Case}}, func(s Standing) bool { return !s.Ignored() }},
		{"agreements are forgotten when they are over", []Fact{registered, AgreementMade{Number: 1, Until: day1.Add(time.Minute)}, KeyAttached{"k3"}},
			func(s Standing) bool { return len(s.Agreements) == 0 }},
	} {
		if s := history(t, c.facts...); !c.holds(s) {
			b, _ := json.MarshalIndent(s, "", " ")
			t.Errorf("%s: it does not hold of\n%s", c.says, b)
		}
	}
}

func TestInForce(t *testing.T) {
	s := history(t, registered, issue(1, day1), issue(2, day1.Add(24*time.Hour)))
	for _, c := range []struct {
		says string
		at   time.Time
		want int
	}{
		{"nothing binds before the first version applies", day1.Add(-time.Second), 0},
		{"a version binds from the moment it applies", day1, 1},
		{"a scheduled version does not bind yet", day1.Add(24*time.Hour - time.Second), 1},
		{"and then it does", day1.Add(24 * time.Hour), 2},
	} {
		got, _ := s.InForce(c.at)
		if got.Version != c.want {
			t.Errorf("%s: version %d, want %d", c.says, got.Version, c.want)
		}
	}
}

func TestAChainDoesNotSkip(t *testing.T) {
	s := history(t, registered)
	for _, e := range []Event{{Seq: 3, Prev: s.Head, Fact: opened}, {Seq: 2, Prev: "forged", Fact: opened}, {Seq: 1, Fact: opened}} {
		if _, err := s.After(e, nil); err == nil {
			t.Errorf("event %d after %q was taken", e.Seq, e.Prev)
		}
	}
}

func TestFoldingLeavesTheFormerStanding(t *testing.T) {
	s := history(t, registered, opened)
	before, _ := json.Marshal(s)
	e := Event{Seq: s.Seq + 1, Prev: s.Head, Fact: suspended}
	if _, err := s.After(e, nil); err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(s); string(after) != string(before) {
		t.Errorf("the former standing changed:\n%s\n%s", before, after)
	}
}

func TestDrifted(t *testing.T) {
	off := []Fact{registered, suspended, KeyDisabling{Key: "k1"}, KeySet{Key: "k1", Generation: 1}}
	for _, c := range []struct {
		says  string
		facts []Fact
		found KeyFound
		want  bool
	}{
		{"a key as it should be is no news", []Fact{registered}, KeyEnabled, false},
		{"one that was disabled is", []Fact{registered}, KeyDisabled, true},
		{"once", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}}, KeyDisabled, false},
		{"deleted after that is news again", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}}, KeyDeleted, true},
		{"and so is that it is over", []Fact{registered, KeyDrift{Key: "k1", Found: KeyDisabled, Want: KeyEnabled}}, KeyEnabled, true},
		{"what we owe the key is no drift", []Fact{registered, suspended}, KeyEnabled, false},
		{"what we are about to enable is none", append(off, Reinstated{}), KeyDisabled, false},
		{"nor what we began to disable before access was given back", []Fact{registered, suspended, KeyDisabling{Key: "k1"}, Reinstated{}}, KeyDisabled, false},
		{"a suspended consumer's key that works is", off, KeyEnabled, true},
		{"a deleted key of a consumer that has ended is nobody's concern", []Fact{registered, Ended{}, KeySet{Key: "k1", Generation: 1}}, KeyDeleted, false},
		{"one of a suspended consumer is", off, KeyDeleted, true},
	} {
		if got := history(t, c.facts...).Drifted("k1", c.found); got != c.want {
			t.Errorf("%s: news: %t", c.says, got)
		}
	}
	if !history(t, registered, suspended, Reinstated{}, KeyAttached{"k3"}).Drifted("k3", KeyDisabled) {
		t.Error("a key that was attached after a reinstatement is not judged")
	}
	if history(t, registered).Drifted("stranger", KeyDisabled) {
		t.Error("a key that is not the consumer's drifts")
	}
}
