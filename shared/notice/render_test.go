package notice

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"accord/shared/aup"
)

var update = flag.Bool("update", false, "write the goldens in testdata anew")

// TestGoldens: each kind of email reads as its two files in testdata do. The text file starts with the
// headers and ends with the attachments.
func TestGoldens(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			e := render(t, s.letter)
			head := "From: " + e.From + "\nTo: " + e.To + "\nReply-To: " + e.ReplyTo + "\nSubject: " + e.Subject + "\n\n"
			tail := ""
			for _, a := range e.Attachments {
				tail += "\n[attached: " + a.Name + ", " + a.Type + ", " + strconv.Itoa(len(a.Body)) + " bytes]\n"
			}
			golden(t, s.name+".txt", head+e.Text+tail)
			golden(t, s.name+".html", e.HTML)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs; when that is meant, run with -update (-want +got):\n%s", name, d)
	}
}

func render(t testing.TB, l Letter) Email {
	t.Helper()
	e, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEveryKindHasWordsAndAGolden: a kind added to package aup without words fails here.
func TestEveryKindHasWordsAndAGolden(t *testing.T) {
	told := map[aup.NoticeKind]bool{}
	for _, s := range samples(t) {
		told[s.letter.Notice.Kind] = true
	}
	f, err := parser.ParseFile(token.NewFileSet(), "../aup/notice.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds++
		kind := aup.NoticeKind(value)
		if tellers[kind] == nil || !told[kind] {
			t.Errorf("%s: words %v, golden %v; both are needed", kind, tellers[kind] != nil, told[kind])
		}
		return true
	})
	if kinds < 15 {
		t.Fatalf("found %d kinds in ../aup/notice.go: has it moved?", kinds)
	}
}

// TestBothBodiesSayTheSame: every word of the text is in the HTML, in the same order, and the other way
// round, but for what marks a list, a quote, a heading or a change.
func TestBothBodiesSayTheSame(t *testing.T) {
	for _, s := range samples(t) {
		if s.letter.Notice.Kind == aup.NewVersion {
			continue // the changes have a form of their own in each body; package policydoc shows them equal
		}
		e := render(t, s.letter)
		e.Text = strings.ReplaceAll(e.Text, s.letter.Link, "") // in the HTML it is the button's address
		if d := cmp.Diff(wordsOf(textOf(e.HTML)), wordsOf(e.Text)); d != "" {
			t.Errorf("%s (-html +text):\n%s", s.name, d)
		}
	}
}

