package simulate

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"accord/shared/aup"
)

// Len is how many lines the corpus has.
func (c *Corpus) Len() int { return len(c.lines) }

// Lines gives the log, as a backtest.Source: API Gateway's form, one JSON object a line.
func (c *Corpus) Lines() *Lines { return &Lines{left: c.lines} }

// Lines are the lines of a corpus that are still to be read.
type Lines struct {
	left []line
	buf  []byte
}

// Next gives the next line, valid until the next call; io.EOF ends them.
func (l *Lines) Next() ([]byte, error) {
	if len(l.left) == 0 {
		return nil, io.EOF
	}
	l.buf = l.left[0].appendTo(l.buf[:0])
	l.left = l.left[1:]
	return l.buf, nil
}

// appendTo writes the line. None of its texts needs escaping.
func (l *line) appendTo(b []byte) []byte {
	b = append(b, `{"extendedRequestId":"`...)
	b = strconv.AppendUint(b, l.id, 36)
	for _, field := range [...]struct{ name, value string }{{"apiKeyId", string(l.key)}, {"ip", l.Source},
		{"httpMethod", l.Method}, {"resourcePath", l.Template}, {"path", l.Path}} {
		b = append(append(append(append(b, `","`...), field.name...), `":"`...), field.value...)
	}
	b = strconv.AppendInt(append(b, `","requestTimeEpoch":`...), l.At.UnixMilli(), 10)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(l.Status), 10)
	return append(b, `,"responseLength":312,"responseLatency":14}`...)
}

// WriteTo writes the whole log.
func (c *Corpus) WriteTo(w io.Writer) (n int64, err error) {
	var buf []byte
	for i := range c.lines {
		buf = append(c.lines[i].appendTo(buf[:0]), '\n')
		k, err := w.Write(buf)
		if n += int64(k); err != nil {
			return n, err
		}
	}
	return n, nil
}

// WriteLabels writes what each key really does, as CSV.
func (c *Corpus) WriteLabels(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"apiKeyId", "label", "kind", "heldOut"}}
	for _, k := range c.Keys {
		label := "honest"
		if k.Kind.Crawls {
			label = "crawl"
		}
		rows = append(rows, []string{string(k.ID), label, k.Kind.Name, strconv.FormatBool(k.Kind.HeldOut)})
	}
	return out.WriteAll(rows)
}

// Policy is the document that the corpora of a size are judged against.
func (s Size) Policy() []byte {
	return fmt.Appendf(nil, policyDocument, s.Catalogue())
}

const policyDocument = `---
policy: simulated
title: A policy to measure the detectors by
terms:
  crawling: {clause: no-copying, catalogue: %d, significant: 20%%}
  caching:  {clause: ask-when-needed}
---
## Ask for what you need, not for everything {#no-copying}
Whoever needs the whole catalogue can have it as a file.

## Ask when you need it {#ask-when-needed}
Do not store answers for later.
`

// policy is the same, read.
func (s Size) policy() aup.Version {
	return aup.Version{Number: 1, Policy: aup.Policy{ID: "simulated", Title: "A policy to measure the detectors by", Terms: aup.Terms{
		Crawling: &aup.Crawling{Clause: "no-copying", Catalogue: int64(s.Catalogue()), Significant: 0.2},
		Caching:  &aup.Caching{Clause: "ask-when-needed"}}}}
}
