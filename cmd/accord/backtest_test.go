package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/backtest"
)

const backtestPolicy = `---
policy: dos-api
title: An API
terms:
  crawling: {clause: dont-crawl}
---
## Don't crawl the API {#dont-crawl}
Ask for what you need.
`

const backtestAgreement = `consumer: %s
policy: dos-api
from: 2027-01-01
until: 2027-02-01
reason: a migration
agreed-by: ana
approved-by: the API team
permissions: [{name: bulk-extraction, reference: DSA-17, issuer: board}]
`

// backtestFiles writes a policy, an agreement for a consumer (none: empty) and a log of two walks.
func backtestFiles(t *testing.T, consumer string) backtestCmd {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	at := time.Date(2027, 1, 11, 9, 0, 0, 0, time.UTC).UnixMilli()
	var log strings.Builder
	for i := range 150 {
		for _, key := range []string{"WalkerA", "walker-b"} {
			fmt.Fprintf(&log, `{"extendedRequestId":"%s%d","apiKeyId":"%s","requestTimeEpoch":%d,"httpMethod":"GET","resourcePath":"/services/{id}","path":"/prod/services/%d","status":200}`+"\n",
				key, i, key, at+int64(i)*1000, i)
		}
	}
	c := backtestCmd{Policy: write("policy.md", backtestPolicy), Logs: []string{write("log.jsonl", log.String())}}
	if consumer != "" {
		c.Agreements = dir
		write("agreement.yaml", fmt.Sprintf(backtestAgreement, consumer))
	}
	return c
}

func TestBacktestAsText(t *testing.T) {
	var out bytes.Buffer
	if err := backtestFiles(t, "walkera").Run(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"300 lines, 0 rejected, 2 keys, from 2027-01-11 09:00 to 2027-01-11 09:02 (UTC)\n",
		"walker-b  150       non-urgent  contacted\n",
		"WalkerA   150       none        -\n",
		"walker-b  non-urgent  after 106 requests  dont-crawl: 106 different ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
}

func TestBacktestAsJSON(t *testing.T) {
	var out bytes.Buffer
	c := backtestFiles(t, "")
	c.JSON = true
	if err := c.Run(&out); err != nil {
		t.Fatal(err)
	}
	var r backtest.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Lines != 300 || len(r.Consumers) != 2 || r.Consumers[0].Key != "WalkerA" || r.Consumers[0].Level != aup.NonUrgent {
		t.Errorf("got %+v", r)
	}
}

func TestBacktestRefuses(t *testing.T) {
	tests := []struct {
		name, desc string
		spoil      func(*backtestCmd)
		err        string
	}{
		{name: "no log", desc: "a log that is not there", spoil: func(c *backtestCmd) { c.Logs = []string{"nowhere.jsonl"} }, err: "couldn't open the log"},
		{name: "no policy", desc: "a policy that is not there", spoil: func(c *backtestCmd) { c.Policy = "nowhere.md" }, err: "nowhere.md"},
		{name: "bad policy", desc: "a log is no policy", spoil: func(c *backtestCmd) { c.Policy = c.Logs[0] }, err: "the policy has errors"},
		{name: "no folder", desc: "agreements that are not there", spoil: func(c *backtestCmd) { c.Agreements = "nowhere" }, err: "nowhere"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := backtestFiles(t, "")
			tt.spoil(&c)
			if err := c.Run(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v", tt.desc, err)
			}
		})
	}
}

func TestBacktestAgainst(t *testing.T) {
	c := backtestFiles(t, "")
	dir := filepath.Dir(c.Policy)
	c.Against = filepath.Join(dir, "old.md")
	if err := os.WriteFile(c.Against, []byte(strings.Replace(backtestPolicy, "crawling: {clause", "caching: {clause", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Logs = []string{dir} // the folder, with the log in it
	c.HTML = filepath.Join(dir, "report.html")
	var out bytes.Buffer
	if err := c.Run(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CHANGE\n", "walker-b  150       non-urgent  contacted  newly contacted\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	page, err := os.ReadFile(c.HTML)
	if err != nil || !bytes.Contains(page, []byte("compared with <strong>old.md</strong>")) || !bytes.Contains(page, []byte("WalkerA")) {
		t.Errorf("the page: %v", err)
	}
}

func TestBacktestOfNothing(t *testing.T) {
	c := backtestFiles(t, "")
	for content, want := range map[string]string{
		`{"requestId":"1","status":"200"}` + "\n":                                                                                   "Nothing in this log could be judged: every line lacks requestTimeEpoch, apiKeyId, httpMethod, resourcePath, path.",
		`192.0.2.1 - - [11/Jan/2027:00:00:00 +0000] "GET / HTTP/1.1"`:                                                               "1 line not read: the line is not one JSON object (the first: " + c.Logs[0] + ":1)",
		"\n" + `{"apiKeyId":"k","requestTimeEpoch":"1799625600","httpMethod":"GET","resourcePath":"/a","path":"/a","status":"200"}`: "2015, when API Gateway began: it must be in milliseconds (the first: " + c.Logs[0] + ":2)",
	} {
		if err := os.WriteFile(c.Logs[0], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := c.Run(&out); !errors.Is(err, errNothing) || !strings.Contains(out.String(), want) {
			t.Errorf("%q (%v):\n%s", want, err, out.String())
		}
	}
	if err := os.WriteFile(c.Logs[0], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Run(&out); err != nil || !strings.Contains(out.String(), "is empty") {
		t.Errorf("an empty log is a log (%v):\n%s", err, out.String())
	}
}
