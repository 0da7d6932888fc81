package scenarios

import "maps"

// casesAgree holds the record of every open case, which pages, emails and reports read, against the standing, which
// decisions are made from.
func (s *stage) casesAgree(after string) {
	if s.stack == nil {
		return
	}
	ctx := s.t.Context()
	for id := range maps.Values(s.cast) {
		standing, err := s.stack.Ledger.Standing(ctx, id)
		if err != nil {
			continue // not registered yet
		}
		for _, ref := range standing.Cases {
			c, err := s.stack.Ledger.Case(ctx, id, ref.ID)
			switch {
			case err != nil:
				s.t.Errorf("%s: case %s: %v", after, ref.ID, err)
			case c.State != ref.State || c.Clause != ref.Clause || ref.Deadline != c.Deadline && !ref.Deadline.IsZero() || !c.Closed.IsZero():
				s.t.Errorf("%s: case %s is %s by its record, due %v, and %s by the standing, due %v", after, ref.ID, c.State, c.Deadline, ref.State, ref.Deadline)
			}
		}
	}
}
