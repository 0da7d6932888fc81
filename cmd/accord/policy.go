package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"accord/shared/aup"
	"accord/shared/policydoc"
)

// policyCmd are the verbs on policy documents. None of them needs an account or a network.
type policyCmd struct {
	Check   policyCheck   `cmd:"" help:"Check policy documents (.md) and agreements (.yaml, .json), and say what they enforce."`
	Diff    policyDiff    `cmd:"" help:"Say what changed between two versions of a policy, clause by clause."`
	Preview policyPreview `cmd:"" help:"Write the page and the emails that a draft would make."`
	Event   policyEvent   `cmd:"" help:"Write the event that publishes a document, for sam remote invoke PublishPolicy --event-file."`
}

type policyCheck struct {
	Files  []string     `arg:"" name:"file" help:"Policy documents, and agreements about them."`
	Policy aup.PolicyID `help:"The id of a document that names none; by default made of its file name."`
}

// Run prints the problems, then what each document says, in plain words. Agreements are also held against
// the policies among the files.
func (c policyCheck) Run(stdout io.Writer) error {
	policies := map[aup.PolicyID]aup.Policy{}
	var documents []checkedPolicy
	var agreements []checkedAgreement
	wrong := 0
	for _, file := range c.Files {
		doc, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var problems []policydoc.Problem
		if isAgreement(file) {
			var a aup.Agreement
			a, problems = policydoc.ParseAgreement(file, doc)
			agreements = append(agreements, checkedAgreement{file, a, policydoc.Refused(problems) == nil})
		} else {
			var p aup.Policy
			p, problems = parsePolicy(file, doc, c.Policy)
			policies[p.ID] = p
			documents = append(documents, checkedPolicy{file, p, policydoc.Refused(problems) == nil})
		}
		wrong += printProblems(stdout, problems)
	}
	for _, d := range documents {
		d.print(stdout)
	}
	for _, a := range agreements {
		wrong += a.print(stdout, policies)
	}
	if wrong > 0 {
		return fmt.Errorf("%s to correct", policydoc.Count(int64(wrong), "error"))
	}
	return nil
}

func isAgreement(file string) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// parsePolicy gives a document that names no policy the id asked for, or one made of its file's name.
func parsePolicy(file string, doc []byte, id aup.PolicyID) (aup.Policy, []policydoc.Problem) {
	p, problems := policydoc.Parse(file, doc, id)
	if id == "" && p.ID == "" {
		p, problems = policydoc.Parse(file, doc, policydoc.IDFromName(file))
	}
	return p, problems
}

func printProblems(w io.Writer, problems []policydoc.Problem) (errs int) {
	for _, p := range problems {
		fmt.Fprintln(w, p)
		if p.Severity == policydoc.Error {
			errs++
		}
	}
	return errs
}

var acceptedBy = map[aup.AcceptanceMode]string{aup.ByUse: "by use", aup.Explicit: "explicitly"}

type checkedPolicy struct {
	file string
	aup.Policy
	ok bool
}

func (p checkedPolicy) print(w io.Writer) {
	if !p.ok {
		return
	}
	terms := policydoc.Terms(p.Terms)
	fmt.Fprintf(w, "%s: policy %s, %q: %s, %s; accepted %s, notice of changes: %s\n", p.file, p.ID, p.Title,
		policydoc.Count(int64(len(p.Clauses)), "clause"), policydoc.Count(int64(len(terms)), "term"), acceptedBy[p.Acceptance], policydoc.Period(p.NoticePeriod))
	for _, t := range terms {
		fmt.Fprintf(w, "  %s (%s): %s\n", t.Term, t.Clause, t.Sentence)
	}
}

type checkedAgreement struct {
	file string
	aup.Agreement
	ok bool
}

func (a checkedAgreement) print(w io.Writer, policies map[aup.PolicyID]aup.Policy) (errs int) {
	if !a.ok {
		return 0
	}
	if p, given := policies[a.Policy]; given {
		for _, err := range policydoc.CheckAgreement(p, a.Agreement) {
			fmt.Fprintf(w, "%s:1:1: error: %s\n", a.file, err)
			errs++
		}
	}
	if errs > 0 {
		return errs
	}
	fmt.Fprintf(w, "%s: agreement of %s about %s, from %s until %s\n", a.file, a.Consumer, a.Policy, aup.Date(a.From), aup.Date(a.Until))
	for _, t := range policydoc.Terms(a.Terms) {
		fmt.Fprintf(w, "  %s: %s\n", t.Term, t.Sentence)
	}
	for _, p := range a.Permissions {
		fmt.Fprintf(w, "  permission: %s (%s, %s)\n", p.Name, p.Reference, p.Issuer)
	}
	for _, word := range a.Wording {
		fmt.Fprintf(w, "  wording: %s\n", word.Clause)
	}
	return 0
}

type policyDiff struct {
	Old  string `arg:"" help:"The document as it was."`
	New  string `arg:"" help:"The document as it is to be."`
	JSON bool   `help:"As JSON." xor:"form"`
	HTML bool   `help:"As an HTML fragment." xor:"form"`
}

// Run prints what changed.
func (c policyDiff) Run(stdout io.Writer) error {
	before, err := loadPolicy(c.Old, "")
	if err != nil {
		return err
	}
	after, err := loadPolicy(c.New, "")
	if err != nil {
		return err
	}
	changes := policydoc.Diff(before, after)
	switch {
	case c.JSON:
		return writeJSON(stdout, changes)
	case c.HTML:
		_, err = fmt.Fprint(stdout, changes.HTML())
	case changes.Empty():
		_, err = fmt.Fprintln(stdout, "Nothing changed that people or the service would notice.")
	default:
		_, err = fmt.Fprintln(stdout, changes.Text())
	}
	return err
}

type policyEvent struct {
	File    string       `arg:"" help:"The document to publish."`
	Policy  aup.PolicyID `help:"The id of a document that names none; by default made of its file name."`
	Request string       `help:"An id of your own: repeating a request changes nothing. By default made of the document, so that publishing it twice is harmless."`
	DryRun  bool         `help:"Only ask who would be told what, and what is not ready."`
}

// publishEvent is what the function publish-policy is invoked with.
type publishEvent struct {
	Request  string       `json:"request"`
	Policy   aup.PolicyID `json:"policy"`
	Document string       `json:"document"`
	DryRun   bool         `json:"dryRun"`
}

// Run writes the event. A document that would be refused is refused here.
func (c policyEvent) Run(stdout io.Writer) error {
	doc, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	p, problems := parsePolicy(c.File, doc, c.Policy)
	if err := policydoc.Refused(problems); err != nil {
		return fmt.Errorf("not published:\n%w", err)
	}
	e := publishEvent{Request: c.Request, Policy: p.ID, Document: string(doc), DryRun: c.DryRun}
	if e.Request == "" {
		e.Request = e.id()
	}
	return writeJSON(stdout, e)
}

// id is made of all that the request says, so that a dry run is not answered as the publication, nor the
// other way round.
func (e publishEvent) id() string {
	kind := "publish"
	if e.DryRun {
		kind = "dry-run"
	}
	sum := sha256.Sum256([]byte(string(e.Policy) + "\x00" + e.Document))
	return fmt.Sprintf("%s-%x", kind, sum[:8])
}

func loadPolicy(file string, id aup.PolicyID) (aup.Policy, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return aup.Policy{}, err
	}
	p, problems := parsePolicy(file, doc, id)
	if err := policydoc.Refused(problems); err != nil {
		return p, fmt.Errorf("the document has errors:\n%w", err)
	}
	return p, nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
