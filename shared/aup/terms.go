package aup

import "strings"

// Terms are the machine-readable limits of a policy: what is enforced is part of what was mailed.
// A nil term is not judged. Shares are ratios: 0.8 is 80 %.
type Terms struct {
	PerDay      *Limit       `json:"requests-per-day,omitempty"`
	PerMinute   *Limit       `json:"requests-per-minute,omitempty"`
	Crawling    *Crawling    `json:"crawling,omitempty"`
	Caching     *Caching     `json:"caching,omitempty"`
	Operations  *Operations  `json:"operations,omitempty"`
	Errors      *ErrorShare  `json:"errors,omitempty"`
	Sources     *Sources     `json:"sources,omitempty"`
	Permissions *Permissions `json:"permissions,omitempty"`
}

// Limit is a number of requests in a day (UTC) or in a minute, over all of a consumer's keys.
type Limit struct {
	Clause      ClauseID  `json:"clause"`
	Limit       int64     `json:"limit"`
	Notify      []float64 `json:"notify,omitempty"`      // steps of Limit at which a usage notice is owed, rising
	Significant float64   `json:"significant,omitempty"` // times Limit from which the risk may be significant; 0: never alone
	Mode        Mode      `json:"mode,omitempty"`        // for this term alone; empty: the policy's
}

// Crawling is reading the catalogue systematically.
type Crawling struct {
	Clause      ClauseID `json:"clause"`
	Catalogue   int64    `json:"catalogue,omitempty"`   // how many resources there are; 0: unknown
	Of          []string `json:"of,omitempty"`          // the resource templates whose values it counts, such as "/services/{id}"; none: any
	Significant float64  `json:"significant,omitempty"` // share of Catalogue read from which the risk may be significant; 0: never alone
	Mode        Mode     `json:"mode,omitempty"`        // for this term alone; empty: the policy's
}

// Counts says whether the catalogue counts what a resource template stands for: the template is named, or is a part of each of
// what is, such as "/services/{id}/hours". Two values, such as a service and a day, are more than the catalogue counts.
func (c Crawling) Counts(template string) bool {
	if len(c.Of) == 0 {
		return true
	}
	for _, of := range c.Of {
		if part, is := strings.CutPrefix(template, of); is && (part == "" || part[0] == '/' && !strings.Contains(part, "{")) {
			return true
		}
	}
	return false
}

// Caching is keeping copies instead of asking when the data is needed. Only ever suspected from outside.
type Caching struct {
	Clause ClauseID `json:"clause"`
	Mode   Mode     `json:"mode,omitempty"` // for this term alone; empty: the policy's
}

// Operations are the methods and resource templates agreed, such as "GET /services/*".
type Operations struct {
	Clause ClauseID `json:"clause"`
	Allow  []string `json:"allow"`
	Mode   Mode     `json:"mode,omitempty"` // for this term alone; empty: the policy's
}

// ErrorShare is the share of a day's requests that may be the caller's errors (4xx other than 429).
type ErrorShare struct {
	Clause ClauseID `json:"clause"`
	Limit  float64  `json:"limit"`
	Mode   Mode     `json:"mode,omitempty"` // for this term alone; empty: the policy's
}

// Sources is the number of networks (/24 of IPv4, /48 of IPv6) a day from which a key may be used.
type Sources struct {
	Clause   ClauseID `json:"clause"`
	Networks int64    `json:"networks"`
	Mode     Mode     `json:"mode,omitempty"` // for this term alone; empty: the policy's
}

// Permissions are what a consumer with the intended use When must have been granted.
type Permissions struct {
	Clause ClauseID `json:"clause"`
	When   string   `json:"when"`
	Needs  []string `json:"needs"`
	Mode   Mode     `json:"mode,omitempty"` // for this term alone; empty: the policy's
}

// The names of the terms, as the front matter spells them.
const (
	TermPerDay      = "requests-per-day"
	TermPerMinute   = "requests-per-minute"
	TermCrawling    = "crawling"
	TermCaching     = "caching"
	TermOperations  = "operations"
	TermErrors      = "errors"
	TermSources     = "sources"
	TermPermissions = "permissions"
)

// Clauses lists which clause each term that is set belongs to.
func (t Terms) Clauses() map[string]ClauseID {
	m := map[string]ClauseID{}
	if t.PerDay != nil {
		m[TermPerDay] = t.PerDay.Clause
	}
	if t.PerMinute != nil {
		m[TermPerMinute] = t.PerMinute.Clause
	}
	if t.Crawling != nil {
		m[TermCrawling] = t.Crawling.Clause
	}
	if t.Caching != nil {
		m[TermCaching] = t.Caching.Clause
	}
	if t.Operations != nil {
		m[TermOperations] = t.Operations.Clause
	}
	if t.Errors != nil {
		m[TermErrors] = t.Errors.Clause
	}
	if t.Sources != nil {
		m[TermSources] = t.Sources.Clause
	}
	if t.Permissions != nil {
		m[TermPermissions] = t.Permissions.Clause
	}
	return m
}

// Mode is that of one term; empty where it says nothing.
func (t Terms) Mode(term string) Mode {
	switch {
	case term == TermPerDay && t.PerDay != nil:
		return t.PerDay.Mode
	case term == TermPerMinute && t.PerMinute != nil:
		return t.PerMinute.Mode
	case term == TermCrawling && t.Crawling != nil:
		return t.Crawling.Mode
	case term == TermCaching && t.Caching != nil:
		return t.Caching.Mode
	case term == TermOperations && t.Operations != nil:
		return t.Operations.Mode
	case term == TermErrors && t.Errors != nil:
		return t.Errors.Mode
	case term == TermSources && t.Sources != nil:
		return t.Sources.Mode
	case term == TermPermissions && t.Permissions != nil:
		return t.Permissions.Mode
	}
	return ""
}
