package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
)

// bound is a subject under a policy with some terms.
func bound(terms aup.Terms, calls []usage.Call, agreements ...aup.Agreement) audit.Subject {
	v := version
	v.Policy.Terms = terms
	s := subject(days(calls...), agreements...)
	s.Policy = aup.Tailor(v, agreements, now)
	return s
}

// as changes the calls' operation.
func as(method, template string, calls []usage.Call) []usage.Call {
	for i := range calls {
		calls[i].Method, calls[i].Template, calls[i].Path = method, template, "/prod"+template
	}
	return calls
}

// one is a case of a detector that finds one thing or nothing.
type one struct {
	name, desc string
	s          audit.Subject
	change     func(*audit.Subject)
	reason     string // part of the finding's; empty: none
	covered    bool
}

func check(t *testing.T, detector string, clause aup.ClauseID, tests []one) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.change != nil {
				tt.change(&tt.s)
			}
			found := of(detector, tt.s)
			if len(found) != min(1, len(tt.reason)) {
				t.Fatalf("%s: got %+v", tt.desc, found)
			}
			if len(found) == 0 {
				return
			}
			f := found[0]
			if !strings.Contains(f.Reason, tt.reason) || f.Covered != tt.covered || (f.Agreement == 3) != tt.covered {
				t.Errorf("%s: covered %v by agreement %d, %s", tt.desc, f.Covered, f.Agreement, f.Reason)
			}
			if f.Clause != clause || f.Extreme || f.Measured <= f.Allowed || f.From.After(f.Until) {
				t.Errorf("%s: got %+v", tt.desc, f)
			}
		})
	}
}

func TestOperations(t *testing.T) {
	allow := func(list ...string) aup.Terms {
		return aup.Terms{Operations: &aup.Operations{Clause: "agreed-use", Allow: list}}
	}
	some := func(method, template string) []usage.Call {
		return as(method, template, spread(key, today, 2, 12, same))
	}
	agreed := agreement(func(a *aup.Agreement) {
		a.Terms.Operations = &aup.Operations{Allow: []string{"GET /services/*", "POST /services"}}
	})
	check(t, "operations", "agreed-use", []one{
		{name: "listed", desc: "what is listed is allowed", s: bound(allow("GET /services/*"), some("GET", "/services/{id}"))},
		{name: "deeper", desc: "a star at the end stands for all that follows", s: bound(allow("GET /services/*"), some("GET", "/services/{id}/hours"))},
		{name: "not the root", desc: "but not for nothing", s: bound(allow("GET /services/*"), some("GET", "/services")), reason: `"GET /services"`},
		{name: "between", desc: "a star in between is one segment", s: bound(allow("GET /services/*/hours"), some("GET", "/services/{id}/hours"))},
		{name: "longer", desc: "and not two", s: bound(allow("GET /services/*/hours"), some("GET", "/services/{id}/x/hours")), reason: "12 requests on 15 January 2027"},
		{name: "template", desc: "a template may be named as it is", s: bound(allow("GET /services/{id}"), some("GET", "/services/{id}"))},
		{name: "method", desc: "another method is another operation", s: bound(allow("GET /services/*"), some("DELETE", "/services/{id}")), reason: `most of them for "DELETE /services/{id}". They list "GET /services/*".`},
		{name: "head", desc: "who may GET may ask HEAD", s: bound(allow("GET /services/*"), some("HEAD", "/services/{id}"))},
		{name: "options", desc: "browsers ask OPTIONS by themselves", s: bound(allow("GET /services/*"), some("OPTIONS", "/admin"))},
		{name: "no method", desc: "a log that does not say the method accuses nobody", s: bound(allow("GET /services/*"), some("-", "/services/{id}/staff"))},
		{name: "unmatched", desc: "what no template matches is no operation", s: bound(allow("GET /services/*"), some("GET", "-"))},
		{name: "tried", desc: "nine tries are not a use", s: bound(allow("GET /services/*"), some("POST", "/services")[:9])},
		{name: "refused", desc: "what is refused is not done", s: bound(allow("GET /services/*"), func() []usage.Call {
			calls := some("POST", "/services")
			for i := range calls {
				calls[i].Status = 403
			}
			return calls
		}())},
		{name: "agreed", desc: "an agreement may list more", s: bound(allow("GET /services/*"), some("POST", "/services"), agreed), reason: "Agreement 3 allows it.", covered: true},
		{name: "no term", desc: "without the term everything is allowed", s: bound(aup.Terms{}, some("POST", "/services"))},
		{name: "settled", desc: "what lies before the matter was settled does not count", s: bound(allow("GET /services/*"), some("POST", "/services")),
			change: func(s *audit.Subject) { s.Since = now }},
	})
}

