package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// outcome is what happened in the story, counted from the ledger.
type outcome struct {
	Consumers int `json:"consumers"`
	Notices   struct {
		Owed      int `json:"owed"`
		Sent      int `json:"sent"`
		Delivered int `json:"delivered"`
		Bounced   int `json:"bounced"`
	} `json:"notices"`
	Acceptances struct {
		Explicit  int `json:"explicit"`
		ByUse     int `json:"byUse"`
		Receipted int `json:"receipted"`
	} `json:"acceptances"`
	Contacted              []aup.ConsumerID `json:"contacted"`
	Agreed                 []aup.ConsumerID `json:"agreed"` // a case ended with an agreement
	Suspended              []aup.ConsumerID `json:"suspended"`
	Reinstated             []aup.ConsumerID `json:"reinstated"`
	Covered                []aup.ConsumerID `json:"covered"`
	RefusedAfterSuspension int              `json:"refusedAfterSuspension"`
	OpenDues               int              `json:"openDues"`
}

func (s *story) outcome(ctx context.Context) (outcome, error) {
	o := outcome{Contacted: []aup.ConsumerID{}, Agreed: []aup.ConsumerID{}, Suspended: []aup.ConsumerID{}, Reinstated: []aup.ConsumerID{}, Covered: []aup.ConsumerID{}, RefusedAfterSuspension: s.refused}
	for _, c := range cast {
		id := aup.ConsumerID(c.id)
		o.Consumers++
		if err := s.stack.Ledger.Verify(ctx, id); err != nil {
			return o, err
		}
		notices, err := s.stack.Ledger.Notices(ctx, id)
		if err != nil {
			return o, err
		}
		events, err := s.stack.Ledger.Events(ctx, id)
		if err != nil {
			return o, err
		}
		o.notices(notices)
		o.events(id, events, notices)
	}
	var err error
	o.OpenDues, err = s.stack.Ledger.Open(ctx)
	return o, err
}

func (o *outcome) notices(notices []aup.Notice) {
	for _, n := range notices {
		o.Notices.Owed++
		o.Notices.Sent += one(!n.Sent.IsZero())
		o.Notices.Delivered += one(!n.Delivered.IsZero())
		o.Notices.Bounced += one(!n.Bounced.IsZero())
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (o *outcome) events(id aup.ConsumerID, events []aup.Event, notices []aup.Notice) {
	for _, e := range events {
		switch f := e.Fact.(type) {
		case aup.Accepted:
			o.Acceptances.Explicit += one(f.How == aup.Explicit)
			o.Acceptances.ByUse += one(f.How == aup.ByUse)
			o.Acceptances.Receipted += one(receipted(e, notices))
		case aup.CaseOpened:
			o.Contacted = add(o.Contacted, id)
		case aup.CaseEnded:
			if f.Agreement > 0 {
				o.Agreed = add(o.Agreed, id)
			}
		case aup.Reinstated:
			o.Reinstated = add(o.Reinstated, id)
		case aup.Suspended:
			o.Suspended = add(o.Suspended, id)
		case aup.FindingCovered:
			o.Covered = add(o.Covered, id)
		}
	}
}

// receipted says whether every receipt of an acceptance was sent.
func receipted(e aup.Event, notices []aup.Notice) bool {
	n := 0
	for _, notice := range notices {
		if notice.Event == e.Seq && notice.Kind == aup.Receipt && !notice.Sent.IsZero() {
			n++
		}
	}
	return n > 0 && n == len(e.Notices)
}

func add(ids []aup.ConsumerID, id aup.ConsumerID) []aup.ConsumerID {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// check says in which way the story did not end as it must.
func (o outcome) check() error {
	var errs []error
	must := func(holds bool, format string, a ...any) {
		if !holds {
			errs = append(errs, fmt.Errorf(format, a...))
		}
	}
	accepted := o.Acceptances.Explicit + o.Acceptances.ByUse
	must(slices.Equal(o.Contacted, []aup.ConsumerID{tours}), "contacted: %v, want %s alone", o.Contacted, tours)
	must(slices.Equal(o.Suspended, []aup.ConsumerID{harvest}), "suspended: %v, want %s alone", o.Suspended, harvest)
	must(slices.Equal(o.Agreed, o.Contacted), "agreed: %v, want %s alone", o.Agreed, tours)
	must(slices.Equal(o.Reinstated, o.Suspended), "reinstated: %v, want %s alone", o.Reinstated, harvest)
	must(slices.Equal(o.Covered, []aup.ConsumerID{mirror}), "covered: %v, want %s alone", o.Covered, mirror)
	must(o.Acceptances.Explicit > 0 && o.Acceptances.ByUse > 0, "accepted by button %d, by use %d: both must happen", o.Acceptances.Explicit, o.Acceptances.ByUse)
	must(o.Acceptances.Receipted == accepted, "%d acceptances, %d receipted", accepted, o.Acceptances.Receipted)
	must(o.Notices.Sent == o.Notices.Owed, "%d notices owed, %d sent", o.Notices.Owed, o.Notices.Sent)
	must(o.Notices.Delivered+o.Notices.Bounced == o.Notices.Sent, "%d sent, %d delivered, %d bounced", o.Notices.Sent, o.Notices.Delivered, o.Notices.Bounced)
	must(o.RefusedAfterSuspension > 0, "no call was refused after the suspension")
	must(o.OpenDues == 0, "%d dues are still open", o.OpenDues)
	return errors.Join(errs...)
}

// ending says what happened, and what there is to look at: the pages while they stay open, the mailbox
// when it was kept.
func (s *story) ending(o outcome, mailbox string, open, kept bool) {
	fmt.Fprintf(s.out, "\nWhat happened\n")
	fmt.Fprintf(s.out, "  %s owed, %d sent, %d delivered, %d came back.\n", policydoc.Count(int64(o.Notices.Owed), "email"), o.Notices.Sent, o.Notices.Delivered, o.Notices.Bounced)
	fmt.Fprintf(s.out, "  %s by button, %d by use; %d of them receipted.\n", policydoc.Count(int64(o.Acceptances.Explicit), "acceptance"), o.Acceptances.ByUse, o.Acceptances.Receipted)
	fmt.Fprintf(s.out, "  Nothing is still owed: %t.\n", o.OpenDues == 0)
	if open {
		fmt.Fprintf(s.out, "\nTo look at\n  The policy:            %[1]s/policies/places-api\n  The page of %[2]s:  %[3]s\n  The mailbox:           %[1]s/mailbox/\n",
			s.base, tours, s.link("lea@tour-app.example"))
	}
	if kept {
		fmt.Fprintf(s.out, "\nThe emails, the tables and the access log are kept in %s.\n", filepath.Dir(mailbox))
	}
}
