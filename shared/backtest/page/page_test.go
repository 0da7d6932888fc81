package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/backtest/page"
)

var start = time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC)

func decision(at time.Duration, l aup.Level) backtest.Decision {
	return backtest.Decision{At: start.Add(at), AfterRequests: 701, Clause: "fair-volume", Detector: "volume", Level: l, Score: 20,
		Reason: `701 requests of "GET /a/<script>alert(1)</script>" are too many.`}
}

// report is of three keys over so many days: one newly suspended, one contacted as before, one quiet.
func report(days int) backtest.Report {
	r := backtest.Report{Lines: 1000, Rejected: 3, Keyless: 2, Reasons: map[string]int64{"not-json": 1, backtest.TooLate: 2}, FirstAt: map[string]string{"not-json": "b.gz:7"}, Notes: []string{"<b>a.gz</b>: breaks off"},
		Policy: "draft.md", Against: "old.md", From: start, To: start.AddDate(0, 0, days-1).Add(time.Hour)}
	var all []backtest.Day
	for i := range days {
		all = append(all, backtest.Day{Date: start.AddDate(0, 0, i).Format(time.DateOnly), Requests: int64(100 + i)})
	}
	old := backtest.Outcome{Level: aup.NonUrgent, Limit: 120, Decisions: []backtest.Decision{decision(time.Hour, aup.NonUrgent)}}
	both := backtest.Outcome{Level: aup.Significant, Limit: 100, Decisions: []backtest.Decision{decision(time.Hour, aup.NonUrgent), decision(2*time.Hour, aup.Significant)}}
	none := backtest.Outcome{Level: aup.None, Decisions: []backtest.Decision{}}
	r.Consumers = []backtest.Consumer{
		{Key: "quiet", Requests: 10, Outcome: none, Before: &none, Days: all[:1]},
		{Key: "same", Requests: 5000, Outcome: old, Before: &old, Days: all},
		{Key: "worse", Requests: 500, Outcome: both, Before: &old, Change: backtest.NewlySuspended, Days: all},
	}
	return r
}

func render(t *testing.T, r backtest.Report) string {
	t.Helper()
	var b strings.Builder
	if err := page.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestThePageStandsAlone: no script, nothing fetched, a policy that allows its own style and nothing else.
func TestThePageStandsAlone(t *testing.T) {
	html := render(t, report(3))
	for _, not := range []string{"<script", "http://", "https://", "url(", "javascript:", " style=", "<b>a.gz", "<link", "<img"} {
		if strings.Contains(html, not) {
			t.Errorf("the page has %q", not)
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(html)[1]
	sum := sha256.Sum256([]byte(style))
	if !strings.Contains(strings.ReplaceAll(html, "&#43;", "+"), "style-src &#39;sha256-"+base64.StdEncoding.EncodeToString(sum[:])) {
		t.Error("the security policy does not allow the page's own style")
	}
}

// TestThePageSaysWhatMatters: what changes comes first, and everything in the chart is in words, too.
func TestThePageSaysWhatMatters(t *testing.T) {
	html := render(t, report(3))
	at := 0
	for _, want := range []string{"draft.md", "1,000 lines of 3 keys", "could not be read: the line is not one JSON object (the first: b.gz:7)", "Would be suspended", ">worse<", "newly suspended",
		"mark 1, contacted, on 11 Jan 2027; mark 2, suspended, on 11 Jan 2027", "over the limit", "limit 100", "before 120", ">same<", "Keys of which nothing would follow", "quiet"} {
		i := strings.Index(html[at:], want)
		if i < 0 {
			t.Fatalf("%q is not there, or not after what comes before it", want)
		}
		at += i
	}
}

// TestChartsOfAnyLength: a log of a day, of weeks, of two years, without calls, and a limit far beyond.
func TestChartsOfAnyLength(t *testing.T) {
	far := report(28)
	far.Consumers[2].Limit = 1 << 40
	empty := report(1)
	empty.Consumers[1].Days, empty.From, empty.To = nil, time.Time{}, time.Time{}
	many := report(2)
	for i := range 300 {
		c := many.Consumers[2]
		c.Key = aup.KeyID(fmt.Sprint("k", i))
		many.Consumers = append(many.Consumers, c)
	}
	for name, r := range map[string]backtest.Report{"a day": report(1), "weeks": report(28), "two years": report(730), "a limit far beyond": far, "no calls": empty,
		"nothing": {}, "many keys": many, "nothing understood": {Lines: 5, Rejected: 5, Missing: []string{"apiKeyId", "path"}}} {
		html := render(t, r)
		if bars := strings.Count(html, `class="bar`); bars > 2*121*200 || len(html) > 4<<20 {
			t.Errorf("%s: %d bars, %d bytes", name, bars, len(html))
		}
		for _, bad := range []string{"NaN", "Inf", `="-`} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page has %s", name, bad)
			}
		}
		balanced(t, name, html)
	}
}

// balanced reads the page as XML, but for the tags that HTML leaves open.
func balanced(t *testing.T, name, html string) {
	t.Helper()
	html = regexp.MustCompile(`<meta[^>]*>`).ReplaceAllString(strings.Replace(html, "<!DOCTYPE html>", "", 1), "")
	d := xml.NewDecoder(strings.NewReader(html))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}
