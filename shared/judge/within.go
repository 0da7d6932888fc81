package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/shared/act"
	"accord/shared/assess"
	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/usage"
)

const day = 24 * time.Hour

// Within says whether a consumer kept to a clause on each of the complete days before the subject's day:
// nothing was found against it on any of them, nor today. That is an argument from absence, so that it needs
// to know that nothing is absent: on every day with calls the log agrees with GetUsage. A day of which
// neither of the two knows anything is one without calls.
func Within(sub audit.Subject, clause aup.ClauseID, days int) bool {
	today := sub.Now.UTC().Truncate(day)
	begin := today.AddDate(0, 0, -days)
	for _, all := range sub.Keys {
		for _, d := range all {
			if r := metering.Reconcile(d, sub.Now); d.Date >= aup.Date(begin) && d.Date < aup.Date(today) && (r.State != metering.Agrees || r.Doubt() != metering.NoDoubt) {
				return false
			}
		}
	}
	if sub.Since.Before(begin) {
		sub.Since = begin
	}
	for end := begin.Add(day); ; end = end.Add(day) {
		at := sub
		if at.Now = end.Add(-time.Second); at.Now.After(sub.Now) {
			at.Now = sub.Now
		}
		at.Keys = until(sub.Keys, aup.Date(at.Now))
		found, _ := audit.Detect(at)
		if slices.ContainsFunc(found, func(f aup.Finding) bool { return f.Clause == clause && !f.Covered }) {
			return false
		}
		if !end.Before(sub.Now) {
			return true
		}
	}
}

// until leaves out the days after a date.
func until(keys map[aup.KeyID][]usage.Day, date string) map[aup.KeyID][]usage.Day {
	known := make(map[aup.KeyID][]usage.Day, len(keys))
	for key, all := range keys {
		for _, d := range all {
			if d.Date <= date {
				known[key] = append(known[key], d)
			}
		}
	}
	return known
}

// settle closes by itself what the consumer has kept to for as long as the policy says. A matter that a person
// found, or that is about the policy and no usage, is a person's to close.
func (j Judge) settle(ctx context.Context, in Input, v Verdict) error {
	var errs []error
	days := int(in.Subject.Policy.Version.Policy.Cases.OrDefault().Settled / day)
	for _, c := range in.Standing.Cases {
		if in.mode("") == assess.ModeObserve || in.Standing.State == aup.IsSuspended || !ripe(c, v, days, in.Subject.Now) || !Within(in.Subject, c.Clause, min(days, lookBack)) {
			continue
		}
		errs = append(errs, j.settleCase(ctx, in, c, days))
	}
	return errors.Join(errs...)
}

// ripe says whether a case is old enough, and nothing found now speaks against closing it.
func ripe(c aup.CaseRef, v Verdict, days int, now time.Time) bool {
	return c.Clause != "" && (c.State == aup.CaseOpen || c.State == aup.CaseAnswered || c.State == aup.CaseEscalated) &&
		!c.Opened.After(now.UTC().Truncate(day).AddDate(0, 0, -days)) &&
		!slices.ContainsFunc(v.Findings, func(f aup.Finding) bool { return f.Clause == c.Clause })
}

func (j Judge) settleCase(ctx context.Context, in Input, ref aup.CaseRef, days int) error {
	found, err := j.Ledger.Case(ctx, in.Standing.Consumer, ref.ID)
	if err != nil {
		return err
	}
	if worst, _ := found.Assessment.Worst(); worst.Detector == "person" {
		return nil
	}
	now := in.Subject.Now
	sub := in.Subject
	if sub.Keys, err = j.days(ctx, in.Standing, now.AddDate(0, 0, -days-lookBack), now); err != nil || !Within(sub, ref.Clause, days) {
		return err
	}
	reason := fmt.Sprintf("Within the terms on each of the %d days up to %s (UTC).", days, now.AddDate(0, 0, -1).UTC().Format(aup.LongDay))
	_, err = j.Ledger.Append(ctx, in.Standing.Consumer, "within-terms#"+string(ref.ID), now, func(s aup.Standing) (*ledger.Entry, error) {
		if still := s.CaseByID(ref.ID); still == nil || still.State != ref.State {
			return nil, nil
		}
		c, err := j.Ledger.Case(ctx, s.Consumer, ref.ID)
		return act.WithinTerms(s, c, reason, now), err
	})
	return err
}
