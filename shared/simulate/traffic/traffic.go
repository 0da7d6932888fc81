// Package traffic is what one API key does: an Actor, who makes Calls in the time of a corpus.
//
// It knows nothing of what there is to ask for: package simulate draws that, and has actors ask of it. Nothing is stored.
package traffic

import "time"

// Start is when every corpus begins; it lasts Length.
var Start = time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC) // a Monday

// Length is how much time a corpus covers.
const Length = 72 * time.Hour
