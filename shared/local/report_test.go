package local_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"accord/shared/aup"
	"accord/shared/backtest"
	"accord/shared/backtest/page"
)

// written is a backtest's page of so many keys over four weeks, as a file for the browser: half of them with a
// decision, some of those only under the policy it is compared with.
func written(t *testing.T, keys int) (address string, size int64) {
	t.Helper()
	from := time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)
	r := backtest.Report{Lines: int64(keys) * 28_000, Policy: "a-draft-of-the-acceptable-use-policy-for-next-year.md", Against: "aup.md", From: from, To: from.AddDate(0, 0, 28).Add(-time.Minute)}
	for k := range keys {
		c := backtest.Consumer{Key: aup.KeyID(fmt.Sprintf("key%022d", k)), Before: &backtest.Outcome{Level: aup.None, Limit: 4000}, Outcome: backtest.Outcome{Level: aup.None, Limit: 2500}}
		for day := range 28 {
			n := int64(600 + (k*7919+day*1231)%(1+k%5*700))
			c.Days, c.Requests = append(c.Days, backtest.Day{Date: from.AddDate(0, 0, day).Format(time.DateOnly), Requests: n}), c.Requests+n
		}
		d := backtest.Decision{At: from.AddDate(0, 0, 9).Add(10 * time.Hour), AfterRequests: 8123, Clause: "fair-volume", Detector: "volume", Level: aup.NonUrgent, Score: 18,
			Reason: "3,100 requests on 13 January 2027 (UTC) are 124 % of the 2,500 a day that places-api version 1 allows."}
		switch k % 4 {
		case 0:
			worse := d
			worse.At, worse.Level, worse.Score = d.At.Add(26*time.Hour), aup.Significant, 61
			c.Level, c.Decisions, c.Change, c.Before.Level, c.Before.Decisions = aup.Significant, []backtest.Decision{d, worse}, backtest.NewlySuspended, aup.NonUrgent, []backtest.Decision{d}
		case 1:
			c.Level, c.Decisions, c.Before.Level, c.Before.Decisions = aup.NonUrgent, []backtest.Decision{d}, aup.NonUrgent, []backtest.Decision{d}
		}
		r.Consumers = append(r.Consumers, c)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	f, err := os.Create(file)
	if err == nil {
		err = page.Write(f, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: file}).String(), info.Size()
}

// TestBacktestReportInABrowser: nothing runs over the edge, axe-core finds nothing serious in light and in dark,
// every key can be reached and opened without a mouse, each chart has a name and its figures beside it, and it
// prints.
func TestBacktestReportInABrowser(t *testing.T) {
	script := axe(t)
	ctx := browser(t)
	address, _ := written(t, 12)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 1200} {
			says := fmt.Sprintf("in %s at %d px", scheme, width)
			evaluate(ctx, t, says, colours(scheme), "[]")
			evaluate(ctx, t, says, chromedp.EmulateViewport(width, 700), edge+script+serious)
		}
	}
	evaluate(ctx, t, "the charts", colours("light"), `[...document.querySelectorAll("section.key")].flatMap(s => {
		const c = s.querySelector("svg[role=img]"), title = c && document.getElementById(c.getAttribute("aria-labelledby"));
		return !title || !title.textContent.includes("Calls a day of key") ? ["a chart without a name"] :
			s.querySelectorAll("details tbody tr").length != 28 ? ["a chart without its figures"] : []; })`)
	w := walker{t: t, ctx: ctx}
	w.to("the first key", func(f focused) bool { return f.Tag == "A" })
	stops := w.stops()
	if links := slices.DeleteFunc(slices.Clone(stops), func(s string) bool { return s[:2] != "A " }); len(links) != 5 || len(stops) < 11 {
		t.Errorf("the Tab key stops at %q, want the other five keys, then each one's figures", stops)
	}
	evaluate(ctx, t, "printed, by who likes it dark", printed("dark"), printFaults)
}

const edge = `(d => { if (d.scrollWidth > d.clientWidth) throw new Error((d.scrollWidth - d.clientWidth) + " px over the edge"); })(document.documentElement);`

// TestAReportOfAThousandKeysOpens: half of them with a chart, in a few megabytes, shown within seconds.
func TestAReportOfAThousandKeysOpens(t *testing.T) {
	ctx := browser(t)
	address, size := written(t, 1000)
	if size > 8<<20 {
		t.Errorf("the page has %d bytes", size)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	evaluate(ctx, t, "a thousand keys", func(context.Context, *chromedp.Target) (v chromedp.Void, err error) { return v, nil }, `(() => {
		const n = document.querySelectorAll("section.key svg[role=img]").length, q = document.querySelectorAll(".quiet tbody tr").length;
		return n != 500 || q != 500 ? [n + " charts and " + q + " quiet keys"] : []; })()`)
	ms, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`performance.getEntriesByType("navigation")[0].loadEventEnd`))
	t.Logf("%d bytes, loaded in %.0f ms", size, ms)
	if err != nil || ms > 10_000 {
		t.Errorf("it took %.0f ms to load (%v)", ms, err)
	}
}