var (
	head     = regexp.MustCompile(`(?s)^.*<body>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
	wordLike = regexp.MustCompile(`[\p{L}\p{N}]+`)
)

func textOf(html string) string {
	html = tag.ReplaceAllString(head.ReplaceAllString(html, ""), " ")
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&", "&#43;", "+").Replace(html)
}

func wordsOf(s string) []string { return wordLike.FindAllString(s, -1) }

// TestPlainWords: an email to a consumer uses the policy's words, not the program's, and a subject is
// short enough to read and says something to do.
func TestPlainWords(t *testing.T) {
	inner := regexp.MustCompile(`(?i)\b(findings?|dues?|standing|assessments?|tailored policy|detector|ledger|generation|append|fold|enum|null|nil)\b|%!|<no value>|0001`)
	for _, s := range samples(t) {
		e := render(t, s.letter)
		if w := inner.FindString(e.Subject + e.Text); w != "" {
			t.Errorf("%s says %q", s.name, w)
		}
		if s.letter.Notice.Contact != aup.Admins && strings.Contains(strings.ToLower(e.Text), "consumer") {
			t.Errorf("%s calls its reader a consumer", s.name)
		}
		if n := utf8.RuneCountInString(e.Subject); n < 20 || n > 110 {
			t.Errorf("%s: the subject has %d characters: %s", s.name, n, e.Subject)
		}
		if s.letter.Policy.Version.Number > 0 && !strings.Contains(e.Text, "version 2 ("+s.letter.Policy.Version.ShortHash()+")") {
			t.Errorf("%s: the footer does not name version and hash", s.name)
		}
	}
}

// TestReadingAge: sentences are short. Twelve words on average is what a teenager reads with ease.
func TestReadingAge(t *testing.T) {
	ends := regexp.MustCompile(`[.!?:]\s|\n\n`)
	for _, s := range samples(t) {
		if s.letter.Notice.Contact == aup.Admins {
			continue
		}
		b, err := tellers[s.letter.Notice.Kind](s.letter)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, k := range b.blocks {
			if k.Para != "" {
				said = append(said, k.Para)
			}
		}
		words, sentences := 0, 0
		for _, sentence := range ends.Split(strings.Join(said, "\n\n"), -1) {
			n := len(strings.Fields(sentence))
			if n > 36 {
				t.Errorf("%s: a sentence of %d words: %s", s.name, n, sentence)
			}
			words, sentences = words+n, sentences+1
		}
		if average := float64(words) / float64(sentences); average > 14 {
			t.Errorf("%s: %.1f words a sentence on average", s.name, average)
		}
	}
}

// TestByUseIsNeverAcceptance: a receipt by use says that the version applies, what that means and what
// to do; not that anybody accepted.
func TestByUseIsNeverAcceptance(t *testing.T) {
	e := render(t, find(t, "receipt-by-use"))
	for _, part := range []string{e.Subject, e.Text, e.HTML} {
		if strings.Contains(strings.ToLower(part), "accepted") {
			t.Errorf("it says accepted:\n%s", part)
		}
	}
	for _, want := range []string{"Version 2 now applies to you", "What this means", "If you do not agree", "Tell us"} {
		if !strings.Contains(e.Text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

// TestWhatASuspensionSays: what was seen, which clause, who decided, how to come back, a review by when.
func TestWhatASuspensionSays(t *testing.T) {
	e := render(t, find(t, "suspended"))
	for _, want := range []string{"1,250", "resources", "/places/17", "> Ask for what you need, not for everything", "A machine decided this",
		"How to come back", "4 June 2027, 09:30 UTC", "+44 20 7946 0000", "Reply to this email"} {
		if !strings.Contains(strings.Join(strings.Fields(e.Text), " "), want) && !strings.Contains(strings.ToLower(e.Text), strings.ToLower(want)) {
			t.Errorf("it does not say %q:\n%s", want, e.Text)
		}
	}
	if e := render(t, find(t, "suspended-by-person")); strings.Contains(e.Text, "machine") || !strings.Contains(e.Text, "A person at Places team decided this") {
		t.Errorf("a person's suspension does not say so:\n%s", e.Text)
	}
}

// TestUsageIsInformation: a usage notice accuses nobody and threatens nothing.
func TestUsageIsInformation(t *testing.T) {
	e := render(t, find(t, "usage-notice"))
	if !strings.Contains(e.Text, "You have used 80 % of what we agreed") || !strings.Contains(e.Text, "1,612 requests on 3 June 2027 (UTC)") {
		t.Errorf("the figures are not there:\n%s", e.Text)
	}
	before, _, _ := strings.Cut(e.Text, "\n> ") // the quoted clause may say what it says
	for _, not := range []string{"suspen", "violat", "contraven", "breach", "deadline"} {
		if strings.Contains(strings.ToLower(before), not) {
			t.Errorf("it says %q", not)
		}
	}
}

// TestAttachments: the first version's bytes go out unchanged, so that their hash is the one in the footer.
func TestAttachments(t *testing.T) {
	l := find(t, "welcome")
	e := render(t, l)
	if len(e.Attachments) != 1 || aup.Hash(e.Attachments[0].Body) != l.Policy.Version.Hash {
		t.Errorf("attached: %d files, want the published bytes alone", len(e.Attachments))
	}
	e = render(t, find(t, "welcome-tailored"))
	if len(e.Attachments) != 2 || !strings.Contains(string(e.Attachments[0].Body), "At most 300 requests a minute") ||
		!strings.Contains(string(e.Attachments[0].Body), "PL-2027-011") {
		t.Errorf("the text as tailored is not attached first: %s", e.Attachments[0].Body)
	}
}

// TestRefusals: a letter that cannot be told is refused with what is wrong, and without the address.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*Letter)
		want  string
	}{
		{"a kind without words", func(l *Letter) { l.Notice.Kind = "poem" }, `no words for the kind "poem"`},
		{"a fact of another kind", func(l *Letter) { l.Event.Fact = aup.Reinstated{} }, "tells of policy-issued, but event 17 is reinstated"},
		{"no fact", func(l *Letter) { l.Event.Fact = nil }, "event 17 is nothing"},
		{"no address", func(l *Letter) { l.Contact.Email = "" }, "address"},
		{"an address with a header in it", func(l *Letter) { l.Contact.Email = "jo@x.example\r\nBcc: all@x.example" }, "address"},
		{"two addresses", func(l *Letter) { l.Contact.Email = "secret@x.example, jo@x.example" }, "address"},
		{"an address that is not ASCII", func(l *Letter) { l.Contact.Email = "secret@exämple.org" }, "address"},
		{"a provider without a sender", func(l *Letter) { l.Provider.From = "Places team" }, "the provider's From"},
		{"a reply address that is none", func(l *Letter) { l.Provider.ReplyTo = "call us" }, "the provider's ReplyTo"},
	} {
		l := find(t, "welcome")
		c.spoil(&l)
		_, err := Render(l)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func find(t testing.TB, name string) Letter {
	t.Helper()
	all := samples(t)
	i := slices.IndexFunc(all, func(s sample) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("no sample %q", name)
	}
	return all[i].letter
}

// BenchmarkRender is both bodies of one email of a campaign: what is the same for all is remembered.
func BenchmarkRender(b *testing.B) {
	for _, name := range []string{"new-version", "welcome", "contact", "receipt-by-use"} {
		l := find(b, name)
		render(b, l)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(l); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
