package scenarios

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"accord/shared/assess"
	"accord/shared/aup"
)

// TestAssessmentsAreFrozen: every assessment in every event of every story is made again from the event's
// stored bytes, and nothing else: its level, its reason, each factor, the score. A factor that rests on
// anything outside the event fails here.
func TestAssessmentsAreFrozen(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := newStage(t)
		story := ""
		for _, f := range a.Files {
			if s.documents[f.Name] = f.Data; f.Name == "story" {
				story = string(f.Data)
			}
		}
		s.play(story)
		for id := range maps.Values(s.cast) {
			events, err := s.open().Ledger.Events(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				frozen(t, filepath.Base(file), e, seen)
			}
		}
	}
	for _, kind := range []string{"observed", "case-opened", "suspension-considered", "suspension-held", "suspended"} {
		if seen[kind] == 0 {
			t.Errorf("no story has an assessment of a machine's in %s; the stories have %v", kind, seen)
		}
	}
}

func frozen(t *testing.T, story string, e aup.Event, seen map[string]int) {
	t.Helper()
	stored, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Kind string
		Fact struct{ Assessment *aup.Assessment }
	}
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	kept := read.Fact.Assessment
	if kept == nil || slices.ContainsFunc(kept.Findings, func(f aup.Finding) bool { return f.Detector == "person" }) {
		return // a person's word is all there is to it
	}
	seen[read.Kind]++
	again := assess.Assess(kept.Findings, kept.Circumstances)
	if d := cmp.Diff(*kept, again, cmpopts.IgnoreFields(aup.Assessment{}, "Basis")); d != "" {
		t.Errorf("%s, %s %d, %s (-kept, +made again):\n%s", story, e.Consumer, e.Seq, read.Kind, d)
	}
	if kept.Basis == nil {
		t.Errorf("%s, %s %d, %s: does not say what it rests on", story, e.Consumer, e.Seq, read.Kind)
		return
	}
	grounded(t, story, e, *kept)
}

// grounded holds the findings against the terms and the usage that the same event holds.
func grounded(t *testing.T, story string, e aup.Event, a aup.Assessment) {
	t.Helper()
	used := map[string]int64{}
	for _, d := range a.Basis.Usage {
		used[d.Date] += max(d.Requests, d.Gateway)
	}
	for _, f := range a.Findings {
		if a.Basis.Terms.Clauses()[f.Term] != f.Clause || a.Basis.Version != f.Version {
			t.Errorf("%s, %s %d: a finding about %s of version %d, the event's terms are %v of version %d", story, e.Consumer, e.Seq, f.Clause, f.Version, a.Basis.Terms.Clauses(), a.Basis.Version)
		}
		if f.Term == aup.TermPerDay && (int64(f.Measured) > used[aup.Date(f.From)] || int64(f.Allowed) != a.Basis.Terms.PerDay.Limit) {
			t.Errorf("%s, %s %d: %.0f of %.0f requests a day, the event knows %d of %d", story, e.Consumer, e.Seq, f.Measured, f.Allowed, used[aup.Date(f.From)], a.Basis.Terms.PerDay.Limit)
		}
	}
}
