package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
)

// crawled is a subject under a policy with a catalogue of a size, of which share is significant.
func crawled(catalogue int64, share float64, calls []usage.Call, agreements ...aup.Agreement) audit.Subject {
	v := version
	v.Policy.Terms = aup.Terms{Crawling: &aup.Crawling{Clause: "dont-crawl", Catalogue: catalogue, Significant: share}}
	s := subject(days(calls...), agreements...)
	s.Policy = aup.Tailor(v, agreements, now)
	return s
}

func ordered(first int) func(int) any { return func(i int) any { return first + i } }

func shuffled(first, n int) func(int) any {
	order := rand.New(rand.NewPCG(1, 2)).Perm(n)
	return func(i int) any { return first + order[i%n] }
}

// popular asks for resources as people do: few of them most of the time (Zipf).
func popular(n uint64) func(int) any {
	z := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 4, n-1)
	return func(int) any { return 1 + z.Uint64() }
}

func uniform(n int64) func(int) any {
	r := rand.New(rand.NewPCG(5, 6))
	return func(int) any { return 1 + r.Int64N(n) }
}

func permit(a *aup.Agreement) {
	a.Permissions = []aup.Permission{{Name: aup.PermitBulkExtraction, Reference: "DSA-17", Issuer: "board"}}
}

