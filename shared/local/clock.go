package local

import (
	"sync"
	"time"
)

// Clock is the stack's time: the machine's, or one that a story sets.
type Clock struct {
	mu sync.Mutex
	at time.Time // zero: the machine's
}

// Story returns a clock that stands at a moment until it is moved.
func Story(at time.Time) *Clock { return &Clock{at: at} }

// Now returns the time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return time.Now().UTC()
	}
	return c.at.UTC()
}

// Advance moves a story's clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
