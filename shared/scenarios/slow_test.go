package scenarios

import (
	"maps"

	"accord/shared/aup"
)

func init() {
	maps.Copy(commands, map[string]func(*stage, []string) error{
		"slow-plan": (*stage).nameSlowPlan,
		"plan":      (*stage).plan,
	})
}

// slow-plan NAME: the usage plan in which keys are while people decide; none when left out.
func (s *stage) nameSlowPlan(a []string) error {
	s.slowPlan = a[0]
	return nil
}

// plan ID: the usage plan that the key is in.
func (s *stage) plan(a []string) error {
	in, err := s.open().Gateway.PlansOf(s.t.Context(), aup.KeyID(a[0]+"-key"))
	for _, p := range in {
		s.say("%s", p.ID)
	}
	return err
}
