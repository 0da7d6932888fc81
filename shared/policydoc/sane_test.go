package policydoc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"accord/shared/aup"
)

// insane says what no accepted policy may be: a clause that cannot be found, a limit that everybody or nobody
// is beyond, a figure from which a machine would suspend on sight.
func insane(p aup.Policy) error {
	seen := map[aup.ClauseID]bool{}
	for _, c := range p.Clauses {
		if seen[c.ID] || aup.CheckSlug("clause", string(c.ID)) != nil {
			return fmt.Errorf("clause %q: twice, or not an id", c.ID)
		}
		seen[c.ID] = true
	}
	for term, clause := range p.Terms.Clauses() {
		if !seen[clause] {
			return fmt.Errorf("%s: no clause %q", term, clause)
		}
	}
	for _, l := range []*aup.Limit{p.Terms.PerDay, p.Terms.PerMinute} {
		if l == nil {
			continue
		}
		last := 0.0
		for _, step := range l.Notify {
			if !(step > last && step <= 10) {
				return fmt.Errorf("steps %v", l.Notify)
			}
			last = step
		}
		if l.Limit < 1 || !(l.Significant == 0 || l.Significant >= 1 && l.Significant <= maxTimes) {
			return fmt.Errorf("limit %+v", *l)
		}
	}
	if c := p.Terms.Crawling; c != nil && (c.Catalogue < 0 || !(c.Significant >= 0 && c.Significant <= 1) ||
		len(c.Of) > 0 && c.Catalogue == 0 || c.Significant > 0 && math.Round(c.Significant*float64(c.Catalogue)) < 1) {
		return fmt.Errorf("crawling %+v", *c)
	}
	if e := p.Terms.Errors; e != nil && !(e.Limit > 0 && e.Limit <= 1) {
		return fmt.Errorf("errors %+v", *e)
	}
	if s := p.Terms.Sources; s != nil && s.Networks < 1 {
		return fmt.Errorf("sources %+v", *s)
	}
	if o := p.Terms.Operations; o != nil && len(o.Allow) == 0 {
		return fmt.Errorf("no operation is allowed")
	}
	if n := p.Terms.Permissions; n != nil && (n.When == "" || len(n.Needs) == 0) {
		return fmt.Errorf("permissions %+v", *n)
	}
	if aup.CheckSlug("policy", string(p.ID)) != nil || p.Title == "" || strings.ContainsAny(p.Title, "\r\n") || len(p.Clauses) == 0 || p.NoticePeriod < 0 {
		return fmt.Errorf("policy %q %q", p.ID, p.Title)
	}
	return nil
}

func samples(t testing.TB) map[string][]byte {
	docs := map[string][]byte{"valid": []byte(valid)}
	files, err := filepath.Glob("../../events/policies/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample policies: %v", err)
	}
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs[filepath.Base(file)] = doc
	}
	return docs
}

func TestSamplesAreWithoutProblems(t *testing.T) {
	for name, doc := range samples(t) {
		if p, problems := Parse(name, doc, ""); len(problems) > 0 || insane(p) != nil {
			t.Errorf("%v, %v", problems, insane(p))
		}
	}
}

// scraps are what a slip of the pen, a bad merge or a clever person puts into a document.
var scraps = []string{"0", "-", "-1", "9", "%", ".", ".nan", "NaN", "Inf", "1e9", "0x1", ":", ": ", "{", "}", "[", "]", ",", "\"", "'", "#", " ", "\n", "\t",
	"---\n", "...\n", "null", "~", "true", "*a", "&a ", "<<: ", "!!int ", "|\n", ">\n", "{#fair-volume}", "## ", "\x00", "\xff", "clause: ", "limit: 1, ",
	"significant: 1%, ", "significant: 99999999%, ", "terms:\n", "policy: x\n", "14d", "2027-01-01", "```\n", "\u202e"}

// mutate spoils a document in one to four places, mostly in its front matter.
func mutate(rnd *rand.Rand, doc []byte) []byte {
	doc = append([]byte(nil), doc...)
	for range 1 + rnd.IntN(4) {
		reach := len(doc)
		if rnd.IntN(4) > 0 {
			reach = min(reach, 900)
		}
		at := rnd.IntN(reach + 1)
		end := min(len(doc), at+rnd.IntN(12))
		scrap := scraps[rnd.IntN(len(scraps))]
		switch rnd.IntN(5) {
		case 0: // delete
			doc = append(doc[:at:at], doc[end:]...)
		case 1: // insert
			doc = append(doc[:at:at], append([]byte(scrap), doc[at:]...)...)
		case 2: // replace
			doc = append(doc[:at:at], append([]byte(scrap), doc[end:]...)...)
		case 3: // repeat
			doc = append(doc[:end:end], doc[at:]...)
		case 4: // change a digit
			for i := at; i < len(doc); i++ {
				if doc[i] >= '0' && doc[i] <= '9' {
					doc[i] = byte('0' + rnd.IntN(10))
					break
				}
			}
		}
	}
	return doc
}

// TestASpoiledPolicyIsRejectedOrSane mutates the sample policies: what gets through must be harmless.
func TestASpoiledPolicyIsRejectedOrSane(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 2027))
	accepted, rejected := 0, 0
	for name, doc := range samples(t) {
		for range 700 {
			spoiled := mutate(rnd, doc)
			p, problems := Parse(name, spoiled, "")
			if Refused(problems) != nil {
				rejected++
				continue
			}
			accepted++
			if err := insane(p); err != nil {
				t.Fatalf("accepted: %s\n%s", err, spoiled)
			}
		}
	}
	t.Logf("%d rejected, %d accepted", rejected, accepted)
	if rejected < 500 || accepted < 200 {
		t.Errorf("%d rejected and %d accepted: the mutations do not try both", rejected, accepted)
	}
}

func FuzzParse(f *testing.F) {
	for _, doc := range samples(f) {
		f.Add(doc)
	}
	for _, doc := range []string{"", "---", "---\n---\n", "# a\n# a\n", "a\n===\n", "---\na: &a [*a]\n---\n", "#", "x\n#\n"} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, problems := Parse("f", doc, "")
		again, same := Parse("f", doc, "")
		if !reflect.DeepEqual(p, again) || !reflect.DeepEqual(problems, same) {
			t.Fatal("the same document read twice differs")
		}
		for _, problem := range problems {
			if problem.Line < 1 || problem.Column < 1 || problem.Message == "" {
				t.Fatalf("a problem without its place: %+v", problem)
			}
		}
		if Refused(problems) != nil {
			return
		}
		if err := insane(p); err != nil {
			t.Fatal(err)
		}
		if c := Diff(p, p); !c.Empty() {
			t.Fatalf("differs from itself: %+v", c)
		}
	})
}

func FuzzParseAgreement(f *testing.F) {
	f.Add([]byte(agreed))
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, problems := ParseAgreement("f", doc)
		if Refused(problems) == nil && a.Check() != nil {
			t.Fatal(a.Check())
		}
	})
}

// FuzzRender renders what anybody may have written: no tag that runs, no panic, no lost text.
func FuzzRender(f *testing.F) {
	f.Add("# a\n\n- b\n> <script>c</script> [d](javascript:e)\n")
	f.Fuzz(func(t *testing.T, markdown string) {
		html, err := Render(markdown)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<style", "<iframe", "href=\"javascript:"} {
			if strings.Contains(strings.ToLower(string(html)), bad) {
				t.Fatalf("%s survives in %s", bad, html)
			}
		}
		Text(markdown)
	})
}
