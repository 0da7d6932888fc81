package policydoc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"accord/shared/aup"
)

// TermLine is one term in plain words, for emails, pages and the command line.
type TermLine struct {
	Term     string       `json:"term"` // as the front matter spells it
	Name     string       `json:"name"` // "Requests a day"
	Clause   aup.ClauseID `json:"clause,omitempty"`
	Sentence string       `json:"sentence"`
}

// Terms puts each term that is set into a line, in the order of aup.Terms.
func Terms(t aup.Terms) []TermLine {
	clauses := t.Clauses()
	var lines []TermLine
	for _, name := range termOrder {
		if clause, set := clauses[name]; set {
			lines = append(lines, TermLine{name, termNames[name], clause, sentence(t, name) + inMode(t.Mode(name))})
		}
	}
	return lines
}

var (
	termOrder = []string{aup.TermPerDay, aup.TermPerMinute, aup.TermCrawling, aup.TermCaching,
		aup.TermOperations, aup.TermErrors, aup.TermSources, aup.TermPermissions}
	termNames = map[string]string{
		aup.TermPerDay: "Requests a day", aup.TermPerMinute: "Requests a minute", aup.TermCrawling: "Crawling",
		aup.TermCaching: "Caching", aup.TermOperations: "Operations", aup.TermErrors: "Errors",
		aup.TermSources: "Networks", aup.TermPermissions: "Permissions",
	}
)

// TermName is what people call a term: "Requests a day" for requests-per-day.
func TermName(term string) string {
	if name, ok := termNames[term]; ok {
		return name
	}
	return term
}

// inMode says what is done by itself about a term, where that is not everything.
func inMode(m aup.Mode) string {
	switch m {
	case aup.ModeObserve:
		return " For now this is only observed."
	case aup.ModeWarn:
		return " Only people decide to suspend over this."
	}
	return ""
}

func sentence(t aup.Terms, term string) string {
	switch term {
	case aup.TermPerDay:
		return limitSentence(*t.PerDay, "day (UTC)")
	case aup.TermPerMinute:
		return limitSentence(*t.PerMinute, "minute")
	case aup.TermCrawling:
		return crawlingSentence(*t.Crawling)
	case aup.TermCaching:
		return "Ask for data when it is needed; keep no copies of it."
	case aup.TermOperations:
		return "Only these operations: " + strings.Join(t.Operations.Allow, ", ") + "."
	case aup.TermErrors:
		return fmt.Sprintf("At most %s of a day's requests may fail through the caller's own errors (4xx other than 429).", Percent(t.Errors.Limit))
	case aup.TermSources:
		return fmt.Sprintf("A key is used from at most %s in a day.", Count(t.Sources.Networks, "network"))
	case aup.TermPermissions:
		return fmt.Sprintf("Use for %s needs the permission of each of these: %s.", spoken(t.Permissions.When), spoken(strings.Join(t.Permissions.Needs, ", ")))
	}
	return ""
}

// spoken is an id as people say it: its hyphens part words.
func spoken(id string) string { return strings.ReplaceAll(id, "-", " ") }

func limitSentence(l aup.Limit, period string) string {
	s := fmt.Sprintf("At most %s a %s, over all keys together.", Count(l.Limit, "request"), period)
	if len(l.Notify) > 0 {
		s += fmt.Sprintf(" We write to you at %s of that.", percents(l.Notify))
	}
	if l.Significant > 0 {
		s += fmt.Sprintf(" From %s (%s) the risk to the service may be significant.", Number(times(l.Limit, l.Significant)), Percent(l.Significant))
	}
	return s
}

func crawlingSentence(c aup.Crawling) string {
	s := "The catalogue may not be read systematically."
	if c.Catalogue > 0 {
		of := ""
		if len(c.Of) > 0 {
			of = " (" + strings.Join(c.Of, " and ") + ")"
		}
		s = fmt.Sprintf("The catalogue of %s%s may not be read systematically.", Count(c.Catalogue, "resource"), of)
	}
	if c.Significant > 0 {
		s += fmt.Sprintf(" From %s of them (%s) the risk to the service may be significant.", Number(times(c.Catalogue, c.Significant)), Percent(c.Significant))
	}
	return s
}