func TestErrors(t *testing.T) {
	term := aup.Terms{Errors: &aup.ErrorShare{Clause: "fair-volume", Limit: .2}}
	with := func(n, failed, status int) []usage.Call {
		calls := spread(key, today, 2, n, same)
		for i := range failed {
			calls[i].Status = status
		}
		return calls
	}
	lenient := agreement(func(a *aup.Agreement) { a.Terms.Errors = &aup.ErrorShare{Limit: .5} })
	check(t, "errors", "fair-volume", []one{
		{name: "limit", desc: "the limit itself is allowed", s: bound(term, with(300, 60, 404))},
		{name: "beyond", desc: "more is not", s: bound(term, with(300, 75, 400)),
			reason: "75 of 300 requests on 15 January 2027 (UTC) were answered with the caller's errors (4xx): 25 %, where dos-api version 12 allows 20 %."},
		{name: "throttled", desc: "being throttled is no error", s: bound(term, with(300, 200, 429))},
		{name: "failed", desc: "nor is the service's failure", s: bound(term, with(300, 200, 503))},
		{name: "few", desc: "a share of a few requests means nothing", s: bound(term, with(199, 199, 404))},
		{name: "missing", desc: "missing lines may be the good ones", s: bound(term, with(300, 75, 400)), change: func(s *audit.Subject) { s.Doubt.Missing = "overdue" }},
		{name: "agreed", desc: "an agreement may allow more", s: bound(term, with(300, 75, 400), lenient), reason: "agreement 3 allows it", covered: true},
		{name: "settled", desc: "only what is to be judged counts", s: bound(term, with(300, 75, 400)), change: func(s *audit.Subject) { s.Since = today.Add(time.Hour) }},
	})
}

func TestSources(t *testing.T) {
	term := aup.Terms{Sources: &aup.Sources{Clause: "agreed-use", Networks: 8}}
	from := func(n int) []usage.Call {
		calls := spread(key, today, 2, 600, same)
		for i := range calls {
			calls[i].Source = fmt.Sprintf("198.%d.%d.9", 18+i%n/256, i%n%256)
		}
		return calls
	}
	many := agreement(func(a *aup.Agreement) { a.Terms.Sources = &aup.Sources{Networks: 100} })
	check(t, "sources", "agreed-use", []one{
		{name: "limit", desc: "the limit itself is allowed", s: bound(term, from(8))},
		{name: "beyond", desc: "one more is not", s: bound(term, from(9)), reason: "One key was used from 9 networks on 15 January 2027 (UTC); dos-api version 12 allows 8."},
		{name: "estimated", desc: "near a high limit an estimate proves nothing", s: bound(aup.Terms{Sources: &aup.Sources{Clause: "agreed-use", Networks: 420}}, from(500))},
		{name: "far beyond", desc: "far beyond it does", s: bound(aup.Terms{Sources: &aup.Sources{Clause: "agreed-use", Networks: 300}}, from(600)), reason: "allows 300."},
		{name: "agreed", desc: "an agreement may allow more", s: bound(term, from(50), many), reason: "agreement 3 allows it", covered: true},
		{name: "settled", desc: "a day that began before cannot be taken apart", s: bound(term, from(50)), change: func(s *audit.Subject) { s.Since = today.Add(time.Hour) }},
	})
}

func TestPermissions(t *testing.T) {
	term := aup.Terms{Permissions: &aup.Permissions{Clause: "public-display", When: "public-display", Needs: []string{"team", "owner"}}}
	public := func(s *audit.Subject) { s.Uses = []string{"research", "public-display"} }
	used := spread(key, today, 1, 1, same)
	granted := func(change func(*aup.Agreement)) aup.Agreement {
		return agreement(func(a *aup.Agreement) {
			a.Permissions = []aup.Permission{{Name: "team", Reference: "r", Issuer: "i"}, {Name: "owner", Reference: "r", Issuer: "i"}}
			change(a)
		})
	}
	lapsed := granted(func(a *aup.Agreement) { a.Permissions[1].Expires = today.AddDate(0, 0, -2) })
	lapsed.Number = 4
	over := func(p ...aup.Permission) aup.Agreement {
		return agreement(func(a *aup.Agreement) { a.Until, a.Permissions = today.AddDate(0, 0, -3), p })
	}
	elsewhere := over(aup.Permission{Name: "owner"})
	elsewhere.Policy = "places-api"
	check(t, "permissions", "public-display", []one{
		{name: "missing", desc: "neither was granted", s: bound(term, used), change: public, reason: `The use "public-display" is recorded and needs team, owner; of these are missing: team, owner.`},
		{name: "granted", desc: "both were", s: bound(term, used, granted(func(*aup.Agreement) {})), change: public},
		{name: "expired", desc: "one no longer is", s: bound(term, used, lapsed), change: public, reason: "missing: owner (expired on 13 January 2027, agreement 4)."},
		{name: "agreement over", desc: "a permission ends with its agreement, whatever its own day", reason: "missing: team (expired on 12 January 2027, agreement 3), owner (expired on 12 January 2027, agreement 3).", change: public,
			s: bound(term, used, over(aup.Permission{Name: "team", Expires: today.AddDate(1, 0, 0)}, aup.Permission{Name: "owner"}))},
		{name: "never granted", desc: "what another permission, or another policy's, was is not said of it", reason: "missing: team, owner. Calls", change: public,
			s: bound(term, used, over(aup.Permission{Name: "leads"}), elsewhere)},
		{name: "expires today", desc: "what was granted this morning covers today", s: bound(term, used, granted(func(a *aup.Agreement) { a.Until = today.Add(9 * time.Hour) })), change: public},
		{name: "other use", desc: "who does not show it to the public needs nothing", s: bound(term, used)},
		{name: "no calls", desc: "who makes no calls shows nothing", s: bound(term, nil), change: public},
		{name: "no term", desc: "without the term nothing is needed", s: bound(aup.Terms{}, used), change: public},
	})
}

