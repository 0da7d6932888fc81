package distribute

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/policydoc"
)

// Touched are agreements of one consumer that rest on clauses which a version changes.
type Touched struct {
	Previous   int            // the version the consumer has
	Agreements []int          // rising
	Clauses    []aup.ClauseID // sorted
	Never      []string       // what they grant that the version never grants, sorted
}

// ErrNotHeld says that a version does not wait for a decision about a consumer.
var ErrNotHeld = errors.New("this version does not wait for a decision about this consumer")

// Touches finds the agreements, in force when a version will apply, that rest on what it changes.
func (d Distributor) Touches(ctx context.Context, s aup.Standing, v aup.Version, agreements []aup.Agreement) (t Touched, err error) {
	n := len(s.Issued)
	if n == 0 || len(agreements) == 0 || s.Policy != v.Policy.ID || s.Issued[n-1].Version >= v.Number {
		return t, nil
	}
	t.Previous = s.Issued[n-1].Version
	before, err := d.Ledger.Version(ctx, s.Policy, t.Previous)
	if err != nil {
		return t, err
	}
	changed := changedClauses(before.Policy, v.Policy)
	for _, a := range agreements {
		if a.Policy != s.Policy || !a.InForce(v.Applies) {
			continue
		}
		if on := slices.DeleteFunc(restsOn(a, before.Policy.Terms), func(c aup.ClauseID) bool { return !changed[c] }); len(on) > 0 {
			t.Agreements, t.Clauses = append(t.Agreements, a.Number), append(t.Clauses, on...)
			t.Never = append(t.Never, policydoc.NeverGranted(v.Policy, a)...)
		}
	}
	slices.Sort(t.Clauses)
	slices.Sort(t.Never)
	t.Clauses, t.Never = slices.Compact(t.Clauses), slices.Compact(t.Never)
	return t, nil
}

// changedClauses are those whose words changed, other line breaks and spaces aside, those whose term did, and those
// about which nothing can be granted any more.
func changedClauses(before, after aup.Policy) map[aup.ClauseID]bool {
	changed := map[aup.ClauseID]bool{}
	words := wordsOf(after)
	for id, was := range wordsOf(before) {
		changed[id] = words[id] != was
	}
	for id := range words {
		if _, was := before.Clause(id); !was {
			changed[id] = true
		}
	}
	was, is := before.Terms.Clauses(), after.Terms.Clauses()
	old, now := termsOf(before), termsOf(after)
	for term := range before.Terms.With(after.Terms).Clauses() {
		if old[term] != now[term] {
			changed[was[term]], changed[is[term]] = true, true
		}
	}
	for _, name := range after.Never {
		if term := name; !slices.Contains(before.Never, name) {
			if _, is := is[term]; !is {
				term = aup.TermOf(name)
			}
			changed[is[term]] = true
		}
	}
	delete(changed, "") // of a term that only one of the two has
	return changed
}

func wordsOf(p aup.Policy) map[aup.ClauseID]string {
	words := map[aup.ClauseID]string{}
	for _, c := range p.Clauses {
		words[c.ID] = strings.Join(strings.Fields(c.Heading+"\n"+c.Markdown), " ")
	}
	return words
}

// termsOf are the terms by name, as they are stored.
func termsOf(p aup.Policy) map[string]string {
	terms := map[string]string{}
	b, err := json.Marshal(p.Terms)
	var fields map[string]json.RawMessage
	if err = errors.Join(err, json.Unmarshal(b, &fields)); err != nil {
		panic(err) // plain data: cannot fail
	}
	for name, value := range fields {
		terms[name] = string(value)
	}
	return terms
}

// restsOn are the clauses that an agreement changes, words to, or permits something against.
func restsOn(a aup.Agreement, terms aup.Terms) (all []aup.ClauseID) {
	clauses := terms.With(a.Terms).Clauses()
	for term := range a.Terms.Clauses() {
		all = append(all, clauses[term])
	}
	for _, w := range a.Wording {
		all = append(all, w.Clause)
	}
	for _, p := range a.Permissions {
		if id, ok := clauses[aup.TermOf(p.Name)]; ok {
			all = append(all, id)
		}
	}
	return all
}

// hold keeps a version from a consumer until an admin has decided. The answer to the call that published it says so,
// and the digests until then.
func (d Distributor) hold(ctx context.Context, id aup.ConsumerID, v aup.Version, t Touched) error {
	cause := fmt.Sprintf("issue-held#%s#%d", v.Policy.ID, v.Number)
	_, err := d.Ledger.Append(ctx, id, cause, d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		if s.State == aup.HasEnded || s.Issued[len(s.Issued)-1].Version >= v.Number {
			return nil, nil
		}
		return &ledger.Entry{Fact: aup.IssueHeld{Policy: v.Policy.ID, Version: v.Number, Previous: t.Previous, Agreements: t.Agreements, Clauses: t.Clauses, Never: t.Never}}, nil
	})
	return err
}

// ReleasedFrom is from when a held version applies that is released now.
func ReleasedFrom(v aup.Version, now time.Time) time.Time {
	if v.Applies.Before(now) {
		return now.UTC().Add(v.Policy.NoticePeriod)
	}
	return v.Applies
}

// Release issues a held version: an admin decided that the agreements stay as they are beside it. Decided
// after the day it applied to others, it applies when the notice period is over.
func (d Distributor) Release(ctx context.Context, id aup.ConsumerID, version int, actor string) (ledger.Result, error) {
	s, err := d.Ledger.Standing(ctx, id)
	if err != nil {
		return ledger.Result{}, err
	}
	v, err := d.Ledger.Version(ctx, s.Policy, version)
	if err != nil {
		return ledger.Result{}, err
	}
	agreements, err := d.Ledger.Agreements(ctx, id)
	if err != nil {
		return ledger.Result{}, err
	}
	now := d.Now().UTC()
	v.Applies = ReleasedFrom(v, now)
	return d.Ledger.Append(ctx, id, Cause(s.Policy, version), now, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Held == nil || s.Held.Version != version {
			return nil, ErrNotHeld
		}
		e := issue(s, v, agreements, now)
		e.Actor = actor
		return e, nil
	})
}
