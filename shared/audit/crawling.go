package audit

import (
	"slices"
	"strings"

	"accord/shared/aup"
	"accord/shared/usage"
)

// The families of evidence of crawling, and what they rest on.
const (
	Coverage = "coverage" // a large share of the catalogue was read
	Walk     = "walk"     // numeric ids without gaps, each asked for about once
	Novelty  = "novelty"  // nearly every look is a first one, where chance would have repeated itself
	Pace     = "pace"     // one new resource after the other, as evenly as only a program asks
	Misses   = "misses"   // new resources were asked for of which many do not exist
	Once     = "once"     // all in one burst, which did not come again the day after
	Order    = "order"    // numbers without gaps, met one after the other among other use
	Grid     = "grid"     // places side by side, such as the squares of a map, each asked for about once
	Blind    = "blind"    // popular resources were asked for no more than by chance
)

// The figures behind the families. Sketches estimate to about 9 %: none is finer than that.
const (
	minWalk       = 106  // distinct ids from which a walk is more than a block of ids that somebody owns
	novelLooks    = 0.85 // of the looks are first ones, where that is evidence of its own
	minNovelty    = 250  // looks
	minCoverage   = 150  // distinct resources
	coverageShare = 0.1  // of the catalogue, or what the policy calls significant, where that is less
	minVolume     = 1000 // distinct resources from which crawling can endanger a service
	crawlDays     = 3    // days looked at together
	unbelievable  = 2e-3 // how likely chance may be to do the same: that of 128 none comes again where a tenth of a catalogue was read is less
)

// LeastLooks is from how many looks on a walk is one by its number alone, so that a consumer is worth judging as it calls.
const LeastLooks = minWalk

// crawling looks for systematic reading of one method and resource template, per key and over all keys,
// today and over the last days. A walk is found by itself, other evidence only in twos. It is
// extreme only with coverage at or beyond the share that the policy names, volume, and a second
// family that chance does not explain; so without a catalogue it never is.
//
// What it cannot see is in docs/detectors/crawling.md.
func crawling(s Subject) []aup.Finding {
	if s.crawlTerm() == nil {
		return nil
	}
	var uncovered, covered crawl
	var by []aup.KeyID
	sets := s.keySets()
	longer := make([][]looked, len(sets))
	if st, ok := s.lastDays(crawlDays, 0); ok {
		for i, keys := range sets {
			longer[i] = lookedAt(s.wholeDays(st, keys), leastBoth)
		}
	}
	for _, days := range []int{1, crawlDays} {
		st, ok := s.lastDays(days, 0)
		if !ok {
			continue
		}
		agreement, permitted := s.permitted(aup.PermitBulkExtraction, st)
		for i, keys := range sets {
			c := s.crawl(st, keys, longer[i], days == crawlDays)
			c.agreement = agreement
			switch {
			case len(c.families) == 0:
			case permitted:
				covered = worse(covered, c)
			default:
				uncovered = worse(uncovered, c)
				if len(keys) == 1 && !slices.Contains(by, keys[0]) {
					by = append(by, keys[0])
				}
			}
		}
	}
	switch {
	case len(uncovered.families) > 0:
		return []aup.Finding{s.crawlFound(uncovered, by, false)}
	case len(covered.families) > 0:
		return []aup.Finding{s.crawlFound(covered, nil, true)}
	}
	return nil
}

// crawlTerm is the term as an agreement has it, or as the policy has it where an agreement takes it away.
func (s Subject) crawlTerm() *aup.Crawling {
	if t := s.Policy.Terms.Crawling; t != nil {
		return t
	}
	return s.Policy.Version.Policy.Terms.Crawling
}

// keySets are each key by itself, and all together where there are several.
func (s Subject) keySets() [][]aup.KeyID {
	var all []aup.KeyID
	for key := range s.Keys {
		all = append(all, key)
	}
	slices.Sort(all)
	var sets [][]aup.KeyID
	for _, key := range all {
		sets = append(sets, []aup.KeyID{key})
	}
	if len(all) > 1 {
		sets = append(sets, all)
	}
	return sets
}

// crawl is what speaks for crawling of one resource.
type crawl struct {
	looked
	stretch
	longer    *looked // the same resource on more days, where there are any
	keys      []aup.KeyID
	demand    demand
	march     march
	patch     patch
	burst     burst
	seems     float64 // how many resources there seem to be, where a catalogue does not tell; 0: not known
	families  []string
	extreme   bool
	agreement int
}

// crawl finds the resource with the strongest evidence, among what was looked at on all days or, of those, in the stretch; no families when
// there is none. Orders are looked for where all days are.
func (s Subject) crawl(st stretch, keys []aup.KeyID, longer []looked, all bool) (found crawl) {
	of, term := longer, s.crawlTerm()
	if in := s.wholeDays(st, keys); len(longer) > 0 && len(in) < len(longer[0].days) {
		of = lookedAt(in, leastBoth)
	}
	for _, l := range of {
		c := crawl{looked: l, stretch: st, keys: keys}
		if i := slices.IndexFunc(longer, func(o looked) bool { return o.resource == l.resource }); i >= 0 && len(l.days) < len(longer[i].days) {
			c.longer = &longer[i]
			c.written = max(c.written, c.longer.written) // who changed it yesterday looks today whether it is so
		}
		c.weigh(s, *term, all)
		found = worse(found, c)
	}
	return found
}

