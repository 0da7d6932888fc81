package notice

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"accord/shared/aup"
)

// Email is one email, ready to be sent. No field holds a line break but the bodies.
type Email struct {
	From        string // as it stands in the header: ASCII, a name encoded where it needs to be
	To          string // the bare address
	ReplyTo     string
	Subject     string // Unicode; MIME encodes it, and so does SES
	HTML, Text  string // UTF-8, lines ended by "\n"
	Headers     []Header
	Attachments []Attachment
	Urgent      bool // it never waits behind a campaign
}

// Header is one more header of an email: printable ASCII.
type Header struct{ Name, Value string }

// Attachment is one file of an email.
type Attachment struct {
	Name string // letters, digits, dots and hyphens
	Type string // MIME
	Body []byte
}

// MIME is the email as a file of type message/rfc822: a text and an HTML alternative, then the attachments.
// The same email gives the same bytes. An empty id and a zero date leave their headers out.
func (e Email) MIME(id string, date time.Time) []byte {
	var b bytes.Buffer
	top := e.header(id, date)
	w := multipart.NewWriter(&b)
	w.SetBoundary(e.boundary("alternative")) //nolint:errcheck // hex is a valid boundary
	kind := "multipart/alternative; boundary=" + w.Boundary()
	top(&b)
	if len(e.Attachments) == 0 {
		fmt.Fprintf(&b, "Content-Type: %s\r\n\r\n", kind)
		e.alternatives(w)
		return b.Bytes()
	}
	mixed := multipart.NewWriter(&b)
	mixed.SetBoundary(e.boundary("mixed")) //nolint:errcheck // hex is a valid boundary
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%s\r\n\r\n", mixed.Boundary())
	part(mixed, "Content-Type", kind)
	e.alternatives(w)
	for _, a := range e.Attachments {
		a.write(mixed)
	}
	mixed.Close() // a buffer takes everything
	return b.Bytes()
}

func (e Email) header(id string, date time.Time) func(io.Writer) {
	return func(w io.Writer) {
		fmt.Fprintf(w, "From: %s\r\nTo: %s\r\n", fold(e.From), e.To)
		if e.ReplyTo != "" {
			fmt.Fprintf(w, "Reply-To: %s\r\n", fold(e.ReplyTo))
		}
		fmt.Fprintf(w, "Subject: %s\r\n", fold(mime.QEncoding.Encode("utf-8", e.Subject)))
		if !date.IsZero() {
			fmt.Fprintf(w, "Date: %s\r\n", date.Format(time.RFC1123Z))
		}
		if id != "" {
			fmt.Fprintf(w, "Message-ID: <%s@%s>\r\n", id, e.domain())
		}
		for _, h := range e.Headers {
			fmt.Fprintf(w, "%s: %s\r\n", h.Name, h.Value)
		}
		io.WriteString(w, "MIME-Version: 1.0\r\n") //nolint:errcheck // a buffer takes everything
	}
}

// domain of the sender, for the message id.
func (e Email) domain() string {
	if a, err := mail.ParseAddress(e.From); err == nil {
		return a.Address[strings.LastIndexByte(a.Address, '@')+1:]
	}
	return "localhost"
}

// boundary follows from the content, so that the same email gives the same bytes.
func (e Email) boundary(what string) string {
	return aup.Hash([]byte(what + "\x00" + e.Subject + "\x00" + e.Text + "\x00" + e.HTML))[:40]
}

func (e Email) alternatives(w *multipart.Writer) {
	for _, alternative := range []struct{ kind, body string }{{"text/plain", e.Text}, {"text/html", e.HTML}} {
		to := part(w, "Content-Type", alternative.kind+"; charset=utf-8", "Content-Transfer-Encoding", "quoted-printable")
		q := quotedprintable.NewWriter(to)
		io.WriteString(q, alternative.body) //nolint:errcheck // a buffer takes everything
		q.Close()                           // likewise
	}
	w.Close() // likewise
}

// write encodes a text so that it compresses together with the body, which says much of the same. Its bytes stay
// as they are, line ends included: its hash is known.
func (a Attachment) write(w *multipart.Writer) {
	disposition := "attachment; filename=" + a.Name
	if strings.HasPrefix(a.Type, "text/") {
		q := quotedprintable.NewWriter(part(w, "Content-Type", a.Type, "Content-Transfer-Encoding", "quoted-printable", "Content-Disposition", disposition))
		q.Binary = true
		q.Write(a.Body) //nolint:errcheck // a buffer takes everything
		q.Close()       // likewise
		return
	}
	to := part(w, "Content-Type", a.Type, "Content-Transfer-Encoding", "base64", "Content-Disposition", disposition)
	encoded := base64.StdEncoding.EncodeToString(a.Body)
	const line = 76
	for ; len(encoded) > line; encoded = encoded[line:] {
		io.WriteString(to, encoded[:line]+"\r\n") //nolint:errcheck // a buffer takes everything
	}
	io.WriteString(to, encoded+"\r\n") //nolint:errcheck // likewise
}

func part(w *multipart.Writer, header ...string) io.Writer {
	h := textproto.MIMEHeader{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	to, err := w.CreatePart(h)
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return to
}

// fold breaks a long header between its words: RFC 5322 allows 998 characters a line and asks for 78.
func fold(s string) string {
	var b strings.Builder
	used := len("Subject: ")
	for i, word := range strings.Split(s, " ") {
		switch {
		case i == 0:
		case used+1+len(word) > 76:
			b.WriteString("\r\n ")
			used = 1
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += len(word)
	}
	return b.String()
}
