package simulate_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/shared/accesslog"
	"accord/shared/aup"
	"accord/shared/policydoc"
	"accord/shared/simulate"
	"accord/shared/simulate/traffic"
)

func text(t *testing.T, c *simulate.Corpus) string {
	t.Helper()
	var b strings.Builder
	if _, err := c.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheSameSeedIsTheSameLog(t *testing.T) {
	for _, size := range everySet() {
		a, b := text(t, simulate.New(7, size)), text(t, simulate.New(7, size))
		if a != b {
			t.Errorf("the same seed gave two logs of the %s set", size.Set)
		}
		if a == text(t, simulate.New(8, size)) {
			t.Errorf("two seeds gave the same log of the %s set", size.Set)
		}
	}
}

// Every line is one that API Gateway might have written, within the time of the corpus and under the
// label of its key; the labels cover every key once.
func TestEveryLineIsReadAndLabelled(t *testing.T) {
	for _, size := range everySet() {
		everyLine(t, simulate.New(1, size))
	}
}

// everySet is the small size of every set of kinds.
func everySet() []simulate.Size {
	var all []simulate.Size
	for _, set := range simulate.Sets {
		size := simulate.Small
		size.Set = set.Name
		all = append(all, size)
	}
	return all
}

func everyLine(t *testing.T, c *simulate.Corpus) {
	labels, n := map[aup.KeyID]traffic.Kind{}, map[aup.KeyID]int{}
	for _, k := range c.Keys {
		labels[k.ID] = k.Kind
	}
	lines := c.Lines()
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		call, err := accesslog.Parse(line)
		if err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if call.At.Before(traffic.Start) || !call.At.Before(traffic.Start.Add(traffic.Length)) {
			t.Fatalf("not in the time of the corpus: %s", line)
		}
		n[call.Key]++
	}
	for key, kind := range labels {
		if n[key] < 20 {
			t.Errorf("%s has %d lines", kind.Name, n[key])
		}
	}
	if len(n) != simulate.Small.Keys || len(labels) != simulate.Small.Keys {
		t.Errorf("%d keys in the log, %d labelled", len(n), len(labels))
	}
	if c.Len() < 50_000 || c.Len() > 100_000 {
		t.Errorf("%d lines", c.Len())
	}
}

func TestLabelsAreATable(t *testing.T) {
	var b bytes.Buffer
	c := simulate.New(1, simulate.Small)
	if err := c.WriteLabels(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 1+len(c.Keys) || rows[0][1] != "label" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, k := range c.Keys {
		if want := map[bool]string{true: "crawl", false: "honest"}[k.Kind.Crawls]; rows[i+1][0] != string(k.ID) || rows[i+1][1] != want {
			t.Errorf("%v is not %s", rows[i+1], want)
		}
	}
}

func TestKindsAreToldApart(t *testing.T) {
	names := map[string]bool{}
	for _, size := range everySet() {
		heldOut := map[bool]int{}
		for _, k := range size.Kinds() {
			if names[k.Name] {
				t.Errorf("two kinds are called %q", k.Name)
			}
			if names[k.Name] = true; k.HeldOut {
				heldOut[k.Crawls]++
			}
			if k.Ordered && !k.Crawls {
				t.Errorf("%s is honest and cannot be an ordered crawl", k.Name)
			}
			if size.Set != "first" && !k.HeldOut {
				t.Errorf("%s was tuned on, and is of the %s set", k.Name, size.Set)
			}
		}
		if heldOut[true] < 8 || heldOut[false] < 8 {
			t.Errorf("held out: %d crawling kinds, %d honest ones; want eight of each", heldOut[true], heldOut[false])
		}
	}
}

// Whatever a kind calls is a template of which the parameters are filled in, and the same seed makes the same calls.
func TestCallsAreOfTheirTemplates(t *testing.T) {
	value := regexp.MustCompile(`^[A-Za-z0-9.%-]+$`)
	fits := func(part, of string) bool { return part == of || strings.HasPrefix(of, "{") && value.MatchString(part) }
	for _, size := range everySet() {
		for _, k := range size.Kinds() {
			for seed := range uint64(3) {
				a, again := traffic.New(seed, 1), traffic.New(seed, 1)
				k.Play(a)
				k.Play(again)
				if len(a.Calls) < 60 || !slices.Equal(a.Calls, again.Calls) {
					t.Errorf("%s set, %s: %d calls, then %d", size.Set, k.Name, len(a.Calls), len(again.Calls))
				}
				for _, c := range a.Calls {
					if !slices.EqualFunc(strings.Split(c.Path, "/"), strings.Split("/prod"+c.Template, "/"), fits) {
						t.Fatalf("%s set, %s: %s is not of %s", size.Set, k.Name, c.Path, c.Template)
					}
				}
			}
		}
	}
}

func TestThePolicyIsOne(t *testing.T) {
	for _, size := range everySet() {
		p, problems := policydoc.Parse("policy.md", size.Policy(), "")
		if err := policydoc.Refused(problems); err != nil || p.Terms.Crawling.Catalogue != int64(size.Catalogue()) {
			t.Errorf("%s: %v, %+v", size.Set, err, p.Terms.Crawling)
		}
	}
}
