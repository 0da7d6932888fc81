package aup

import "time"

// What is owed to the outside world.
const (
	DueEmail      DueKind = "email"      // a notice, to be sent
	DueKey        DueKind = "key"        // an API key, to be made as the standing says
	DueDistribute DueKind = "distribute" // a version, to be issued to a directory shard or to one consumer
	DueAudit      DueKind = "audit"      // a requested audit, to be made
)

// DueKind is what is owed.
type DueKind string

// Due is something owed to the outside world, recorded before it is done. It lies under the moment of
// its next attempt; a worker claims it by moving that moment past its lease, and clears it in the write
// that records the outcome.
type Due struct {
	ID       string     `json:"id"`
	Kind     DueKind    `json:"kind"`
	Urgent   bool       `json:"urgent,omitempty"` // DueEmail: which queue
	Consumer ConsumerID `json:"consumer,omitempty"`
	Notice   NoticeID   `json:"notice,omitempty"`
	Key      KeyID      `json:"key,omitempty"`
	Policy   PolicyID   `json:"policy,omitempty"`
	Version  int        `json:"version,omitempty"`
	Shard    int        `json:"shard,omitempty"`  // DueDistribute: the directory shard
	Cursor   string     `json:"cursor,omitempty"` // DueDistribute: the last consumer done
	Audit    string     `json:"audit,omitempty"`  // DueAudit: the id of its answer
	Plan     string     `json:"plan,omitempty"`   // DueAudit: one usage plan; empty with Consumer empty: all
	Created  time.Time  `json:"created"`
	Next     time.Time  `json:"next"`          // not before; a claim moves it past the lease
	Attempts int64      `json:"attempts"`      // claims so far
	Why      string     `json:"why,omitempty"` // of the last failure, free of personal data
}
