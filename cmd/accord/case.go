package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"accord/shared/aup"
)

// answer plays a contact to its end: answered on the page, answered back, and ended by an agreement.
func (s *story) answer(ctx context.Context) error {
	if err := s.write(ctx, "lea@tour-app.example", "We were featured last week. Can we agree 4,000 requests a day?"); err != nil {
		return err
	}
	s.say("%s answered on its page; the provider's people have the words by email.", tours)
	id, err := s.openCase(ctx, tours)
	if err != nil {
		return err
	}
	s.stack.Clock.Advance(time.Hour)
	err = s.manage(ctx, map[string]any{"request": s.request(), "action": "answer", "consumer": tours, "case": id,
		"text": "Thank you for telling us. 4,000 a day until the end of March is fine; the agreement is on its way."})
	if err != nil {
		return err
	}
	err = s.manage(ctx, map[string]any{"request": s.request(), "action": "agreement", "consumer": tours, "agreement": map[string]any{
		"consumer": tours, "policy": "places-api", "from": "2027-01-18", "until": "2027-04-01", "reason": "Featured in the press.", "agreed-by": "lead", "approved-by": "the Places team",
		"terms": map[string]any{"requests-per-day": map[string]any{"limit": 4000, "notify": []string{"80%", "100%"}}}}})
	if err != nil {
		return err
	}
	err = s.decide(ctx, map[string]any{"action": "agree", "consumer": tours, "case": id, "agreement": 1, "reason": "4,000 a day until the end of March."})
	if err != nil {
		return err
	}
	s.say("A person answered, recorded agreement 1, and the case is closed with it. %s was told by email.", tours)
	return s.stack.Settle(ctx)
}

// review plays a suspension to its end: a review is asked for, a person looks, and access is given back.
func (s *story) review(ctx context.Context) error {
	if err := s.write(ctx, "max@place-harvest.example", "A new job read every place in order. It is gone. Please look at this again."); err != nil {
		return err
	}
	s.say("%s asked on its page that a person reviews the suspension; the provider's people were told at once.", harvest)
	s.stack.Clock.Advance(2 * time.Hour)
	err := s.decide(ctx, map[string]any{"action": "reinstate", "consumer": harvest, "reason": "The job is gone, and they ask for the file instead."})
	if err != nil {
		return err
	}
	if err := s.stack.Settle(ctx); err != nil {
		return err
	}
	s.say("A person gave the access back, with one call: the same key answers %d again, and %s was told.", s.call(harvest, 7), harvest)
	return s.stack.Settle(ctx)
}

// openCase is the case that is open with a consumer.
func (s *story) openCase(ctx context.Context, id string) (aup.CaseID, error) {
	st, err := s.stack.Ledger.Standing(ctx, aup.ConsumerID(id))
	if err != nil {
		return "", err
	}
	if len(st.Cases) == 0 {
		return "", fmt.Errorf("%s has no open case", id)
	}
	return st.Cases[0].ID, nil
}

func (s *story) decide(ctx context.Context, call map[string]any) error {
	call["request"] = s.request()
	event, err := json.Marshal(call)
	if err != nil {
		return err
	}
	_, err = s.stack.Desk.DecideCase(ctx, event)
	return err
}