func TestCrawling(t *testing.T) {
	yesterday, before := today.AddDate(0, 0, -1), today.AddDate(0, 0, -2)
	template := func(template, path string, calls []usage.Call) []usage.Call {
		for i := range calls {
			calls[i].Template, calls[i].Path = template, path+calls[i].Path[len("/prod/services"):]
		}
		return calls
	}
	tests := []struct {
		name, desc string
		s          audit.Subject
		change     func(*audit.Subject)
		families   []string // of the one finding; nil: none
		extreme    bool
		covered    bool
	}{
		{name: "short walk", desc: "a block of a hundred ids may be somebody's own", s: crawled(0, 0, spread(key, today, 1, 105, ordered(5000)))},
		{name: "walk", desc: "150 ids in a row are a walk", s: crawled(0, 0, spread(key, today, 1, 150, ordered(5000))), families: []string{"walk"}},
		{name: "unordered", desc: "the order does not matter", s: crawled(0, 0, spread(key, today, 1, 150, shuffled(5000, 150))), families: []string{"walk"}},
		{name: "slow walk", desc: "sixty a day are a walk on the third day", families: []string{"walk"},
			s: crawled(0, 0, append(append(spread(key, before, 20, 60, ordered(1)), spread(key, yesterday, 20, 60, ordered(61))...), spread(key, today, 17, 60, ordered(121))...))},
		{name: "missing ids", desc: "an id that does not exist is asked for all the same", families: []string{"walk"},
			s: crawled(0, 0, func() []usage.Call {
				calls := spread(key, today, 1, 150, ordered(5000))
				for i := range calls {
					calls[i].Status = 200 + 204*(i%2)
				}
				return calls
			}())},
		{name: "long walk", desc: "without a catalogue no walk is extreme, however long", s: crawled(0, 0, spread(key, today, 10, 8000, ordered(1))), families: []string{"walk", "novelty", "pace"}},
		{name: "extreme walk", desc: "a walk over a significant share of the catalogue is extreme", extreme: true,
			s: crawled(100000, .02, spread(key, today, 10, 3000, ordered(1))), families: []string{"coverage", "walk", "novelty", "pace"}},
		{name: "small catalogue", desc: "a walk through a catalogue of few resources endangers nothing",
			s: crawled(400, .02, spread(key, today, 1, 400, ordered(1))), families: []string{"coverage", "walk", "novelty"}},
		{name: "sweep", desc: "most of a catalogue without numbers, each once: extreme", extreme: true,
			s: crawled(4000, .02, spread(key, today, 10, 4000, func(i int) any { return "PC" + string(rune('A'+i%26)) + strings.Repeat("x", 1+i/26) })), families: []string{"coverage", "novelty", "pace"}},
		{name: "small sweep", desc: "nearly all of a small catalogue in any order: contact, not suspension", families: []string{"coverage", "walk", "novelty"},
			s: crawled(720, .02, people(key, today, 10, 700, shuffled(1, 720)))},
		{name: "early sweep", desc: "a sweep that has not come far cannot be told from chance", s: crawled(100000, .02, people(key, today, 10, 3000, shuffled(1, 100000)))},
		{name: "gap", desc: "missing lines may be missing repeats, so they block novelty",
			s:      crawled(4000, .02, spread(key, today, 10, 3500, func(i int) any { return "p" + strings.Repeat("x", i%60) + string(rune('a'+i/60)) })),
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }},
		{name: "gap, walk", desc: "missing lines do not hide a walk", s: crawled(0, 0, spread(key, today, 1, 150, ordered(5000))),
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }, families: []string{"walk"}},
		{name: "over-counted", desc: "doubled evidence is never extreme", s: crawled(100000, .02, spread(key, today, 10, 3000, ordered(1))),
			change: func(s *audit.Subject) { s.Doubt.OverCounted = "overlap" }, families: []string{"coverage", "walk", "novelty", "pace"}},
		{name: "permitted", desc: "an agreement may permit bulk extraction", covered: true, families: []string{"coverage", "walk", "novelty", "pace"},
			s: crawled(100000, .02, spread(key, today, 10, 3000, ordered(1)), agreement(permit))},
		{name: "permitted then", desc: "a walk of the days that a permission covered is covered", covered: true, families: []string{"walk"},
			s: crawled(0, 0, spread(key, yesterday, 1, 150, ordered(1)), agreement(func(a *aup.Agreement) { permit(a); a.Until = today }))},
		{name: "no longer permitted", desc: "a walk on the day after the permission ended is not", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 150, ordered(1)), agreement(func(a *aup.Agreement) { permit(a); a.Until = today }))},
		{name: "two keys", desc: "a walk divided among a consumer's keys is one walk", families: []string{"walk"},
			s: crawled(0, 0, append(spread(key, today, 1, 80, ordered(1)), spread("key-two", today, 1, 80, ordered(81))...))},
		{name: "settled", desc: "a walk before the matter was settled does not count", s: crawled(0, 0, spread(key, today, 1, 150, ordered(1))),
			change: func(s *audit.Subject) { s.Since = now }},

		{name: "stray", desc: "an id far off does not hide a walk", families: []string{"walk"},
			s: crawled(0, 0, append(spread(key, today, 1, 110, ordered(5000)), call(key, now, 900_000_000)))},
		{name: "frontiers", desc: "four walks at once, up and down, are found as soon as one", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 120, func(i int) any { return 10000*(1+i%4) + (1-i%4/2*2)*(i/4) }))},
		{name: "five workers", desc: "each through a piece of its own: of two hundred numbers, which a sample estimates, none came twice", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 200, func(i int) any { return 10_000*(1+i%5) + i/5 }))},
		{name: "three in five", desc: "a long walk that knows which numbers there are: looked for one by one, they are counted more sharply", families: []string{"walk", "novelty"},
			s: crawled(0, 0, people(key, today, 10, 700, func(i int) any { return 5000 + i*5/3 }))},
		{name: "three in five, of a fifth", desc: "what is a third more than chance is a walk, and not sure enough to suspend for", families: []string{"coverage", "walk", "novelty"},
			s: crawled(6000, .2, people(key, today, 10, 1300, func(i int) any { return 5000 + i*5/3 }))},
		{name: "repeats", desc: "a walk that asks again for one id in five", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 144, func(i int) any { return 5000 + i*5/6 }))},
		{name: "short strides", desc: "every fifth id, without ever coming back", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 120, func(i int) any { return 5000 + 5*i }))},
		{name: "long strides", desc: "every hundredth id touches more blocks than chance", families: []string{"walk"},
			s: crawled(0, 0, spread(key, today, 1, 120, func(i int) any { return 5000 + 100*i }))},
		{name: "steady sweep", desc: "one new resource after the other, all night, evenly", families: []string{"novelty", "pace"},
			s: crawled(0, 0, spread(key, today, 5, 500, shuffled(1, 12_000)))},
		{name: "two days of a sweep", desc: "shorter, but what is read on two days has nothing in common", families: []string{"novelty", "pace"},
			s: crawled(0, 0, append(spread(key, yesterday, 2, 400, shuffled(1, 12_000)), spread(key, today, 1, 300, shuffled(12_001, 12_000))...))},
		{name: "two days, a few again", desc: "a few that came again do not make a list of it", families: []string{"novelty", "pace"},
			s: crawled(0, 0, append(spread(key, yesterday, 2, 400, shuffled(1, 12_000)), spread(key, today, 1, 300, func(i int) any {
				if i%25 == 0 {
					return shuffled(1, 12_000)(i)
				}
				return shuffled(12_001, 12_000)(i)
			})...))},
		{name: "slow sweep", desc: "twenty new ones an hour, day and night", families: []string{"novelty", "pace"},
			s: crawled(0, 0, append(spread(key, yesterday, 24, 480, shuffled(1, 12_000)), spread(key, today, 17, 340, shuffled(12_001, 12_000))...))},
		{name: "guessing", desc: "new ids of which one in six does not exist", families: []string{"novelty", "misses"},
			s: crawled(0, 0, missed(6, people(key, today, 1, 520, shuffled(1, 12_000))))},
		{name: "neighbours", desc: "who loads the neighbours of what is shown cannot know which exist",
			s: crawled(0, 0, missed(4, people(key, today, 1, 520, func(i int) any { return 10000 + 977*(i/10*37%300) + i%10 })))},
		{name: "regional", desc: "all of a region of 120 numbers, thousands of times", s: crawled(0, 0, people(key, today, 10, 3000, uniform(120)))},
		{name: "stale list", desc: "a list in which one in twelve is gone", s: crawled(0, 0, missed(12, people(key, today, 1, 600, shuffled(1, 12_000))))},
		{name: "gone first", desc: "a sorted list, of which the oldest are gone", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today, 1, 400, shuffled(1, 12_000))
			missed(1, calls[:70])
			return calls
		}())},
		{name: "gone first, mostly", desc: "and one in thirty of the rest", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today, 1, 400, shuffled(1, 12_000))
			missed(1, calls[:70])
			missed(30, calls[70:])
			return calls
		}())},
		{name: "gone last", desc: "the same, from its end", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today, 1, 400, shuffled(1, 12_000))
			missed(1, calls[330:])
			return calls
		}())},
		{name: "guessing, soon", desc: "one in six from the first to the last", families: []string{"novelty", "misses"},
			s: crawled(0, 0, missed(6, spread(key, today, 1, 180, shuffled(1, 12_000))))},
		{name: "guessing, in a quarter of an hour", desc: "as few windows as tell", families: []string{"novelty", "misses"},
			s: crawled(0, 0, missed(6, spread(key, today, 1, 640, shuffled(1, 12_000)))[:160])},
		{name: "guessing, by luck", desc: "half of what was guessed in ten minutes, and nothing of it in the next ten", families: []string{"novelty", "misses"},
			s: crawled(0, 0, func() []usage.Call {
				calls := spread(key, today, 1, 180, shuffled(1, 12_000))
				for i := range 6 {
					missed(2, calls[30*i:30*i+30*(i%2)])
				}
				return calls
			}())},
		{name: "numbers on books", desc: "of thirteen digits, a third of which this library has not: who finds the others by guessing would need a catalogue of billions",
			s: crawled(0, 0, missed(3, people(key, today, 6, 600, func(i int) any { return 9_780_000_000_000 + 1_234_567*shuffled(1, 6000)(i).(int) })))},
		{name: "guessing, of many", desc: "where there may be as many", families: []string{"novelty", "misses"},
			s: crawled(0, 0, missed(3, people(key, today, 6, 600, func(i int) any { return 9_780_000_000_000 + 12_345*shuffled(1, 6000)(i).(int) })))},
		{name: "guessing, at once", desc: "in one window nobody knows which came first", s: crawled(0, 0, missed(6, spread(key, today, 1, 2400, shuffled(1, 12_000)))[:190])},
		{name: "guessing, fewer", desc: "which may be somebody's trials", s: crawled(0, 0, missed(6, spread(key, today, 1, 149, shuffled(1, 12_000))))},
		{name: "wrong again", desc: "who asks for the same wrong ids again guesses nothing",
			s: crawled(0, 0, missed(3, people(key, today, 1, 520, func(i int) any { return 1 + 7919*(i%60) })))},
		{name: "guessing, gap", desc: "missing lines may be missing repeats", s: crawled(0, 0, missed(6, people(key, today, 1, 520, shuffled(1, 12_000)))),
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }},
		{name: "list", desc: "the same list every night may be somebody's own",
			s: crawled(0, 0, append(spread(key, yesterday, 1, 500, shuffled(1, 12_000)), spread(key, today, 1, 500, shuffled(1, 12_000))...))},
		{name: "list that has begun again", desc: "a hundred of three thousand are all of the second day's",
			s:      crawled(40_000, 0, append(spread(key, yesterday.Add(9*time.Hour), 2, 3000, shuffled(1, 12_000)), spread(key, today.Add(9*time.Hour), 2, 3000, shuffled(1, 12_000))[:110]...)),
			change: func(s *audit.Subject) { s.Now = today.Add(9*time.Hour + 5*time.Minute) }},
		{name: "list that changes", desc: "a seventh of what was read came again the next day: a list of a sort",
			s: crawled(0, 0, append(spread(key, yesterday, 2, 600, shuffled(1, 12_000))[:420], spread(key, today, 2, 600, func(i int) any {
				if i%7 == 0 {
					return shuffled(1, 12_000)(i)
				}
				return 20_001 + 37*i
			})[:420]...))},
		{name: "batch", desc: "a long list, once, that takes less than 90 minutes", s: crawled(0, 0, spread(key, today, 2, 1200, shuffled(1, 12_000))[:840])},
		{name: "people", desc: "the same number of new resources, when people happen to ask", s: crawled(0, 0, people(key, today, 5, 500, shuffled(1, 12_000)))},
		{name: "gap, pace", desc: "missing lines may be missing repeats", s: crawled(0, 0, spread(key, today, 5, 500, shuffled(1, 12_000))),
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }},
		{name: "burst", desc: "three hundred in any order within half an hour, which did not come again the day after", families: []string{"novelty", "once"},
			s: crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 12_000))[:300])},
		{name: "burst, of few", desc: "the same is less than one in fifty of what there is", s: crawled(18_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 18_000))[:300])},
		{name: "burst, smaller", desc: "two hundred and twenty may be somebody trying something", s: crawled(10_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 10_000))[:220])},
		{name: "bursts", desc: "two of half as many, three hours apart, are somebody at work",
			s: crawled(12_000, 0, append(spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 6000))[:150], spread(key, yesterday.Add(11*time.Hour), 1, 600, shuffled(6001, 6000))[:150]...))},
		{name: "burst, early", desc: "the same before it could have come again",
			s: crawled(12_000, 0, spread(key, yesterday.Add(17*time.Hour), 1, 600, shuffled(1, 12_000))[:300])},
		{name: "burst at night", desc: "a list of every night may come late in the next one",
			s:      crawled(12_000, 0, spread(key, today.Add(30*time.Minute), 1, 600, shuffled(1, 12_000))[:300]),
			change: func(s *audit.Subject) { s.Now = today.AddDate(0, 0, 1).Add(7 * time.Hour) }},
		{name: "burst, night over", desc: "and then it is none", families: []string{"novelty", "once"},
			s:      crawled(12_000, 0, spread(key, today.Add(30*time.Minute), 1, 600, shuffled(1, 12_000))[:300]),
			change: func(s *audit.Subject) { s.Now = today.AddDate(0, 0, 1).Add(8*time.Hour + time.Minute) }},
		{name: "burst of a day", desc: "last night's list of every unit, whose path names the day: it comes again under another",
			s: crawled(12_000, 0, template("/units/{unit}/{date}", "/prod/units", spread(key, yesterday.Add(8*time.Hour), 1, 600, func(i int) any {
				return fmt.Sprintf("%d/%s", 7*shuffled(1, 12_000)(i).(int), yesterday.AddDate(0, 0, -1).Format(time.DateOnly))
			})[:300]))},
		{name: "burst of long ago", desc: "of a day that nobody works with any more, it is one", families: []string{"novelty", "once"},
			s: crawled(12_000, 0, template("/units/{unit}/{date}", "/prod/units", spread(key, yesterday.Add(8*time.Hour), 1, 600, func(i int) any { return fmt.Sprintf("%d/2024-02-29", 7*shuffled(1, 12_000)(i).(int)) })[:300]))},
		{name: "burst in regular use", desc: "most of what it asks for in two days, and others of the same the day after: a message to all who have an app",
			s: crawled(12_000, 0, append(spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 12_000))[:300], people(key, today.Add(time.Hour), 15, 45, shuffled(30_000, 9000))...))},
		{name: "burst, gap", desc: "missing lines may be what came again", s: crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 12_000))[:300]),
			change: func(s *audit.Subject) { s.Doubt.Missing = "batches overdue" }},
		{name: "burst of what is popular", desc: "who asks for what others ask for reads no catalogue",
			s:      crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 12_000))[:300]),
			change: func(s *audit.Subject) { s.Population = askedBy(30, shuffled(1, 12_000), 300) }},
		{name: "burst of what is not", desc: "others ask for something else: so many of theirs, and none of these", families: []string{"novelty", "once", "blind"},
			s:      crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 600, shuffled(1, 12_000))[:300]),
			change: func(s *audit.Subject) { s.Population = askedBy(30, ordered(50_000), 300) }},
		{name: "burst with repeats", desc: "one in four asked for again within the burst: no list's second time, and others ask for something else",
			families: []string{"novelty", "once", "blind"}, s: crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 800, again(4, shuffled(1, 12_000)))[:400]),
			change: func(s *audit.Subject) { s.Population = askedBy(30, ordered(50_000), 300) }},
		{name: "burst with repeats, no habits known", desc: "the same may be popular, where nobody knows what is",
			s: crawled(12_000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 800, again(4, shuffled(1, 12_000)))[:400])},
		{name: "file of new members", desc: "within five minutes no return shows, so a sample without any proves nothing: one in four was asked for again",
			s: crawled(12_000, 0, func() []usage.Call {
				calls := burst(800, again(4, shuffled(300_000, 12_000)))
				for i := range calls {
					calls[i].At = calls[i].At.AddDate(0, 0, -1)
				}
				return calls
			}()), change: func(s *audit.Subject) { s.Now = today.Add(20 * time.Hour) }},
		{name: "sweep with repeats", desc: "at a steady pace, over a tenth of the catalogue, one in four again: any of them as likely",
			families: []string{"coverage", "novelty", "pace"}, s: crawled(5000, 0, spread(key, today, 5, 1000, again(4, shuffled(300_000, 12_000))))},
		{name: "worker", desc: "a program that works through what people ask for comes back to what is popular",
			s: crawled(5000, 0, spread(key, today, 5, 1000, popular(12_000)))},
		{name: "sweep under what is popular", desc: "three in five of what people ask for, but a program's pace, and a tenth of the catalogue",
			families: []string{"coverage", "novelty", "pace"}, s: crawled(5000, 0, spread(key, today, 3, 900, mimic()))},
		{name: "burst under what is popular", desc: "the same within the hour, and not again the day after",
			families: []string{"coverage", "novelty", "once"}, s: crawled(5000, 0, spread(key, yesterday.Add(8*time.Hour), 1, 900, mimic()))},
		{name: "evening of calls", desc: "the same within hours, but when people happen to ask",
			s: crawled(5000, 0, people(key, yesterday.Add(8*time.Hour), 3, 900, mimic()))},
		{name: "trickle", desc: "a tenth of a catalogue without numbers, each once over two days: of a sample of 128, six would have come again",
			families: []string{"coverage", "novelty"}, s: crawled(6000, 0, trickle(700, named(shuffled(0, 6000))))},
		{name: "trickle of flat demand", desc: "as much in the same days, and any of it as likely", s: crawled(6000, 0, trickle(700, named(uniform(6000))))},
		{name: "trickle of a larger catalogue", desc: "less than a tenth of it may be somebody's patients", s: crawled(8000, 0, trickle(700, named(shuffled(0, 6000))))},
		{name: "check digits", desc: "numbers with gaps: the catalogue knows how many there are", families: []string{"coverage", "novelty"},
			s: crawled(6000, 0, trickle(700, func(i int) any { return 10*shuffled(1, 6000)(i).(int) + i%10 }))},
		{name: "patients", desc: "others ask for so many others that the catalogue cannot be one of patients",
			s:      crawled(6000, 0, trickle(700, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(ordered(50_000), 1400) }},
		{name: "services", desc: "others ask for these, too: it is one of them", families: []string{"coverage", "novelty"},
			s:      crawled(6000, 0, trickle(700, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(named(uniform(6000)), 1800) }},
		{name: "services, and what is none", desc: "two thirds of what others asked for is not there, and none of it is met", families: []string{"coverage", "novelty"},
			s: crawled(6000, 0, trickle(1800, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) {
				s.Population = askedOnce(named(uniform(6000)), 500)
				s.Population.Merge(askedOnce(ordered(50_000), 900))
			}},
		{name: "trickle, no catalogue", desc: "of what others ask for, a quarter of all, it met a quarter: so it knows all there is", families: []string{"coverage", "novelty"},
			s:      crawled(0, 0, trickle(900, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(named(uniform(6000)), 1800) }},
		{name: "trickle of flat demand, no catalogue", desc: "the same, of which some comes again",
			s:      crawled(0, 0, trickle(900, named(uniform(6000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(named(shuffled(0, 6000)), 1800) }},
		{name: "patients, no catalogue", desc: "nobody else asks for these: there may be any number", s: crawled(0, 0, trickle(900, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(ordered(50_000), 1800) }},
		{name: "list of a small sort", desc: "three hundred of a thousand within the hour may be somebody's list: it waits for its second day",
			s:      crawled(6000, 0, spread(key, today.Add(9*time.Hour), 1, 350, named(shuffled(0, 1000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(named(shuffled(0, 1000)), 400) }},
		{name: "trickle of a small sort", desc: "the same over two days is none, and of a thousand, not of all the catalogue", families: []string{"coverage", "novelty"},
			s:      crawled(6000, 0, trickle(350, named(shuffled(0, 1000)))),
			change: func(s *audit.Subject) { s.Population = askedOnce(named(shuffled(0, 1000)), 400) }},
		{name: "in fashion, no catalogue", desc: "what many ask for is met by whoever asks for it, too, and tells nothing of what else there is",
			s:      crawled(0, 0, trickle(900, named(shuffled(0, 6000)))),
			change: func(s *audit.Subject) { s.Population = askedBy(30, named(shuffled(0, 6000)), 1400) }},
		{name: "grid", desc: "squares of a map, row by row: two rows and a half are no rows yet, three are a grid", families: []string{"grid"},
			s: crawled(0, 0, template("/map/{east}/{north}", "/prod/map", spread(key, today, 1, 126, rows(42))))},
		{name: "grid, shuffled", desc: "in any order, and as many as a sample cannot count", families: []string{"grid"},
			s: crawled(0, 0, template("/map/{east}/{north}", "/prod/map", burst(1600, func(i int) any { return rows(40)(shuffled(0, 1600)(i).(int)) })))},
		{name: "grid of decimals", desc: "degrees are numbers, too, below zero as well", families: []string{"grid"},
			s: crawled(0, 0, template("/cells/{lat}/{lon}", "/prod/cells", burst(400, func(i int) any { return fmt.Sprintf("%.2f/%.2f", 51+.01*float64(i/20), -.1+.01*float64(i%20)) })))},
		{name: "small grid", desc: "a hundred squares are somebody's neighbourhood",
			s: crawled(0, 0, template("/map/{east}/{north}", "/prod/map", spread(key, today, 1, 115, rows(10))))},
		{name: "panning", desc: "who moves over a map comes back to where the people are",
			s: crawled(0, 0, template("/map/{east}/{north}", "/prod/map", spread(key, today, 1, 200, func(i int) any { return rows(12)(i * i % 144) })))},
		{name: "towns", desc: "three squares by three around each of many places lie apart",
			s: crawled(0, 0, template("/map/{east}/{north}", "/prod/map", spread(key, today, 1, 198, func(i int) any { return fmt.Sprintf("%d/%d", 50*(i/9)+i%3, 900-40*(i/9)+i/3%3) })))},
		{name: "turning pages", desc: "deep, but now and then: with rests between",
			s: crawled(0, 0, template("/regions/{region}/pages/{page}", "/prod/regions", func() (calls []usage.Call) {
				for d := range 8 {
					calls = append(calls, spread(key, today.Add(time.Duration(2*d)*time.Hour), 1, 300, func(i int) any { return fmt.Sprintf("%d/%d", 1+d, 1+i) })[:20]...)
				}
				return calls
			}()))},
		{name: "hidden", desc: "a walk in one request of ten, over the day, is a row in order", families: []string{"order"},
			s: crawled(0, 0, append(spread(key, today, 17, 120, ordered(5000)), people(key, today, 17, 1080, popular(4000))...))},
		{name: "hidden, fast", desc: "two hundred without a gap within half an hour need no order", families: []string{"order"},
			s: crawled(0, 0, append(spread(key, today, 1, 400, shuffled(5000, 200))[:200], people(key, today, 17, 1000, popular(4000))...))},
		{name: "own block in use", desc: "who knows a block of numbers comes back to them",
			s: crawled(0, 0, append(people(key, today, 17, 400, func(i int) any { return 5000 + i*i%200 }), people(key, today, 17, 1000, popular(4000))...))},
		{name: "sorted list", desc: "a list in order has gaps", s: crawled(0, 0, func() []usage.Call {
			ids := rand.New(rand.NewPCG(8, 9)).Perm(12_000)[:300]
			slices.Sort(ids)
			return append(spread(key, today, 17, 300, func(i int) any { return ids[i] }), people(key, today, 17, 900, popular(4000))...)
		}())},
		{name: "editor", desc: "who may change places may go through them", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today, 2, 300, func(i int) any { return 5000 + i/2 })
			for i := range calls {
				calls[i].Method = []string{"GET", "PUT"}[i%2]
			}
			return calls
		}())},
		{name: "editor of parts", desc: "nor he who changes their opening times", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today, 2, 300, func(i int) any { return 5000 + i/2 })
			for i := range calls {
				if i%2 == 1 {
					calls[i].Method, calls[i].Template, calls[i].Path = "PUT", calls[i].Template+"/hours", calls[i].Path+"/hours"
				}
			}
			return calls
		}())},
		{name: "editor of yesterday", desc: "nor who looks the day after whether its changes are so", s: crawled(0, 0, func() []usage.Call {
			calls := spread(key, today.AddDate(0, 0, -1), 2, 150, ordered(5000))
			for i := range calls {
				calls[i].Method = "PUT"
			}
			return append(calls, spread(key, today, 2, 150, ordered(5000))...)
		}())},
		{name: "editor of scattered records", desc: "nor does who puts right a third of what it reads sweep, however steadily", s: crawled(4000, 0, func() []usage.Call {
			calls := spread(key, today, 5, 1000, func(i int) any { return shuffled(1, 20_000)(i - i/4) })
			for i := range calls {
				if i%4 == 3 {
					calls[i] = call(key, calls[i].At, shuffled(1, 20_000)(i-i/4-1))
					calls[i].Method = "PUT"
				}
			}
			return calls
		}())},
		{name: "prefetcher", desc: "runs of ten, each from another place", s: crawled(0, 0, people(key, today, 8, 300, func(i int) any { return 10000 + 977*(i/10*37%300) + i%10 }))},
		{name: "clinic", desc: "each patient looked up once, spread over a big space: not crawling",
			s: crawled(0, 0, people(key, today, 10, 2000, uniform(9_999_999_999)))},
		{name: "clinic, catalogue", desc: "the same with a catalogue that is known", s: crawled(1_700_000, .02, people(key, today, 10, 2000, uniform(1_700_000)))},
		{name: "front end", desc: "popular places, asked for again and again", s: crawled(20000, .02, people(key, today, 10, 20000, popular(20000)))},
		{name: "whole small catalogue", desc: "all of two hundred places, many times over", s: crawled(200, .02, people(key, today, 10, 5000, uniform(200)))},
		{name: "flat demand", desc: "a big catalogue of which nothing is popular", s: crawled(5000, .02, people(key, today, 10, 3000, uniform(5000)))},
		{name: "dice", desc: "chance alone fills a span without being a walk", s: crawled(0, 0, people(key, today, 10, 1300, uniform(1000)))},
		{name: "calendar", desc: "several parameters: a grid of clinics and days is not a walk",
			s: crawled(0, 0, template("/clinics/{name}/slots/{day}", "/prod/clinics/abc/slots", spread(key, today, 1, 200, ordered(1))))},
		{name: "unmatched", desc: "what no template matches is nobody's catalogue", s: crawled(300, .02, template("-", "/prod", spread(key, today, 1, 600, ordered(1))))},
		{name: "long ids", desc: "ids of forty digits are not numbers", s: crawled(0, 0, spread(key, today, 1, 200, func(i int) any { return strings.Repeat("7", 37) + strconv.Itoa(100+i) }))},
		{name: "long path", desc: "a path of 8 kB is one resource, cut in what is shown", s: crawled(300, .02, spread(key, today, 1, 300, func(int) any { return strings.Repeat("a", 8000) }))},
		{name: "no catalogue", desc: "a catalogue of zero is one that is not known", s: crawled(0, .02, spread(key, today, 1, 300, ordered(1))), families: []string{"walk", "novelty"}},
		{name: "templates that change", desc: "a walk whose template is renamed on the way is found under the name that has most of it", families: []string{"walk"},
			s: crawled(0, 0, append(spread(key, today, 1, 130, ordered(1)), template("/places/{id}", "/prod/places", spread(key, today, 1, 60, ordered(131)))...))},
		{name: "policy changed", desc: "what was done before a version applied does not count against it, and the day it changed on cannot be taken apart",
			s: crawled(0, 0, spread(key, today, 2, 300, ordered(1))), change: func(s *audit.Subject) { s.Since = today.Add(30 * time.Minute) }},
		{name: "policy changed yesterday", desc: "the days after the change count", families: []string{"walk", "novelty", "pace"},
			s:      crawled(0, 0, append(spread(key, yesterday, 2, 300, ordered(1)), spread(key, today, 2, 300, ordered(301))...)),
			change: func(s *audit.Subject) { s.Since = yesterday.Add(30 * time.Minute) }},
		{name: "clock a day slow", desc: "what lies in the future is not judged yet", s: crawled(0, 0, spread(key, today, 1, 150, ordered(1))),
			change: func(s *audit.Subject) { s.Now = s.Now.AddDate(0, 0, -1) }},
		{name: "clock a day fast", desc: "a walk is found a day later, too", s: crawled(0, 0, spread(key, today, 1, 150, ordered(1))),
			change: func(s *audit.Subject) { s.Now = s.Now.AddDate(0, 0, 1) }, families: []string{"walk"}},
		{name: "days out of order", desc: "the order of days does not matter", families: []string{"walk"},
			s:      crawled(0, 0, append(spread(key, yesterday, 20, 80, ordered(1)), spread(key, today, 17, 60, ordered(81))...)),
			change: func(s *audit.Subject) { slices.Reverse(s.Keys[key]) }},
		{name: "one request", desc: "a single call says nothing", s: crawled(1, .02, spread(key, today, 1, 1, ordered(1)))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.change != nil {
				tt.change(&tt.s)
			}
			found := of("crawling", tt.s)
			if len(found) != min(1, len(tt.families)) {
				t.Fatalf("%s: got %+v", tt.desc, found)
			}
			if len(found) == 0 {
				return
			}
			f := found[0]
			if diff := cmp.Diff(tt.families, f.Families); diff != "" || f.Extreme != tt.extreme || f.Covered != tt.covered {
				t.Errorf("%s: extreme %v, covered %v, %s\n%s", tt.desc, f.Extreme, f.Covered, f.Reason, diff)
			}
			if f.Clause != "dont-crawl" || len(f.Examples) == 0 || (f.Agreement == 3) != tt.covered {
				t.Errorf("%s: got %+v", tt.desc, f)
			}
		})
	}
}

// rows goes through squares row by row, so many to a row.
func rows(width int) func(int) any {
	return func(i int) any { return fmt.Sprintf("%d/%d", 900+i/width, 1200+i%width) }
}

// again asks for one in so many again, some time later, any of those before.
func again(every int, next func(int) any) func(int) any {
	r := rand.New(rand.NewPCG(11, 12))
	return func(i int) any {
		if i%every == every-1 {
			i = r.IntN(i)
		}
		return next(i - i/every)
	}
}

// mimic asks for what is popular in three of five, and sweeps in the others.
func mimic() func(int) any {
	public, sweep := popular(4000), shuffled(10_000, 4000)
	return func(i int) any {
		if i%5 < 3 {
			return public(i)
		}
		return sweep(i)
	}
}

// trickle is n calls of yesterday and today, when people happen to make them.
func trickle(n int, next func(int) any) []usage.Call {
	return append(people(key, today.AddDate(0, 0, -1), 24, n/2, next), people(key, today, 17, n/2, func(i int) any { return next(n/2 + i) })...)
}

// named gives ids that are no numbers.
func named(next func(int) any) func(int) any {
	return func(i int) any { return fmt.Sprintf("%vn", next(i)) }
}

// askedBy is what so many keys asked for of the first of some resources, each of half of them.
func askedBy(keys int, next func(int) any, n int) (p usage.Population) {
	for k := range keys {
		for i := range n {
			if (i+k)%2 == 0 {
				s := usage.Summary{}
				s.Add(call(key, today, next(i)))
				p.AddWindow(aup.KeyID(fmt.Sprint("k", k)), &s)
			}
		}
	}
	return p
}

// askedOnce is what keys asked for of some resources, each of which one did.
func askedOnce(next func(int) any, n int) (p usage.Population) {
	for i := range n {
		s := usage.Summary{}
		s.Add(call(key, today, next(i)))
		p.AddWindow(aup.KeyID(fmt.Sprint("k", i%40)), &s)
	}
	return p
}

func TestCrawlingSaysWhy(t *testing.T) {
	f := of("crawling", crawled(100, .02, spread(key, today, 1, 125, ordered(5000))))[0]
	want := `125 different resources of "GET /services/{id}" in 125 looks from 15 January 2027, 00:00 to 15 January 2027, 18:00 (UTC); ` +
		`their numbers fill 100 % of the span from 5000 to 5124.`
	if f.Reason != want {
		t.Errorf("got  %s\nwant %s", f.Reason, want)
	}
	learned := crawled(0, 0, trickle(900, named(shuffled(0, 6000))))
	learned.Population = askedOnce(named(uniform(6000)), 6000)
	learned.Population.Encode() // as it is stored: a sample
	if f := of("crawling", learned)[0]; !strings.Contains(f.Reason, "that is about 13 % of the 7,000 there seem to be, by what others ask for; ") {
		t.Errorf("got  %s", f.Reason)
	}
}

const minWalk = 106

// burst is so many calls within two minutes.
func burst(n int, next func(int) any) []usage.Call {
	calls := make([]usage.Call, n)
	for i := range calls {
		calls[i] = call(key, today.Add(time.Duration(i)*2*time.Minute/time.Duration(n)), next(i))
	}
	return calls
}
