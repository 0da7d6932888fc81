// Package hostiletest has the texts that people, programs and attackers put where a name or a sentence belongs.
//
// The tests of emails, pages, tables for spreadsheets and logs try all of them in every field that takes text from
// outside: none may become a header, a tag, a formula or a line of its own.
package hostiletest

import (
	"maps"
	"slices"
	"strings"
)

// Named are the texts themselves, by what they are.
var Named = map[string]string{
	"a header after a line break":      "Jo\r\nBcc: everyone@x.example\r\nSubject: free",
	"a bare line feed":                 "Jo\nX-Evil: 1",
	"a bare carriage return":           "Jo\rX-Evil: 1",
	"a body after an empty line":       "Jo\r\n\r\n<h1>Your password</h1>",
	"a MIME boundary":                  "Jo\r\n--boundary\r\nContent-Type: text/html\r\n\r\n<b>",
	"other line ends":                  "Jo\u2028X-Evil: 1\u2029Y\u0085Z\v\f",
	"a script":                         `<script>alert(1)</script>`,
	"an event handler":                 `"><img src=x onerror=alert(1)>`,
	"a closing tag":                    `</p></main></body><iframe src="https://x.example">`,
	"a comment":                        `<!-- --><!--`,
	"a style":                          `</style><style>*{display:none}`,
	"a template action":                `{{.Provider.Admins}}{{template "x"}}`,
	"a Markdown link":                  `[sign in](https://x.example) ![](https://x.example/pixel.gif)`,
	"a javascript link":                `[sign in](javascript:alert(1)) <javascript:alert(1)>`,
	"a data link":                      `[x](data:text/html;base64,PHNjcmlwdD4=)`,
	"a remote image":                   `![Our "logo"](https://x.example/logo.png)`,
	"entities":                         `&lt;b&gt; &amp; &#60;script&#62;`,
	"format verbs":                     "%s %d %n %!v(MISSING) 100%",
	"an encoded word":                  "=?utf-8?q?=0D=0ABcc:_a@x.example?=",
	"a name that turns":                "Jo \u202egro.elpmaxe@eviL\u202c \u2066x\u2069\u200f",
	"characters that do not show":      "Jo\u200b\ufeff\u00ad\U000e0041\U000e007f",
	"NUL and escape":                   "Jo\x00\x1b[31mred\x7f",
	"bytes that are no text":           "Jo\xff\xfe\xc0\xaf",
	"Arabic":                           "شركة النقل العام",
	"emoji and joiners":                "🚲👩‍👩‍👧 Räder ÆØÅ",
	"ten kilobytes":                    strings.Repeat("Very Long Name ", 700),
	"ten kilobytes without a space":    strings.Repeat("ä", 5000),
	"a formula":                        `=HYPERLINK("https://x.example";"click")`,
	"quotes, brackets and a backslash": `Jo "The \ Boss" <boss@x.example>, (x); [y]`,
	"nothing":                          "",
}

// around are what a text may come in: beginnings that change how the rest is read, and what a form adds.
var around = [][2]string{{"", ""}, {"=", ""}, {"\t", "\t"}, {"\r\n", "\r\n"}, {"'", "'"}, {`"`, `"`}, {"<b>", "</b>"}, {"](", ")"}, {"`", "`"},
	{"\u202e", ""}, {"\u200b", ""}, {"\x00", ""}, {"+", ",1"}, {"@", ";"}, {"%0d%0a", ""}, {"{{", "}}"}, {"\ufeff", "\xff"}}

// Texts are the named ones, each in everything that may be around it: more than five hundred.
func Texts() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(Named)) {
		for _, a := range around {
			all = append(all, a[0]+Named[name]+a[1])
		}
	}
	return all
}

// Formula says whether a spreadsheet would take a cell for more than a text, and Broken whether it would take
// it for more than one cell.
func Formula(cell string) bool {
	return cell != "" && strings.ContainsAny(cell[:1], "=+-@|%") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") ||
		strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠")
}

// Broken says whether a text has a line end, a tab or a character that turns or hides others.
func Broken(cell string) bool {
	return strings.ContainsAny(cell, "\r\n\t\x00\u200b\u202e\u2028\u2029\ufeff")
}