func TestCaching(t *testing.T) {
	terms := func(catalogue int64) aup.Terms {
		return aup.Terms{Caching: &aup.Caching{Clause: "keep-data-fresh"}, Crawling: &aup.Crawling{Clause: "dont-crawl", Catalogue: catalogue}}
	}
	twice := func(n int, next func(day int) func(int) any) []usage.Call {
		return append(spread(key, today.AddDate(0, 0, -1), 4, n, next(0)), spread(key, today, 4, n, next(1))...)
	}
	list := func(int) func(int) any { return shuffled(1, 30000) }
	other := func(day int) func(int) any { return shuffled(1+30000*day, 30000) }
	changing := func(every int) func(day int) func(int) any { // every so many resources are others each day
		return func(day int) func(int) any {
			list := shuffled(1, 30000)
			return func(i int) any {
				if i%every == 0 {
					return fmt.Sprint("d", day, "-", i)
				}
				return list(i)
			}
		}
	}
	often := func(int) func(int) any { list := shuffled(1, 800); return func(i int) any { return list(i % 800) } }
	elsewhere, here := terms(6000), terms(6000)
	elsewhere.Crawling.Of, here.Crawling.Of = []string{"/places/{id}"}, []string{"/services/{id}"}
	check(t, "caching", "keep-data-fresh", []one{
		{name: "copy", desc: "the same part of the catalogue on two days", s: bound(terms(6000), twice(900, list)), reason: "100 % of them were the same as the day before: this looks like a copy"},
		{name: "no catalogue", desc: "without a catalogue it takes more", s: bound(terms(0), twice(900, list))},
		{name: "big copy", desc: "two thousand and more", s: bound(terms(0), twice(2900, list)), reason: "this looks like a copy"},
		{name: "of what is counted", desc: "as where the policy does not say what is", s: bound(here, twice(900, list)), reason: "this looks like a copy"},
		{name: "of something else", desc: "nor is it a part of a catalogue that does not count it", s: bound(elsewhere, twice(900, list))},
		{name: "big, of something else", desc: "for which it takes as much as without one", s: bound(elsewhere, twice(2900, list)), reason: "this looks like a copy"},
		{name: "list", desc: "a list that is small beside the catalogue may be somebody's own", s: bound(terms(30000), twice(900, list))},
		{name: "other", desc: "other resources on the second day are no copy", s: bound(terms(6000), twice(900, other))},
		{name: "most", desc: "a copy is refreshed though a tenth of it changed", reason: "of them were the same as the day before", s: bound(terms(6000), twice(900, changing(25)))},
		{name: "half", desc: "half of it the same is a list of another day", s: bound(terms(6000), twice(900, changing(2)))},
		{name: "grown", desc: "what was no copy yesterday was not refreshed today",
			s: bound(terms(6000), append(spread(key, today.AddDate(0, 0, -1), 4, 560, list(0)), spread(key, today, 4, 640, list(1))...))},
		{name: "asked", desc: "who asks again during the day asks when needed", s: bound(terms(6000), twice(2400, often))},
		{name: "once", desc: "a day alone says nothing", s: bound(terms(6000), spread(key, today, 4, 900, list(0)))},
		{name: "permitted", desc: "an agreement may permit copies", covered: true, reason: "Agreement 3 permits it.",
			s: bound(terms(6000), twice(900, list), agreement(func(a *aup.Agreement) {
				a.Permissions = []aup.Permission{{Name: aup.PermitCache, Reference: "r", Issuer: "i"}}
			}))},
		{name: "no term", desc: "without the term nothing is suspected", s: bound(aup.Terms{}, twice(900, list))},
	})
	if f := of("caching", bound(terms(6000), twice(900, list))); len(f) != 1 || !f[0].Suspected {
		t.Errorf("a copy can only be suspected: %+v", f)
	}
}
