package companies

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// jobs are the honest kinds of programs.
func (w *World) jobs() []traffic.Kind {
	return []traffic.Kind{
		{Name: "agent with blocks of companies", Play: w.bind(agent)},
		{Name: "big list of debtors every night", Play: w.bind(debtors)},
		{Name: "morning report by parallel workers", Play: w.bind(report)},
		{Name: "ledger after an outage", Play: w.bind(outage)},
		{Name: "developer of a new ledger", Play: w.bind(developer)},
		{Name: "watcher of the feed", Play: w.bind(watcher)},
		{Name: "credit files that expire", Play: w.bind(creditFiles)},
		{Name: "checker of invoices", Play: w.bind(invoices)},
	}
}

// own draws n different companies that a client has to do with.
func (a Actor) own(n int) []int { return a.Perm(len(a.companies))[:n] }

// agent founds companies by the dozen, which get numbers in a row, keeps them until they are sold, and files for them: it
// goes along a row, and looks again after each change.
func agent(a Actor) {
	rows := a.own(2 + a.N(4))
	for _, at := range a.Office(a.N(22)) {
		first := min(rows[a.IntN(len(rows))], len(a.companies)-20)
		for i := range 4 + a.IntN(12) {
			a.profile(at, first+i)
			if a.IntN(3) == 0 {
				at = at.Add(a.think())
				a.Do(at, "POST", filings, fmt.Sprintf("/companies/%s/filings/1", a.companies[first+i]), 201)
				a.profile(at.Add(time.Second), first+i)
			}
			at = at.Add(a.think())
		}
	}
}

// debtors asks every night whether a lender's customers are still there. Most lenders keep the list by number, some as it
// grew; a few customers were struck off long ago.
func debtors(a Actor) {
	list := a.own(a.N(200))
	if a.IntN(3) > 0 {
		slices.Sort(list)
	}
	for d := range 3 {
		next := a.Clock(a.Night(d), time.Second)
		for k, i := range list {
			c := a.companies[i]
			if k%40 == 7 {
				c.serial /= 10
			}
			a.number(next(), c)
		}
	}
}

// report has some workers fetch all of an insurer's customers before the office opens.
func report(a Actor) {
	list, workers := a.own(a.N(75)), 4+a.IntN(8)
	for d := range 3 {
		from := traffic.Start.AddDate(0, 0, d).Add(6*time.Hour + time.Duration(a.IntN(300))*time.Second)
		for k := range workers {
			next := a.Clock(from, 1500*time.Millisecond)
			for j := k; j < len(list); j += workers {
				a.profile(next(), list[j])
				a.officers(next(), list[j])
			}
		}
	}
}

// outage is a ledger whose users look up their customers; while the register is down it tries each again, ever later.
func outage(a Actor) {
	list := a.own(a.N(120))
	down := traffic.Start.Add(10*time.Hour + time.Duration(a.IntN(3)*24)*time.Hour + time.Duration(a.IntN(6*3600))*time.Second)
	for _, at := range a.Office(a.N(220)) {
		a.profile(at, list[a.Zipf(len(list))])
	}
	for range a.N(35) {
		i, at := list[a.IntN(len(list))], down.Add(time.Duration(a.IntN(900))*time.Second)
		for try := range 6 {
			a.Do(at, "GET", profile, "/companies/"+a.companies[i].String(), 503)
			at = at.Add(time.Second << try)
		}
		a.profile(down.Add(16*time.Minute+time.Duration(a.IntN(120))*time.Second), i)
	}
}

// developer tries a few companies over and over, forgets leading zeros, and makes numbers up.
func developer(a Actor) {
	few := a.own(10)
	for _, at := range a.Office(a.N(190)) {
		i := few[a.IntN(len(few))]
		switch a.IntN(9) {
		case 0:
			a.Do(at, "GET", profile, fmt.Sprint("/companies/", a.companies[i].serial%100_000), 400)
		case 1:
			a.number(at, company{"", uint64(1 + a.IntN(30))})
		case 2, 3:
			a.officers(at, i)
		default:
			a.profile(at, i)
		}
	}
}

// watcher reads the feed as it grows, day and night, and asks for those of its companies that changed.
func watcher(a Actor) {
	list, sequence := a.own(a.N(40)), a.sequence
	next := a.Clock(traffic.Start, time.Duration(float64(16*time.Minute)/a.Busy))
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		sequence += uint64(a.IntN(90))
		a.Get(at, changes, fmt.Sprint("/changes/", sequence))
		if a.IntN(6) == 0 {
			a.profile(at.Add(time.Second), list[a.IntN(len(list))])
		}
	}
}

// creditFiles keeps what its customers asked for, and fetches a file anew when it is asked for or some hours old.
func creditFiles(a Actor) {
	for range a.N(60) {
		i, keeps := a.wanted(), time.Duration(6+a.IntN(12))*time.Hour
		at := traffic.Start.Add(time.Duration(a.Int64N(int64(20 * time.Hour))))
		for at.Before(traffic.Start.Add(traffic.Length)) {
			a.profile(at, i)
			at = at.Add(keeps + time.Duration(a.IntN(600))*time.Second)
		}
	}
}

// invoices checks who sent an invoice, in batches as the post comes: anybody may have, and few do twice.
func invoices(a Actor) {
	for _, at := range a.Office(a.N(24)) {
		next := a.Clock(at, 8*time.Second)
		for range 3 + a.IntN(12) {
			a.profile(next(), a.IntN(len(a.companies)))
		}
	}
}
