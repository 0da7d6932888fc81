// Package traffic is what one API key does: an Actor, who makes Calls in the time of a corpus, and a Kind, which is one
// way of using an API.
//
// It knows nothing of what there is to ask for. Each package beside it draws a world of its own, knows the resources of
// an API to it, and gives kinds whose actors ask of that world. Nothing is stored. Package simulate makes the actors, has
// each play its kind, and writes what they called as a log.
package traffic

import "time"

// Start is when every corpus begins; it lasts Length.
var Start = time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC) // a Monday

// Length is how much time a corpus covers.
const Length = 72 * time.Hour

// Size is how big a corpus is.
type Size struct {
	Name   string
	Keys   int
	Busy   float64 // how many times the requests of a small corpus each key makes
	Places int     // how many places there are to ask for; how much there is of anything else follows from it
}

// The sizes there are.
var (
	Small = Size{Name: "small", Keys: 130, Busy: 1, Places: 6000}
	Large = Size{Name: "large", Keys: 1000, Busy: 5, Places: 30000}
)

// Kind is one way of using an API.
type Kind struct {
	Name    string
	Crawls  bool
	Ordered bool // a crawl that goes by number
	HeldOut bool // the detectors were not tuned on it
	Hidden  bool // a crawl under ten times as much honest use
	Play    func(*Actor)
}
