package aup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What an agreement can permit that the standard text restricts. Other names are the policy's own:
// the `needs` of its permissions term.
const (
	PermitBulkExtraction = "bulk-extraction" // read the catalogue systematically
	PermitCache          = "cache"           // keep copies
)

// TermOf is the term that a permission is about.
func TermOf(permission string) string {
	switch permission {
	case PermitBulkExtraction:
		return TermCrawling
	case PermitCache:
		return TermCaching
	}
	return TermPermissions
}

// Agreement is what one consumer and the provider agreed explicitly, for a time. It changes terms,
// grants permissions with their evidence, and may add to a clause or replace its wording.
type Agreement struct {
	Consumer    ConsumerID   `json:"consumer"`
	Number      int          `json:"number"` // from 1 within its consumer; given by the ledger
	Policy      PolicyID     `json:"policy"`
	From        time.Time    `json:"from"`
	Until       time.Time    `json:"until"` // exclusive
	Reason      string       `json:"reason"`
	AgreedBy    string       `json:"agreedBy"`             // the consumer's contact id, or how it was agreed
	ApprovedBy  string       `json:"approvedBy,omitempty"` // who agreed for the provider: a role or a document, no person's name
	Terms       Terms        `json:"terms,omitzero"`       // each term set here replaces the policy's; an empty clause keeps the policy's
	Permissions []Permission `json:"permissions,omitempty"`
	Wording     []Wording    `json:"wording,omitempty"`

	Ended     time.Time `json:"ended,omitzero"`      // the day, before Until, on which it was or will be ended early
	EndReason string    `json:"endReason,omitempty"` // why
}

// Permission is one thing granted, with its evidence.
type Permission struct {
	Name      string    `json:"name"`
	Reference string    `json:"reference"`        // the document that shows it
	Issuer    string    `json:"issuer"`           // who granted it
	Expires   time.Time `json:"expires,omitzero"` // zero: with the agreement
}

// Wording is text that an agreement adds to a clause, or puts in its place.
type Wording struct {
	Clause   ClauseID `json:"clause"`
	Markdown string   `json:"markdown"`
	Replace  bool     `json:"replace,omitempty"`
}

// Over is when the agreement ends: on its day, or before.
func (a Agreement) Over() time.Time {
	if !a.Ended.IsZero() {
		return a.Ended
	}
	return a.Until
}

// InForce says whether the agreement covers the moment at.
func (a Agreement) InForce(at time.Time) bool { return !at.Before(a.From) && at.Before(a.Over()) }

// Check says everything that is wrong with the agreement by itself; nil when it can be stored.
func (a Agreement) Check() error {
	var errs []error
	if err := CheckSlug("policy", string(a.Policy)); err != nil {
		errs = append(errs, err)
	}
	if !a.From.Before(a.Until) {
		errs = append(errs, fmt.Errorf("until: %s is not after from", a.Until.Format(time.RFC3339)))
	}
	if a.Reason == "" {
		errs = append(errs, errors.New("reason: say why this was agreed"))
	}
	seen := map[string]bool{}
	for i, p := range a.Permissions {
		switch {
		case p.Name == "" || p.Reference == "" || p.Issuer == "":
			errs = append(errs, fmt.Errorf("permissions[%d]: name, reference and issuer are all needed", i))
		case seen[p.Name]:
			errs = append(errs, fmt.Errorf("permissions[%d]: %q is granted twice", i, p.Name))
		}
		seen[p.Name] = true
	}
	return errors.Join(errs...)
}

// Tailored is the exact text and terms that bind one consumer: a version and the agreements in force.
type Tailored struct {
	Version     Version
	Agreements  []int // numbers of the agreements applied, rising
	Terms       Terms
	Clauses     []Clause
	Permissions map[string]Grant // by permission name
	Hash        string           // SHA-256 over the text and terms; equals Version.Hash when no agreement applies
}

// Grant is a permission and the agreement that gives it.
type Grant struct {
	Permission
	Agreement int
}

// Tailor applies the agreements in force at the moment at to a version, in the order of their numbers:
// a later one wins over an earlier one. The version itself is not changed.
func Tailor(v Version, agreements []Agreement, at time.Time) Tailored {
	t := Tailored{Version: v, Terms: v.Policy.Terms, Clauses: append([]Clause(nil), v.Policy.Clauses...),
		Permissions: map[string]Grant{}, Hash: v.Hash}
	for _, a := range agreements {
		if a.Policy != v.Policy.ID || !a.InForce(at) {
			continue
		}
		t.Agreements = append(t.Agreements, a.Number)
		t.Terms = t.Terms.With(a.Terms)
		t.Clauses = reword(t.Clauses, a.Wording)
		for _, p := range a.Permissions {
			if p.Expires.IsZero() || at.Before(p.Expires) {
				t.Permissions[p.Name] = Grant{p, a.Number}
			}
		}
	}
	if len(t.Agreements) > 0 {
		t.Hash = t.hash()
	}
	return t
}

func (t Tailored) hash() string {
	b, err := json.Marshal(struct {
		Version     string
		Terms       Terms
		Clauses     []Clause
		Permissions map[string]Grant
	}{t.Version.Hash, t.Terms, t.Clauses, t.Permissions})
	if err != nil {
		panic(err) // plain data: cannot fail
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func reword(clauses []Clause, wording []Wording) []Clause {
	for _, w := range wording {
		for i := range clauses {
			switch {
			case clauses[i].ID != w.Clause:
			case w.Replace:
				clauses[i].Markdown = w.Markdown
			default:
				clauses[i].Markdown += "\n\n" + w.Markdown
			}
		}
	}
	return clauses
}

// With returns the terms with each one that other sets in place of its own. A clause that other leaves
// empty stays as it was.
func (t Terms) With(other Terms) Terms {
	t.PerDay = replace(t.PerDay, other.PerDay, func(l *Limit) *ClauseID { return &l.Clause })
	t.PerMinute = replace(t.PerMinute, other.PerMinute, func(l *Limit) *ClauseID { return &l.Clause })
	t.Crawling = replace(t.Crawling, other.Crawling, func(c *Crawling) *ClauseID { return &c.Clause })
	t.Caching = replace(t.Caching, other.Caching, func(c *Caching) *ClauseID { return &c.Clause })
	t.Operations = replace(t.Operations, other.Operations, func(o *Operations) *ClauseID { return &o.Clause })
	t.Errors = replace(t.Errors, other.Errors, func(e *ErrorShare) *ClauseID { return &e.Clause })
	t.Sources = replace(t.Sources, other.Sources, func(s *Sources) *ClauseID { return &s.Clause })
	t.Permissions = replace(t.Permissions, other.Permissions, func(p *Permissions) *ClauseID { return &p.Clause })
	return t
}

func replace[T any](old, next *T, clause func(*T) *ClauseID) *T {
	if next == nil {
		return old
	}
	n := *next
	if old != nil && *clause(&n) == "" {
		*clause(&n) = *clause(old)
	}
	return &n
}
