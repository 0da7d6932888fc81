package notice

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/contrasttest"
)

// TestMIMERoundTrip: what a mail reader takes out of the file is what was put in.
func TestMIMERoundTrip(t *testing.T) {
	l := find(t, "welcome")
	l.Provider.Name, l.Policy.Version.Policy.Title = "Équipe des lieux", "Charte d’usage « Lieux » – règles pour tous ceux qui s’en servent tous les jours"
	e := render(t, l)
	m, err := mail.ReadMessage(bytes.NewReader(e.MIME("local-000001", at)))
	if err != nil {
		t.Fatal(err)
	}
	var words mime.WordDecoder
	if s, err := words.DecodeHeader(m.Header.Get("Subject")); err != nil || s != e.Subject {
		t.Errorf("subject %q, %v; want %q", s, err, e.Subject)
	}
	if a, err := m.Header.AddressList("From"); err != nil || a[0].Name != "Équipe des lieux" || a[0].Address != "places@example.org" {
		t.Errorf("from %v, %v", a, err)
	}
	if d, err := m.Header.Date(); err != nil || !d.Equal(at) {
		t.Errorf("date %v, %v", d, err)
	}
	if id := m.Header.Get("Message-ID"); id != "<local-000001@example.org>" {
		t.Errorf("message id %q", id)
	}
	parts := read(t, m.Header.Get("Content-Type"), m.Body)
	if len(parts) != 3 || parts[0] != e.Text || parts[1] != e.HTML || parts[2] != string(l.Policy.Version.Document) {
		t.Errorf("the parts are not text, HTML and the published bytes: %d", len(parts))
	}
}

// read takes the parts out of a multipart body, those of its multipart parts included.
func read(t *testing.T, contentType string, body io.Reader) []string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	var parts []string
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		var from io.Reader = p
		switch p.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			from = quotedprintable.NewReader(p)
		case "base64":
			from = base64.NewDecoder(base64.StdEncoding, p)
		}
		if sub := p.Header.Get("Content-Type"); strings.HasPrefix(sub, "multipart/") {
			parts = append(parts, read(t, sub, p)...)
			continue
		}
		b, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/") && p.FileName() == "" {
			s = strings.ReplaceAll(s, "\r\n", "\n")
		}
		parts = append(parts, s)
	}
}

// TestMIMEWithoutIDAndDate: as kept for the record, an email has no id and no date yet, and the same email
// is the same bytes.
func TestMIMEWithoutIDAndDate(t *testing.T) {
	a, b := render(t, find(t, "suspended")), render(t, find(t, "suspended"))
	kept := a.MIME("", time.Time{})
	if !bytes.Equal(kept, b.MIME("", time.Time{})) {
		t.Error("the same email gave other bytes")
	}
	m, err := mail.ReadMessage(bytes.NewReader(kept))
	if err != nil || m.Header.Get("Date") != "" || m.Header.Get("Message-Id") != "" {
		t.Errorf("%v; %v", err, m)
	}
	if parts := read(t, m.Header.Get("Content-Type"), m.Body); len(parts) != 2 {
		t.Errorf("%d parts, want the two bodies", len(parts))
	}
}

// TestImagesBecomeTheirDescription: reading an email tells nobody that it was read.
func TestImagesBecomeTheirDescription(t *testing.T) {
	l := find(t, "contact")
	l.Policy.Clauses = []aup.Clause{{ID: "fair-volume", Heading: "Fair", Markdown: `Before ![a map, from above](https://x.example/m.png) after.`}}
	e := render(t, l)
	if strings.Contains(e.HTML, "<img") || strings.Contains(e.HTML, "m.png") || !strings.Contains(e.HTML, `Before a map, from above after.`) {
		t.Errorf("got %s", e.HTML[strings.Index(e.HTML, "<blockquote"):])
	}
}

// TestWords: figures and times have their units.
func TestWords(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"thousands are separated", Figure(1234567, "requests"), "1,234,567 requests"},
		{"a whole number has no decimals", Figure(8, "networks"), "8 networks"},
		{"a part is told with one", Figure(12.34, "hours"), "12.3 hours"},
		{"a share is a percentage", Figure(0.205, "share"), "20.5 %"},
		{"what is no number is left out", Figure(nan(), "requests"), ""},
		{"many times over", Percent(13.337), "1,334 %"},
		{"a share of one third", Percent(1.0 / 3), "33.3 %"},
		{"a moment is in UTC and says so", Moment(time.Date(2027, 1, 2, 3, 4, 0, 0, time.FixedZone("", 3600))), "2 January 2027, 02:04 UTC"},
		{"a day", date("2027-01-02"), "2 January 2027"},
		{"what is no day stays", date("soon"), "soon"},
		{"a name is one line", Short(" Jo \r\n Marsh ", 20), "Jo Marsh"},
		{"a long name ends in an ellipsis", Short(strings.Repeat("é", 30), 10), "ééééééééé…"},
		{"a long line is wrapped", wrap(strings.Repeat("word ", 20), "- ", "  "), "- word word word word word word word word word word word word word word\n  word word word word word word"},
		{"a long word stays whole", wrap("see "+strings.Repeat("x", 80), "", ""), "see\n" + strings.Repeat("x", 80)},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

// TestContrast: each pair of colours in the style sheet reads well, light and dark (WCAG AA: 4.5).
func TestContrast(t *testing.T) {
	for _, pair := range [][2]string{
		{"1f2328", "ffffff"}, {"4d565f", "ffffff"}, {"4d565f", "f3f6f8"}, {"ffffff", "14597a"}, {"14597a", "ffffff"}, {"10401c", "dff2e1"}, {"6e1a12", "fbe4e1"},
		{"e6e4df", "191d20"}, {"aab4bc", "191d20"}, {"aab4bc", "21282d"}, {"0b2230", "8fcdea"}, {"8fcdea", "191d20"}, {"bfeac8", "173a20"}, {"f6c4bd", "45201c"},
	} {
		for _, colour := range pair {
			if colour != "ffffff" && !strings.Contains(letterTemplate, "#"+colour) {
				t.Errorf("#%s is not in the style sheet: this test checks others than it uses", colour)
			}
		}
		if c := contrasttest.Ratio(pair[0], pair[1]); c < contrasttest.Least {
			t.Errorf("#%s on #%s: %.2f, want at least 4.5", pair[0], pair[1], c)
		}
	}
}

// TestNothingIsFetched: an email needs nothing but itself.
func TestNothingIsFetched(t *testing.T) {
	for _, not := range []string{"src=", "url(", "@import", "<link", "<script", "<img"} {
		if strings.Contains(letterTemplate, not) {
			t.Errorf("the template holds %s", not)
		}
	}
}

func BenchmarkMIME(b *testing.B) {
	e := render(b, find(b, "welcome"))
	b.ReportAllocs()
	for b.Loop() {
		e.MIME("local-000001", at)
	}
}
