package backtest

import (
	"time"

	"accord/shared/aup"
)

// Report is what a backtest comes to.
type Report struct {
	Lines     int64             `json:"lines"`
	Rejected  int64             `json:"rejected"`          // lines that are no access log, or whose time cannot be
	Reasons   map[string]int64  `json:"reasons,omitempty"` // why, by the names of package accesslog and those below
	FirstAt   map[string]string `json:"firstAt,omitempty"` // the place of the first line refused so, as file:line, where the log tells it
	Keyless   int64             `json:"keyless,omitempty"` // understood, but without a key: nobody's
	Missing   []string          `json:"missing,omitempty"` // nothing could be judged: the fields that every line looked at lacks
	Notes     []string          `json:"notes,omitempty"`   // what is to be known of the log, such as a file that breaks off
	From      time.Time         `json:"from"`              // the earliest call
	To        time.Time         `json:"to"`                // the latest
	Policy    string            `json:"policy,omitempty"`  // its name, where a caller gives one
	Against   string            `json:"against,omitempty"` // what it is compared with
	Consumers []Consumer        `json:"consumers"`
}

// Reasons of the backtest's own.
const (
	TooLate     = "too-late"      // more than 48 hours older than the latest line before it
	TooFarAhead = "too-far-ahead" // more than a day ahead of the log, and alone with that
	InSeconds   = "in-seconds"    // its time is in the first days of 1970
)

// Consumer is what one key came to. Keys of one owner are judged together.
type Consumer struct {
	Key      aup.KeyID `json:"key"`
	Requests int64     `json:"requests"`
	Outcome
	Before *Outcome `json:"before,omitempty"` // under the policy that it is compared with
	Change Change   `json:"change,omitempty"` // from that
	Days   []Day    `json:"days"`             // rising
}

// Outcome is what a key came to under one policy.
type Outcome struct {
	Level     aup.Level  `json:"level"`              // the highest reached, of what would be done
	Observed  aup.Level  `json:"observed,omitempty"` // the highest of what the policy would have recorded only
	Limit     int64      `json:"limit,omitempty"`    // requests a day, at the end of the log; 0: none
	Decisions []Decision `json:"decisions"`
}

// Day is what a key did on one day (UTC).
type Day struct {
	Date     string `json:"date"`
	Requests int64  `json:"requests"`
}

// Decision is a contact or a suspension: the level for a clause rose. One that is observed is only recorded, once
// a day, because the policy or its term is in that mode.
type Decision struct {
	At            time.Time    `json:"at"`
	AfterRequests int64        `json:"afterRequests"` // of this key, in this log
	Clause        aup.ClauseID `json:"clause"`
	Detector      string       `json:"detector"`
	Level         aup.Level    `json:"level"`
	Score         float64      `json:"score"` // of the assessment, 0 to 100
	Reason        string       `json:"reason"`
	Observed      bool         `json:"observed,omitempty"`
}

func (o *Outcome) add(d Decision) {
	o.Decisions = append(o.Decisions, d)
	switch {
	case !d.Observed:
		o.Level = d.Level
	case o.Observed != aup.Significant:
		o.Observed = d.Level
	}
}

// The changes between two policies.
const (
	Same               Change = ""
	NewlySuspended     Change = "newly suspended"
	NewlyContacted     Change = "newly contacted"
	NoLongerSuspended  Change = "no longer suspended" // perhaps contacted
	NoLongerContacted  Change = "no longer contacted"
	ContactedElsewhere Change = "contacted about another clause"
)

// Change is what another policy would change for one consumer.
type Change string

// ChangeOf says what changes from one outcome to another.
func ChangeOf(before, after Outcome) Change {
	was, is := before.Level, after.Level
	switch {
	case is == aup.Significant && was != aup.Significant:
		return NewlySuspended
	case was == aup.Significant && is != aup.Significant:
		return NoLongerSuspended
	case is == aup.NonUrgent && was == aup.None:
		return NewlyContacted
	case was == aup.NonUrgent && is == aup.None:
		return NoLongerContacted
	case is == aup.NonUrgent && !before.about(after):
		return ContactedElsewhere
	}
	return Same
}

// about says whether every clause that the other is about is among one's own.
func (o Outcome) about(other Outcome) bool {
	clauses := map[aup.ClauseID]bool{}
	for _, d := range o.Decisions {
		clauses[d.Clause] = clauses[d.Clause] || !d.Observed
	}
	for _, d := range other.Decisions {
		if !d.Observed && !clauses[d.Clause] {
			return false
		}
	}
	return true
}

func (r *Report) refuse(line refused) {
	if r.Reasons == nil {
		r.Reasons = map[string]int64{}
	}
	r.Rejected++
	r.Reasons[line.why]++
	if r.Reasons[line.why] > 1 || line.place == "" {
		return
	}
	if r.FirstAt == nil {
		r.FirstAt = map[string]string{}
	}
	r.FirstAt[line.why] = line.place
}

// count takes in what a batch says of lines that are not understood.
func (r *Report) count(b batch) {
	r.Lines += b.lines
	for _, line := range b.refused {
		r.refuse(line)
	}
}

// missing says which fields every line that was looked at lacks, when nothing could be judged.
func (r *Report) missing(looked []lacking) {
	if len(r.Consumers) > 0 {
		return
	}
	for _, name := range Needed {
		everywhere, some := true, false
		for _, l := range looked {
			everywhere, some = everywhere && (l == nil || l[name]), some || l != nil
		}
		if everywhere && some {
			r.Missing = append(r.Missing, name)
		}
	}
}
