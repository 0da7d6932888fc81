// Package usage holds what keys did: summaries of calls that merge.
//
// A Summary is what one key did in some stretch of time. Merging is associative and commutative, with
// the zero Summary as identity, and nothing in a Summary depends on two calls being neighbours, so that
// lines may arrive in any order, in any batches, over any number of log streams. A Day is a key's
// windows put together; a window folded again replaces its former self there, so folding twice counts
// once. What names a thing in a path is a text or a number: digits, or a prefix and digits. Numbers have a span and lie in
// cells, and are found again in a sample, which is of hashes, by trying them as they are written (Numbering). Package accesslog makes summaries of log lines, metering stores them, audit judges them.
package usage

import (
	"time"

	"accord/shared/aup"
)

// Window is the length of a window. Windows start at multiples of it since the Unix epoch.
const Window = 5 * time.Minute

// WindowOf returns the start of the window that a moment lies in.
func WindowOf(t time.Time) time.Time { return t.UTC().Truncate(Window) }

// Call is one call to the API, as the access log tells it.
type Call struct {
	At        time.Time
	Key       aup.KeyID // empty: the call had no key
	RequestID string    // extendedRequestId where there is one: the client cannot choose it
	Method    string
	Template  string // resourcePath, such as "/services/{id}"; "-" when nothing matched
	Path      string // as called, with the stage; empty when not logged
	Status    int
	Bytes     int64
	Latency   time.Duration // negative: not known
	Source    string        // address of the caller; only ever kept hashed
}

// Summary is what one key did in a window, or in several merged ones. The zero Summary is the identity.
type Summary struct {
	Counts
	First        time.Time            `json:"first,omitzero"` // of any call
	Last         time.Time            `json:"last,omitzero"`
	FirstSuccess *Success             `json:"firstSuccess,omitempty"` // the earliest call answered with 2xx or 3xx
	LatencyMax   int64                `json:"latencyMax,omitempty"`   // ms
	Minutes      map[int64]int64      `json:"minutes,omitempty"`      // requests by Unix minute
	Resources    map[string]*Resource `json:"resources,omitempty"`    // by "METHOD template"; beyond MaxResources under Others
	Networks     *Sketch              `json:"networks,omitempty"`     // distinct /24 or /48 networks
}

// Counts are the figures that add up.
type Counts struct {
	Requests     int64 `json:"requests"`
	Successes    int64 `json:"successes,omitempty"`    // 2xx and 3xx
	ClientErrors int64 `json:"clientErrors,omitempty"` // 4xx, all of them
	Refused      int64 `json:"refused,omitempty"`      // 403
	NotFound     int64 `json:"notFound,omitempty"`     // 404
	Throttled    int64 `json:"throttled,omitempty"`    // 429
	ServerErrors int64 `json:"serverErrors,omitempty"` // 5xx
	Bytes        int64 `json:"bytes,omitempty"`
	LatencySum   int64 `json:"latencySum,omitempty"` // ms, over the calls whose latency is known
	Timed        int64 `json:"timed,omitempty"`      // how many those are
}

// Success is the earliest successful call: what acceptance by use points at.
type Success struct {
	At        time.Time `json:"at"`
	RequestID string    `json:"requestId"`
}

// Resource is what was asked of one method and resource template.
type Resource struct {
	Requests int64    `json:"requests"`           // 2xx, 3xx and 404: looks at a resource; retries and refusals are not evidence
	NotFound int64    `json:"notFound,omitempty"` // of those, 404
	Distinct *Sketch  `json:"distinct,omitempty"` // of the parameters' values
	Numbers  *Span    `json:"numbers,omitempty"`  // of the last numeric parameter's values, when there is one
	Cells    *Sketch  `json:"cells,omitempty"`    // of those values, the distinct blocks of CellSize: dense where ids are walked, whatever strays
	Examples []string `json:"examples,omitempty"` // up to MaxExamples paths: those that hash lowest, so that merging keeps the same ones
}

// Span is where numeric ids lie; codes lie above all plain numbers, those of each prefix together (see Within).
type Span struct {
	Min   uint64 `json:"min"`
	Max   uint64 `json:"max"`
	Looks int64  `json:"looks"` // how many looks had a numeric id
}

// CellSize is how many consecutive numbers share a cell.
const CellSize = 1 << cellBits

const cellBits = 5

// The bounds that keep a window's summary of one key small.
const (
	MaxResources = 12
	MaxExamples  = 3
	Others       = "other"
)

// Day is what one key did on one UTC day.
type Day struct {
	Date    string             `json:"date"`
	Windows map[int64]Counts   `json:"windows,omitempty"` // by Unix second of the window's start: replaced, never added to
	Looks   map[string]Series  `json:"looks,omitempty"`   // looks by resource and window, for the same reason
	Missed  map[string]Series  `json:"missed,omitempty"`  // those of them that found nothing (404); days stored before these were kept have none
	Merged  Summary            `json:"merged"`            // what unites without adding: samples, spans, extremes. Its Counts, Resources' counts and spans' looks are zero; its Minutes are the MaxMinutes busiest.
	Visits  map[string]Visits  `json:"visits,omitempty"`  // of the samples of Merged's resources, where they are known
	Gateway map[string]Reading `json:"gateway,omitempty"` // what GetUsage says, by usage plan: overwritten

	// Overlaps are the windows, by Unix second of their start and in order, in which some calls of the key
	// may be counted twice.
	Overlaps []int64 `json:"overlaps,omitempty"`

	// Unlogged says that nobody reads an access log of it: that it has no calls tells nothing. It is not stored:
	// whoever reads a day knows its deployment.
	Unlogged bool `json:"-"`
}

// Reading is what GetUsage said of a day under one usage plan.
type Reading struct {
	Used int64     `json:"used"`
	At   time.Time `json:"at,omitzero"` // when it was read, to the last reading that could tell more than the one before
}
