package aup

// Why a key stays in the usage plan that it is in, although it should have been moved.
const (
	StaysApart     Stays = "apart"     // it is in no plan, or in several, that open what the slow plan opens
	StaysOpen      Stays = "opens"     // its plan opens stages that the slow plan does not
	StaysNoPlan    Stays = "no plan"   // the plan that it was to be moved to is not there
	StaysElsewhere Stays = "elsewhere" // somebody else has moved it
)

// Stays is why a key stays in the usage plan that it is in, although it should have been moved.
type Stays string

// KeyMoving says that a key is about to be taken out of one usage plan and put into another. A key can be in one plan
// for each stage of an API only (Amazon API Gateway developer guide, "Usage plans and API keys"), so that calls with it
// are refused between the two: from here on it is ours to finish.
type KeyMoving struct {
	Key  KeyID  `json:"key"`
	From string `json:"from"`
	To   string `json:"to"`
}

func (KeyMoving) Kind() string { return "key-moving" }

func (f KeyMoving) apply(s *Standing, e Event) {
	k := s.Key(f.Key)
	if k == nil {
		return
	}
	if k.Moving = true; k.Slow == 0 {
		k.Slow = e.Seq
	}
}

// SlowPlan is the usage plan that the consumer's keys should be in while people decide about a suspension that is held;
// empty where they should be in their own. Who is suspended or has ended needs no slow plan.
func (s Standing) SlowPlan() string {
	if s.State == IsSuspended || s.State == HasEnded {
		return ""
	}
	for _, c := range s.Cases {
		if c.State == CaseHeld && c.Slow != "" {
			return c.Slow
		}
	}
	return ""
}
