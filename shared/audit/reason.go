package audit

import (
	"fmt"
	"math"
	"strings"
	"time"

	"accord/shared/aup"
)

// crawlFound is the finding of a crawl, by some keys.
func (s Subject) crawlFound(c crawl, by []aup.KeyID, covered bool) aup.Finding {
	if len(by) == 0 {
		by = c.keys
	}
	if first := time.Unix(byWindow(c.resource, c.looked.days)[0].Window, 0).UTC(); first.After(c.from) {
		c.from = first
	}
	f := aup.Finding{Detector: "crawling", Term: aup.TermCrawling, Measured: c.distinct, Unit: "resources",
		From: c.from, Until: c.until, Keys: by[:min(len(by), maxNamed)], Examples: c.examples, Families: c.families}
	term := s.crawlTerm()
	f.Clause, f.Reason, f.Uncounted = term.Clause, c.reason(*term), !term.Counts(c.template())
	if covered {
		f.Covered, f.Agreement = true, c.agreement
		f.Reason += fmt.Sprintf(" Agreement %d permits this.", c.agreement)
		return f
	}
	if f.Extreme = c.extreme; f.Extreme {
		f.Reason += fmt.Sprintf(" From %s of the catalogue on, it counts as a significant risk.", percent(term.Significant))
	}
	return f
}

func (c *crawl) reason(term aup.Crawling) string {
	about := ""
	if !c.exact {
		about = "about "
	}
	said := []string{fmt.Sprintf("%s%s different resources of %q in %s looks from %s to %s (UTC)", about, count(c.distinct), c.resource,
		count(float64(c.looks)), c.from.Format(aup.LongMinute), c.until.Format(aup.LongMinute))}
	for _, family := range c.families {
		switch family {
		case Coverage:
			if c.seems > 0 {
				said = append(said, fmt.Sprintf("that is about %s of the %s there seem to be, by what others ask for", percent(c.distinct/c.seems), count(max(100, 100*math.Round(c.seems/100)))))
				continue
			}
			said = append(said, fmt.Sprintf("that is %s of the %s there are", percent(c.distinct/float64(term.Catalogue)), count(float64(term.Catalogue))))
		case Walk:
			said = append(said, c.walked())
		case Novelty:
			said = append(said, fmt.Sprintf("%s of the looks were first ones", percent(min(1, c.distinct/float64(c.looks)))))
		case Pace:
			said = append(said, fmt.Sprintf("they came at a steady pace of %.0f in %d minutes from %s to %s", c.pace.mean,
				c.pace.length/60, clock(c.pace.first), clock(c.pace.last)))
		case Order:
			said = append(said, c.march.said())
		case Grid:
			said = append(said, fmt.Sprintf("they lie side by side, from %s to %s, and %s of the places there and next to them were asked for",
				strings.Join(c.patch.Low[:], "/"), strings.Join(c.patch.High[:], "/"), about+percent(c.patch.full)))
		case Once:
			said = append(said, fmt.Sprintf("they came in %d minutes from %s on, and not again the day after", (c.burst.last-c.burst.first)/60, clock(c.burst.first)))
		case Blind:
			said = append(said, fmt.Sprintf("the most popular ones are about %s of what others ask for, and %s looked at here", percent(c.demand.Share),
				count(float64(c.demand.Popular))+" of "+count(float64(c.demand.Looked))))
		case Misses:
			said = append(said, fmt.Sprintf("%s looks found nothing (404)", count(c.notThere())))
		}
	}
	return strings.Join(said, "; ") + "."
}

// clock writes a moment given in Unix seconds.
func clock(unix int64) string { return time.Unix(unix, 0).UTC().Format(aup.LongMinute) }
