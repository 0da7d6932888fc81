package traffic

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Call is one call, with the template that answered it.
type Call struct {
	At               time.Time
	Method, Template string
	Path             string
	Status           int
	Source           string
}

// Actor is one key at work. What it draws, it draws from its own Rand: the same seed makes the same calls.
type Actor struct {
	*rand.Rand
	Busy   float64 // how many times the requests of a key of a small corpus it makes
	Source string  // the address that it calls from
	Calls  []Call
}

// New is the actor of a seed, which has made no call yet.
func New(seed uint64, busy float64) *Actor {
	r := rand.New(rand.NewPCG(seed, 1))
	return &Actor{Rand: r, Busy: busy, Source: fmt.Sprintf("198.18.%d.%d", r.IntN(256), r.IntN(256))}
}

// Do makes a call, unless its moment is not in the time of the corpus.
func (a *Actor) Do(at time.Time, method, template, path string, status int) {
	if at.Before(Start) || !at.Before(Start.Add(Length)) {
		return
	}
	a.Calls = append(a.Calls, Call{At: at, Method: method, Template: template, Path: "/prod" + path, Status: status, Source: a.Source})
}

// Get asks for something, and once in five hundred times the service fails and is asked again.
func (a *Actor) Get(at time.Time, template, path string) {
	if a.IntN(500) == 0 {
		a.Do(at, "GET", template, path, 503)
		at = at.Add(2 * time.Second)
	}
	a.Do(at, "GET", template, path, 200)
}

// N is how many of something a key of this corpus does: about as many as given in a small one.
func (a *Actor) N(about int) int {
	return int(float64(about) * a.Busy * (0.6 + 0.9*a.Float64()))
}

// Zipf draws one of n as the public does: the rank of a Zipf law.
func (a *Actor) Zipf(n int) int {
	return int(rand.NewZipf(a.Rand, 1.08, 6, uint64(n-1)).Uint64())
}
