package aup

import "time"

// Finding is usage, a missing permission or a person's observation held against a clause: what was
// measured, what is allowed, by which document, and why it is said.
type Finding struct {
	Detector   string    `json:"detector"` // "volume", "rate", "crawling", ... or "person"
	Clause     ClauseID  `json:"clause"`
	Term       string    `json:"term,omitempty"` // one of the Term names; empty for a person's finding
	Version    int       `json:"version"`        // the policy version held against
	Measured   float64   `json:"measured"`
	Allowed    float64   `json:"allowed"`
	Unit       string    `json:"unit"` // of Measured and Allowed: "requests", "resources", ...
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	Reason     string    `json:"reason"` // a sentence a person can check, with the figures in it
	Keys       []KeyID   `json:"keys,omitempty"`
	Examples   []string  `json:"examples,omitempty"`   // a few resources, where the finding is about them
	Uncounted  bool      `json:"uncounted,omitempty"`  // it is about resources that the policy's catalogue does not count
	Suspected  bool      `json:"suspected,omitempty"`  // cannot be known from outside; never significant by itself
	Families   []string  `json:"families,omitempty"`   // independent kinds of evidence that agree
	Extreme    bool      `json:"extreme,omitempty"`    // at or beyond the term's `significant` figure
	Agreement  int       `json:"agreement,omitempty"`  // the agreement that covers it or whose terms it was held against; 0: the policy's own
	Covered    bool      `json:"covered,omitempty"`    // the agreement allows it: it goes no further
	Incomplete string    `json:"incomplete,omitempty"` // what is doubtful about the data, in words (design.md, law 8)
}

// UsageNotice is "you have used 80 % of what we agreed": information, not a contravention.
type UsageNotice struct {
	Term     string    `json:"term"`
	Clause   ClauseID  `json:"clause"`
	Step     float64   `json:"step"`   // the share of the limit that was reached
	Period   string    `json:"period"` // the UTC date
	Measured float64   `json:"measured"`
	Allowed  float64   `json:"allowed"`
	At       time.Time `json:"at"`
	Reaches  string    `json:"reaches,omitempty"` // the UTC date on which the limit is reached if the last complete days go on; empty: nothing can be said
	Days     int       `json:"days,omitempty"`    // how many complete days that rests on
}

// Level of risk to the service.
type Level string

// The levels, rising.
const (
	None        Level = "none"        // nothing to do
	NonUrgent   Level = "non-urgent"  // make contact, agree a way forward
	Significant Level = "significant" // protect the service: suspend without notice
)

// Assessment is the impact assessment of findings about one consumer.
type Assessment struct {
	Level         Level         `json:"level"`
	At            time.Time     `json:"at"`
	Reason        string        `json:"reason"` // one sentence: why this level
	Factors       []Factor      `json:"factors"`
	Findings      []Finding     `json:"findings"`
	Score         float64       `json:"score,omitempty"`        // 0 to 100: the factors by their weights
	Circumstances Circumstances `json:"circumstances,omitzero"` // what was weighed besides the findings
	Basis         *Basis        `json:"basis,omitempty"`        // what the findings rest on
}

// Factor is one thing that was weighed: a number with its unit, and a sentence.
type Factor struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Sentence string  `json:"sentence"`
	Weight   int64   `json:"weight,omitempty"` // the policy's; 0: shown, or a condition, not weighed
	Points   float64 `json:"points,omitempty"` // 0 to 1: how much of its weight it has
}

// Worst is the finding an email or a case is about: an extreme one first, of extreme ones those of the last
// day, then the one furthest beyond what is allowed. ok is false when there are none.
func (a Assessment) Worst() (f Finding, ok bool) {
	for i, g := range a.Findings {
		if i == 0 || g.worse(f) {
			f = g
		}
	}
	return f, len(a.Findings) > 0
}

// Pressing is the finding that ended last of those that could end in a suspension, for a service suffers now or not at
// all; where there is none of these, the worst.
func (a Assessment) Pressing() (at Finding, ok bool) {
	at, ok = a.Worst()
	for _, f := range a.Findings {
		if f.Extreme && f.Until.After(at.Until) {
			at = f
		}
	}
	return at, ok
}

func (f Finding) worse(g Finding) bool {
	switch {
	case f.Extreme != g.Extreme:
		return f.Extreme
	case f.Extreme && Date(f.Until) != Date(g.Until):
		return f.Until.After(g.Until)
	}
	return f.Beyond() > g.Beyond()
}

// Beyond is how many times what is allowed was measured; Measured itself where nothing is allowed.
func (f Finding) Beyond() float64 {
	if f.Allowed <= 0 {
		return f.Measured
	}
	return f.Measured / f.Allowed
}