// fact is one property of a term in plain words: what the tables of changes compare.
type fact struct{ term, name, value string }

// clauseFact ends the name of the fact that says which clause a term belongs to.
const clauseFact = ", clause"

// facts lists the properties of all terms that are set, in order.
func facts(t aup.Terms) []fact {
	var all []fact
	clauses := t.Clauses()
	for _, term := range termOrder {
		clause, set := clauses[term]
		if !set {
			continue
		}
		for _, f := range termFacts(t, term) {
			if f.value != "" {
				all = append(all, fact{term, termNames[term] + f.name, f.value})
			}
		}
		if m := t.Mode(term); m != "" {
			all = append(all, fact{term, termNames[term] + ", mode", string(m)})
		}
		if clause != "" {
			all = append(all, fact{term, termNames[term] + clauseFact, string(clause)})
		}
	}
	return all
}

func termFacts(t aup.Terms, term string) []fact {
	switch term {
	case aup.TermPerDay:
		return limitFacts(*t.PerDay, "day")
	case aup.TermPerMinute:
		return limitFacts(*t.PerMinute, "minute")
	case aup.TermCrawling:
		var size, from string
		if t.Crawling.Catalogue > 0 {
			size = Count(t.Crawling.Catalogue, "resource")
		}
		if t.Crawling.Significant > 0 {
			from = fmt.Sprintf("from %s (%s)", Count(times(t.Crawling.Catalogue, t.Crawling.Significant), "resource"), Percent(t.Crawling.Significant))
		}
		return []fact{{"", "", "restricted"}, {"", ", catalogue", size}, {"", ", counted", strings.Join(t.Crawling.Of, ", ")}, {"", ", significant risk", from}}
	case aup.TermCaching:
		return []fact{{"", "", "restricted"}}
	case aup.TermOperations:
		return []fact{{"", "", strings.Join(t.Operations.Allow, ", ")}}
	case aup.TermErrors:
		return []fact{{"", "", fmt.Sprintf("at most %s of a day's requests", Percent(t.Errors.Limit))}}
	case aup.TermSources:
		return []fact{{"", "", Count(t.Sources.Networks, "network") + " a day"}}
	case aup.TermPermissions:
		return []fact{{"", ", needed for", t.Permissions.When}, {"", "", strings.Join(t.Permissions.Needs, ", ")}}
	}
	return nil
}

func limitFacts(l aup.Limit, period string) []fact {
	var notify, from string
	if len(l.Notify) > 0 {
		notify = "at " + percents(l.Notify)
	}
	if l.Significant > 0 {
		from = fmt.Sprintf("from %s a %s (%s)", Count(times(l.Limit, l.Significant), "request"), period, Percent(l.Significant))
	}
	return []fact{{"", "", Count(l.Limit, "request") + " a " + period}, {"", ", usage notices", notify}, {"", ", significant risk", from}}
}

// Percent writes a ratio as people read it: 0.8 is "80 %", 0.125 is "12.5 %", 10 is "1,000 %".
func Percent(ratio float64) string {
	whole, part, _ := strings.Cut(strings.TrimSuffix(asWritten(ratio), "%"), ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		whole = Number(n)
	}
	if part != "" {
		part = "." + part
	}
	return whole + part + " %"
}

// asWritten is a ratio as the front matter has it: "80%", "1000%".
func asWritten(ratio float64) string {
	return strconv.FormatFloat(math.Round(ratio*1e8)/1e6, 'f', -1, 64) + "%"
}

func percents(ratios []float64) string {
	var s []string
	for _, r := range ratios {
		s = append(s, Percent(r))
	}
	if last := len(s) - 1; last > 0 {
		return strings.Join(s[:last], ", ") + " and " + s[last]
	}
	return strings.Join(s, "")
}

// Number writes a whole number with commas: "50,000".
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes a number of things: "1 request", "50,000 requests".
func Count(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return Number(n) + " " + thing
}

// times is a share or multiple of a number, to the nearest whole one.
func times(n int64, ratio float64) int64 { return int64(math.Round(float64(n) * ratio)) }