// weigh asks each family. Missing lines may be missing repeats, so they block what rests on novelty; who asks
// for what others ask for sweeps nothing, nor does who changes what it reads.
func (c *crawl) weigh(s Subject, term aup.Crawling, all bool) {
	if !term.Counts(c.template()) {
		term.Catalogue, term.Significant = 0, 0
	}
	catalogue, ordered, gridded, once := float64(term.Catalogue), false, false, false
	walk := c.walk(s.Index)
	if !walk && c.looks < minWalk {
		return
	}
	if all && !walk {
		c.march, ordered = c.inOrder(&s)
		c.patch, gridded = c.gridded()
	}
	covered, significant := c.coverage(term)
	if (walk || ordered) && !significant && c.isNew(&s) {
		return
	}
	fresh, sweeping := c.sweeping(s.Population, catalogue, covered)
	paced := c.swept(catalogue, covered)
	c.burst, once = c.once(s.Now)
	guessed := c.guessed()
	if s.Doubt.Missing != "" || c.written >= edits*c.distinct {
		fresh, sweeping, paced, once, guessed = false, false, false, false, false
	}
	if (paced || once) && (c.daily(s.Now) || c.single() && !significant && c.isNew(&s)) {
		paced, once = false, false
	}
	if paced || once {
		c.demand = c.demanded(s.Population, catalogue)
		sweeps, much := c.demand.blind || !c.demand.follows && c.novel(), covered && c.distinct >= coverageShare*catalogue
		paced, once = paced && (sweeps || much), once && (sweeps || much && c.burst.even) && c.worth(catalogue)
	}
	if !walk && !ordered && !gridded && !sweeping && !paced && !once && !guessed || c.made() >= creations*c.distinct {
		return
	}
	for _, f := range []struct {
		name string
		is   bool
	}{{Coverage, covered || sweeping}, {Walk, walk}, {Order, ordered}, {Grid, gridded}, {Novelty, fresh || paced || once || guessed}, {Pace, paced}, {Once, once},
		{Misses, guessed}, {Blind, c.demand.blind}} {
		if f.is {
			c.families = append(c.families, f.name)
		}
	}
	strong := walk && c.farMissing(c.slots()) || fresh && c.seems == 0 && c.farMissing(catalogue)
	c.extreme = significant && strong && c.distinct >= minVolume && !(c.single() && c.isNew(&s))
}

// sweeping says whether nearly every look was a first one, and whether so many were that a large share of all there is was
// read: of the catalogue, or of all there seems to be, where that is not known, is one of other resources or of many. Of the
// latter, a burst may be somebody's list.
func (c *crawl) sweeping(p usage.Population, catalogue float64, covered bool) (fresh, sweeping bool) {
	fresh = c.fresh(catalogue)
	other := fresh && covered && c.larger(p, catalogue)
	switch {
	case other:
		fresh = c.fresh(0)
	case fresh && covered:
		return true, true
	}
	_, list := longest(c.byWindow).pending(c.looks)
	if list || c.looks < minNovelty || !c.novel() || strings.Count(c.resource, "{") > 1 {
		return fresh, false
	}
	seems := c.seem(p)
	if seems == 0 || catalogue > 0 && !other && seems > catalogue/2 || !c.fresh(seems) {
		return fresh, false
	}
	c.seems = seems // less than a tenth of it would show no repeats missing
	return true, true
}

// fresh says whether nearly every look was a first one, where chance would have repeated itself.
func (c *crawl) fresh(catalogue float64) bool {
	return c.looks >= minNovelty && c.novel() &&
		(c.repeatsMissing(catalogue) || c.neverAgain(c.there(catalogue)))
}

// there is how many resources there are to look at: the numbers from the lowest to the highest, where they are numbered and
// the catalogue has no fewer.
func (c *crawl) there(catalogue float64) float64 {
	switch {
	case !c.single():
		return catalogue
	case catalogue <= 0:
		return c.span
	}
	return min(c.span, catalogue)
}

// worth says whether a burst is more than somebody's few: it goes past what is popular, or over a share of all there is.
func (c *crawl) worth(catalogue float64) bool {
	if catalogue <= 0 {
		catalogue = burstAlone / burstWorth
	}
	return c.demand.blind || c.distinct >= burstWorth*catalogue
}

// coverage says whether a large share of the catalogue was read, and whether it is the one that the
// policy calls significant.
func (c *crawl) coverage(term aup.Crawling) (covered, significant bool) {
	if term.Catalogue <= 0 || c.distinct < minCoverage {
		return false, false
	}
	share := c.distinct / float64(term.Catalogue)
	return share >= coverageShare || term.Significant > 0 && share >= term.Significant, term.Significant > 0 && share >= term.Significant
}

// worse is the crawl with the stronger evidence.
func worse(a, b crawl) crawl {
	rank := func(c crawl) [3]float64 {
		r := [3]float64{0, float64(len(c.families)), c.distinct}
		if c.extreme {
			r[0] = 1
		}
		return r
	}
	ra, rb := rank(a), rank(b)
	if slices.Compare(ra[:], rb[:]) >= 0 {
		return a
	}
	return b
}
