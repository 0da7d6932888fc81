package apigw_test

import (
	"testing"
	"time"

	"golang.org/x/time/rate"

	"accord/shared/aws/apigw"
)

// worker is one instance of a function: it asks as fast as its share lets it, one request after the other.
type worker struct {
	pace *rate.Limiter
	left int       // requests to make
	next time.Time // when it may ask
	last time.Time // when it asked last
}

func workers(instances int, share float64, requests int, from time.Time) []*worker {
	var all []*worker
	for i := range instances {
		mine := requests / instances
		if i < requests%instances {
			mine++
		}
		w := &worker{pace: rate.NewLimiter(rate.Limit(share), 1), left: mine, next: from}
		w.next = from.Add(w.pace.ReserveN(from, 1).DelayFrom(from))
		all = append(all, w)
	}
	return all
}

// play lets all workers ask, in the order of time, and counts what a control plane of ten requests a second and a
// burst of forty refuses (docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
func play(all []*worker) (refused int) {
	plane := rate.NewLimiter(10, 40)
	for {
		var first *worker
		for _, w := range all {
			if w.left > 0 && (first == nil || w.next.Before(first.next)) {
				first = w
			}
		}
		if first == nil {
			return refused
		}
		if !plane.AllowN(first.next, 1) {
			refused++
		}
		first.left--
		first.last = first.next
		first.next = first.last.Add(first.pace.ReserveN(first.last, 1).DelayFrom(first.last))
	}
}

// Everything that Accord asks of the control plane at once stays within what an account has, with nothing to
// coordinate it: 10,000 keys in 300 plans are collected while 200 keys are disabled and the rest keeps asking.
func TestTheSharesFitTheControlPlane(t *testing.T) {
	start := time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)
	const plans, keys, toDisable = 300, 10_000, 200
	pages := 1 + plans + keys/500 // the plans, one page each, and as many more as 500 keys to a page can ask for
	schedule := workers(1, apigw.CollectShare, pages, start)
	audits := workers(2, apigw.CollectShare, 2*pages, start) // two audits of all, asked for at the same moment
	disabling := workers(2, apigw.EnforceShare, 3*toDisable, start.Add(time.Minute))
	others := workers(1, apigw.OthersShare, 2000, start)
	var all []*worker
	for _, some := range [][]*worker{schedule, audits, disabling, others} {
		all = append(all, some...)
	}
	if refused := play(all); refused > 0 {
		t.Errorf("%d requests are refused", refused)
	}
	took := schedule[0].last.Sub(start)
	if took > 300*time.Second {
		t.Errorf("a collection takes %s: longer than one invocation of collect-usage", took)
	}
	first, end := workers(2, apigw.EnforceShare, 2, start)[0].next, disabling[0].last.Sub(start.Add(time.Minute))
	if wait := first.Sub(start); wait > time.Second {
		t.Errorf("a key that is to be disabled waits %s for its turn", wait)
	}
	t.Logf("%d keys in %d plans: %.0f s of requests; %d keys disabled meanwhile in %.0f s", keys, plans, took.Seconds(), toDisable, end.Seconds())
}

// With twice as many instances of enforce the shares do not fit: what keeps it to two is template.yaml.
func TestSharesThatDoNotFitAreSeen(t *testing.T) {
	start := time.Date(2027, 1, 18, 8, 0, 0, 0, time.UTC)
	all := append(workers(4, apigw.EnforceShare, 4000, start), workers(3, apigw.CollectShare, 4000, start)...)
	if play(append(all, workers(1, apigw.OthersShare, 4000, start)...)) == 0 {
		t.Error("twice as many instances are not noticed")
	}
}
