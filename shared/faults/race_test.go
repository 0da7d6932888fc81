package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
)

// invocation is one run of a function, in a goroutine that waits for its turn before each call to the
// outside.
type invocation struct {
	began  time.Time
	limit  time.Duration // the function's time-out
	after  func(error)   // what its caller does with the answer
	resume chan bool     // false: it ends here
	parked chan bool     // false: it has ended
	next   string        // the kind of the call that it waits to do
	asleep int           // until so many turns of the race are over, as a machine is that is paused
}

func (in *invocation) turn(kind string) bool {
	in.next = kind
	in.parked <- true
	return <-in.resume
}

// race is one order of everything that happens while a consumer is suspended and reinstated, drawn from a
// seed: several workers at once, messages delivered twice and in any order, workers that stand still until
// their time-out kills them, crashes and lost answers.
type race struct {
	*world
	rng     *rand.Rand
	running []*invocation
	script  []func(hands) error // what the judge and the admins do, one after the other
	acting  bool
	turns   int
	sticky  float64
	trouble float64
}

// workers is how many messages are worked on at once.
const workers = 5

func (r *race) start(limit time.Duration, do func(hands) error, after func(error)) {
	in := &invocation{began: r.now, limit: limit, after: after, resume: make(chan bool), parked: make(chan bool)}
	go func() {
		err := invoke(func() error { return do(r.hands(in)) })
		in.after(err)
		in.parked <- false
	}()
	if <-in.parked {
		r.running = append(r.running, in)
	}
}

// turn lets one invocation do its next call, or sleep.
func (r *race) turn(i int) {
	in := r.running[i]
	if drowsy := map[bool]int{true: 3, false: 40}[in.next == toGateway]; in.asleep < r.turns && r.rng.IntN(drowsy) == 0 {
		in.asleep = r.turns + r.rng.IntN(500)
	}
	if in.asleep < r.turns {
		r.step(i, true)
	}
}

// step lets one invocation do its next call, or end.
func (r *race) step(i int, live bool) {
	in := r.running[i]
	in.resume <- live
	if !<-in.parked {
		r.running = slices.Delete(r.running, i, i+1)
	}
}

// pass lets time go by. Who is past its time-out ends where it stands.
func (r *race) pass(d time.Duration) {
	r.now = r.now.Add(d)
	for i := 0; i < len(r.running); {
		if n := len(r.running); r.now.Sub(r.running[i].began) > r.running[i].limit {
			if r.step(i, false); len(r.running) < n {
				continue
			}
		}
		i++
	}
}

// act begins the next thing that the judge or an admin does. They repeat what has no answer; an admin whose
// call is refused, since the consumer is not suspended yet, asks again later.
func (r *race) act() {
	r.acting = true
	do := r.script[0]
	r.start(30*time.Second, do, func(err error) {
		r.acting = false
		if err == nil {
			r.script = r.script[1:]
		}
	})
}

// work begins to work on some message, or to record some delivery. Now and then a message comes twice.
func (r *race) work(ctx context.Context) {
	r.fed(ctx) // the queues in memory do not fail
	if len(r.events) > 0 && r.rng.IntN(3) == 0 {
		e := r.events[0]
		r.events = r.events[1:]
		r.start(30*time.Second, func(h hands) error { return h.record.Record(ctx, e) }, func(err error) {
			if err != nil {
				r.events = append(r.events, e)
			}
		})
		return
	}
	if len(r.messages) == 0 {
		return
	}
	i := r.rng.IntN(len(r.messages))
	m := r.messages[i]
	if r.rng.IntN(8) > 0 {
		r.messages = slices.Delete(r.messages, i, i+1)
	}
	r.start(time.Minute, func(h hands) error { return h.workers[m.queue].Receive(ctx, m.body) }, func(error) {})
}

// run goes on until the script is at its end and nothing is owed.
func (r *race) run(ctx context.Context) bool {
	for i, swept := 0, r.now; r.now.Sub(start) < 24*time.Hour; {
		if r.now.Sub(swept) >= time.Minute {
			swept = r.now
			r.start(time.Minute, func(h hands) error { _, err := h.sweeper.Sweep(ctx); return err }, func(error) {})
			r.hears(ctx)
		}
		r.turns++
		switch luck := r.rng.IntN(60); {
		case luck == 0:
			r.pass(time.Duration(r.rng.IntN(40)) * time.Second)
		case luck < 5 && !r.acting && len(r.script) > 0:
			r.act()
		case luck < 14 && len(r.running) < workers:
			r.work(ctx)
		case len(r.running) > 0:
			if i >= len(r.running) || r.rng.Float64() >= r.sticky {
				i = r.rng.IntN(len(r.running))
			}
			r.turn(i)
		case len(r.script)+len(r.messages)+len(r.feed)+len(r.events) == 0:
			if r.quiet(ctx) {
				return true
			}
			r.pass(time.Minute)
		}
	}
	return false
}

// play plays the race of one seed and returns what is wrong at its end.
func play(t testing.TB, seed uint64, ledgerTable, usageTable table.Table) string {
	ctx := t.Context()
	r := &race{world: newWorld(t, ledgerTable, usageTable), rng: rand.New(rand.NewPCG(seed, 5))}
	r.sticky = []float64{0, 0.5, 0.9}[r.rng.IntN(3)]
	r.trouble = []float64{0, 0, 0.02}[r.rng.IntN(3)]
	r.fault = func(int, string) outcome {
		if r.trouble > 0 && r.rng.Float64() < r.trouble {
			return dieBefore + outcome(r.rng.IntN(int(allOutcomes-dieBefore)))
		}
		return fine
	}
	r.script = []func(hands) error{func(h hands) error { _, err := h.judge.Consumer(ctx, consumer); return err }}
	state := aup.IsSuspended
	switch r.rng.IntN(6) { // it may be held, and slowed, until an admin decides
	case 0:
		r.protect(t)
		r.script, state = append(r.script, func(h hands) error { return h.drop(ctx) }), aup.Active
	case 1:
		r.protect(t)
		r.script = append(r.script, func(h hands) error { return h.decide(ctx, "off", "suspend") })
		fallthrough
	default:
		for n := range 1 + r.rng.IntN(3) {
			action := []string{"reinstate", "suspend"}[n%2]
			state = []aup.State{aup.Active, aup.IsSuspended}[n%2]
			r.script = append(r.script, func(h hands) error { return h.decide(ctx, fmt.Sprint("call-", n), action) })
		}
	}
	if !r.run(ctx) {
		return "something is owed after a day"
	}
	if s, err := ledger.New(ledgerTable).Standing(ctx, consumer); err != nil || s.State != state {
		return fmt.Sprintf("the consumer is %s, want %s (%v)", s.State, state, err)
	}
	return r.wrong(ctx)
}

// TestSuspendAndReinstateRace: whatever the order, the standing, the gateway's keys and the mailbox agree
// in the end. ACCORD_SCHEDULES is how many orders are tried.
func TestSuspendAndReinstateRace(t *testing.T) {
	seeds := uint64(250)
	if n, err := strconv.ParseUint(os.Getenv("ACCORD_SCHEDULES"), 10, 32); err == nil {
		seeds = n
	}
	tables := onBolt(t)
	usage := measured(t, tables("usage"))
	for seed := range seeds {
		if wrong := play(t, seed, tables(fmt.Sprint("race", seed)), usage); wrong != "" {
			t.Errorf("seed %d: %s", seed, wrong)
		}
	}
	t.Logf("seeds 0 .. %d: %d races", seeds-1, seeds)
}
